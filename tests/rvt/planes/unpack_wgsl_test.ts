import assert from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import {
  type ForgeDevice,
  type PlaneCount,
  ReadbackBatch,
  requestDevice,
  virtualTextureWgsl,
} from "../../../src/gpu/mod.ts";
import { ATTRIBUTE_NAMES, ATTRIBUTES } from "../../../src/rvt/asset/attributes.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import { YCOCG_SCALES } from "../../../src/rvt/asset/mod.ts";
import {
  planeFormats,
  type PlaneKind,
  planeTaps,
  unpackWgsl,
} from "../../../src/rvt/planes/mod.ts";
import { srgbToLinear } from "../../../src/texels/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { type Texel, unpackTexel } from "./plane_reference.ts";

const TEXELS = 256;
/** Floats of all attributes, in their order. */
const FLOATS = 16;

const KINDS: readonly PlaneKind[] = MATERIAL_TYPE_NAMES.flatMap((materialType) =>
  [false, true].map((compressed) => ({ materialType, compressed }))
);

function planeCount({ materialType, compressed }: PlaneKind): PlaneCount {
  const { compressedFormats, uncompressedFormats } = MATERIAL_TYPES[materialType];
  return (compressed ? compressedFormats : uncompressedFormats).length as PlaneCount;
}

function unpackerCode(kind: PlaneKind): string {
  const planes = planeCount(kind);
  const type = planes === 1 ? "vec4<f32>" : `mat${planes}x4<f32>`;
  const fields = ATTRIBUTE_NAMES.flatMap((name) => {
    const field = `values.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    const { components } = ATTRIBUTES[name];
    return components === 1
      ? [field]
      : [..."xyzw"].slice(0, components).map((c) => `${field}.${c}`);
  });
  return `alias my_Texels = ${type};
    ${unpackWgsl({ ...kind, prefix: "my_" })}
    @group(0) @binding(0) var<storage, read> stored: array<my_Texels>;
    @group(0) @binding(1) var<storage, read_write> found: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      let values = my_unpack(stored[id.x], vec2f(-20.0, 300.0));
      ${fields.map((field, i) => `found[${FLOATS}u * id.x + ${i}u] = ${field};`).join("\n")}
    }`;
}

async function unpackOnGpu(
  device: ForgeDevice,
  kind: PlaneKind,
  texels: readonly (readonly Texel[])[],
): Promise<Float32Array> {
  const { gpu } = device;
  const stored = gpu.createBuffer({
    size: TEXELS * planeCount(kind) * 16,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(stored, 0, Float32Array.from(texels.flat(2)));
  const found = gpu.createBuffer({
    size: TEXELS * FLOATS * 4,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const pipeline = gpu.createComputePipeline({
    layout: "auto",
    compute: { module: gpu.createShaderModule({ code: unpackerCode(kind) }), entryPoint: "main" },
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [stored, found].map((buffer, binding) => ({ binding, resource: { buffer } })),
    }),
  );
  pass.dispatchWorkgroups(TEXELS / 64);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addBuffer(found);
  const [bytes] = await readback.read();
  stored.destroy();
  found.destroy();
  return new Float32Array(bytes!.buffer);
}

Deno.test("shaders unpack every type as the CPU does, and give what a type lacks its clear value", async () => {
  using device = await requestDevice();
  for (const kind of KINDS) {
    const random = seededRandom(9);
    const texels = Array.from({ length: TEXELS }, () =>
      Array.from(
        { length: planeCount(kind) },
        () => [random(), random(), random(), random()] as const,
      ));
    const found = await unpackOnGpu(
      device,
      kind,
      // What taps return: colours are linear.
      texels.map((planes) =>
        planes.map((texel, plane): Texel => {
          const hasColor = kind.materialType.includes("base_color") && plane === 0;
          return hasColor
            ? [...texel.slice(0, 3).map(srgbToLinear), texel[3]] as unknown as Texel
            : texel;
        })
      ),
    );
    for (const [i, planes] of texels.entries()) {
      const wanted = unpackTexel(kind, planes, [-20, 300]);
      const numbers = ATTRIBUTE_NAMES.flatMap((name) => wanted[name]);
      assert.equal(numbers.length, FLOATS - 1);
      for (const [k, number] of numbers.entries()) {
        const off = Math.abs(found[FLOATS * i + k]! - number);
        assert.ok(off <= 1e-4 * Math.max(1, Math.abs(number)), `${JSON.stringify(kind)} ${k}`);
      }
    }
  }
});

Deno.test("the z of normals runs through 0 without a step as their stored sign is filtered", () => {
  const kind = { materialType: "base_color_normal_roughness_specular", compressed: false } as const;
  const z = (sign: number) => unpackTexel(kind, [[0, 0, 0, 0.6], [0, 0, sign, 0.5]]).normal[2]!;
  const steps = Array.from({ length: 65 }, (_, i) => z(i / 64));
  assert.ok(steps.every((value, i) => i === 0 || Math.abs(value - steps[i - 1]!) < 0.04));
  assert.ok(Math.abs(steps[32]!) < 1e-9 && steps[0]! < -0.9 && steps[64]! > 0.9);
});

Deno.test("unpacking compiles with the sampling of its planes, in every type and form", async () => {
  using device = await requestDevice();
  for (const kind of KINDS) {
    for (const ycocgScale of YCOCG_SCALES) {
      for (const supportsR16 of [false, true]) {
        const formats = planeFormats({ supports: () => supportsR16 }, kind);
        const code = virtualTextureWgsl({
          group: 0,
          prefix: "my_",
          feedback: true,
          planes: planeCount(kind),
          taps: planeTaps(kind, { formats, ycocgScale }),
        }) + unpackWgsl({ ...kind, prefix: "my_" }) + `
          @fragment fn main(@builtin(position) at: vec4f, @location(0) uv: vec2f)
            -> @location(0) vec4f {
            let values = my_unpack(my_sample(uv, at.xy), vec2f(0.0, 1.0));
            return my_debug_level(uv, at.xy) + select(
              vec4f(values.normal, values.world_height),
              vec4f(values.base_color, values.mask),
              my_has_base_color);
          }`;
        const module = device.gpu.createShaderModule({ code });
        const { messages } = await module.getCompilationInfo();
        assert.deepEqual(messages.map(({ message }) => message), [], JSON.stringify(kind));
      }
    }
  }
});

Deno.test("devices without r16unorm store heights in r16uint, tapped in the shader", () => {
  const kind = { materialType: "world_height", compressed: true } as const;
  const without = planeFormats({ supports: () => false }, kind);
  const having = planeFormats({ supports: () => true }, kind);
  assert.deepEqual([without, having], [["r16uint"], ["r16unorm"]]);
  assert.deepEqual(planeTaps(kind, { formats: without }), ["uint16"]);
  assert.deepEqual(planeTaps(kind, { formats: having }), ["filtered"]);
});

Deno.test("unknown types, and options of a wrong type, are errors", () => {
  const kind = { materialType: "base_color", compressed: true, prefix: "vt_" } as const;
  assert.throws(() => unpackWgsl({ ...kind, materialType: "normal" as "mask4" }), OutOfRangeError);
  assert.throws(() => unpackWgsl({ ...kind, compressed: 1 as never }), InvalidArgumentError);
  const device = { supports: () => true };
  assert.throws(() => planeFormats(device, { ...kind } as never), InvalidArgumentError);
});
