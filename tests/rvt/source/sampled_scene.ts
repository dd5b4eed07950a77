/**
 * Scenes in which the tiles of one texture are made from tiles of others.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type ForgeDevice, ReadbackBatch } from "../../../src/gpu/mod.ts";
import {
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureSettings,
} from "../../../src/rvt/asset/mod.ts";
import { LandscapeComponent } from "../../../src/rvt/component/mod.ts";
import {
  type Expression,
  Material,
  type RuntimeVirtualTextureLike,
} from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureScene } from "../../../src/rvt/scene/rvt_scene.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { proceduralTileSource, type TileSource } from "../../../src/sources/mod.ts";
import {
  type Region,
  type StreamedTexture,
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { lookDown } from "../../streaming/cameras.ts";
import type { RenderProducer } from "../../../src/rvt/tile/render_producer.ts";
import { insideOf } from "../../streaming/inside.ts";

/** A camera that sees nothing. */
export const AWAY = lookDown(1e7, 1e7, 1);
/** World lengths of the volumes. */
export const WORLD = 64;
/** Texels of the sources. */
export const SOURCE_TEXELS = 512;
const TILE = 64;

/** Warnings of a scene. */
export interface Warnings {
  readonly messages: string[];
  warn(message: string): void;
}

/** Edge of the parts of a source that are edited, in texels of level 0. */
export const CELL_TEXELS = 64;

/** A texture of random colours, others at each level, which edits replace in cells. */
export class EditedSource {
  /** Edits of each cell, by its column and row. */
  readonly edits = new Map<string, number>();

  /** Replaces what a cell shows at every level; the region that is stale then. */
  editCell(column: number, row: number): Region {
    const cell = `${column} ${row}`;
    this.edits.set(cell, (this.edits.get(cell) ?? 0) + 1);
    const [x, y] = [column * CELL_TEXELS, row * CELL_TEXELS];
    return { x, y, width: CELL_TEXELS, height: CELL_TEXELS };
  }

  /** What a system loads. */
  tiles(size = SOURCE_TEXELS, format: TexelFormat = "rgba8unorm"): TileSource {
    const make = (level: number, column: number, row: number, out: Uint8Array, at: number) => {
      const [x, y] = [column, row].map((at) => Math.floor(at * 2 ** level / CELL_TEXELS));
      const edit = this.edits.get(`${x} ${y}`) ?? 0;
      let hash = (level * 7919 + column * 104729 + row * 1299709 + edit * 15485863) | 0;
      for (let k = 0; k < 3; k++) {
        hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + k;
        // Bright: of dark colours a rounding in linear light is many steps of sRGB.
        out[at + k] = 128 | (hash >>> 13);
      }
      out[at + 3] = 255;
    };
    return proceduralTileSource(make, {
      name: "source",
      width: size,
      height: size,
      tileSize: TILE,
      border: 4,
      format,
    });
  }
}

/** Settings of {@linkcode makeAsset} beside 8 by 8 tiles of 64 texels, uncompressed. */
export function makeAsset(name: string, settings: RuntimeVirtualTextureSettings = {}) {
  return new RuntimeVirtualTexture({
    name,
    materialType: "base_color",
    sizeInTilesLog2: 3,
    tileSize: TILE,
    tileBorder: 4,
    compressTextures: false,
    ...settings,
  });
}

/** A plane over the whole world whose colour is an expression. */
export function plane(
  name: string,
  baseColor: Expression | readonly number[],
  assets: readonly RuntimeVirtualTextureLike[],
): LandscapeComponent {
  const material = new Material({ name, domain: "virtual_texture", baseColor });
  return new LandscapeComponent({
    name,
    material,
    width: 3,
    height: 3,
    heights: new Float32Array(9),
    transform: { scale: [WORLD / 2, WORLD / 2, 1] },
    renderToVirtualTextures: assets,
  });
}

/** A volume around the world. */
export function volumeOf(asset: RuntimeVirtualTexture): RuntimeVirtualTextureVolume {
  const [position, scale] = [[WORLD / 2, WORLD / 2, 0], [WORLD, WORLD, 20]] as const;
  return new RuntimeVirtualTextureVolume(asset, { name: asset.name, position, scale });
}

/** A system and a scene. */
export class SampledScene {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
  readonly warnings: Warnings = {
    messages: [],
    warn(message) {
      this.messages.push(message);
    },
  };

  constructor(device: ForgeDevice, options: VirtualTextureSystemOptions = {}) {
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    this.system = new VirtualTextureSystem(device, {
      maxMemoryMb: 64,
      tileSize: TILE,
      gpuMsPerUpdate: 1e6,
      logger,
      ...options,
    });
    this.scene = new RuntimeVirtualTextureScene(this.system, {
      mode: "editor",
      logger: this.warnings,
    });
  }

  /** What is streamed of an asset. */
  textureOf(asset: RuntimeVirtualTexture): StreamedTexture {
    return this.scene.textureOf(asset)!;
  }

  /** Wants tiles of a texture, default all. */
  want(texture: StreamedTexture, tiles = allTiles(texture)): void {
    const { residency } = insideOf(texture);
    for (const tile of tiles) if (!isFresh(texture, tile)) residency.prefetches.set(tile, 1);
    // An idle system looks at them only once something has changed.
    this.system.prefetchRegion(texture, { level: 0, x: 0, y: 0, width: 0, height: 0 });
  }

  /** Makes tiles of a texture resident and up to date, default all. */
  async load(texture: StreamedTexture, tiles = allTiles(texture)): Promise<void> {
    for (let round = 0; round < 3; round++) {
      this.want(texture, tiles);
      await this.system.update(AWAY);
    }
    await this.system.flush();
  }

  /** Renderings of a texture's tiles so far. */
  renderings(texture: StreamedTexture): number {
    return (insideOf(texture).recorder as unknown as { renderedCount: number }).renderedCount;
  }

  /** Resident tiles of a texture for which a better one may come. */
  improvable(texture: StreamedTexture): number {
    return (insideOf(texture).producer as unknown as RenderProducer).improvableTiles.size;
  }

  /** Content of tiles of a texture as it lies in the atlas, those of its first plane. */
  async read(texture: StreamedTexture): Promise<Map<number, Uint8Array>> {
    const { pool: { atlas }, residency } = insideOf(texture);
    const batch = new ReadbackBatch(this.system.device);
    const tiles: number[] = [];
    residency.slotOf.forEach((tile, slot) => {
      tiles.push(tile);
      batch.addTexture(atlas.planes[0]!, {
        x: atlas.slotLeft(slot),
        y: atlas.slotTop(slot),
        layer: atlas.slotLayer(slot),
        width: atlas.slotTexels,
        height: atlas.slotTexels,
      });
    });
    const read = await batch.read();
    return new Map(tiles.map((tile, i) => [tile, read[i]!]));
  }

  [Symbol.dispose](): void {
    this.system.close();
  }
}

/** Numbers of all tiles. */
export function allTiles({ grid }: StreamedTexture): number[] {
  return Array.from({ length: grid.tileCount }, (_, tile) => tile);
}

/** Whether a tile is resident and up to date. */
export function isFresh(texture: StreamedTexture, tile: number): boolean {
  const { residency } = insideOf(texture);
  const slot = residency.slotOf.get(tile);
  return slot !== -1 && !residency.isStale(tile, slot);
}

/** Tiles that differ in a number by more than so much, of those that both have. */
export function differingTiles(
  a: ReadonlyMap<number, Uint8Array>,
  b: ReadonlyMap<number, Uint8Array>,
  most = 0,
): number[] {
  const differs = (tile: number) => {
    const [one, other] = [a.get(tile)!, b.get(tile)!];
    return Buffer.compare(one, other) !== 0 &&
      one.some((value, i) => Math.abs(value - other[i]!) > most);
  };
  return [...a.keys()].filter((tile) => b.has(tile) && differs(tile)).sort((x, y) => x - y);
}
