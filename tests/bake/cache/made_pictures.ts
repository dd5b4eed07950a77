/**
 * Pictures and caches for tests.
 *
 * @module
 */

import sharp from "sharp";
import { BakeCache, type CachedPictureOptions, type CachedStore } from "../../../src/bake/mod.ts";
import type { TileStore } from "../../../src/sources/mod.ts";
import { randomBytes } from "../../helpers/random.ts";

/** A PNG picture of one grey value. */
export async function flatPng(value: number, width = 40, height = 30): Promise<Uint8Array> {
  const raw = { width, height, channels: 3 } as const;
  const pixels = new Uint8Array(width * height * 3).fill(value);
  return new Uint8Array(await sharp(pixels, { raw }).png().toBuffer());
}

/** A PNG picture of noise, all of whose tiles differ. */
export async function noisePng(seed: number, width: number, height = width): Promise<Uint8Array> {
  const raw = { width, height, channels: 3 } as const;
  const pixels = randomBytes(width * height * 3, seed);
  return new Uint8Array(await sharp(pixels, { raw }).png().toBuffer());
}

/** A cache that records what it logs. */
export function loggedCache(
  folder: string,
  options: { readonly maxBytes?: number; readonly formerFolder?: string } = {},
): { cache: BakeCache; infos: string[]; warnings: string[] } {
  const infos: string[] = [];
  const warnings: string[] = [];
  const logger = {
    info: (message: string) => void infos.push(message),
    warn: (message: string) => void warnings.push(message),
  };
  return { cache: new BakeCache(folder, { ...options, logger }), infos, warnings };
}

/** Opens a picture and closes it again. */
export async function bakeOnly(
  cache: BakeCache,
  input: string | Uint8Array,
  options: CachedPictureOptions = {},
): Promise<CachedStore> {
  const opened = await cache.openPicture(null, input, options);
  opened.store.close();
  return opened;
}

/** Every tile of a store, in order. */
export async function allTiles(store: TileStore): Promise<Uint8Array[]> {
  const tiles: Uint8Array[] = [];
  for (const { level, tilesX, tilesY } of store.grid.levels) {
    for (let y = 0; y < tilesY; y++) {
      for (let x = 0; x < tilesX; x++) tiles.push(await store.readTile(level, x, y));
    }
  }
  return tiles;
}
