/**
 * Decoding regions of any {@linkcode TexelFormat} on the CPU.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../errors.ts";
import { decodedTexelFormat } from "../decoded_format.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../formats.ts";
import { isPackedFormat, unpackTexels } from "../packed_texels.ts";
import { decodeBc1Block } from "./decode_bc1.ts";
import { decodeBc2Alpha } from "./decode_bc2.ts";
import { decodeBc4Block, decodeSignedBc4Block } from "./decode_bc4.ts";
import { Bc6hBlockDecoder } from "./decode_bc6h.ts";
import { Bc7BlockDecoder } from "./decode_bc7.ts";
import { decodeEac11, decodeEacAlpha } from "./decode_eac.ts";
import { Etc2BlockDecoder } from "./decode_etc2.ts";

/** Bytes of one decoded texel of a format: those of its {@linkcode decodedTexelFormat}. */
export function decodedTexelBytes(format: TexelFormat): number {
  return formatInfo(decodedTexelFormat(format)).blockBytes;
}

/** Whether {@linkcode decodeBlocks} takes a format. */
export function isDecodable(format: TexelFormat): boolean {
  return formatInfo(format).blockTexels === 1 || byteDecoder(format) !== null ||
    floatDecoder(format) !== null;
}

/**
 * Decodes a region of whole blocks to texels, as stored: sRGB values stay gamma-encoded.
 *
 * - BC1, BC2, BC3, BC5, BC7 and ETC2 give RGBA8 (BC5: blue 0 and alpha 255, as a GPU samples it);
 * - BC4 gives one byte a texel;
 * - signed BC4 and BC5, and EAC give 32-bit floats, one or two a texel;
 * - BC6H gives four 32-bit floats a texel, alpha 1;
 * - uncompressed formats give what {@linkcode decodedTexelFormat} says: themselves, or 32-bit floats.
 *
 * BC2's alpha, BC6H, BC7, ETC2 and EAC are exact. The precision of the others is left open by their specifications: here
 * unsigned ones are rounded to the nearest of 255 steps, signed ones are not rounded, and a device's
 * sampler may be up to two steps away.
 *
 * @param format Format of the blocks.
 * @param bytes Tight rows of blocks; at least what the region needs, the rest is ignored.
 * @param width Texels of a row, at least 1; texels of the last blocks beyond it are dropped.
 * @param height Rows of texels, at least 1.
 * @returns Tight rows of texels, top down, {@linkcode decodedTexelBytes} each, in memory of their own.
 * @throws {OutOfRangeError} if the size is not positive, or the bytes are too few for it.
 * @throws {UnsupportedError} if the format is unknown, or cannot be decoded on the CPU.
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
    const region = bytes.subarray(0, regionBytes(format, width, height));
    if (isPackedFormat(format)) return bytesOf(unpackTexels(format, region));
    // Not a slice: that of Node's Buffer shares its memory.
    return new Uint8Array(region);
  }
  const texels = decodedTexelFormat(format);
  const { channels } = formatInfo(texels);
  const size = { width, height, channels, blockBytes };
  const toBytes = byteDecoder(format);
  if (toBytes !== null) {
    return decodeAll(bytes, { ...size, decode: toBytes, make: (count) => new Uint8Array(count) });
  }
  const toFloats = floatDecoder(format);
  if (toFloats !== null) {
    const floats = { ...size, decode: toFloats, make: (count: number) => new Float32Array(count) };
    return bytesOf(decodeAll(bytes, floats));
  }
  throw new UnsupportedError(
    `decoding ${format}`,
    `Cannot decode ${format} on the CPU: use a device with the feature ` +
      formatInfo(format).requiredFeature,
  );
}

function decodeAll<Values extends Uint8Array | Float32Array>(
  bytes: Uint8Array,
  { width, height, channels, blockBytes, decode, make }: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
    readonly blockBytes: number;
    readonly decode: DecodeBlock<Values>;
    readonly make: (count: number) => Values;
  },
): Values {
  const block = make(16 * channels);
  const out = make(width * height * channels);
  let at = 0;
  for (let y = 0; y < height; y += 4) {
    const rows = Math.min(4, height - y);
    for (let x = 0; x < width; x += 4, at += blockBytes) {
      decode(bytes, block, at);
      const length = Math.min(4, width - x) * channels;
      for (let row = 0; row < rows; row++) {
        const target = ((y + row) * width + x) * channels;
        const source = 4 * row * channels;
        for (let k = 0; k < length; k++) out[target + k] = block[source + k]!;
      }
    }
  }
  return out;
}

/** Decodes the block at a byte to 16 texels, row by row. */
type DecodeBlock<Values> = (bytes: Uint8Array, out: Values, at: number) => void;

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The decoder of a compressed format that decodes to 8 bits, or null. */
function byteDecoder(format: TexelFormat): DecodeBlock<Uint8Array> | null {
  switch (format.replace(/-srgb$/, "")) {
    case "bc1-rgba-unorm":
      return (bytes, out, at) => decodeBc1Block(bytes, out, { at, opaque: false });
    case "bc2-rgba-unorm":
      return (bytes, out, at) => {
        decodeBc1Block(bytes, out, { at: at + 8, opaque: true });
        decodeBc2Alpha(bytes, out, at);
      };
    case "bc3-rgba-unorm":
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
    case "bc7-rgba-unorm": {
      const decoder = new Bc7BlockDecoder();
      return (bytes, out, at) => decoder.decode(bytes, out, at);
    }
    case "etc2-rgb8unorm":
    case "etc2-rgb8a1unorm": {
      const hasPunchThrough = format.startsWith("etc2-rgb8a1");
      const decoder = new Etc2BlockDecoder({ hasPunchThrough });
      return (bytes, out, at) => decoder.decode(bytes, out, at);
    }
    case "etc2-rgba8unorm": {
      const decoder = new Etc2BlockDecoder({ hasPunchThrough: false });
      return (bytes, out, at) => {
        decoder.decode(bytes, out, at + 8);
        decodeEacAlpha(bytes, out, { at, channel: 3, stride: 4 });
      };
    }
    default:
      return null;
  }
}

/** The decoder of a compressed format that decodes to 32-bit floats, or null. */
function floatDecoder(format: TexelFormat): DecodeBlock<Float32Array> | null {
  switch (format) {
    case "bc4-r-snorm":
      return (bytes, out, at) => decodeSignedBc4Block(bytes, out, { at, channel: 0, stride: 1 });
    case "bc5-rg-snorm":
      return (bytes, out, at) => {
        decodeSignedBc4Block(bytes, out, { at, channel: 0, stride: 2 });
        decodeSignedBc4Block(bytes, out, { at: at + 8, channel: 1, stride: 2 });
      };
    case "bc6h-rgb-ufloat":
    case "bc6h-rgb-float": {
      const decoder = new Bc6hBlockDecoder({ isSigned: format === "bc6h-rgb-float" });
      return (bytes, out, at) => decoder.decode(bytes, out, at);
    }
    case "eac-r11unorm":
    case "eac-r11snorm": {
      const isSigned = format === "eac-r11snorm";
      return (bytes, out, at) => decodeEac11(bytes, out, { at, channel: 0, stride: 1, isSigned });
    }
    case "eac-rg11unorm":
    case "eac-rg11snorm": {
      const isSigned = format === "eac-rg11snorm";
      return (bytes, out, at) => {
        decodeEac11(bytes, out, { at, channel: 0, stride: 2, isSigned });
        decodeEac11(bytes, out, { at: at + 8, channel: 1, stride: 2, isSigned });
      };
    }
    default:
      return null;
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
