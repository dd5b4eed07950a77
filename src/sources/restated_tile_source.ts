/**
 * Tiles of which more is known than their source says.
 *
 * @module
 */

import type { Appearance, ColorSpace, TexelFormat } from "../texels/mod.ts";
import { type TileGrid, type WrapModes, wrapModes } from "../tiles/mod.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";
import type { ReadCounters, TileSource } from "./tile_source.ts";

/** What is known of tiles. */
export interface TileFacts {
  /** Alpha is 1 whatever the blocks say: a tile store of BC1 does not say that its blocks have none. */
  readonly opaque: boolean;
  /** What a sampled value of 1 stands for: a tile store of floats does not say that they were uint16. */
  readonly valueScale: number;
  /** Whether texels may be holes. */
  readonly hasHoles: boolean;
}

class RestatedTileSource implements TileSource {
  readonly opaque: boolean;
  readonly valueScale: number;
  readonly hasHoles: boolean;
  readonly #inner: TileSource;

  constructor(inner: TileSource, { opaque, valueScale, hasHoles }: TileFacts) {
    this.#inner = inner;
    this.opaque = opaque;
    this.valueScale = valueScale;
    this.hasHoles = hasHoles;
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
 * The same tiles, with what is known of them.
 *
 * @param source Closed with the result.
 */
export function restatedTileSource(source: TileSource, facts: TileFacts): TileSource {
  return new RestatedTileSource(source, facts);
}
