/**
 * Scenes of several volumes over the same ground, whose textures share a pool.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { WorldBounds } from "../../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../../src/gpu/mod.ts";
import type {
  RuntimeVirtualTexture,
  RuntimeVirtualTextureSettings,
} from "../../../../src/rvt/asset/mod.ts";
import type { LandscapeComponent } from "../../../../src/rvt/component/mod.ts";
import { VisitedTiles } from "../../../../src/residency/mod.ts";
import type { StreamedTexture } from "../../../../src/streaming/mod.ts";
import { lookDown } from "../../../streaming/cameras.ts";
import { insideOf } from "../../../streaming/inside.ts";
import { pause } from "../../../streaming/sources.ts";
import {
  isFresh,
  makeAsset,
  plane,
  SampledScene,
  volumeOf,
  WORLD,
} from "../../source/sampled_scene.ts";

/** Tiles of a row, and rows of the finest level of each texture. */
export const ROW_TILES = 8;
const MIB = 2 ** 20;
const TILE_LENGTH = WORLD / ROW_TILES;

/** What {@linkcode JointVolumes} are made of. */
export interface JointVolumesOptions {
  /** Settings of each asset. */
  readonly assets: readonly RuntimeVirtualTextureSettings[];
  readonly maxMemoryBytes: number;
  /** Tiles that a frame renders; default 1. */
  readonly tilesPerFrame?: number;
}

/** A scene of several volumes. */
export class JointVolumes extends SampledScene {
  readonly assets: readonly RuntimeVirtualTexture[];
  readonly ground: LandscapeComponent;

  /** Makes the scene; its volumes are to be placed. */
  constructor(device: ForgeDevice, options: JointVolumesOptions) {
    const { assets, maxMemoryBytes, tilesPerFrame = 1 } = options;
    super(device, { maxMemoryBytes });
    this.scene.change({ maxUploadsPerFrameInEditor: tilesPerFrame });
    this.assets = assets.map((settings, i) => makeAsset(`ground ${i}`, settings));
    this.ground = plane("ground", [0.5, 0.25, 0.125], this.assets);
  }

  /** Makes a scene and places the volumes. */
  static async make(device: ForgeDevice, options: JointVolumesOptions): Promise<JointVolumes> {
    const made = new JointVolumes(device, options);
    made.scene.addComponent(made.ground);
    for (const asset of made.assets) await made.scene.addVolume(volumeOf(asset));
    return made;
  }

  /** The textures of the volumes that are placed. */
  get textures(): StreamedTexture[] {
    return this.assets.flatMap((asset) => this.scene.textureOf(asset) ?? []);
  }

  /** Slots that preloads may keep together in the pool of the first texture. */
  get room(): number {
    return insideOf(this.textures[0]!).pool.residency.preloadCapacity;
  }

  /** Tiles that preloads keep, over all pools. */
  get keptCount(): number {
    const pools = new Set(this.textures.map((texture) => insideOf(texture).pool.residency));
    return [...pools].reduce((sum, { preloadCount }) => sum + preloadCount, 0);
  }

  /** Tiles of some rows of the finest level that are not sharp, over all textures. */
  lacking(first: number, count: number): string[] {
    return this.textures.flatMap((texture) => {
      const { grid } = texture;
      const { producer } = insideOf(texture);
      const tiles = Array.from(
        { length: ROW_TILES * count },
        (_, i) => grid.tileIndexOf(0, i % ROW_TILES, first + Math.floor(i / ROW_TILES)),
      );
      return tiles
        .filter((tile) =>
          !isFresh(texture, tile) || producer.isImproving?.(tile, new VisitedTiles())
        )
        .map((tile) => `${texture.name}: ${tile}`);
    });
  }

  /** Runs frames that look at other places, as fast as they come, until something is done. */
  async lookAroundUntil(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    const end = () => isDone = true;
    done.then(end, end);
    for (let frame = 0; !isDone; frame++) {
      if (frame > 2000) throw new Error("It does not end");
      const at = WORLD * ((frame % 7) + 0.5) / 7;
      const camera = { ...lookDown(at, WORLD - at, 12), viewport: [128, 128] as const };
      this.system.updateNow(camera);
      await pause(1);
    }
  }
}

/** The part of the world that some rows of tiles show. */
export function rowsOf(first: number, count: number): WorldBounds {
  const [min, max] = [first, first + count].map((row) => row * TILE_LENGTH);
  return { min: [0.5, min! + 0.5, -5], max: [WORLD - 0.5, max! - 0.5, 5] };
}

/** Settings of so many assets that are all of one kind. */
export function alike(count: number): RuntimeVirtualTextureSettings[] {
  return Array.from({ length: count }, () => ({}));
}

/** Two volumes whose pool holds a little more than three rows of both. */
export function twoVolumes(device: ForgeDevice): Promise<JointVolumes> {
  const options = { assets: alike(2), maxMemoryBytes: 2 * MIB, tilesPerFrame: 2 };
  return JointVolumes.make(device, options);
}

/** Waits until some of the tiles that preloads keep have come, and not all of them. */
export async function whileComing(made: JointVolumes, rows: number): Promise<void> {
  const all = made.lacking(0, rows).length;
  for (let look = 0; made.lacking(0, rows).length > all - 4; look++) {
    assert.ok(look < 1000);
    await pause(2);
  }
  assert.ok(made.keptCount > 0 && made.lacking(0, rows).length > 0);
}

/** Tiles that are not sharp when a preload of as much as the pool can hold has resolved. */
export async function lackingAtTheEnd(volumes: number): Promise<number> {
  using device = await requestDevice();
  using made = await JointVolumes.make(device, {
    assets: alike(volumes),
    maxMemoryBytes: (1 + 0.8 * volumes) * MIB,
  });
  const rows = Math.floor(made.room / volumes / ROW_TILES);
  assert.ok(rows >= 2 && rows < ROW_TILES, `${rows} rows of ${made.room} slots`);
  assert.ok(made.lacking(0, rows).length > 0);
  let lacking = -1;
  const preload = made.scene.requestPreload(rowsOf(0, rows)).then(() => {
    lacking = made.lacking(0, rows).length;
  });
  await made.lookAroundUntil(preload);
  await preload;
  assert.equal(made.keptCount, 0);
  return lacking;
}
