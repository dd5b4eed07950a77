/**
 * Textures for streaming tests: every texel tells its place and level, and reads can be held back,
 * slowed down and made to fail.
 *
 * @module
 */

import { proceduralTileSource, type TileSource } from "../../src/sources/mod.ts";
import type { TexelFormat } from "../../src/texels/mod.ts";

/** Red of a level of a {@linkcode mapSource}. */
export function redOfLevel(level: number): number {
  return 8 + 16 * level;
}

/** Level that a red of a {@linkcode mapSource} tells; between two where they are mixed. */
export function levelOfRed(red: number): number {
  return (red - 8) / 16;
}

/** Size and format of a test texture; tiles of 64 texels unless said otherwise. */
export interface MapOptions {
  readonly width?: number;
  readonly height?: number;
  readonly tileSize?: number;
  readonly border?: number;
  readonly format?: TexelFormat;
  /** Another number, another texture. */
  readonly seed?: number;
}

/**
 * Red names the level; green grows from left to right and blue from top to bottom, the same at every
 * level. Compressed and one-channel formats get blocks that tell level, place and seed.
 */
export function mapSource(options: MapOptions = {}): TileSource {
  const { width = 2048, height = 2048, tileSize = 64, border = 4, seed = 0 } = options;
  const { format = "rgba8unorm" } = options;
  return proceduralTileSource((level, column, row, out, at) => {
    if (format.startsWith("rgba8")) {
      out[at] = redOfLevel(level);
      out[at + 1] = Math.min(255, 255 * (column + 0.5) / Math.max(1, width >> level));
      out[at + 2] = Math.min(255, 255 * (row + 0.5) / Math.max(1, height >> level));
      out[at + 3] = 255;
      return;
    }
    const size = format === "r8unorm" ? 1 : /bc[14]/.test(format) ? 8 : 16;
    for (let i = 0; i < size; i++) {
      out[at + i] = (seed * 41 + level * 17 + column * 5 + row * 3 + i * 7) & 255;
    }
    // Mode 6, so that every block is legal.
    if (format.startsWith("bc7")) out[at] = 0x40;
  }, { name: `map ${seed}`, width, height, tileSize, border, format });
}

/** What may be done to a read before it goes on to the source. */
export type BeforeRead = (
  tile: { level: number; x: number; y: number; tile: number },
  signal: AbortSignal | undefined,
) => Promise<void> | void;

/** A source whose reads a test controls. */
export class ControlledSource implements TileSource {
  readonly inner: TileSource;
  /** Called before each read; may wait or throw. */
  before: BeforeRead | null = null;
  /** Tiles in the order in which they were requested. */
  readonly reads: number[] = [];
  closed = false;

  constructor(inner: TileSource = mapSource()) {
    this.inner = inner;
  }

  get name() {
    return this.inner.name;
  }
  get grid() {
    return this.inner.grid;
  }
  get border() {
    return this.inner.border;
  }
  get format() {
    return this.inner.format;
  }
  get colorSpace() {
    return this.inner.colorSpace;
  }
  get info() {
    return this.inner.info;
  }
  get counters() {
    return this.inner.counters;
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    options: { signal?: AbortSignal } = {},
  ): Promise<Uint8Array> {
    const tile = this.grid.tileIndexOf(level, x, y);
    this.reads.push(tile);
    await this.before?.({ level, x, y, tile }, options.signal);
    return await this.inner.readTile(level, x, y);
  }

  close(): void {
    this.closed = true;
  }
}

/** A promise that never settles. */
export function never(): Promise<void> {
  return new Promise(() => {});
}

/** Waits a turn of the event loop, or some milliseconds. */
export function pause(ms = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether a promise settles within some milliseconds, resolved or rejected. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), ms));
  const settled = promise.then(() => true, () => true);
  const result = await Promise.race([settled, late]);
  clearTimeout(timer);
  return result;
}
