/**
 * Tiles of a format that a device lacks, decoded on the CPU.
 *
 * @module
 */

import { MalformedFileError, UnsupportedError } from "../errors.ts";
import {
  type Appearance,
  type ColorSpace,
  decodeBlocks,
  formatInfo,
  isBlockCompressed,
  regionBytes,
  type TexelFormat,
  unorm16ToFloat32,
} from "../texels/mod.ts";
import { type TileGrid, type WrapModes, wrapModes } from "../tiles/mod.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";
import { checkedTileRequest } from "./tile_request.ts";
import type { ReadCounters, TileSource } from "./tile_source.ts";

/**
 * The format of tiles after decoding: `rgba8unorm` or `rgba8unorm-srgb` for
 * BC1, BC3, BC5 and BC7, `r8unorm` for BC4, `r32float` for `r16unorm`; itself for the others.
 */
export function decodedFormat(format: TexelFormat): TexelFormat {
  if (format === "r16unorm") return "r32float";
  if (format === "bc4-r-unorm") return "r8unorm";
  if (!isBlockCompressed(format)) return format;
  return formatInfo(format).colorSpace === "srgb" ? "rgba8unorm-srgb" : "rgba8unorm";
}

class DecodedTileSource implements TileSource {
  readonly format: TexelFormat;
  readonly #inner: TileSource;

  constructor(inner: TileSource) {
    this.#inner = inner;
    this.format = decodedFormat(inner.format);
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

  get colorSpace(): ColorSpace {
    return this.#inner.colorSpace;
  }

  get opaque(): boolean {
    return this.#inner.opaque ?? false;
  }

  get appearance(): Appearance {
    return this.#inner.appearance ?? {};
  }

  get wrap(): WrapModes {
    return wrapModes(this.#inner.wrap);
  }

  get info(): string {
    const { info, format } = this.#inner;
    return `${info}; ${format} decoded to ${this.format} on the CPU, as the device lacks it`;
  }

  get counters(): Readonly<ReadCounters> {
    return this.#inner.counters;
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    checkedTileRequest(this.name, { level, x, y, options });
    const { name, format, grid, border } = this.#inner;
    const tile = await this.#inner.readTile(level, x, y, options);
    const edge = grid.tileSize + 2 * border;
    const wanted = regionBytes(format, edge, edge);
    if (!(tile instanceof Uint8Array) || tile.byteLength !== wanted) {
      throw new MalformedFileError(
        name,
        `Cannot decode tile (${x}, ${y}) of level ${level} of ${name} as it must have ${wanted} ` +
          `bytes: current value is ${(tile as Uint8Array | undefined)?.byteLength}`,
      );
    }
    return format === "r16unorm" ? unorm16ToFloat32(tile) : decodeBlocks(format, tile, edge, edge);
  }

  close(): void {
    this.#inner.close();
  }
}

/**
 * Wraps a source of compressed or 16-bit tiles so that they come in {@linkcode decodedFormat},
 * which every device can sample (floats need `float32-filterable`). Values stay as they are stored:
 * sRGB values stay sRGB.
 *
 * @param source Gives the tiles; closed with the wrapper.
 * @throws {UnsupportedError} if its format is not compressed.
 */
export function decodedTileSource(source: TileSource): TileSource {
  if (decodedFormat(source.format) !== source.format) return new DecodedTileSource(source);
  throw new UnsupportedError(
    `decoding ${source.format}`,
    `Cannot decode tiles of ${source.name} as ${source.format} is not compressed`,
  );
}
