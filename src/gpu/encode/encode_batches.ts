/**
 * Cuts the input of the encoder into batches of one submit each. Pure.
 *
 * @module
 */

import { regionBytes, type TexelFormat } from "../../texels/mod.ts";
import { COPY_ROW_ALIGNMENT } from "../device/readback.ts";
import type { EncodeQuality } from "./encode_quality.ts";
import { encodeTableBytes } from "./encode_table.ts";

/** Rows of one input. */
export interface EncodeBand {
  /** Which input. */
  readonly input: number;
  /** First row of texels, a multiple of 4. */
  readonly firstRow: number;
  /** Rows of texels, at least 1. */
  readonly rows: number;
}

/**
 * Most texels of a batch: few enough that a batch takes well below the second or two after which
 * operating systems reset a busy GPU, and enough that waiting for it costs little.
 */
const BATCH_TEXELS: Readonly<Record<EncodeQuality, number>> = Object.freeze({
  low: 2 ** 20,
  medium: 2 ** 20,
  high: 2 ** 18,
});

/** Most inputs of a batch: limit of workgroups along one axis. */
const BATCH_BANDS = 65_535;

/**
 * Bytes of a batch that do not depend on its bands: of the table, and rounding of the read-back.
 */
const FIXED_BYTES = encodeTableBytes(0) + COPY_ROW_ALIGNMENT;
const BAND_BYTES = encodeTableBytes(1) - encodeTableBytes(0);

/**
 * Bytes of buffers that a band takes while it is encoded: RGBA8 texels, blocks, the blocks once
 * more to be read back, and its line of the table.
 */
function bandBytes(format: TexelFormat, width: number, rows: number): number {
  return 4 * width * rows + 2 * regionBytes(format, width, rows) + BAND_BYTES;
}

/** Bytes of buffers that the smallest batch takes: one row of blocks. */
export function leastEncodeBytes(format: TexelFormat, width: number): number {
  return FIXED_BYTES + bandBytes(format, width, 4);
}

/**
 * Cuts inputs into bands of whole rows of blocks and gathers these into batches, in order. A row of
 * blocks is never cut.
 */
export class EncodeBatches {
  readonly #inputs: readonly { readonly width: number; readonly height: number }[];
  readonly #format: TexelFormat;
  readonly #maxTexels: number;
  #input = 0;
  #row = 0;

  /** Begins with the first row of the first input. */
  constructor(
    inputs: readonly { readonly width: number; readonly height: number }[],
    options: { readonly format: TexelFormat; readonly quality: EncodeQuality },
  ) {
    this.#inputs = inputs;
    this.#format = options.format;
    this.#maxTexels = BATCH_TEXELS[options.quality];
  }

  /** Whether all rows were taken. */
  get done(): boolean {
    return this.#input >= this.#inputs.length;
  }

  /** Least bytes of buffers that the next batch needs. */
  get leastBytes(): number {
    return leastEncodeBytes(this.#format, this.#inputs[this.#input]!.width);
  }

  /**
   * Takes the next batch, which is never empty.
   *
   * @param maxBytes Bytes of buffers that it may take, at least {@linkcode leastBytes}.
   */
  takeBatch(maxBytes: number): EncodeBand[] {
    const batch: EncodeBand[] = [];
    let texels = this.#maxTexels;
    let bytes = maxBytes - FIXED_BYTES;
    while (!this.done && batch.length < BATCH_BANDS) {
      const { width, height } = this.#inputs[this.#input]!;
      const left = height - this.#row;
      const perBlockRow = bandBytes(this.#format, width, 4) - BAND_BYTES;
      const fitting = 4 * Math.floor(Math.min(
        texels / width / 4,
        (bytes - BAND_BYTES) / perBlockRow,
      ));
      // A batch of one row of blocks is always possible.
      const rows = Math.min(left, batch.length === 0 ? Math.max(4, fitting) : fitting);
      if (rows <= 0) break;
      batch.push({ input: this.#input, firstRow: this.#row, rows });
      texels -= rows * width;
      bytes -= bandBytes(this.#format, width, rows);
      this.#row += rows;
      if (this.#row < height) continue;
      this.#input++;
      this.#row = 0;
    }
    return batch;
  }
}
