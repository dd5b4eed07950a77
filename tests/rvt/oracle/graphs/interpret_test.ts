import assert from "node:assert/strict";
import type { MaterialTypeName } from "../../../../src/rvt/asset/material_type.ts";
import * as make from "../../../../src/rvt/material/expressions.ts";
import type { Expression } from "../../../../src/rvt/material/expressions/expression.ts";
import { Material, type MaterialPins } from "../../../../src/rvt/material/material.ts";
import { MaterialInstance } from "../../../../src/rvt/material/material_instance.ts";
import { MaterialTexture } from "../../../../src/rvt/material/material_texture.ts";
import { fragmentOf, type FragmentValues } from "./fragments.ts";
import { type InterpreterOptions, interpretExpression, interpretMaterial } from "./interpret.ts";
import { interpretSurface } from "./interpret_surface.ts";
import { plainTextureSamplers, type SamplePlace } from "./samplers.ts";

const FILL: InterpreterOptions = { context: "virtual_texture" };
const DRAW: InterpreterOptions = { context: "main_pass" };

/** The value of an expression at a point. */
function value(node: Expression, at: FragmentValues = {}, options = FILL): readonly number[] {
  return interpretExpression(node, fragmentOf(at), options);
}

function assertNear(actual: readonly number[], expected: readonly number[], what = "") {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((part, k) => assert.ok(Math.abs(actual[k]! - part) < 1e-9, `${what} ${actual}`));
}

Deno.test("each operation is what its documentation says", () => {
  const cases: [Expression, number[]][] = [
    [make.absolute([-2, 3]), [2, 3]],
    [make.add([1, 2], 3), [4, 5]],
    [make.subtract(1, [3, 5]), [-2, -4]],
    [make.multiply([2, 3], [4, 5]), [8, 15]],
    [make.divide([1, 1], [4, 0]), [0.25, 0]],
    [make.minimum([1, 5], 3), [1, 3]],
    [make.maximum([1, 5], 3), [3, 5]],
    [make.power([2, 0, -2], 3), [8, 0, 0]],
    [make.floor([1.5, -1.5]), [1, -2]],
    [make.fraction([1.25, -1.25]), [0.25, 0.75]],
    [make.sqrt([9, -4]), [3, 0]],
    [make.sine(Math.PI / 6), [0.5]],
    [make.cosine(Math.PI / 3), [0.5]],
    [make.oneMinus(0.25), [0.75]],
    [make.saturate([-1, 0.5, 2]), [0, 0.5, 1]],
    [make.clamp([-5, 0, 5], { min: -1, max: [1, 2, 3] }), [-1, 0, 3]],
    [make.lerp([0, 10], [10, 20], { alpha: 0.25 }), [2.5, 12.5]],
    [make.lerp(0, 10, { alpha: 2 }), [20]],
    [make.smoothstep([0, 1, 1.5, 3], { from: 1, to: 2 }), [0, 0, 0.5, 1]],
    [make.smoothstep([1, 1.25], { from: 2, to: 1 }), [1, 0.84375]],
    [make.smoothstep([0.9, 1], { from: 1, to: 1 }), [0, 1]],
    [make.step([0.9, 1, 1.1], { edge: 1 }), [0, 1, 1]],
    [make.dot([1, 2, 3], [4, 5, 6]), [32]],
    [make.dot([1, 2, 3], 2), [12]],
    [make.cross([1, 0, 0], [0, 1, 0]), [0, 0, 1]],
    [make.cross([1, 2, 3], [4, 5, 6]), [-3, 6, -3]],
    [make.normalize([3, 4]), [0.6, 0.8]],
    [make.normalize([0, 0, 0]), [0, 0, 0]],
    [make.length([3, 4]), [5]],
    [make.distance([1, 1], [4, 5]), [5]],
    [make.componentMask([1, 2, 3], "zxz"), [3, 1, 3]],
    [make.append([1, 2], 3), [1, 2, 3]],
  ];
  for (const [node, expected] of cases) {
    assertNear(value(node), expected, "operation" in node ? node.operation : node.kind);
  }
});

Deno.test("detail normals are turned onto the base", () => {
  const tilted = [0, Math.SQRT1_2, Math.SQRT1_2];
  assertNear(value(make.blendNormals([0, 0, 2], [0.6, 0, 0.8])), [0.6, 0, 0.8]);
  assertNear(value(make.blendNormals(tilted, [0, 0, 5])), tilted);
  // Turned by 45° about x, as the base is.
  assertNear(value(make.blendNormals(tilted, [0, Math.SQRT1_2, Math.SQRT1_2])), [0, 1, 0]);
  assertNear(value(make.blendNormals(tilted, [1, 0, 0])), [1, 0, 0]);
});

Deno.test("inputs are those of the point", () => {
  const at: FragmentValues = {
    worldPosition: [1, 2, 3],
    uv: [0.25, 0.75],
    vertexNormal: [0, 0.6, 0.8],
    layers: { grass: 0.4 },
    view: { outputLevel: 3, levelCount: 7, outputDerivative: [0.5, 2] },
  };
  assert.deepEqual(value(make.worldPosition(), at), [1, 2, 3]);
  assert.deepEqual(value(make.textureCoordinate(), at), [0.25, 0.75]);
  assert.deepEqual(value(make.vertexNormal(), at), [0, 0.6, 0.8]);
  assert.deepEqual(value(make.layerWeight("grass"), at), [0.4]);
  assert.deepEqual(value(make.layerWeight("snow"), at), [0]);
  assert.deepEqual(value(make.viewProperty("virtual_texture_output_level"), at), [3]);
  assert.deepEqual(value(make.viewProperty("virtual_texture_max_level"), at), [7]);
  const derivative = make.viewProperty("virtual_texture_output_derivative");
  assert.deepEqual(value(derivative, at), [0.5, 2]);
  assert.deepEqual(value(derivative, at, DRAW), [0, 0]);
});

Deno.test("replace chooses by the pass, the feature switch by support", () => {
  const replace = make.runtimeVirtualTextureReplace({ default: 1, output: [2, 3] });
  assert.deepEqual(value(replace), [2, 3]);
  assert.deepEqual(value(replace, {}, DRAW), [1, 1]);
  const feature = make.virtualTextureFeatureSwitch({ yes: 1, no: 2 });
  assert.deepEqual(value(feature), [1]);
  assert.deepEqual(value(feature, {}, { ...FILL, virtualTexturing: false }), [2]);
});

Deno.test("parameters have their default, or what an instance gives", () => {
  const tint = make.vectorParameter("tint", [0.1, 0.2, 0.3]);
  const wet = make.scalarParameter("wet", 0.5);
  const material = new Material({
    name: "m",
    domain: "virtual_texture",
    baseColor: tint,
    mask: wet,
  });
  const instance = new MaterialInstance(material, { name: "i" });
  instance.setVector("tint", [1, 0, 1]);
  const written = (from: Material | MaterialInstance) =>
    interpretMaterial(from, fragmentOf(), FILL).values;
  assert.deepEqual(written(material), { baseColor: [0.1, 0.2, 0.3], mask: [0.5] });
  assert.deepEqual(written(instance), { baseColor: [1, 0, 1], mask: [0.5] });
});

Deno.test("a material writes its connected pins, as wide as their attributes", () => {
  const material = new Material({
    name: "m",
    baseColor: [1, 0, 0],
    roughness: 0.25,
    rvtOutput: make.runtimeVirtualTextureOutput({
      baseColor: 0.5,
      opacity: 0.75,
      heightRange: [-2, 7],
    }),
  });
  assert.deepEqual(interpretMaterial(material, fragmentOf(), FILL), {
    opacity: 0.75,
    values: { baseColor: [0.5, 0.5, 0.5] },
    heightRange: [-2, 7],
  });
  assert.deepEqual(interpretMaterial(material, fragmentOf(), DRAW), {
    opacity: 1,
    values: { baseColor: [1, 0, 0], roughness: [0.25] },
  });
});

Deno.test("pictures are shaded with what is connected, clear values and the surface's own normal", () => {
  const vertexNormal = [0, 0.6, 0.8] as const;
  const shaded = (pins: MaterialPins) =>
    interpretSurface(new Material({ name: "m", ...pins }), fragmentOf({ vertexNormal }), {});
  assert.deepEqual(shaded({}), {
    baseColor: [0, 0, 0],
    normal: vertexNormal,
    roughness: 0.5,
    specular: 0.5,
    opacity: 1,
  });
  const pins = { baseColor: 0.2, normal: [0, 0, 1], roughness: 0, specular: 1, opacity: 0.5 };
  assert.deepEqual(shaded(pins), { ...pins, baseColor: [0.2, 0.2, 0.2] });
});

Deno.test("functions are evaluated with the inputs of each call, one inside another too", () => {
  const scale = make.materialFunction("scale", {
    inputs: { x: 2, factor: 1 },
    build: ({ x, factor }) => ({ scaled: make.multiply(x, factor), factor }),
  });
  const twice = make.materialFunction("twice", {
    inputs: { x: 2 },
    build: ({ x }) => {
      const once = scale.call({ x, factor: 3 }).scaled;
      return { done: scale.call({ x: once, factor: make.componentMask(x, "y") }).scaled };
    },
  });
  assert.deepEqual(value(twice.call({ x: [1, 2] }).done), [6, 12]);
  assert.deepEqual(value(twice.call({ x: 5 }).done), [75, 75]);
  assert.deepEqual(value(scale.call({ x: 1, factor: 4 }).factor), [4]);
});

Deno.test("custom WGSL does what the caller says that its code does", () => {
  const code = "return a + b.x;";
  const node = make.customWgsl({ code, inputs: { a: 1, b: [2, 3] }, components: 1 });
  const customWgsl = new Map([[
    code,
    (a: readonly number[], b: readonly number[]) => [a[0]! + b[0]!],
  ]]);
  assert.deepEqual(value(node, {}, { ...FILL, customWgsl }), [3]);
  assert.throws(() => value(node), /Nothing says what this does: return a/);
});

Deno.test("textures are sampled at the level that the surface's neighbours ask for", () => {
  const texels = new Uint8Array(4 * 64 * 64)
    .map((_, k) => k % 4 === 3 || ((k >> 2) + (k >> 8)) % 2 === 1 ? 255 : 0);
  const texture = new MaterialTexture({
    name: "checks",
    width: 64,
    height: 64,
    texels,
    colorSpace: "linear",
  });
  const options = { ...FILL, samplers: plainTextureSamplers() };
  const sample = (uv?: Expression) => make.textureSample(texture, uv === undefined ? {} : { uv });
  // One texel to the next pixel: level 0, where texels alternate.
  assertNear(value(sample(), { uv: [0.5 / 64, 0.5 / 64] }, options), [0, 0, 0, 1]);
  assertNear(value(sample(), { uv: [1.5 / 64, 0.5 / 64] }, options), [1, 1, 1, 1]);
  // Two texels: level 1, where they are mixed.
  const [grey] = value(sample(make.multiply(make.textureCoordinate(), 2)), {}, options);
  assert.ok(Math.abs(grey! - 0.5) < 0.01, `${grey}`);
});

Deno.test("texture parameters take an instance's texture", () => {
  const plain = (name: string, byte: number) =>
    new MaterialTexture({ name, width: 1, height: 1, texels: new Uint8Array(4).fill(byte) });
  const mask4 = make.textureSampleParameter("t", plain("black", 0));
  const material = new Material({ name: "m", domain: "virtual_texture", mask4 });
  const instance = new MaterialInstance(material, { name: "i" });
  instance.setTexture("t", plain("white", 255));
  const options = { ...FILL, samplers: plainTextureSamplers() };
  assert.deepEqual(interpretMaterial(instance, fragmentOf(), options).values.mask4, [1, 1, 1, 1]);
  assert.deepEqual(interpretMaterial(material, fragmentOf(), options).values.mask4, [0, 0, 0, 0]);
});

const ASSET = { name: "ground", materialType: "base_color" as MaterialTypeName };

/** What a sample asks its sampler for. */
function asked(sample: { readonly baseColor: Expression }, at: FragmentValues = {}): unknown[] {
  const calls: unknown[] = [];
  const runtimeVirtualTexture = (asset: { readonly name: string }, place: SamplePlace) => {
    calls.push([asset.name, place]);
    return [1, 2, 3];
  };
  const samplers = { ...plainTextureSamplers(), runtimeVirtualTexture };
  assert.deepEqual(value(sample.baseColor, at, { ...DRAW, samplers }), [1, 2, 3]);
  return calls;
}

Deno.test("runtime virtual textures are sampled where, and at the level that, the node says", () => {
  const at: FragmentValues = { worldPosition: [4, 5, 6], uv: [0.5, 0.25] };
  const place = { at: [4, 5, 6], by: "world_position", attribute: "baseColor" };
  const steps = { ddx: [1, 0, 0], ddy: [0, 1, 0], derivativesOf: "world" };
  const sample = make.runtimeVirtualTextureSample;
  assert.deepEqual(asked(sample(ASSET), at), [["ground", { ...place, ...steps, bias: 0 }]]);
  const biased = sample(ASSET, { mipMode: "bias", bias: 2 });
  assert.deepEqual(asked(biased, at), [["ground", { ...place, ...steps, bias: 2 }]]);
  const level = sample(ASSET, { mipMode: "level", level: 3, by: "uv" });
  const byUv = { at: [0.5, 0.25], by: "uv", attribute: "baseColor" };
  assert.deepEqual(asked(level, at), [["ground", { ...byUv, level: 3 }]]);
  const given = sample(ASSET, { mipMode: "derivatives", ddx: [0.1, 0], ddy: [0, 0.2], by: "uv" });
  const uvSteps = { ddx: [0.1, 0], ddy: [0, 0.2], derivativesOf: "uv", bias: 0 };
  assert.deepEqual(asked(given, at), [["ground", { ...byUv, ...uvSteps }]]);
});

Deno.test("what a runtime virtual texture lacks, or no support, gives clear values", () => {
  const sample = make.runtimeVirtualTextureSample(ASSET);
  assert.deepEqual(value(sample.normal), [0, 0, 1]);
  assert.deepEqual(value(sample.roughness), [0.5]);
  assert.deepEqual(value(sample.baseColor, {}, { ...FILL, virtualTexturing: false }), [0, 0, 0]);
  assert.throws(() => value(sample.baseColor), /no samplers are given/);
});

Deno.test("rounding is applied to every node", () => {
  const third = make.divide(1, 3);
  assert.deepEqual(value(third, {}, { ...FILL, round: Math.fround }), [Math.fround(1 / 3)]);
  const seen = new Set<number>();
  value(make.add(third, 2), {}, { ...FILL, round: (x) => (seen.add(x), x) });
  assert.deepEqual([...seen].sort(), [1, 1 / 3, 2, 3, 7 / 3].sort());
});

Deno.test("negative control: graphs that differ in one node differ in value", () => {
  const at: FragmentValues = { worldPosition: [0.3, 0.8, -0.2] };
  const one = make.sine(make.worldPosition());
  assert.notDeepEqual(value(one, at), value(make.cosine(make.worldPosition()), at));
  assert.notDeepEqual(value(one, at), value(one, { worldPosition: [0.3, 0.8, -0.3] }));
});
