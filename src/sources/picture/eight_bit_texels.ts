/**
 * Pictures as colours of 8 bits.
 *
 * @module
 */

import { decodedValues, formatInfo } from "../../texels/mod.ts";
import type { WholePicture } from "./read_picture.ts";

/**
 * Red, green, blue and alpha of 8 bits each; grey is the same in all, and texels without a value are
 * transparent.
 *
 * @returns Null if the picture holds numbers that are no shares of a largest one.
 */
export function eightBitTexels(
  { format, data, valueScale }: Pick<WholePicture, "format" | "data" | "valueScale">,
): Uint8Array | null {
  if (format === "rgba8unorm") return data;
  const isFloat = format.endsWith("float");
  if (isFloat && valueScale === 1) return null;
  const { channels } = formatInfo(format);
  const values = decodedValues(data.byteOffset % 4 === 0 ? data : data.slice(), format);
  const scale = isFloat ? 255 : format.endsWith("16unorm") ? 1 / 257 : 1;
  const texels = new Uint8Array(values.length / channels * 4);
  for (let from = 0, to = 0; from < values.length; from += channels, to += 4) {
    if (Number.isNaN(values[from]!)) continue;
    for (let channel = 0; channel < 4; channel++) {
      const isGrey = channels === 1 && channel < 3;
      const value = values[from + (isGrey ? 0 : channel)]!;
      const isStored = isGrey || channel < channels;
      texels[to + channel] = isStored ? Math.round(value * scale) : channel === 3 ? 255 : 0;
    }
  }
  return texels;
}
