import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import {
  decodeBlocks,
  decodedTexelFormat,
  formatInfo,
  TEXEL_FORMATS,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { randomBytes } from "../helpers/random.ts";
import { loadFloatsOnGpu } from "./load_on_gpu.ts";

async function deviceSamplesBlocks(): Promise<boolean> {
  using device = await requestDevice();
  return device.supports("etc2-rgb8unorm");
}

const ignore = !(await deviceSamplesBlocks());
const BLOCK_COUNT = 512;
const FORMATS = TEXEL_FORMATS.filter((format) => /^(etc2|eac)/.test(format));

/** Differences of the channels that a format has between the CPU's texels and the GPU's. */
function largestDifference(format: TexelFormat, blocks: Uint8Array, gpu: Float32Array): number {
  const decoded = decodedTexelFormat(format);
  const { channels } = formatInfo(decoded);
  const bytes = decodeBlocks(format, blocks, BLOCK_COUNT * 4, 4);
  const cpu = decoded === "rgba8unorm"
    ? Float32Array.from(bytes, (value) => value / 255)
    : new Float32Array(bytes.buffer);
  let largest = 0;
  for (let texel = 0; 4 * texel < gpu.length; texel++) {
    for (let c = 0; c < channels; c++) {
      const difference = Math.abs(cpu[channels * texel + c]! - gpu[4 * texel + c]!);
      largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
    }
  }
  return largest;
}

/**
 * SwiftShader shifts the 11 bits of EAC into 16 without repeating the high ones, up to a step too low,
 * and adds the half step of unsigned bases to signed ones, too.
 */
function toleranceOf(format: TexelFormat): number {
  if (format.endsWith("11snorm")) return 5 / 1023;
  return format.endsWith("11unorm") ? 1 / 2047 : 1e-6;
}

// Samplers decode sRGB, so that only formats of linear values show what is stored.
for (const format of FORMATS.filter((name) => !name.endsWith("-srgb"))) {
  const name = `random blocks of ${format} decode as on the GPU`;
  Deno.test({ name: `${name} (needs texture-compression-etc2)`, ignore }, async () => {
    using device = await requestDevice();
    // Random bits are of every mode: an eighth of the blocks each of the three that overflow.
    const blocks = randomBytes(BLOCK_COUNT * formatInfo(format).blockBytes, 41);
    const gpu = await loadFloatsOnGpu(device, format, blocks);
    assert.ok(new Set(gpu).size > 100, "values must differ");
    const difference = largestDifference(format, blocks, gpu);
    assert.ok(difference <= toleranceOf(format), `${difference}`);
    for (const [k, byte] of blocks.entries()) if (k % 8 === 5) blocks[k] = byte ^ 255;
    assert.ok(largestDifference(format, blocks, gpu) > 0.01, "control: other bits differ");
  });
}

Deno.test("an ETC2 block of equal halves and no modifiers beyond the smallest is that colour", () => {
  // Individual mode, both halves 8, 4, 12 of 15, table 0, indices 0: 2 more than the colour.
  const block = Uint8Array.of(0x88, 0x44, 0xcc, 0, 0, 0, 0, 0);
  const texels = decodeBlocks("etc2-rgb8unorm", block, 4, 4);
  for (let k = 0; k < 64; k += 4) {
    assert.deepEqual([...texels.subarray(k, k + 4)], [138, 70, 206, 255]);
  }
});

Deno.test("EAC values are the base and what the table adds, of 11 bits", () => {
  // Base 100, multiplier 1, table 13, whose index 4 (100 in binary) adds nothing.
  const block = Uint8Array.of(100, 0x1d, 0x92, 0x49, 0x24, 0x92, 0x49, 0x24);
  const unsigned = new Float32Array(decodeBlocks("eac-r11unorm", block, 4, 4).buffer);
  assert.ok(unsigned.every((value) => value === Math.fround(804 / 2047)));
  block[0] = 256 - 100;
  const signed = new Float32Array(decodeBlocks("eac-r11snorm", block, 4, 4).buffer);
  assert.ok(signed.every((value) => value === Math.fround(-800 / 1023)));
  const alpha = decodeBlocks(
    "etc2-rgba8unorm",
    Uint8Array.of(...block, ...new Uint8Array(8)),
    4,
    4,
  );
  assert.equal(alpha[3], 156);
});
