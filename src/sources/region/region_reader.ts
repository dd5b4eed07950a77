/**
 * Reading regions of levels by a function of the caller.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { DisposedError, MalformedFileError } from "../../errors.ts";
import { regionBytes } from "../../texels/mod.ts";
import type { RowFormat } from "../row_source.ts";
import type { ReadCounters } from "../tile_source.ts";

/** A rectangle of a level that is asked for; it lies in the level. */
export interface LevelRegion {
  /** Level, 0 the finest. */
  readonly level: number;
  /** Left edge in texels of the level. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Width, at least 1. */
  readonly width: number;
  /** Height, at least 1. */
  readonly height: number;
}

/**
 * Gives the texels of a region: tight rows, top down, in a buffer of their own, which the source may keep.
 * It may be called again before an earlier call has ended, and again for the same region.
 *
 * @param signal Aborted when the texels are not needed any more.
 */
export type ReadRegion = (
  region: LevelRegion,
  signal: AbortSignal | undefined,
) => Uint8Array | Promise<Uint8Array>;

/** What the function gives. */
export interface RegionReaderOptions {
  /** Name of the texture in messages. */
  readonly name: string;
  readonly format: RowFormat;
}

/** Calls the function, counts, and checks what it gives. */
export class RegionReader {
  readonly counters: ReadCounters = { bytesRead: 0, bytesUsed: 0 };
  readonly #options: RegionReaderOptions;
  #readRegion: ReadRegion | null;

  constructor(readRegion: ReadRegion, options: RegionReaderOptions) {
    this.#readRegion = readRegion;
    this.#options = options;
  }

  /**
   * Reads a region. The function is called in a turn of its own, never in the middle of a frame.
   *
   * @throws {MalformedFileError} if the function gives something else than the texels.
   * @throws {DisposedError} after {@linkcode close}.
   * @throws What the function throws, and the signal's reason.
   */
  async read(region: LevelRegion, signal: AbortSignal | undefined): Promise<Uint8Array> {
    await Promise.resolve();
    signal?.throwIfAborted();
    const { name, format } = this.#options;
    if (this.#readRegion === null) {
      throw new DisposedError(name, `Cannot read region of ${name} as it was closed`);
    }
    const { level, x, y, width, height } = region;
    const bytes: unknown = await this.#readRegion(region, signal);
    const wanted = regionBytes(format, width, height);
    if (!(bytes instanceof Uint8Array) || bytes.byteLength !== wanted) {
      const given = bytes instanceof Uint8Array ? bytes.byteLength : describeValue(bytes);
      throw new MalformedFileError(
        name,
        `Cannot use region (${x}, ${y}) of level ${level} of ${name} as ${width} × ${height} texels ` +
          `of ${format} must be a Uint8Array of ${wanted} bytes: current value is ${given}`,
      );
    }
    this.counters.bytesRead += wanted;
    this.counters.bytesUsed += wanted;
    return bytes;
  }

  /** Calls the function no more. */
  close(): void {
    this.#readRegion = null;
  }
}
