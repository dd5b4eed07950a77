/**
 * KTX2 files of random texels in any Vulkan format, and what has to be seen of them.
 *
 * @module
 */

import { decodeBlocks, formatInfo } from "../../../src/texels/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { makeKtx2, noise } from "../../sources/ktx2/make_ktx2.ts";
import { light, type VulkanFormat } from "../../sources/ktx2/vulkan_formats.ts";

/** Size of the textures: two tiles side by side. */
export const SIZE = { width: 96, height: 64 };

/** Red, green, blue and alpha of a texel, colours as linear light. */
export type Color = readonly number[];

/** A file, and the colours of its finest level. */
export interface FormatFile {
  readonly file: Uint8Array;
  readonly colors: readonly Color[];
}

/** Stored texels with moderate values, so that none hides others in a mean. */
function storedTexels({ name, row, valueAt }: VulkanFormat, seed: number): Uint8Array {
  const { width, height } = SIZE;
  const columns = Math.ceil(width / row.blockEdge);
  const stored = noise(columns * Math.ceil(height / row.blockEdge) * row.blockBytes, seed);
  if (valueAt === null) return stored;
  const view = new DataView(stored.buffer);
  const random = seededRandom(seed);
  const signed = () => 8 * random() - 4;
  for (let at = 0; at < stored.length; at += row.blockBytes) {
    for (const [offset, bits] of row.samples) {
      const place = at + offset / 8;
      if (name.startsWith("R32")) view.setFloat32(place, signed(), true);
      else if (name.endsWith("SFLOAT") && bits === 16) view.setFloat16(place, signed(), true);
    }
    // Exponents from 10 to 17 of 31: values up to 8.
    const exponent = () => 10 + Math.floor(8 * random());
    const mantissa = (bits: number) => Math.floor(random() * 2 ** bits);
    if (name.startsWith("E5")) {
      view.setUint32(at, ((exponent() << 27) | mantissa(27)) >>> 0, true);
    } else if (name.startsWith("B10")) {
      const [red, green, blue] = [6, 6, 5].map((bits) => (exponent() << bits) | mantissa(bits));
      view.setUint32(at, (red! | (green! << 11) | (blue! << 22)) >>> 0, true);
    }
  }
  return stored;
}

/** Colours of blocks, from the CPU's decoder, which other tests compare with devices. */
function blockColors({ name, format, row }: VulkanFormat, stored: Uint8Array): Color[] {
  const bytes = decodeBlocks(format, stored, SIZE.width, SIZE.height);
  const { channels } = formatInfo(format);
  const isFloat = bytes.length > 4 * SIZE.width * SIZE.height || /snorm|float|eac/.test(format);
  const values = isFloat ? new Float32Array(bytes.buffer) : bytes;
  const count = values.length / (SIZE.width * SIZE.height);
  return Array.from({ length: SIZE.width * SIZE.height }, (_, texel) => {
    const color = [0, 0, 0, 1];
    for (let c = 0; c < Math.min(count, channels); c++) {
      const value = values[texel * count + c]! / (isFloat ? 1 : 255);
      color[c] = row.srgb && c < 3 ? light(value) : value;
    }
    if (name.startsWith("BC1_RGB_")) color[3] = 1;
    return color;
  });
}

/** A file of the finest level alone, or of all levels with other noise in each. */
export function formatFile(vulkan: VulkanFormat, seed = 5): FormatFile {
  const stored = storedTexels(vulkan, seed);
  const { row, valueAt } = vulkan;
  const view = new DataView(stored.buffer);
  const colors = valueAt === null
    ? blockColors(vulkan, stored)
    : Array.from({ length: SIZE.width * SIZE.height }, (_, i) => valueAt(view, i * row.blockBytes));
  return { file: makeKtx2({ row, ...SIZE, levels: [{ stored }] }), colors };
}

/** The next coarser level by its definition: means of four, colours by alpha. */
export function halved(colors: readonly Color[], width: number): Color[] {
  const half = width / 2;
  return Array.from({ length: colors.length / 4 }, (_, i) => {
    const at = 2 * Math.floor(i / half) * width + 2 * (i % half);
    const four = [at, at + 1, at + width, at + width + 1].map((k) => colors[k]!);
    const weights = four.map((color) => Math.min(1, Math.max(0, color[3]!)) + 2 ** -20);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return [0, 1, 2, 3].map((c) =>
      c === 3
        ? four.reduce((sum, color) => sum + color[3]!, 0) / 4
        : four.reduce((sum, color, k) => sum + color[c]! * weights[k]!, 0) / total
    );
  });
}

/** The largest difference of any channel, in units of the largest wanted value (at least 1). */
export function largestDifference(found: Float32Array, wanted: readonly Color[]): number {
  let [largest, scale] = [0, 1];
  for (const [i, color] of wanted.entries()) {
    for (const [c, value] of color.entries()) {
      const difference = Math.abs(found[4 * i + c]! - value);
      largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
      scale = Math.max(scale, Math.abs(value));
    }
  }
  return largest / scale;
}
