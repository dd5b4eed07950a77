/**
 * Blocks of tiles by `recordEncode`, read back.
 *
 * @module
 */

import {
  BlockEncoder,
  type EncodeQuality,
  type EncodeTransform,
  type ForgeDevice,
  ReadbackBatch,
} from "../../../src/gpu/mod.ts";
import { regionBytes, type TexelFormat } from "../../../src/texels/mod.ts";
import type { TestPicture } from "./pictures.ts";

/** What to encode to, and how. */
export interface RecordBlocksOptions {
  readonly format: TexelFormat;
  readonly transform?: EncodeTransform;
  readonly quality?: EncodeQuality;
}

/** Encodes pictures as the regions of one recording; tight rows of blocks of each. */
export async function recordBlocks(
  device: ForgeDevice,
  pictures: readonly TestPicture[],
  options: RecordBlocksOptions,
): Promise<Uint8Array[]> {
  const { gpu } = device;
  const { format } = options;
  let sourceBytes = 0;
  let targetBytes = 0;
  const regions = pictures.map(({ width, height }) => {
    const region = {
      width,
      height,
      source: { offset: sourceBytes, bytesPerRow: 4 * width },
      targetOffset: targetBytes,
      targetBytesPerRow: regionBytes(format, width, 1),
    };
    sourceBytes += 4 * width * height;
    targetBytes += regionBytes(format, width, height);
    return region;
  });
  const source = gpu.createBuffer({
    label: "texels",
    size: sourceBytes,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  for (const [i, { texels }] of pictures.entries()) {
    const bytes = texels as Uint8Array<ArrayBuffer>;
    gpu.queue.writeBuffer(source, regions[i]!.source.offset, bytes);
  }
  const target = gpu.createBuffer({
    label: "blocks",
    size: targetBytes,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  try {
    const encoder = gpu.createCommandEncoder();
    new BlockEncoder(device).recordEncode(encoder, { ...options, source, target, regions });
    device.submits.submit([encoder.finish()]);
    const readback = new ReadbackBatch(device);
    readback.addBuffer(target);
    const [blocks] = await readback.read();
    return regions.map(({ targetOffset, width, height }) =>
      blocks!.subarray(targetOffset, targetOffset + regionBytes(format, width, height))
    );
  } finally {
    source.destroy();
    target.destroy();
  }
}
