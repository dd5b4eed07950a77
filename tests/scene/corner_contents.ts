/**
 * The last corner of a texture too large to be held: every texel of every level is computed from
 * where it lies, and has nothing in common with its neighbours.
 *
 * @module
 */

import { TileGrid } from "../../src/tiles/mod.ts";
import type { LevelContents, TileCut } from "./level_contents.ts";
import type { ResidentTextureOptions, TilePlace } from "./resident_texture.ts";

/** Edge of the window before the corner, in texels of level 0, that an ordinary texture holds. */
export const WINDOW = 1024;

/** Edge of the textures' tiles. */
export const TILE_SIZE = 512;

/** A texel: RGBA in the bytes of a number, mixed as in MurmurHash3's finalizer. */
export function texelOf(level: number, x: number, y: number): number {
  let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(level, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function makeTile(_: LevelContents, { grid, border }: TileCut, tile: TilePlace): Uint8Array {
  const { width, height } = grid.level(tile.level);
  const edge = grid.tileSize + 2 * border;
  const texels = new Uint32Array(edge * edge);
  const clamp = (at: number, size: number) => Math.max(0, Math.min(size - 1, at));
  for (let row = 0; row < edge; row++) {
    const y = clamp(tile.y * grid.tileSize + row - border, height);
    for (let column = 0; column < edge; column++) {
      const x = clamp(tile.x * grid.tileSize + column - border, width);
      texels[row * edge + column] = texelOf(tile.level, x, y);
    }
  }
  return new Uint8Array(texels.buffer);
}

/** The last texels of every level down to the window's last. */
function windowContents(grid: TileGrid): LevelContents {
  const levels: Uint8Array<ArrayBuffer>[] = [];
  for (let level = 0; WINDOW >> level >= 1; level++) {
    const { width, height } = grid.level(level);
    const edge = WINDOW >> level;
    const texels = new Uint32Array(edge * edge);
    for (let y = 0; y < edge; y++) {
      for (let x = 0; x < edge; x++) {
        texels[y * edge + x] = texelOf(level, width - edge + x, height - edge + y);
      }
    }
    levels.push(new Uint8Array(texels.buffer));
  }
  return { width: WINDOW, height: WINDOW, format: "rgba8unorm", levels };
}

/**
 * A square texture with the tiles of its last corner, from a level on. Its ordinary texture is the
 * window; see {@linkcode inWindowCode}.
 */
export function cornerOf(size: number, coarsest = 0): ResidentTextureOptions {
  const grid = new TileGrid(size, size, TILE_SIZE);
  const tiles: TilePlace[] = [];
  for (const { level, tilesX, tilesY } of grid.levels.slice(coarsest)) {
    for (let y = Math.max(0, tilesY - 3); y < tilesY; y++) {
      for (let x = Math.max(0, tilesX - 3); x < tilesX; x++) tiles.push({ level, x, y });
    }
  }
  const contents = { width: size, height: size, format: "rgba8unorm", levels: [] } as const;
  return { contents, tileSize: TILE_SIZE, tiles, makeTile, plain: windowContents(grid) };
}

/**
 * WGSL: a function `in_window(texel, offset, level: i32)` that reads the ordinary texture at a level.
 * It measures from the far corner, where every number is small.
 */
export function inWindowCode(size: number): string {
  return `
fn in_window(texel: vec2<i32>, offset: vec2<f32>, level: i32) -> vec4<f32> {
  let from_end = vec2<f32>(${size} - texel) - offset;
  let at_level = from_end * (f32(${size} >> u32(level)) / f32(${size}));
  let uv = 1.0 - at_level / f32(${WINDOW} >> u32(level));
  return textureSampleLevel(plain, plain_sampler, uv, f32(level));
}
`;
}
