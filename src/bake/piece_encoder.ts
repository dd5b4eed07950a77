/**
 * Decoded texels to stored bytes.
 *
 * @module
 */

import type { RowFormat } from "../sources/mod.ts";

/** Turns pieces of decoded texels into tight rows of blocks of one texel format. */
export interface PieceEncoder {
  /** What the pieces must hold. */
  readonly pixels: RowFormat;
  /**
   * Encodes pieces of one size, in texels, whose sides are whole blocks. The results may be views
   * of the pieces.
   */
  encode(
    pieces: readonly Uint8Array[],
    size: { readonly width: number; readonly height: number },
  ): Promise<readonly Uint8Array[]>;
  /** Frees what the encoder holds on its device. */
  close(): void;
}

/** Stores uncompressed formats as they are. */
export class PlainEncoder implements PieceEncoder {
  readonly pixels: RowFormat;

  constructor(pixels: RowFormat) {
    this.pixels = pixels;
  }

  encode(pieces: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return Promise.resolve(pieces);
  }

  close(): void {}
}
