import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { BC6H_MODES } from "../../src/texels/blocks/bc6h_modes.ts";
import {
  decodeBlocks,
  decodedTexelFormat,
  formatInfo,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { randomBytes } from "../helpers/random.ts";
import { loadFloatsOnGpu } from "./load_on_gpu.ts";

async function deviceSamplesBlocks(): Promise<boolean> {
  using device = await requestDevice();
  return device.supports("bc6h-rgb-float");
}

const ignore = !(await deviceSamplesBlocks());
const BLOCK_COUNT = 512;

/** The largest difference of the channels that a format has, between the CPU's texels and the GPU's. */
function largestDifference(format: TexelFormat, blocks: Uint8Array, gpu: Float32Array): number {
  const { channels } = formatInfo(decodedTexelFormat(format));
  const cpu = new Float32Array(decodeBlocks(format, blocks, BLOCK_COUNT * 4, 4).buffer);
  let largest = 0;
  for (let texel = 0; 4 * texel < gpu.length; texel++) {
    for (let c = 0; c < channels; c++) {
      const difference = Math.abs(cpu[channels * texel + c]! - gpu[4 * texel + c]!);
      largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
    }
  }
  return largest;
}

for (const format of ["bc6h-rgb-ufloat", "bc6h-rgb-float"] as const) {
  const name = `random blocks of ${format} decode in every mode bit for bit as on the GPU`;
  Deno.test({ name: `${name} (needs texture-compression-bc)`, ignore }, async () => {
    using device = await requestDevice();
    const blocks = randomBytes(BLOCK_COUNT * 16, 23);
    const numbers = [...BC6H_MODES.keys()];
    // The last number has no mode: its blocks are black.
    for (let k = 0; k < BLOCK_COUNT; k++) {
      const number = numbers[k % (numbers.length + 1)] ?? 0b10011;
      const bits = number < 2 ? 2 : 5;
      blocks[16 * k] = ((blocks[16 * k]! << bits) | number) & 255;
    }
    const gpu = await loadFloatsOnGpu(device, format, blocks);
    assert.ok(gpu.some((value) => value > 1000), "values beyond 1 must be among them");
    assert.equal(largestDifference(format, blocks, gpu), 0);
    for (const [k, byte] of blocks.entries()) if (k % 16 === 9) blocks[k] = byte ^ 255;
    assert.ok(largestDifference(format, blocks, gpu) > 0, "control: other bits differ");
  });
}

/**
 * Steps of 127 that the software sampler of Mesa is off: it works in integers, and takes the fifths
 * and sevenths of the palette by a truncated reciprocal.
 */
const TOLERANCE = 2 / 127;

for (const format of ["bc4-r-snorm", "bc5-rg-snorm"] as const) {
  const name = `random blocks of ${format} decode as on the GPU within 2/127`;
  Deno.test({ name: `${name} (needs texture-compression-bc)`, ignore }, async () => {
    using device = await requestDevice();
    const blocks = randomBytes(BLOCK_COUNT * formatInfo(format).blockBytes, 31);
    const gpu = await loadFloatsOnGpu(device, format, blocks);
    assert.ok(gpu.some((value) => value < -0.5), "negative values must be among them");
    const difference = largestDifference(format, blocks, gpu);
    assert.ok(difference <= TOLERANCE, `${difference * 127} of 127`);
    blocks[0] = blocks[0]! ^ 255;
    assert.ok(largestDifference(format, blocks, gpu) > TOLERANCE, "control: another endpoint");
  });
}
