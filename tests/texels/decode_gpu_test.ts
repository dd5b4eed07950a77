import assert from "node:assert/strict";
import {
  decodeBlocks,
  decodedTexelBytes,
  formatInfo,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { type ForgeDevice, requestDevice } from "../../src/gpu/mod.ts";
import { randomBytes } from "../helpers/random.ts";

/** Draws each texel to its own pixel. A compute pass would do, but SwiftShader decodes no BC there. */
const LOAD_WGSL = `
@group(0) @binding(0) var blocks: texture_2d<f32>;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  return vec4f(f32(index & 1) * 4.0 - 1.0, f32(index >> 1) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn load(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
  return textureLoad(blocks, vec2u(pixel.xy), 0);
}`;

/** RGBA8 texels that the device reads from one row of blocks. */
async function loadOnGpu(
  device: ForgeDevice,
  format: TexelFormat,
  blocks: Uint8Array<ArrayBuffer>,
) {
  const { gpu } = device;
  const width = 4 * blocks.length / formatInfo(format).blockBytes;
  const texture = gpu.createTexture({
    label: "blocks under test",
    size: [width, 4],
    format: format as GPUTextureFormat,
    usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.TEXTURE_BINDING,
  });
  gpu.queue.writeTexture({ texture }, blocks, { bytesPerRow: blocks.length }, [width, 4]);
  const target = gpu.createTexture({
    label: "loaded texels",
    size: [width, 4],
    format: "rgba8unorm",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const result = gpu.createBuffer({
    label: "loaded texels, mapped",
    size: width * 16,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const module = gpu.createShaderModule({ label: "load texels", code: LOAD_WGSL });
  const pipeline = gpu.createRenderPipeline({
    label: "load texels",
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format: "rgba8unorm" }] },
  });
  const group = gpu.createBindGroup({
    label: "load texels",
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: texture.createView() }],
  });
  const encoder = gpu.createCommandEncoder({ label: "load texels" });
  const pass = encoder.beginRenderPass({
    label: "load texels",
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.draw(3);
  pass.end();
  encoder.copyTextureToBuffer({ texture: target }, { buffer: result, bytesPerRow: width * 4 }, [
    width,
    4,
  ]);
  gpu.queue.submit([encoder.finish()]);
  await result.mapAsync(GPUMapMode.READ);
  const texels = new Uint8Array(result.getMappedRange().slice(0));
  for (const owned of [texture, target, result]) owned.destroy();
  return texels;
}

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
