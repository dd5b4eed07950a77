import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { type AttributeName, ATTRIBUTES } from "../../../src/rvt/asset/attributes.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import {
  compileMaterial,
  expressions as e,
  Material,
  MaterialInstance,
  type RuntimeVirtualTextureBinder,
  type RuntimeVirtualTextureCodeOptions,
  type RuntimeVirtualTextureLike,
  wgslMember,
} from "../../../src/rvt/material/mod.ts";
import { evaluateMaterial, maskMaterial, type Point } from "./evaluate.ts";

/** A stand-in for a texture: a number in a uniform, which its first attribute shows, plus what it was asked. */
function fakeCode(
  { materialType }: RuntimeVirtualTextureLike,
  { prefix, group, firstBinding }: RuntimeVirtualTextureCodeOptions,
): string {
  const type = (attribute: AttributeName) => {
    const { components } = ATTRIBUTES[attribute];
    return components === 1 ? "f32" : `vec${components}f`;
  };
  const { attributes } = MATERIAL_TYPES[materialType];
  const members = attributes.map((name) => `${wgslMember(name)}: ${type(name)},`).join(" ");
  const values = attributes.map((name) => `${type(name)}(${prefix}number + sum)`).join(", ");
  const functions = ["world", "uv"].flatMap((by) => {
    const place = by === "world" ? "vec3f" : "vec2f";
    const modes = [
      ["", "", "0.0"],
      ["_level", "level: f32,", "10.0 * level"],
      ["_bias", "bias: f32,", "20.0 * bias"],
      ["_derivatives", "ddx: vec2f, ddy: vec2f,", "30.0 * ddx.x + 40.0 * ddy.y"],
      ["_world_derivatives", "ddx: vec3f, ddy: vec3f,", "50.0 * ddx.x + 60.0 * ddy.z"],
    ];
    return modes.map(([suffix, parameters, sum]) => `
      fn ${prefix}sample_${by}${suffix}(at: ${place}, ${parameters} pixel: vec2f, reports: bool)
        -> ${prefix}Values { return ${prefix}of(at.x + ${sum} + select(0.0, 0.5, reports)); }`);
  });
  return `
    struct ${prefix}Values { ${members} }
    @group(${group}) @binding(${firstBinding}) var<uniform> ${prefix}number: f32;
    fn ${prefix}of(sum: f32) -> ${prefix}Values { return ${prefix}Values(${values}); }
    ${functions.join("")}`;
}

/** Binds the number of each asset. */
class FakeBinder implements RuntimeVirtualTextureBinder {
  readonly #buffers = new Map<RuntimeVirtualTextureLike, GPUBuffer>();

  constructor(device: ForgeDevice, numbers: ReadonlyMap<RuntimeVirtualTextureLike, number>) {
    for (const [asset, number] of numbers) {
      const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
      const buffer = device.gpu.createBuffer({ size: 16, usage });
      device.gpu.queue.writeBuffer(buffer, 0, Float32Array.of(number));
      this.#buffers.set(asset, buffer);
    }
  }

  layoutEntries(_: RuntimeVirtualTextureLike, { firstBinding: binding }: { firstBinding: number }) {
    const buffer = { type: "uniform" } as const;
    return [{ binding, visibility: GPUShaderStage.FRAGMENT, buffer }];
  }

  entries(asset: RuntimeVirtualTextureLike, { firstBinding: binding }: { firstBinding: number }) {
    return [{ binding, resource: { buffer: this.#buffers.get(asset)! } }];
  }

  generation(): number {
    return 0;
  }
}

const ASSETS = Object.fromEntries(
  MATERIAL_TYPE_NAMES.map((materialType) => [materialType, { name: materialType, materialType }]),
);
const SURFACE = ASSETS.base_color_normal_roughness_specular!;
const POINTS: Point[] = [{ world: [0.25, 1, 2], uv: [4, 5] }];
const BEFORE = { context: "virtual_texture", runtimeVirtualTextureCode: fakeCode } as const;

Deno.test("outputs of every type are what the texture has, and clear values where it lacks them", async () => {
  using device = await requestDevice();
  for (const materialType of MATERIAL_TYPE_NAMES) {
    const asset = ASSETS[materialType]!;
    const sample = e.runtimeVirtualTextureSample(asset, { feedback: false });
    const material = new Material({
      name: "copy",
      domain: "virtual_texture",
      ...Object.fromEntries(
        Object.keys(ATTRIBUTES).map((name) => [name, sample[name as AttributeName]]),
      ),
    });
    const runtimeVirtualTextures = new FakeBinder(device, new Map([[asset, 3]]));
    for (const name of Object.keys(ATTRIBUTES) as AttributeName[]) {
      const { components, clearValue } = ATTRIBUTES[name];
      const member = `output.${wgslMember(name)}`;
      const fill = ", 0.0".repeat(4 - components);
      const [values] = await evaluateMaterial(device, material, {
        ...BEFORE,
        wanted: [name],
        points: POINTS,
        result: components === 4 ? member : `vec4f(${member}${fill})`,
        runtimeVirtualTextures,
      });
      const wanted = sample.hasOutput(name) ? clearValue.map(() => 3.25) : clearValue;
      assert.deepEqual(values!.slice(0, components), [...wanted], `${name} of ${materialType}`);
    }
  }
});

Deno.test("every way to say where and at which level becomes its own call", async () => {
  using device = await requestDevice();
  const runtimeVirtualTextures = new FakeBinder(device, new Map([[SURFACE, 1000]]));
  const uv = e.textureCoordinate();
  const cases = [
    [{}, 0.25 + 0.5],
    [{ feedback: false }, 0.25],
    [{ worldPosition: [2, 0, 0] }, 2.5],
    [{ mipMode: "level", level: 3 }, 0.25 + 30 + 0.5],
    [{ mipMode: "bias", bias: -1 }, 0.25 - 20 + 0.5],
    [{ mipMode: "derivatives", ddx: [1, 0], ddy: [0, 1] }, 0.25 + 70 + 0.5],
    [{ mipMode: "world_derivatives", ddx: [1, 0, 0], ddy: [0, 0, 1] }, 0.25 + 110 + 0.5],
    [{ by: "uv" }, 4.5],
    [{ by: "uv", uv: e.multiply(uv, 2), mipMode: "level", level: 1 }, 8 + 10 + 0.5],
  ] as const;
  for (const [options, wanted] of cases) {
    const sample = e.runtimeVirtualTextureSample(SURFACE, options);
    const [[value]] = await evaluateMaterial(device, maskMaterial(sample.roughness), {
      ...BEFORE,
      points: POINTS,
      runtimeVirtualTextures,
    }) as [[number]];
    assert.equal(value, 1000 + wanted, JSON.stringify(options));
  }
});

Deno.test("all outputs of a sample are one call, and samples that differ are several", () => {
  const calls = (...samples: ReturnType<typeof e.runtimeVirtualTextureSample>[]) => {
    const values = samples.flatMap(({ roughness, specular }) => [roughness, specular]);
    const sum = values.reduce((a, b) => e.add(a, b) as never);
    const { code } = compileMaterial(maskMaterial(sum), BEFORE);
    return code.match(/= rvt\d+_sample/g)!.length;
  };
  const sample = () => e.runtimeVirtualTextureSample(SURFACE);
  assert.equal(calls(sample(), sample()), 1);
  assert.equal(calls(sample(), e.runtimeVirtualTextureSample(SURFACE, { feedback: false })), 2);
});

Deno.test("without virtual texturing every output is its clear value and nothing is bound", async () => {
  using device = await requestDevice();
  const { roughness } = e.runtimeVirtualTextureSample(SURFACE);
  const options = { context: "virtual_texture", virtualTexturing: false } as const;
  const material = maskMaterial(roughness);
  const values = await evaluateMaterial(device, material, { ...options, points: POINTS });
  assert.deepEqual(values, [[0.5, 0, 0, 0]]);
  assert.deepEqual(compileMaterial(material, options).layout.runtimeVirtualTextures, []);
});

Deno.test("instances sample another asset with the same text and key", async () => {
  using device = await requestDevice();
  const other = { name: "other", materialType: SURFACE.materialType };
  const runtimeVirtualTextures = new FakeBinder(device, new Map([[SURFACE, 1], [other, 7]]));
  const sample = e.runtimeVirtualTextureSampleParameter("below", SURFACE, { feedback: false });
  const material = maskMaterial(sample.roughness);
  const instance = new MaterialInstance(material, { name: "over other" });
  instance.setRuntimeVirtualTexture("below", other);
  assert.equal(compileMaterial(material, BEFORE).key, compileMaterial(instance, BEFORE).key);
  const options = { ...BEFORE, points: POINTS, runtimeVirtualTextures };
  assert.equal((await evaluateMaterial(device, material, options))[0]![0], 1.25);
  assert.equal((await evaluateMaterial(device, instance, options))[0]![0], 7.25);
});

Deno.test("a material that samples needs something that gives the WGSL", () => {
  const material = maskMaterial(e.runtimeVirtualTextureSample(SURFACE).roughness);
  assert.throws(() => compileMaterial(material, { context: "virtual_texture" }), {
    code: "unsupported",
    message: /samples runtime virtual texture "base_color_normal_roughness_specular"/,
  });
});

Deno.test("the feedback is bound once, by the first virtual texture, unless the shader has one", () => {
  const asked: (string | boolean)[] = [];
  const compile = (feedback: boolean | string) => {
    asked.length = 0;
    const sum = e.add(
      e.runtimeVirtualTextureSample(SURFACE).roughness,
      e.runtimeVirtualTextureSample(ASSETS.mask4!).mask4,
    );
    compileMaterial(maskMaterial(sum), {
      context: "virtual_texture",
      feedback,
      runtimeVirtualTextureCode: (asset, options) => {
        asked.push(options.feedback);
        return fakeCode(asset, options);
      },
    });
    return [...asked];
  };
  assert.deepEqual(compile(false), [false, false]);
  assert.deepEqual(compile(true), [true, "rvt0_"]);
  assert.deepEqual(compile("vt_"), ["vt_", "vt_"]);
});
