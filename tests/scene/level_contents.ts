/**
 * Texture contents for picture tests: every level of a mip chain as rows of blocks, and tiles cut
 * out of them.
 *
 * @module
 */

import {
  buildMipChain,
  formatInfo,
  isBlockCompressed,
  regionBytes,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { TileGrid, type Wrap, type WrapMode, wrapModes } from "../../src/tiles/mod.ts";
import { randomBytes, seededRandom } from "../helpers/random.ts";

/** All levels of a texture, finest first: tight rows of blocks, top down. */
export interface LevelContents {
  readonly width: number;
  readonly height: number;
  readonly format: TexelFormat;
  readonly levels: readonly Uint8Array<ArrayBuffer>[];
}

/** Random blocks in every level: nothing is harder to filter, and no level resembles another. */
export function randomContents(
  width: number,
  height: number,
  format: TexelFormat,
  seed = 7,
): LevelContents {
  const levels = new TileGrid(width, height, 64).levels.map((level) => {
    const bytes = randomBytes(regionBytes(format, level.width, level.height), seed + level.level);
    return format.startsWith("bc7") ? modeSixBlocks(bytes) : bytes;
  });
  return { width, height, format, levels };
}

/** Makes every block one of BC7's mode 6, so that all are legal. */
function modeSixBlocks(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let at = 0; at < bytes.length; at += 16) bytes[at] = (bytes[at]! & 0x80) | 0x40;
  return bytes;
}

/** Something like an aerial picture: soft ground, sharp fields and roads, fine grain. */
export function landscape(width: number, height: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(11);
  const lattice = Float32Array.from({ length: 64 * 64 }, random);
  const noise = (x: number, y: number) => {
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - i, y - j];
    const at = (a: number, b: number) => lattice[((j + b) & 63) * 64 + ((i + a) & 63)]!;
    const [sx, sy] = [fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)];
    const top = at(0, 0) + sx * (at(1, 0) - at(0, 0));
    const bottom = at(0, 1) + sx * (at(1, 1) - at(0, 1));
    return top + sy * (bottom - top);
  };
  const texels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let ground = 0;
      for (let octave = 0; octave < 5; octave++) {
        ground += noise(x / 128 * 2 ** octave, y / 128 * 2 ** octave) / 2 ** (octave + 1);
      }
      const field = noise(Math.floor(x / 37) * 5.3, Math.floor(y / 23) * 3.7);
      const road = Math.abs((x + 0.6 * y) % 150 - 75) < 2 || Math.abs((y - 0.3 * x) % 190) < 2;
      const grain = 12 * (random() - 0.5);
      const at = 4 * (y * width + x);
      texels[at] = road ? 190 : 60 + 110 * ground + 40 * field + grain;
      texels[at + 1] = road ? 180 : 90 + 100 * ground - 30 * field + grain;
      texels[at + 2] = road ? 165 : 50 + 60 * ground + grain;
      texels[at + 3] = 255;
    }
  }
  return texels;
}

/** A landscape with a mip chain filtered as the product filters them. */
export function landscapeContents(width: number, height: number): LevelContents {
  const chain = buildMipChain(landscape(width, height), {
    width,
    height,
    layout: { storage: "unorm8", channels: 4, colorSpace: "srgb" },
  });
  const levels = chain.map((level) => new Uint8Array(level.texels));
  return { width, height, format: "rgba8unorm-srgb", levels };
}

/** How tiles are cut. */
export interface TileCut {
  readonly grid: TileGrid;
  readonly border: number;
  /** Repeats the tile's own edge in its border: what a sampler with borders must not be given. */
  readonly ownEdgeInBorder?: boolean;
  /** What lies beyond the edges of a level; default `"clamp"`. */
  readonly wrap?: Wrap;
}

/** One tile with its border; outside the level the nearest edge block, or those of the other side. */
export function cutTile(
  contents: LevelContents,
  cut: TileCut,
  tile: { level: number; x: number; y: number },
): Uint8Array {
  const { blockTexels, blockBytes } = formatInfo(contents.format);
  const { grid, border, ownEdgeInBorder = false } = cut;
  const { width, height } = grid.level(tile.level);
  const source = contents.levels[tile.level]!;
  const columns = Math.ceil(width / blockTexels);
  const rows = Math.ceil(height / blockTexels);
  const payload = grid.tileSize / blockTexels;
  const edge = border / blockTexels;
  const out = new Uint8Array((payload + 2 * edge) ** 2 * blockBytes);
  const clamp = (value: number, least: number, most: number) =>
    Math.max(least, Math.min(most, value));
  const [wrapU, wrapV] = wrapModes(cut.wrap);
  const pick = (at: number, index: number, count: number, mode: WrapMode) => {
    const inside = ownEdgeInBorder ? clamp(at, 0, payload - 1) : at;
    const place = index * payload + inside;
    return mode === "clamp" ? clamp(place, 0, count - 1) : ((place % count) + count) % count;
  };
  let to = 0;
  for (let y = -edge; y < payload + edge; y++) {
    const row = pick(y, tile.y, rows, wrapV);
    for (let x = -edge; x < payload + edge; x++) {
      const from = (row * columns + pick(x, tile.x, columns, wrapU)) * blockBytes;
      out.set(source.subarray(from, from + blockBytes), to);
      to += blockBytes;
    }
  }
  return out;
}

/** Whether an ordinary texture can hold the contents: WebGPU wants whole blocks of BC formats. */
export function fitsPlainTexture(contents: LevelContents): boolean {
  const { width, height, format } = contents;
  return !isBlockCompressed(format) || (width % 4 === 0 && height % 4 === 0);
}
