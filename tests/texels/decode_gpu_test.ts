import assert from "node:assert/strict";
import {
  decodeBlocks,
  decodedTexelBytes,
  formatInfo,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { randomBytes } from "../helpers/random.ts";
import { loadBytesOnGpu as loadOnGpu } from "./load_on_gpu.ts";

/** Largest difference of the channels that a format has, between the CPU's texels and the GPU's. */
function largestDifference(format: TexelFormat, cpu: Uint8Array, gpu: Uint8Array): number {
  const texelBytes = decodedTexelBytes(format);
  let largest = 0;
  for (let texel = 0; 4 * texel < gpu.length; texel++) {
    for (let c = 0; c < texelBytes; c++) {
      largest = Math.max(largest, Math.abs(cpu[texelBytes * texel + c]! - gpu[4 * texel + c]!));
    }
  }
  return largest;
}

async function deviceSamplesBlocks(): Promise<boolean> {
  using device = await requestDevice();
  return device.supports("bc7-rgba-unorm");
}

const ignore = !(await deviceSamplesBlocks());
const BLOCK_COUNT = 512;

function randomBlocks(format: TexelFormat, seed: number): Uint8Array<ArrayBuffer> {
  return randomBytes(BLOCK_COUNT * formatInfo(format).blockBytes, seed);
}

for (const mode of [0, 1, 2, 3, 4, 5, 6, 7]) {
  const name = `random BC7 blocks of mode ${mode} decode bit for bit as on the GPU`;
  Deno.test({ name: `${name} (needs texture-compression-bc)`, ignore }, async () => {
    using device = await requestDevice();
    const blocks = randomBlocks("bc7-rgba-unorm", mode + 1);
    for (let at = 0; at < blocks.length; at += 16) {
      blocks[at] = ((blocks[at]! << (mode + 1)) | (1 << mode)) & 255;
    }
    const gpu = await loadOnGpu(device, "bc7-rgba-unorm", blocks);
    const cpu = decodeBlocks("bc7-rgba-unorm", blocks, BLOCK_COUNT * 4, 4);
    assert.equal(largestDifference("bc7-rgba-unorm", cpu, gpu), 0);

    blocks[8] = blocks[8]! ^ 255;
    const broken = decodeBlocks("bc7-rgba-unorm", blocks, BLOCK_COUNT * 4, 4);
    assert.ok(largestDifference("bc7-rgba-unorm", broken, gpu) > 1, "control: other bits differ");
  });
}

/**
 * In steps of 255. The specifications leave these formats' precision open: widening 5 and 6 bits by
 * division or by repeating bits differs by one step, and Mesa's software sampler takes the fifths of
 * BC4 by a truncated reciprocal, up to 1.6 steps below their exact values.
 */
const TOLERANCE = 2;
const TOLERANT: readonly TexelFormat[] = [
  "bc1-rgba-unorm",
  "bc2-rgba-unorm",
  "bc3-rgba-unorm",
  "bc4-r-unorm",
  "bc5-rg-unorm",
];
for (const format of TOLERANT) {
  const name = `random blocks of ${format} decode as on the GPU within ${TOLERANCE}/255`;
  Deno.test({ name: `${name} (needs texture-compression-bc)`, ignore }, async () => {
    using device = await requestDevice();
    const blocks = randomBlocks(format, 99);
    const gpu = await loadOnGpu(device, format, blocks);
    const cpu = decodeBlocks(format, blocks, BLOCK_COUNT * 4, 4);
    assert.ok(largestDifference(format, cpu, gpu) <= TOLERANCE);

    blocks[0] = blocks[0]! ^ 255;
    const broken = decodeBlocks(format, blocks, BLOCK_COUNT * 4, 4);
    assert.ok(
      largestDifference(format, broken, gpu) > TOLERANCE,
      "control: another endpoint differs",
    );
  });
}
