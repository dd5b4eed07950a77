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
  decodedTexelFormat,
  formatInfo,
  isBlockCompressed,
  isDecodable,
  packTexels,
  regionBytes,
  type TexelFormat,
  unorm16ToFloat32,
} from "../texels/mod.ts";
import { type TileGrid, type WrapModes, wrapModes } from "../tiles/mod.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";
import { checkedTileRequest } from "./tile_request.ts";
import type { ReadCounters, TileSource } from "./tile_source.ts";
import { valueScaleOf } from "./values/value_scale.ts";
import type { ValueStatistics } from "./tile_store/metadata/value_statistics.ts";

/**
 * The format of tiles after decoding, without loss of what a sampler sees: `rgba8unorm` or
 * `rgba8unorm-srgb` for BC1, BC2, BC3, BC5, BC7 and ETC2, `r8unorm` for BC4, `rgba16float` for BC6H,
 * 32-bit floats for signed BC4 and BC5, EAC and normalised values of 16 bits; itself for the
 * others.
 */
export function decodedFormat(format: TexelFormat): TexelFormat {
  if (format.startsWith("bc6h")) return "rgba16float";
  if (!isBlockCompressed(format)) return format.replace("16unorm", "32float") as TexelFormat;
  if (!isDecodable(format)) return format;
  const texels = decodedTexelFormat(format);
  const isSrgb = formatInfo(format).colorSpace === "srgb" && texels === "rgba8unorm";
  return isSrgb ? "rgba8unorm-srgb" : texels;
}

/** Bytes that a texel takes. */
function texelBytes(format: TexelFormat): number {
  const { blockBytes, blockTexels } = formatInfo(format);
  return blockBytes / blockTexels ** 2;
}

class DecodedTileSource implements TileSource {
  readonly format: TexelFormat;
  readonly #inner: TileSource;
  readonly #reason: string;

  constructor(inner: TileSource, reason: string) {
    this.#inner = inner;
    this.#reason = reason;
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

  /** What is compressed or normalised has none. */
  get hasHoles(): boolean {
    return false;
  }

  get valueScale(): number {
    return valueScaleOf(this.#inner);
  }

  get info(): string {
    const { info, format } = this.#inner;
    return `${info}; ${format} decoded to ${this.format} on the CPU, ${this.#reason} ` +
      `(${texelBytes(this.format)} bytes a texel instead of ${texelBytes(format)})`;
  }

  get valueStatistics(): ValueStatistics | null {
    return this.#inner.valueStatistics ?? null;
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
    if (!isBlockCompressed(format)) return unorm16ToFloat32(tile);
    const texels = decodeBlocks(format, tile, edge, edge);
    if (this.format !== "rgba16float") return texels;
    return packTexels(this.format, new Float32Array(texels.buffer as ArrayBuffer));
  }

  close(): void {
    this.#inner.close();
  }
}

/**
 * Wraps a source of compressed or 16-bit tiles so that they come in {@linkcode decodedFormat},
 * which every device has. Values stay as they are stored: sRGB values stay sRGB.
 *
 * @param source Gives the tiles; closed with the wrapper.
 * @param options `reason`: why, for the description; default `"as the device lacks it"`.
 * @throws {UnsupportedError} if its format is not compressed, or cannot be decoded.
 */
export function decodedTileSource(
  source: TileSource,
  options: { readonly reason?: string } = {},
): TileSource {
  const { reason = "as the device lacks it" } = options;
  if (decodedFormat(source.format) !== source.format) return new DecodedTileSource(source, reason);
  throw new UnsupportedError(
    `decoding ${source.format}`,
    `Cannot decode tiles of ${source.name} as ${source.format} is not compressed, or cannot be decoded`,
  );
}
