/**
 * Samples of a resident texture at points.
 *
 * @module
 */

import {
  type ForgeDevice,
  ReadbackBatch,
  type TexelTap,
  virtualTextureWgsl,
} from "../../../src/gpu/mod.ts";
import type { ColorMap } from "../../../src/texels/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import type { ResidentTexture } from "../../scene/resident_texture.ts";

/** How many points there are. */
const POINTS = 512;

/** Where a point lies, and its level of detail. */
export type Point = readonly [u: number, v: number, lod: number];

/** Points of which many lie on corners and edges of the texture and of tiles. */
export function points(seed: number): Point[] {
  const random = seededRandom(seed);
  return Array.from({ length: POINTS }, (_, i) => [
    i % 7 === 0 ? Math.round(2 * random()) / 2 : random(),
    i % 5 === 0 ? Math.round(2 * random()) / 2 : random(),
    i % 3 === 0 ? 0 : 1.9 * random(),
  ]);
}

/** What is called at each point, which is `point: vec4f`. */
export interface SampledCall {
  /** Default the trilinear sample. */
  readonly call?: string;
  readonly colorMap?: ColorMap;
}

/**
 * What `vt_trilinear`, or another call, returns at each point. By a draw, since a dispatch of SwiftShader reads blocks as 0
 * that no draw has bound before.
 */
export async function samplePoints(
  device: ForgeDevice,
  { binding }: ResidentTexture,
  at: readonly Point[],
  tap: TexelTap,
  { call = "vt_trilinear(point.xy, point.z)", colorMap }: SampledCall = {},
): Promise<Float32Array> {
  const { gpu } = device;
  const code = virtualTextureWgsl({ group: 0, taps: [tap], ...(colorMap ? { colorMap } : {}) }) + `
    @group(1) @binding(0) var<storage, read> points: array<vec4f>;
    @vertex fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
      return vec4f(select(-1.0, 3.0, i == 1u), select(-1.0, 3.0, i == 2u), 0.0, 1.0);
    }
    @fragment fn shade(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
      let point = points[u32(pixel.x)];
      return ${call};
    }`;
  const layout = gpu.createBindGroupLayout({
    entries: [
      { binding: 0, visibility: GPUShaderStage.FRAGMENT, buffer: { type: "read-only-storage" } },
    ],
  });
  const module = gpu.createShaderModule({ code });
  const format = "rgba32float";
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({
      bindGroupLayouts: [binding.layoutWithoutFeedback, layout],
    }),
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
  const input = gpu.createBuffer({
    size: 16 * POINTS,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(input, 0, Float32Array.from(at.flatMap((point) => [...point, 0])));
  const found = gpu.createTexture({
    size: [POINTS, 1],
    format,
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: found.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, binding.groupWithoutFeedback);
  pass.setBindGroup(
    1,
    gpu.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: input } }] }),
  );
  pass.draw(3);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addTexture(found);
  const [bytes] = await readback.read();
  input.destroy();
  found.destroy();
  return new Float32Array(bytes!.buffer);
}
