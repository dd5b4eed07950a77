/**
 * Draws with feedback, and the tiles that they reported.
 *
 * @module
 */

import { equal } from "node:assert/strict";
import { checkedCamera } from "../../src/geometry/mod.ts";
import { type ForgeDevice, type SampleFilter, virtualTextureWgsl } from "../../src/gpu/mod.ts";
import type { RenderCamera } from "../../src/scene/mod.ts";
import { CORNER_CODE, CORNER_FLOATS, CORNER_LAYOUT, cornersOf } from "./corners.ts";
import type { ResidentTexture } from "./resident_texture.ts";

/** Sampled tiles with their counts, since the last time. */
export async function takeFeedback(
  device: ForgeDevice,
  { feedback }: ResidentTexture,
): Promise<Map<number, number>> {
  const encoder = device.gpu.createCommandEncoder();
  feedback.recordReadback(encoder, 0);
  device.submits.submit([encoder.finish()]);
  await feedback.waitForReadbacks();
  const counts = new Map<number, number>();
  for (const frame of feedback.takeFrames()) {
    equal(frame.overflow, 0);
    frame.keys.forEach((key, i) => counts.set(key, frame.counts[i]!));
  }
  return counts;
}

/**
 * Draws with feedback in the pass itself.
 *
 * @param options `sample`: a WGSL expression of `uv`, `pixel`, and `texel` and `offset` from it.
 */
export function drawWithFeedback(
  device: ForgeDevice,
  texture: ResidentTexture,
  options: { camera: RenderCamera; filter: SampleFilter; sample: string },
): void {
  const { gpu, submits } = device;
  const { camera, filter, sample } = options;
  const { width, height } = camera;
  const code =
    virtualTextureWgsl({ group: 0, filter, feedback: true, planes: texture.binding.planes }) +
    CORNER_CODE + `
    @fragment fn main(corner: Corner) -> @location(0) vec4<f32> {
      let uv = corner.uv;
      let pixel = corner.position.xy;
      let texel = corner.anchor;
      let offset = corner.offset;
      return ${sample};
    }`;
  const module = gpu.createShaderModule({ code });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [texture.binding.layout] }),
    vertex: { module, buffers: [CORNER_LAYOUT] },
    fragment: { module, targets: [{ format: "rgba8unorm" }] },
  });
  const corners = cornersOf(
    checkedCamera({ ...camera, position: [0, 0, 0], viewport: [width, height] }),
    texture,
  );
  const vertices = gpu.createBuffer({
    size: corners.byteLength,
    usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(vertices, 0, corners);
  const target = gpu.createTexture({
    size: [width, height],
    format: "rgba8unorm",
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, texture.binding.group);
  pass.setVertexBuffer(0, vertices);
  pass.draw(corners.length / CORNER_FLOATS);
  pass.end();
  submits.submit([encoder.finish()]);
  vertices.destroy();
  target.destroy();
}
