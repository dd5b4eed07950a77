/**
 * How many bytes a GPU object takes, from its descriptor.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { formatInfo, isTexelFormat } from "../../texels/mod.ts";

/** Bytes of a texel of the formats beside those that tiles are stored in. */
const OTHER_TEXEL_BYTES: Readonly<Record<string, number>> = {
  "r8uint": 1,
  "r16uint": 2,
  "rg8unorm": 2,
  "r32uint": 4,
  "rgba8uint": 4,
  "bgra8unorm": 4,
  "depth24plus": 4,
  "depth32float": 4,
  "rg32uint": 8,
  "rgba16float": 8,
  "rgba32uint": 16,
  "rgba32float": 16,
};

/** Bytes of a buffer: its size, rounded up to the 4 bytes that WebGPU copies by. */
export function bufferBytes(descriptor: GPUBufferDescriptor): number {
  return Math.ceil(descriptor.size / 4) * 4;
}

function extent3d(size: GPUExtent3D): [number, number, number] {
  if (Symbol.iterator in size) {
    const [width = 1, height = 1, layers = 1] = size;
    return [width, height, layers];
  }
  return [size.width, size.height ?? 1, size.depthOrArrayLayers ?? 1];
}

/**
 * Bytes of a texture: whole blocks of every layer, mip level and sample.
 *
 * @throws {UnsupportedError} if the bytes of the format are not known here.
 */
export function textureBytes(descriptor: GPUTextureDescriptor): number {
  const format = descriptor.format as string;
  let blockTexels = 1;
  let blockBytes = OTHER_TEXEL_BYTES[format];
  if (isTexelFormat(format)) ({ blockTexels, blockBytes } = formatInfo(format));
  if (blockBytes === undefined) {
    throw new UnsupportedError(
      format,
      `Cannot tell the bytes of texture "${descriptor.label ?? ""}": unknown format ${format}`,
    );
  }
  const [width, height, layers] = extent3d(descriptor.size);
  let blocks = 0;
  for (let mip = 0; mip < (descriptor.mipLevelCount ?? 1); mip++) {
    const columns = Math.ceil(Math.max(1, width >> mip) / blockTexels);
    const rows = Math.ceil(Math.max(1, height >> mip) / blockTexels);
    const slices = descriptor.dimension === "3d" ? Math.max(1, layers >> mip) : layers;
    blocks += columns * rows * slices;
  }
  return blocks * blockBytes * (descriptor.sampleCount ?? 1);
}
