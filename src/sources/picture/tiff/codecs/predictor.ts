/**
 * Undoes what was done to samples so that they compress well (TIFF 6.0, section 14; TIFF Technical
 * Note 3).
 *
 * @module
 */

import { unsupportedPicture } from "../../headers/picture_header.ts";

/** No prediction, differences of neighbours in a row, and bytes of floats apart. */
export const PREDICTOR = Object.freeze({ none: 1, differences: 2, floats: 3 });

/** How samples are stored. */
export interface PredictedRows {
  readonly predictor: number;
  /** Texels of a row. */
  readonly width: number;
  /** Samples of a texel. */
  readonly samples: number;
  /** Bits of a sample. */
  readonly bits: number;
}

/**
 * Checks that a predictor can be undone.
 *
 * @throws {UnsupportedError} if it cannot.
 */
export function assertPredictor(
  name: string,
  { predictor, bits }: Pick<PredictedRows, "predictor" | "bits">,
): void {
  if (predictor === PREDICTOR.none) return;
  const least = predictor === PREDICTOR.differences ? 8 : 16;
  const isWhole = [8, 16, 24, 32, 64].includes(bits) && bits >= least;
  if (isWhole && (predictor === PREDICTOR.differences || predictor === PREDICTOR.floats)) return;
  throw unsupportedPicture(name, {
    feature: `predictor ${predictor} of ${bits} bits`,
    why: `its predictor must be none, differences or floats, of whole bytes: current value is ` +
      `${predictor}, of ${bits} bits`,
  });
}

/** Undoes a predictor in place; numbers of several bytes are little-endian, those of floats after it. */
export function undoPredictor(bytes: Uint8Array, rows: PredictedRows): void {
  if (rows.predictor === PREDICTOR.differences) undoDifferences(bytes, rows);
  else if (rows.predictor === PREDICTOR.floats) undoFloats(bytes, rows);
}

function undoDifferences(bytes: Uint8Array, { width, samples, bits }: PredictedRows): void {
  const { buffer, byteOffset, byteLength } = bytes;
  const rowValues = width * samples;
  switch (bits) {
    case 8:
      return addUp(bytes, rowValues, samples);
    case 16:
      return addUp(new Uint16Array(buffer, byteOffset, byteLength / 2), rowValues, samples);
    case 32:
      return addUp(new Uint32Array(buffer, byteOffset, byteLength / 4), rowValues, samples);
    case 64:
      return addUpBig(new BigUint64Array(buffer, byteOffset, byteLength / 8), rowValues, samples);
    default:
      return addUp24(bytes, 3 * rowValues, 3 * samples);
  }
}

function addUp(values: Uint8Array | Uint16Array | Uint32Array, rowValues: number, step: number) {
  for (let row = 0; row < values.length; row += rowValues) {
    for (let i = row + step; i < row + rowValues; i++) values[i] = values[i]! + values[i - step]!;
  }
}

function addUpBig(values: BigUint64Array, rowValues: number, step: number): void {
  for (let row = 0; row < values.length; row += rowValues) {
    for (let i = row + step; i < row + rowValues; i++) values[i] = values[i]! + values[i - step]!;
  }
}

function addUp24(bytes: Uint8Array, rowBytes: number, step: number): void {
  for (let row = 0; row < bytes.length; row += rowBytes) {
    for (let i = row + step; i < row + rowBytes; i += 3) {
      const sum = number24(bytes, i) + number24(bytes, i - step);
      bytes[i] = sum;
      bytes[i + 1] = sum >>> 8;
      bytes[i + 2] = sum >>> 16;
    }
  }
}

function number24(bytes: Uint8Array, at: number): number {
  return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16;
}

/** In each row, the first bytes of all numbers come first, the most significant ones, and so on. */
function undoFloats(bytes: Uint8Array, { width, samples, bits }: PredictedRows): void {
  const size = bits / 8;
  const rowValues = width * samples;
  const rowBytes = rowValues * size;
  const planes = new Uint8Array(rowBytes);
  for (let row = 0; row < bytes.length; row += rowBytes) {
    const stored = bytes.subarray(row, row + rowBytes);
    for (let i = samples; i < rowBytes; i++) stored[i] = stored[i]! + stored[i - samples]!;
    planes.set(stored);
    for (let plane = 0; plane < size; plane++) {
      const from = plane * rowValues;
      for (let i = 0, to = size - 1 - plane; i < rowValues; i++, to += size) {
        stored[to] = planes[from + i]!;
      }
    }
  }
}
