/**
 * Heights that are streamed, and what they are worked out to be.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTextureSettings } from "../../../src/rvt/asset/mod.ts";
import { LandscapeComponent, type LandscapeOptions } from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import type { VolumeSettings } from "../../../src/rvt/volume/mod.ts";
import { proceduralTileSource, type TileSource } from "../../../src/sources/mod.ts";
import type { StreamedTexture, VirtualTextureSystemOptions } from "../../../src/streaming/mod.ts";
import type { StoredFormat } from "../../../src/texels/mod.ts";
import type { RenderProducer } from "../../../src/rvt/tile/render_producer.ts";
import { insideOf } from "../../streaming/inside.ts";
import { linearFromSrgb } from "../oracle/graphs/sample_texture.ts";
import { PlacedScene, type TilePlanes } from "./placed_scene.ts";

/** Samples along x and y. */
export const WIDTH = 252;
export const HEIGHT = 124;
/** Second derivatives of the hills along x and y are together no larger. */
export const CURVATURE = 0.6;
/** Heights of the hills, before they are edited, lie between. */
export const RANGE = [-12, 12] as const;
/** Edge of the tiles of heights. */
export const TILE = 64;

interface Level {
  readonly width: number;
  readonly height: number;
  readonly heights: Float32Array;
}

/** Heights with their levels: each the mean of those of the finer one that lie in a texel. */
export class StreamedHills {
  readonly levels: Level[] = [];

  constructor(width = WIDTH, height = HEIGHT) {
    const heights = Float32Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return 7 * Math.sin(x / 11) + 4 * Math.cos(y / 7 + x / 30) + 0.5 * Math.sin(x * y / 300);
    });
    this.levels.push({ width, height, heights });
    this.#coarsen();
  }

  #coarsen(): void {
    this.levels.length = 1;
    for (let finer = this.levels[0]!; finer.width > 1 || finer.height > 1;) {
      const [width, height] = [finer.width, finer.height].map((n) => Math.max(1, n >> 1)) as [
        number,
        number,
      ];
      const heights = Float32Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [2 * (i % width), 2 * Math.floor(i / width)];
        const at = (dx: number, dy: number) =>
          finer.heights[
            Math.min(y + dy, finer.height - 1) * finer.width + Math.min(x + dx, finer.width - 1)
          ]!;
        return (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
      });
      finer = { width, height, heights };
      this.levels.push(finer);
    }
  }

  /** Raises some samples; the region that is stale then. */
  raise(region: { x: number; y: number; width: number; height: number }, by: number) {
    const { width, heights } = this.levels[0]!;
    for (let y = region.y; y < region.y + region.height; y++) {
      for (let x = region.x; x < region.x + region.width; x++) {
        heights[y * width + x] = heights[y * width + x]! + by;
      }
    }
    this.#coarsen();
    return region;
  }

  /** What a system loads: heights as they are, or unorms that stand for those of {@linkcode RANGE}. */
  tiles(format: StoredFormat = "r32float"): TileSource {
    const [{ width, height }] = this.levels as [Level];
    const make = (level: number, column: number, row: number, out: Uint8Array, at: number) => {
      const { width, heights } = this.levels[level]!;
      const value = heights[row * width + column]!;
      const part = (value - RANGE[0]) / (RANGE[1] - RANGE[0]);
      const view = new DataView(out.buffer, out.byteOffset);
      if (format === "r32float") view.setFloat32(at, value, true);
      else if (format === "r16unorm") view.setUint16(at, Math.round(part * 65535), true);
      // Of four channels heights are the third.
      else view.setUint8(at + (format === "r8unorm" ? 0 : 2), Math.round(part * 255));
    };
    return proceduralTileSource(make, {
      name: "hills",
      width,
      height,
      tileSize: TILE,
      border: 4,
      format,
    });
  }

  /** Height and slopes at a place, as a level has them, bilinear between its texels: in float64. */
  at(level: number, x: number, y: number): { readonly height: number; readonly slope: number[] } {
    const { width, height, heights } = this.levels[level]!;
    const full = this.levels[0]!;
    const place = [[x, width, full.width], [y, height, full.height]].map(([at, n, all]) =>
      Math.min(Math.max((at! + 0.5) * n! / all! - 0.5, 0), n! - 1)
    ) as [number, number];
    const [column, row] = [
      Math.min(Math.floor(place[0]), Math.max(width - 2, 0)),
      Math.min(Math.floor(place[1]), Math.max(height - 2, 0)),
    ];
    const load = (i: number, j: number) => heights[j * width + i]!;
    const slope = (i: number, j: number) => {
      const [left, right] = [Math.max(i - 1, 0), Math.min(i + 1, width - 1)];
      const [above, below] = [Math.max(j - 1, 0), Math.min(j + 1, height - 1)];
      return [
        (load(right, j) - load(left, j)) / Math.max(right - left, 1) * width / full.width,
        (load(i, below) - load(i, above)) / Math.max(below - above, 1) * height / full.height,
      ];
    };
    const mix = (of: (i: number, j: number) => number) => {
      const [s, t] = [place[0] - column, place[1] - row];
      const [i, j] = [Math.min(column + 1, width - 1), Math.min(row + 1, height - 1)];
      return (of(column, row) * (1 - s) + of(i, row) * s) * (1 - t) +
        (of(column, j) * (1 - s) + of(i, j) * s) * t;
    };
    return {
      height: mix(load),
      slope: [mix((i, j) => slope(i, j)[0]!), mix((i, j) => slope(i, j)[1]!)],
    };
  }
}

/** Writes its height, and its normal as a colour. */
export const SHAPE = new Material({
  name: "shape",
  domain: "virtual_texture",
  worldHeight: e.componentMask(e.worldPosition(), "z"),
  baseColor: e.add(e.multiply(e.vertexNormal(), 0.5), 0.5),
});

/** What {@linkcode hillScene} is made of. */
export interface HillSceneOptions {
  readonly asset?: RuntimeVirtualTextureSettings;
  readonly volume?: VolumeSettings;
  readonly system?: VirtualTextureSystemOptions;
  /** Samples along x and y. */
  readonly samples?: readonly [number, number];
}

/** A scene of hills that is not rendered yet: heights are streamed. */
export class HillScene extends PlacedScene {
  readonly hills: StreamedHills;
  readonly warnings: string[];
  source!: StreamedTexture;
  landscape!: LandscapeComponent;

  constructor(device: ForgeDevice, options: HillSceneOptions = {}) {
    const warnings: string[] = [];
    const [width, height] = options.samples ?? [WIDTH, HEIGHT];
    super(device, {
      asset: { sizeInTilesLog2: 2, tileSize: 64, tileBorder: 4, ...options.asset },
      volume: {
        position: [(width - 1) / 2, (height - 1) / 2, 0],
        scale: [width - 1, height - 1, 2 * RANGE[1]],
        ...options.volume,
      },
      system: { tileSize: TILE, ...options.system },
      scene: {
        logger: { warn: (text) => void warnings.push(text) },
      },
    });
    this.warnings = warnings;
    this.hills = new StreamedHills(width, height);
  }

  /** Loads the heights and places the landscape. */
  async placeHills(options: Partial<LandscapeOptions> = {}): Promise<void> {
    this.source = await this.system.loadTexture(this.hills.tiles());
    this.landscape = new LandscapeComponent({
      name: "hills",
      material: SHAPE,
      heightTexture: { texture: this.source, scale: 1, heightRange: RANGE },
      renderToVirtualTextures: [this.asset],
      ...options,
    } as LandscapeOptions);
    await this.place([this.landscape]);
  }

  /** Places the same hills as a landscape whose heights are not streamed. */
  async placePicture(options: Partial<LandscapeOptions> = {}): Promise<void> {
    const { width, height, heights: data } = this.hills.levels[0]!;
    this.landscape = new LandscapeComponent({
      material: SHAPE,
      picture: { width, height, data, scale: 1 },
      renderToVirtualTextures: [this.asset],
      ...options,
    });
    await this.place([this.landscape]);
  }

  /** Texels of a tile's payload, some of them, with the place of the landscape that they show. */
  *texelsOf(tile: number): Generator<{ index: number; x: number; y: number }> {
    const view = this.viewOf(tile);
    const [{ width, height }] = this.hills.levels as [Level];
    for (let row = 4; row < view.height - 4; row += 3) {
      for (let column = 4; column < view.width - 4; column += 3) {
        const x = (view.x + column + 0.5) / view.levelWidth * (width - 1);
        const y = (view.y + row + 0.5) / view.levelHeight * (height - 1);
        if (x <= width - 1 && y <= height - 1) yield { index: row * view.width + column, x, y };
      }
    }
  }

  /** The largest difference of a tile's heights from what a level of the hills is worked out to have. */
  heightError(tile: number, planes: TilePlanes, level: number): number {
    const heights = worldHeights(planes);
    let most = 0;
    for (const { index, x, y } of this.texelsOf(tile)) {
      most = Math.max(most, Math.abs(heights[index]! - this.hills.at(level, x, y).height));
    }
    return most;
  }

  /** The same of normals that are colours, in linear light. */
  normalError(tile: number, [plane]: TilePlanes, level: number): number {
    let most = 0;
    for (const { index, x, y } of this.texelsOf(tile)) {
      const [dx, dy] = this.hills.at(level, x, y).slope as [number, number];
      const length = Math.hypot(dx, dy, 1);
      [-dx, -dy, 1].forEach((part, k) => {
        const linear = linearFromSrgb(plane![4 * index + k]! / 255);
        most = Math.max(most, Math.abs(linear - (0.5 + 0.5 * part / length)));
      });
    }
    return most;
  }

  /** Tiles whose content a better one may take the place of. */
  get improvableCount(): number {
    return (insideOf(this.texture).producer as unknown as RenderProducer).improvableTiles.size;
  }
}

/** Heights of a tile of World Height. */
export function worldHeights([plane]: TilePlanes): Float64Array {
  const stored = new Uint16Array(plane!.buffer, plane!.byteOffset, plane!.byteLength / 2);
  return Float64Array.from(stored, (value) => RANGE[0] + value / 65535 * (RANGE[1] - RANGE[0]));
}

/** A step of 16 bits, and what 32-bit floats make of places and heights. */
export const HEIGHT_BOUND = (RANGE[1] - RANGE[0]) / 65535 + 1e-4;
/** Half a step of 8 bits of sRGB where it is widest in linear light, and some rounding. */
export const NORMAL_BOUND = 0.006;
