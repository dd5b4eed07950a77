/**
 * Cutting what is to be encoded into batches of one submit each.
 *
 * @module
 */

import type { EncodeQuality } from "./encode_quality.ts";

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
 * Texels of a batch: few enough that a batch takes well below the second or two after which
 * systems reset a busy GPU, and enough that waiting for it costs little.
 */
const BATCH_TEXELS: Readonly<Record<EncodeQuality, number>> = Object.freeze({
  low: 2 ** 20,
  medium: 2 ** 20,
  high: 2 ** 18,
});

/** Most inputs of a batch: limit of workgroups along one axis. */
const BATCH_BANDS = 65_535;

/**
 * Cuts inputs into bands of whole rows of blocks and gathers these into batches, in order. A row of
 * blocks is never cut.
 */
export function planEncodeBatches(
  inputs: readonly { readonly width: number; readonly height: number }[],
  quality: EncodeQuality,
): EncodeBand[][] {
  const limit = BATCH_TEXELS[quality];
  const batches: EncodeBand[][] = [];
  let batch: EncodeBand[] = [];
  let left = limit;
  for (const [input, { width, height }] of inputs.entries()) {
    for (let firstRow = 0; firstRow < height;) {
      const fitting = Math.floor(left / width / 4) * 4;
      const rows = Math.min(height - firstRow, fitting);
      if (rows <= 0 && batch.length > 0) {
        batches.push(batch);
        batch = [];
        left = limit;
        continue;
      }
      const taken = Math.max(rows, Math.min(4, height - firstRow));
      batch.push({ input, firstRow, rows: taken });
      firstRow += taken;
      left -= taken * width;
      if (batch.length === BATCH_BANDS) left = 0;
    }
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
