/** Generated pictures, and pictures in memory, as row sources. */

import { type RowFormat, type RowSource, rowTexelBytes } from "../../src/sources/mod.ts";
import type { ColorSpace } from "../../src/texels/mod.ts";

interface RowsOptions {
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
}

/** A picture in memory. */
export function rowsOf(bytes: Uint8Array, options: RowsOptions): RowSource {
  const rowBytes = options.width * rowTexelBytes(options.format);
  return madeRows(options, (out, firstRow) => {
    out.set(bytes.subarray(firstRow * rowBytes, firstRow * rowBytes + out.byteLength));
  });
}

/** A generated picture of any size: a smooth pattern with no two rows alike. */
export function patternRows(options: RowsOptions): RowSource {
  const rowBytes = options.width * rowTexelBytes(options.format);
  return madeRows(options, (out, firstRow) => {
    for (let i = 0; i < out.byteLength; i++) {
      const y = firstRow + Math.floor(i / rowBytes);
      out[i] = (i % rowBytes) * 3 + y * 7 + ((i * y) >> 9);
    }
  });
}

function madeRows(
  options: RowsOptions,
  fill: (out: Uint8Array, firstRow: number) => void,
): RowSource {
  return {
    name: "made rows",
    ...options,
    readRows(firstRow, rowCount, { signal } = {}) {
      signal?.throwIfAborted();
      const out = new Uint8Array(rowCount * options.width * rowTexelBytes(options.format));
      fill(out, firstRow);
      return Promise.resolve(out);
    },
    close: () => Promise.resolve(),
  };
}
