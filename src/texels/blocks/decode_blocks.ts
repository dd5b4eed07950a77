/**
 * Decoding regions of any {@linkcode TexelFormat} on the CPU.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { decodeBc1Block } from "./decode_bc1.ts";
import { decodeBc4Block } from "./decode_bc4.ts";
import { Bc7BlockDecoder } from "./decode_bc7.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../formats.ts";

/**
 * Bytes of one decoded texel of a format: 1 for grey of 8 bits (`r8unorm`, `bc4-r-unorm`), 2 for
 * `r16unorm` and `r16uint`, 4 for `r32float` and for everything that decodes to RGBA8 (BC5 too).
 */
export function decodedTexelBytes(format: TexelFormat): 1 | 2 | 4 {
  const { channels, blockTexels, blockBytes } = formatInfo(format);
  if (channels > 1) return 4;
  return blockTexels === 4 ? 1 : blockBytes as 1 | 2 | 4;
}

/**
 * Decodes a region of whole blocks to texels, as stored: sRGB values stay gamma-encoded.
 *
 * - `bc1`, `bc3`, `bc5` and `bc7` give RGBA8 (BC5: blue 0 and alpha 255, as a GPU samples it);
 * - `bc4` gives one byte a texel;
 * - uncompressed formats are copied: one, two (little-endian) or four bytes a texel.
 *
 * BC7 is exact. The precision of the others is left open by their specifications: here they are
 * rounded to the nearest of 255 steps, and a device's sampler may be up to two steps away.
 *
 * @param format Format of the blocks.
 * @param bytes Tight rows of blocks; at least what the region needs, the rest is ignored.
 * @param width Texels of a row, at least 1; texels of the last blocks beyond it are dropped.
 * @param height Rows of texels, at least 1.
 * @returns Tight rows of texels, top down, {@linkcode decodedTexelBytes} each.
 * @throws {OutOfRangeError} if the size is not positive, or the bytes are too few for it.
 * @throws {UnsupportedError} if the format is unknown.
 */
export function decodeBlocks(
  format: TexelFormat,
  bytes: Uint8Array,
  width: number,
  height: number,
): Uint8Array {
  const { blockTexels, blockBytes } = formatInfo(format);
  assertRegion(format, bytes, width, height);
  if (blockTexels === 1) {
    // Not a slice: that of Node's Buffer shares its memory.
    return new Uint8Array(bytes.subarray(0, regionBytes(format, width, height)));
  }
  const texelBytes = decodedTexelBytes(format);
  const decode = blockDecoder(format);
  const block = new Uint8Array(16 * texelBytes);
  const out = new Uint8Array(width * height * texelBytes);
  let at = 0;
  for (let y = 0; y < height; y += 4) {
    const rows = Math.min(4, height - y);
    for (let x = 0; x < width; x += 4, at += blockBytes) {
      decode(bytes, block, at);
      const rowBytes = Math.min(4, width - x) * texelBytes;
      for (let row = 0; row < rows; row++) {
        const target = ((y + row) * width + x) * texelBytes;
        const source = 4 * row * texelBytes;
        for (let k = 0; k < rowBytes; k++) out[target + k] = block[source + k]!;
      }
    }
  }
  return out;
}

type DecodeBlock = (bytes: Uint8Array, out: Uint8Array, at: number) => void;

function blockDecoder(format: TexelFormat): DecodeBlock {
  switch (format) {
    case "bc1-rgba-unorm":
    case "bc1-rgba-unorm-srgb":
      return (bytes, out, at) => decodeBc1Block(bytes, out, { at, opaque: false });
    case "bc3-rgba-unorm":
    case "bc3-rgba-unorm-srgb":
      return (bytes, out, at) => {
        decodeBc1Block(bytes, out, { at: at + 8, opaque: true });
        decodeBc4Block(bytes, out, { at, channel: 3, stride: 4 });
      };
    case "bc4-r-unorm":
      return (bytes, out, at) => decodeBc4Block(bytes, out, { at, channel: 0, stride: 1 });
    case "bc5-rg-unorm":
      return (bytes, out, at) => {
        decodeBc4Block(bytes, out, { at, channel: 0, stride: 4 });
        decodeBc4Block(bytes, out, { at: at + 8, channel: 1, stride: 4 });
        for (let k = 0; k < 64; k += 4) {
          out[k + 2] = 0;
          out[k + 3] = 255;
        }
      };
    default: {
      const decoder = new Bc7BlockDecoder();
      return (bytes, out, at) => decoder.decode(bytes, out, at);
    }
  }
}

function assertRegion(
  format: TexelFormat,
  bytes: Uint8Array,
  width: number,
  height: number,
): void {
  if (!(bytes instanceof Uint8Array)) {
    throw new InvalidArgumentError(
      "bytes",
      `Cannot decode ${format} as bytes must be a Uint8Array: current value is of type ${typeof bytes}`,
    );
  }
  const failure = `Cannot decode ${format}`;
  checkedInteger(width, { name: "width", failure, range: [1, Infinity] });
  checkedInteger(height, { name: "height", failure, range: [1, Infinity] });
  const needed = regionBytes(format, width, height);
  if (bytes.length < needed) {
    throw new OutOfRangeError(
      "bytes",
      `Cannot decode ${width}×${height} texels of ${format} as bytes must be >= ${needed}: ` +
        `current value is ${bytes.length}`,
    );
  }
}
