/**
 * What a caller's shader samples of a streamed texture.
 *
 * @module
 */

import { type ForgeDevice, ReadbackBatch, virtualTextureWgsl } from "../../../src/gpu/mod.ts";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";

/** Four floats for each texel of a level, sampled at their centres. */
export async function sampleLevel(
  device: ForgeDevice,
  texture: StreamedTexture,
  level: number,
): Promise<Float32Array> {
  const { gpu } = device;
  const { width, height } = texture.grid.level(level);
  const { binding, taps } = texture;
  const module = gpu.createShaderModule({
    code: virtualTextureWgsl({ group: 0, taps }) + `
      @vertex fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
        return vec4f(select(-1.0, 3.0, i == 1u), select(-1.0, 3.0, i == 2u), 0.0, 1.0);
      }
      @fragment fn shade(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
        return vt_bilinear(pixel.xy / vec2f(${width}.0, ${height}.0), ${level}u);
      }`,
  });
  const target = gpu.createTexture({
    size: [width, height],
    format: "rgba32float",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [binding.layoutWithoutFeedback] }),
    vertex: { module },
    fragment: { module, targets: [{ format: "rgba32float" }] },
  }));
  pass.setBindGroup(0, binding.groupWithoutFeedback);
  pass.draw(3);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addTexture(target);
  const [bytes] = await readback.read();
  target.destroy();
  return new Float32Array(bytes!.buffer);
}
