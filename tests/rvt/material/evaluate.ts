/**
 * Evaluates expressions on the GPU, at given points.
 *
 * @module
 */

import { type ForgeDevice, MemoryLedger, ReadbackBatch } from "../../../src/gpu/mod.ts";
import {
  assertMaterialCompiles,
  compileMaterial,
  type CompileMaterialOptions,
  type Expression,
  expressions,
  Material,
  MaterialBinder,
  type MaterialBinderOptions,
  type MaterialInterface,
} from "../../../src/rvt/material/mod.ts";

/** Where an expression is evaluated; what is left out is 0. */
export interface Point {
  readonly world?: readonly number[];
  readonly uv?: readonly number[];
  readonly normal?: readonly number[];
  /** Output level, max level, output derivative x and y. */
  readonly view?: readonly number[];
  /** Weights of layers, by the number that the material has for each. */
  readonly weights?: readonly number[];
}

const POINT_FLOATS = 20;

/** A material that writes an expression to Mask4, with 0 for components that it lacks. */
export function maskMaterial(expression: Expression): Material {
  const missing = 4 - expression.components;
  const mask4 = missing === 0 ? expression : expressions.append(expression, Array(missing).fill(0));
  return new Material({ name: "test", domain: "virtual_texture", mask4 });
}

/** What an expression is at each point: as many numbers as it has components. */
export async function evaluate(
  device: ForgeDevice,
  expression: Expression,
  points: readonly Point[],
): Promise<number[][]> {
  const material = maskMaterial(expression);
  const values = await evaluateMaterial(device, material, { points });
  return values.map((value) => value.slice(0, expression.components));
}

/** Options of {@linkcode evaluateMaterial}. */
export interface EvaluateOptions extends Partial<CompileMaterialOptions>, MaterialBinderOptions {
  readonly points: readonly Point[];
  /** WGSL of four numbers, of the `output` of the material; default its Mask4. */
  readonly result?: string;
}

/** Four numbers of what a material writes at each point. */
export async function evaluateMaterial(
  device: ForgeDevice,
  material: MaterialInterface,
  options: EvaluateOptions,
): Promise<number[][]> {
  const { points, result = "output.mask4", runtimeVirtualTextures, ...compileOptions } = options;
  const compiled = compileMaterial(material, {
    context: "virtual_texture",
    group: 0,
    ...compileOptions,
  });
  const { gpu } = device;
  const ledger = new MemoryLedger(device.submits, 2 ** 26);
  const binder = new MaterialBinder(
    device,
    ledger,
    runtimeVirtualTextures === undefined ? {} : { runtimeVirtualTextures },
  );
  const binding = binder.bind(compiled, material);
  const before = prelude(result);
  const module = gpu.createShaderModule({ code: before + compiled.code });
  await assertMaterialCompiles(module, compiled, { linesBefore: before.split("\n").length - 1 });
  const data = new Float32Array(points.length * POINT_FLOATS);
  points.forEach(({ world, uv, normal, view, weights }, i) => {
    [world, uv, normal, view, weights].forEach((values, k) =>
      data.set(values ?? [], i * POINT_FLOATS + 4 * k)
    );
  });
  // A texture, as lavapipe reads no buffers for the pixels beside a triangle, of which derivatives are
  // taken too.
  const input = gpu.createTexture({
    size: [POINT_FLOATS / 4, points.length],
    format: "rgba32float",
    usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  });
  const size = [POINT_FLOATS / 4, points.length];
  gpu.queue.writeTexture({ texture: input }, data, { bytesPerRow: 4 * POINT_FLOATS }, size);
  const visibility = GPUShaderStage.FRAGMENT;
  const pointsLayout = gpu.createBindGroupLayout({
    entries: [{ binding: 0, visibility, texture: { sampleType: "unfilterable-float" } }],
  });
  const target = gpu.createTexture({
    size: [points.length, 1],
    format: "rgba32float",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [binding.layout, pointsLayout] }),
    vertex: { module, entryPoint: "cover" },
    fragment: { module, entryPoint: "shade", targets: [{ format: "rgba32float" }] },
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, binding.currentGroup());
  const entries = [{ binding: 0, resource: input.createView() }];
  pass.setBindGroup(1, gpu.createBindGroup({ layout: pointsLayout, entries }));
  pass.draw(3);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addTexture(target);
  const [bytes] = await readback.read();
  const floats = new Float32Array(bytes!.buffer, bytes!.byteOffset, points.length * 4);
  input.destroy();
  target.destroy();
  binder.destroy();
  return points.map((_, i) => [...floats.subarray(4 * i, 4 * i + 4)]);
}

function prelude(result: string): string {
  return `
@group(1) @binding(0) var points: texture_2d<f32>;
var<private> weights: vec4f;
fn material_layer_weight(layer: u32) -> f32 { return weights[layer]; }
@vertex fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(vec2f(vec2u(i & 1u, i >> 1u)) * 4.0 - 1.0, 0.0, 1.0);
}
@fragment fn shade(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let row = u32(at.x);
  weights = textureLoad(points, vec2u(4, row), 0);
  let view = textureLoad(points, vec2u(3, row), 0);
  let input = MaterialInput(
    textureLoad(points, vec2u(0, row), 0).xyz,
    vec3f(),
    textureLoad(points, vec2u(1, row), 0).xy,
    textureLoad(points, vec2u(2, row), 0).xyz,
    at.xy,
    MaterialView(view.x, view.y, view.zw),
  );
  let output = material_evaluate(input);
  return ${result};
}
`;
}
