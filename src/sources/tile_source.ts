import type { Appearance, ColorSpace, TexelFormat } from "../texels/mod.ts";
import type { TileGrid, Wrap } from "../tiles/mod.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";
import type { ValueStatistics } from "./tile_store/metadata/value_statistics.ts";

/** What reading cost so far. */
export interface ReadCounters {
  /** Bytes taken from the byte source. */
  bytesRead: number;
  /** Bytes of those that tiles were made of. */
  bytesUsed: number;
}

/** A texture that can be read tile by tile, borders included. */
export interface TileSource {
  /** Name of the texture in messages. */
  readonly name: string;
  /** Its tiles; the grid's `tileSize` is the payload's edge, without borders. */
  readonly grid: TileGrid;
  /** Texels on each side of a payload that belong to its neighbours. */
  readonly border: number;
  /** Format of the bytes that `readTile` returns. */
  readonly format: TexelFormat;
  /** How to interpret the stored values. */
  readonly colorSpace: ColorSpace;
  /** Whether alpha is 1 whatever the blocks say, as in BC1 without alpha; default false. */
  readonly opaque?: boolean;
  /** What its tiles hold beyond the edges of their level; default `"clamp"` on both axes. */
  readonly wrap?: Wrap;
  /** How its texels are meant, such as the directions of columns and rows; default as usual. */
  readonly appearance?: Appearance;
  /**
   * Whether texels may be holes: floats of which a channel is NaN, which are transparent then, and enter
   * no filter. Default for floats of 16 or 32 bits a channel: unless statistics of its values count none.
   */
  readonly hasHoles?: boolean | undefined;
  /**
   * What a sampled value of 1 stands for in units of the file; default what the format says: 255 for
   * normalised values of 8 bits, 65535 for those of 16, else 1. Floats that were made of uint16 have 65535.
   */
  readonly valueScale?: number;
  /** One-line description: container, supercompression, which levels were baked and why. */
  readonly info: string;
  /** Statistics of the values that it was made from; default null, unknown. */
  readonly valueStatistics?: ValueStatistics | null;
  /** What reading cost so far. */
  readonly counters: Readonly<ReadCounters>;
  /**
   * Reads one tile: rows of blocks, tight, top down, of (tileSize + 2·border)² texels. Texel
   * (border, border) is the payload's first. Outside the level the nearest edge block is repeated; along axes
   * that `wrap` says repeat, the texels of the other side follow, at the coordinate modulo the level's size.
   *
   * A system reads tiles in the middle of its frames: calls of the system's methods before the first
   * `await` throw a `ReentryError`, and a read that waits for an update waits for itself.
   *
   * @throws {SourceReadError} if the bytes cannot be read now; a later attempt may succeed.
   */
  readTile(level: number, x: number, y: number, options?: ReadOptions): Promise<Uint8Array>;
  /** Releases what the source holds open. */
  close(): void;
}
