/**
 * A pipeline of a user's own that samples a runtime virtual texture.
 *
 * @module
 */

import { type ForgeDevice, ReadbackBatch } from "../../../src/gpu/mod.ts";
import type {
  RuntimeVirtualTextureSampling,
  RuntimeVirtualTextureWgslOptions,
} from "../../../src/rvt/mod.ts";

/** World edge of what it shows, about the origin at z = 0, with y upwards. */
const EDGE = 8;

/** What differs between pipelines. */
export interface OwnPipelineOptions {
  /** Pixels along each edge. */
  readonly pixels: number;
  /** WGSL that gives a colour, with `place: vec3f` and `pixel: vec2f`. */
  readonly color: string;
  /** WGSL that the vertex shader hands on to it as `sampled`; default nothing. */
  readonly vertexColor?: string;
  readonly wgsl?: Partial<RuntimeVirtualTextureWgslOptions>;
  readonly firstBinding?: number;
  readonly feedback?: boolean;
  /** Entries to bind in place of those that there are now. */
  readonly entries?: GPUBindGroupEntry[];
}

/** Draws what the pipeline shows: sRGB, as pictures are. */
export async function drawOwnPipeline(
  device: ForgeDevice,
  sampling: RuntimeVirtualTextureSampling,
  options: OwnPipelineOptions,
): Promise<Uint8Array> {
  const { gpu } = device;
  const { pixels, color, firstBinding = 0, feedback = false } = options;
  const { vertexColor = "vec3f()" } = options;
  const bound = { firstBinding, feedback };
  const code = sampling.wgsl({ group: 0, fade: true, ...bound, ...options.wgsl }) + `
    struct Corner { @builtin(position) at: vec4f, @location(0) sampled: vec3f }
    @vertex fn corner(@builtin(vertex_index) i: u32) -> Corner {
      let at = vec2f(vec2u(i & 1u, i >> 1u)) * 4.0 - 1.0;
      return Corner(vec4f(at, 0.0, 1.0), ${vertexColor});
    }
    @fragment fn show(corner: Corner) -> @location(0) vec4f {
      let sampled = corner.sampled;
      let pixel = corner.at.xy;
      let place = vec3f((pixel / ${pixels}.0 - 0.5) * vec2f(${EDGE}.0, -${EDGE}.0), 0.0);
      return vec4f(${color}, 1.0);
    }`;
  gpu.pushErrorScope("validation");
  const layout = gpu.createBindGroupLayout({ entries: sampling.layoutEntries(bound) });
  const module = gpu.createShaderModule({ code });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
    vertex: { module },
    fragment: { module, targets: [{ format: "rgba8unorm-srgb" }] },
  });
  const target = gpu.createTexture({
    size: [pixels, pixels],
    format: "rgba8unorm-srgb",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  const entries = options.entries ?? sampling.entries(bound);
  pass.setBindGroup(0, gpu.createBindGroup({ layout, entries }));
  pass.draw(3);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addTexture(target);
  const reading = readback.read();
  reading.catch(() => {});
  const error = await gpu.popErrorScope();
  target.destroy();
  if (error !== null) throw new Error(error.message);
  return (await reading)[0]!;
}
