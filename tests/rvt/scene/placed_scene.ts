/**
 * Scenes of one volume whose tiles are rendered and read back.
 *
 * @module
 */

import { type ForgeDevice, ReadbackBatch } from "../../../src/gpu/mod.ts";
import {
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureSettings,
} from "../../../src/rvt/asset/mod.ts";
import type { ComponentDraw, PrimitiveComponent } from "../../../src/rvt/component/mod.ts";
import { RuntimeVirtualTextureScene } from "../../../src/rvt/scene/rvt_scene.ts";
import type { SceneOptions } from "../../../src/rvt/scene/scene_options.ts";
import {
  RuntimeVirtualTextureVolume,
  type VolumeSettings,
  worldToVolume,
} from "../../../src/rvt/volume/mod.ts";
import {
  type StreamedTexture,
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";
import type { TileGrid } from "../../../src/tiles/mod.ts";
import { lookDown } from "../../streaming/cameras.ts";
import { insideOf } from "../../streaming/inside.ts";
import type { TileView } from "../oracle/tile_view.ts";
import { takeBatches } from "./rendered_tiles.ts";

/** A camera that sees nothing of what tests render. */
export const AWAY = lookDown(1e7, 1e7, 1);

/** Logs nothing. */
export const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/** What {@linkcode PlacedScene} is made of. */
export interface PlacedSceneOptions {
  /** Settings of the asset beside 64 texels a tile and no compression. */
  readonly asset?: RuntimeVirtualTextureSettings;
  readonly volume?: VolumeSettings;
  readonly system?: VirtualTextureSystemOptions;
  readonly scene?: SceneOptions;
}

/** The planes of a tile as they lie in the atlas, borders included, in tight rows. */
export type TilePlanes = readonly Uint8Array[];

/** A scene with a system of its own on a device, an asset, and a volume that places it. */
export class PlacedScene {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
  readonly asset: RuntimeVirtualTexture;
  readonly volume: RuntimeVirtualTextureVolume;

  /** @param device Borrowed. */
  constructor(device: ForgeDevice, options: PlacedSceneOptions) {
    this.system = new VirtualTextureSystem(device, {
      maxMemoryMb: 96,
      tileSize: 64,
      gpuMsPerUpdate: 1e6,
      logger: QUIET,
      ...options.system,
    });
    const scene = { mode: "editor", logger: QUIET, ...options.scene } as const;
    this.scene = new RuntimeVirtualTextureScene(this.system, scene);
    this.asset = new RuntimeVirtualTexture({
      sizeInTilesLog2: 2,
      tileSize: 64,
      compressTextures: false,
      ...options.asset,
    });
    this.volume = new RuntimeVirtualTextureVolume(this.asset, options.volume);
  }

  /** The texture, once the volume is placed. */
  get texture(): StreamedTexture {
    return this.scene.textureOf(this.asset)!;
  }

  /** Its tiles. */
  get grid(): TileGrid {
    return this.texture.grid;
  }

  /** Adds components, and then the volume. */
  async place(components: readonly PrimitiveComponent[] = []): Promise<void> {
    for (const component of components) this.scene.addComponent(component);
    await this.scene.addVolume(this.volume);
  }

  /** Renders all tiles of some levels, default all, that are missing or stale. */
  async renderAll(levels?: readonly number[]): Promise<void> {
    const tiles = Array.from({ length: this.grid.tileCount }, (_, tile) => tile)
      .filter((tile) => levels?.includes(this.grid.levelOf(tile)) ?? true);
    await this.renderTiles(tiles);
  }

  /** Renders those of some tiles that are missing or stale. */
  async renderTiles(tiles: readonly number[]): Promise<void> {
    // What was in flight when it was edited lands first, and is stale then.
    for (let round = 0; round < 2; round++) {
      this.wantTiles(tiles);
      await this.system.update(AWAY);
    }
    const left = tiles.filter((tile) => !this.isFresh(tile));
    if (left.length > 0) throw new Error(`Tiles ${left} were not rendered`);
  }

  /** Asks the next updates for those of some tiles that are missing or stale. */
  wantTiles(tiles: readonly number[]): void {
    const { prefetches } = insideOf(this.texture).residency;
    for (const tile of tiles) if (!this.isFresh(tile)) prefetches.set(tile, 1);
    // An idle system looks at them only once something has changed.
    this.system.prefetchRegion(this.texture, { level: 0, x: 0, y: 0, width: 0, height: 0 });
  }

  /** Whether a tile is resident and up to date. */
  isFresh(tile: number): boolean {
    const { residency } = insideOf(this.texture);
    const slot = residency.slotOf.get(tile);
    return slot !== -1 && !residency.isStale(tile, slot);
  }

  /** The tiles that were rendered since this was called last, in ascending order. */
  takeRendered(): number[] {
    return takeBatches(this.texture).flat().sort((a, b) => a - b);
  }

  /** Reads tiles of a texture back, default all that are resident, of the asset's own. */
  async readTiles(
    tiles?: readonly number[],
    texture = this.texture,
  ): Promise<Map<number, TilePlanes>> {
    const { pool: { atlas }, residency } = insideOf(texture);
    const batch = new ReadbackBatch(this.system.device);
    const wanted: number[] = [];
    residency.slotOf.forEach((tile, slot) => {
      if (!(tiles?.includes(tile) ?? true)) return;
      wanted.push(tile);
      for (const plane of atlas.planes) {
        batch.addTexture(plane, {
          x: atlas.slotLeft(slot),
          y: atlas.slotTop(slot),
          layer: atlas.slotLayer(slot),
          width: atlas.slotTexels,
          height: atlas.slotTexels,
        });
      }
    });
    const { length } = atlas.planes;
    const read = await batch.read();
    return new Map(wanted.map((tile, i) => [tile, read.slice(i * length, (i + 1) * length)]));
  }

  /** What the oracle composes for a tile, borders included. */
  viewOf(tile: number): TileView {
    const { grid, volume: { transform }, asset: { settings } } = this;
    const { level, x, y } = grid.addressOf(tile);
    const { width, height } = grid.level(level);
    const { tileSize, tileBorder } = settings;
    return {
      worldToVolume: worldToVolume(transform),
      level,
      levelCount: grid.levelCount,
      levelWidth: width,
      levelHeight: height,
      x: x * tileSize - tileBorder,
      y: y * tileSize - tileBorder,
      width: tileSize + 2 * tileBorder,
      height: tileSize + 2 * tileBorder,
    };
  }

  /** Everything that components draw at their finest, in the order of drawing. */
  draws(): ComponentDraw[] {
    const sorted = this.scene.components.toSorted((a, b) =>
      a.translucencySortPriority - b.translucencySortPriority || a.id - b.id
    );
    return sorted.flatMap((component) => component.draws(0));
  }

  /** Closes the scene and the system. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.scene.close();
    this.system.close();
  }
}
