/**
 * Tiles whose alpha is 1 whatever their blocks say.
 *
 * @module
 */

import type { Appearance, ColorSpace, TexelFormat } from "../texels/mod.ts";
import { type TileGrid, type WrapModes, wrapModes } from "../tiles/mod.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";
import type { ReadCounters, TileSource } from "./tile_source.ts";

class OpaqueTileSource implements TileSource {
  readonly opaque = true;
  readonly #inner: TileSource;

  constructor(inner: TileSource) {
    this.#inner = inner;
  }

  get name(): string {
    return this.#inner.name;
  }

  get grid(): TileGrid {
    return this.#inner.grid;
  }

  get border(): number {
    return this.#inner.border;
  }

  get format(): TexelFormat {
    return this.#inner.format;
  }

  get colorSpace(): ColorSpace {
    return this.#inner.colorSpace;
  }

  get appearance(): Appearance {
    return this.#inner.appearance ?? {};
  }

  get wrap(): WrapModes {
    return wrapModes(this.#inner.wrap);
  }

  get info(): string {
    return this.#inner.info;
  }

  get counters(): Readonly<ReadCounters> {
    return this.#inner.counters;
  }

  readTile(level: number, x: number, y: number, options?: ReadOptions): Promise<Uint8Array> {
    return this.#inner.readTile(level, x, y, options);
  }

  close(): void {
    this.#inner.close();
  }
}

/**
 * The same tiles, as of a format without alpha: a tile store of BC1 does not say that its blocks have
 * none.
 *
 * @param source Closed with the result.
 */
export function opaqueTileSource(source: TileSource): TileSource {
  return new OpaqueTileSource(source);
}
