/**
 * What a device reads from compressed texels.
 *
 * @module
 */

import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { formatInfo, type TexelFormat } from "../../src/texels/mod.ts";

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

/** RGBA8 texels that the device reads from one row of blocks of 4×4. */
export async function loadBytesOnGpu(
  device: ForgeDevice,
  format: TexelFormat,
  blocks: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return new Uint8Array(await loadOnGpu(device, format, { blocks, target: "rgba8unorm" }));
}

/** The same as four floats a texel. */
export async function loadFloatsOnGpu(
  device: ForgeDevice,
  format: TexelFormat,
  blocks: Uint8Array<ArrayBuffer>,
): Promise<Float32Array> {
  return new Float32Array(await loadOnGpu(device, format, { blocks, target: "rgba32float" }));
}

async function loadOnGpu(
  device: ForgeDevice,
  format: TexelFormat,
  { blocks, target: targetFormat }: {
    readonly blocks: Uint8Array<ArrayBuffer>;
    readonly target: "rgba8unorm" | "rgba32float";
  },
): Promise<ArrayBuffer> {
  const texelBytes = targetFormat === "rgba8unorm" ? 4 : 16;
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
    format: targetFormat,
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const result = gpu.createBuffer({
    label: "loaded texels, mapped",
    size: width * 4 * texelBytes,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const module = gpu.createShaderModule({ label: "load texels", code: LOAD_WGSL });
  const pipeline = gpu.createRenderPipeline({
    label: "load texels",
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format: targetFormat }] },
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
  encoder.copyTextureToBuffer({ texture: target }, {
    buffer: result,
    bytesPerRow: width * texelBytes,
  }, [
    width,
    4,
  ]);
  gpu.queue.submit([encoder.finish()]);
  await result.mapAsync(GPUMapMode.READ);
  const texels = result.getMappedRange().slice(0);
  for (const owned of [texture, target, result]) owned.destroy();
  return texels;
}
