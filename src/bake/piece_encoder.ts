/**
 * Encodes decoded texels to stored bytes.
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import { BlockEncoder, type EncodeQuality, type ForgeDevice } from "../gpu/mod.ts";
import type { RowFormat } from "../sources/mod.ts";
import { isBlockCompressed, isPackedFormat, packTexels, type TexelFormat } from "../texels/mod.ts";
import type { ResolvedFormat } from "./bake_format.ts";

/** Turns pieces of decoded texels into tight rows of blocks of one texel format. */
export interface PieceEncoder {
  /** Format of the pieces. */
  readonly pixels: RowFormat;
  /**
   * Encodes pieces of one size, in texels. Blocks that reach beyond an edge repeat its texels.
   * The results may be views of the pieces.
   */
  encode(
    pieces: readonly Uint8Array[],
    options: {
      readonly width: number;
      readonly height: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<readonly Uint8Array[]>;
}

/** Stores uncompressed formats as they are. */
class PlainEncoder implements PieceEncoder {
  readonly pixels: RowFormat;

  constructor(pixels: RowFormat) {
    this.pixels = pixels;
  }

  encode(pieces: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return Promise.resolve(pieces);
  }
}

/** Packs floats to uncompressed formats of fewer bits. */
class PackingEncoder implements PieceEncoder {
  readonly pixels: RowFormat;
  readonly #format: TexelFormat;

  constructor({ format, pixels }: ResolvedFormat) {
    this.pixels = pixels;
    this.#format = format;
  }

  encode(pieces: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return Promise.resolve(pieces.map((piece) => {
      // A piece may begin anywhere in its buffer.
      const { buffer } = new Uint8Array(piece);
      return packTexels(this.#format, new Float32Array(buffer));
    }));
  }
}

/** Encodes BC formats on the device. */
class BlockPieceEncoder implements PieceEncoder {
  readonly pixels: RowFormat;
  readonly #encoder: BlockEncoder;
  readonly #format: TexelFormat;
  readonly #quality: EncodeQuality;

  constructor(
    encoder: BlockEncoder,
    { format, pixels }: ResolvedFormat,
    quality: EncodeQuality,
  ) {
    this.pixels = pixels;
    this.#encoder = encoder;
    this.#format = format;
    this.#quality = quality;
  }

  encode(
    pieces: readonly Uint8Array[],
    { width, height, signal }: {
      readonly width: number;
      readonly height: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<readonly Uint8Array[]> {
    const inputs = pieces.map((texels) => ({ texels, width, height }));
    return this.#encoder.encodeTiles(this.#format, inputs, {
      quality: this.#quality,
      channels: this.pixels === "r8unorm" ? 1 : 4,
      signal,
    });
  }
}

/**
 * The encoder for a format: on the CPU for uncompressed formats, on the device for BC formats.
 *
 * @param options `blockEncoder`: used for BC formats in place of one whose buffers are in no
 * budget.
 * @throws {UnsupportedError} if the format needs a device and there is none.
 */
export function makeEncoder(
  device: ForgeDevice | null,
  target: ResolvedFormat,
  { quality, blockEncoder }: {
    readonly quality: EncodeQuality;
    readonly blockEncoder: BlockEncoder | undefined;
  },
): PieceEncoder {
  if (isPackedFormat(target.format)) return new PackingEncoder(target);
  if (!isBlockCompressed(target.format)) return new PlainEncoder(target.pixels);
  if (device !== null) {
    return new BlockPieceEncoder(blockEncoder ?? new BlockEncoder(device), target, quality);
  }
  throw new UnsupportedError(
    target.format,
    `Cannot encode ${target.format} without a device: request one, or use an uncompressed format`,
  );
}
