import assert from "node:assert/strict";
import {
  expressions as e,
  Material,
  MaterialInstance,
  MaterialTexture,
  type RuntimeVirtualTextureLike,
} from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { plainTexture } from "./pictures.ts";

const ASSET: RuntimeVirtualTextureLike = { name: "Ground", materialType: "base_color" };
const OTHER: RuntimeVirtualTextureLike = { name: "Other", materialType: "base_color" };
const HEIGHTS: RuntimeVirtualTextureLike = { name: "Heights", materialType: "world_height" };
const RED = plainTexture("red", [255, 0, 0, 255]);

function parametric(): Material {
  const sample = e.runtimeVirtualTextureSampleParameter("below", ASSET);
  return new Material({
    name: "parametric",
    domain: "virtual_texture",
    baseColor: e.multiply(sample.baseColor, e.vectorParameter("tint", [1, 1, 1])),
    roughness: e.scalarParameter("wear", 0.5),
    mask4: e.textureSampleParameter("dirt", RED),
  });
}

/** Asserts that a call throws an error of a code whose message matches. */
function assertFails(call: () => unknown, code: string, message: RegExp): void {
  assert.throws(call, (error: { code?: string; message?: string }) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message!, message);
    return true;
  });
}

Deno.test("instances give parameters values of their own, over those of their parents", () => {
  const material = parametric();
  const parent = new MaterialInstance(material, { name: "parent" });
  const child = new MaterialInstance(parent, { name: "child" });
  parent.setScalar("wear", 0.25);
  parent.setVector("tint", [1, 0, 0]);
  child.setVector("tint", [0, 1, 0]);
  child.setRuntimeVirtualTexture("below", OTHER);
  const { numbers, runtimeVirtualTextures, textures } = child.overrides;
  assert.deepEqual([...numbers], [["wear", [0.25]], ["tint", [0, 1, 0]]]);
  assert.deepEqual([...runtimeVirtualTextures], [["below", OTHER]]);
  assert.equal(textures.size, 0);
  child.reset("tint");
  assert.deepEqual(child.overrides.numbers.get("tint"), [1, 0, 0]);
  assert.equal(child.graph, material.graph);
  assert.equal(child.material, material);
});

Deno.test("listeners hear of every change of an instance, its parents and its material", () => {
  const material = parametric();
  const parent = new MaterialInstance(material, { name: "parent" });
  const child = new MaterialInstance(parent, { name: "child" });
  let [heard, revision] = [0, child.revision];
  const end = child.subscribe(() => heard++);
  const changes = [
    () => child.setScalar("wear", 1),
    () => parent.setTexture("dirt", RED),
    () => child.reset("wear"),
    () => material.connect({ roughness: e.scalarParameter("wear", 0) }),
  ];
  for (const [i, change] of changes.entries()) {
    change();
    assert.equal(heard, i + 1);
    assert.ok(child.revision > revision);
    revision = child.revision;
  }
  child.reset("wear");
  assert.equal(heard, changes.length, "nothing was set");
  end();
  child.setScalar("wear", 0.5);
  parent.setScalar("wear", 0.5);
  assert.equal(heard, changes.length);
});

Deno.test("an asset of another material type is refused with both types named", () => {
  const instance = new MaterialInstance(parametric(), { name: "i" });
  assertFails(
    () => instance.setRuntimeVirtualTexture("below", HEIGHTS),
    "out-of-range",
    /"Heights" must be base_color: current value is world_height$/,
  );
  assertFails(
    () => e.runtimeVirtualTextureSample(HEIGHTS, { materialType: "mask4" }),
    "out-of-range",
    /"Heights" must be mask4: current value is world_height$/,
  );
  assert.equal(instance.overrides.runtimeVirtualTextures.size, 0);
});

Deno.test("parameters that do not exist, or are of another kind, are errors that name what there is", () => {
  const instance = new MaterialInstance(parametric(), { name: "i" });
  assertFails(
    () => instance.setScalar("rust", 1),
    "out-of-range",
    /has no scalar .*: it has "wear"$/,
  );
  assertFails(() => instance.setScalar("tint", 1), "out-of-range", /"tint" of instance "i"/);
  assertFails(() => instance.setVector("tint", [1, 2]), "invalid-argument", /values/);
  assertFails(() => instance.setScalar("wear", NaN), "out-of-range", /value/);
  assertFails(() => instance.setScalar("wear", 1e39), "out-of-range", /finite in 32 bits/);
  assertFails(() => instance.setScalar("wear", "1" as never), "invalid-argument", /value/);
  assertFails(
    () => instance.setTexture("dirt", {} as never),
    "invalid-argument",
    /MaterialTexture/,
  );
  assertFails(
    () => instance.setRuntimeVirtualTexture("below", null as never),
    "invalid-argument",
    /asset must be a runtime virtual texture/,
  );
  assertFails(() => new MaterialInstance({} as never, { name: "x" }), "invalid-argument", /parent/);
});

Deno.test("materials that are not valid are errors, and connecting them changes nothing", () => {
  const material = parametric();
  const { graph } = material;
  const clash = e.add(e.scalarParameter("a", 1), e.scalarParameter("a", 2));
  const doubles = [1, 2].map((x) =>
    e.materialFunction("double", { inputs: {}, build: () => ({ x }) }).call({}).x
  );
  let leaked = e.add(1, 2) as ReturnType<typeof e.add> | { kind: "function_input" };
  e.materialFunction("leaky", {
    inputs: { x: 1 },
    build: ({ x }) => {
      leaked = x;
      return { x };
    },
  });
  const cases = [
    [{ roughness: [1, 2] }, "out-of-range", /roughness must have 1 component: current value has 2/],
    [{ baseColor: [1, 2] }, "out-of-range", /baseColor must have 1 or 3 components/],
    [{ roughness: "rough" }, "invalid-argument", /roughness/],
    [{ roughness: { kind: "constant" } }, "invalid-argument", /roughness/],
    [{ colour: 1 }, "invalid-argument", /no pin of the domain virtual_texture colour/],
    [{ roughness: clash }, "out-of-range", /parameter "a" must agree/],
    [{ roughness: e.add(doubles[0]!, doubles[1]!) }, "out-of-range", /are called "double"/],
    [{ roughness: leaked }, "out-of-range", /input x of a material function/],
    [{ heightRange: [2, 1] }, "out-of-range", /heightRange must begin below its end/],
    [{ heightRange: [NaN, 1] }, "out-of-range", /heightRange/],
  ] as const;
  for (const [pins, code, message] of cases) {
    assertFails(() => material.connect(pins as never), code, message);
    assert.equal(material.graph, graph);
  }
  assertFails(() => new Material({ name: "" }), "out-of-range", /name/);
  assertFails(() => new Material({ name: "a", domain: "ui" as never }), "out-of-range", /domain/);
  assertFails(() => new Material({ name: "a", mask: 1 }), "invalid-argument", /pin of a surface/);
  assertFails(
    () => new Material({ name: "a", rvtOutput: {} as never }),
    "invalid-argument",
    /rvtOutput must be/,
  );
  const forged = { pins: new Map([["roughness", { kind: "constant" }]]), heightRange: null };
  assertFails(
    () => new Material({ name: "a", rvtOutput: forged as never }),
    "invalid-argument",
    /^Cannot make material "a" as roughness must be an expression/,
  );
});

Deno.test("outputs of a sample say whether the material type has them", () => {
  const sample = e.runtimeVirtualTextureSample(ASSET);
  assert.equal(sample.hasOutput("baseColor"), true);
  assert.equal(sample.hasOutput("mask"), false);
  assert.equal(sample.mask4.components, 4);
  const parameter = e.convertToParameter(sample, "below");
  assert.equal(parameter.settings.parameter, "below");
  assert.equal(sample.settings.parameter, null);
  assert.deepEqual(parameter.inputs, sample.inputs);
  assertFails(() => sample.hasOutput("colour" as never), "out-of-range", /attribute/);
});

Deno.test("builders refuse bad input and name themselves", () => {
  const uv = e.textureCoordinate();
  const p = e.worldPosition();
  const any = undefined as never;
  const cases: readonly (readonly [() => unknown, string, RegExp])[] = [
    [() => e.add(uv, p), "out-of-range", /^Cannot make add as b must have 1 or 2 components/],
    [() => e.add(uv, any), "invalid-argument", /^Cannot make add as b must be an expression/],
    [() => e.add(1, NaN), "out-of-range", /finite/],
    [() => e.constant([]), "invalid-argument", /1 to 4 numbers/],
    [() => e.constant([1, 2, 3, 4, 5]), "invalid-argument", /1 to 4 numbers/],
    [() => e.constant(Infinity), "out-of-range", /^Cannot make constant/],
    [() => e.lerp(1, 2, {} as never), "invalid-argument", /^Cannot make lerp as alpha/],
    [() => e.lerp(1, 2, { beta: 1 } as never), "invalid-argument", /no option beta/],
    [() => e.clamp(1, { min: 0 } as never), "invalid-argument", /^Cannot make clamp as max/],
    [() => e.cross(uv, uv), "out-of-range", /cross as a must have 3 components/],
    [() => e.normalize(1), "out-of-range", /2 or 3 or 4/],
    [() => e.componentMask(uv, "z"), "out-of-range", /1 to 4 of xy: current value is "z"/],
    [() => e.componentMask(uv, ""), "out-of-range", /channels/],
    [() => e.append(p, uv), "out-of-range", /at most 4 components/],
    [() => e.append(p), "out-of-range", /at least 2 inputs/],
    [() => e.noise(1, { kind: "value" }), "out-of-range", /place must have 2 or 3/],
    [() => e.noise(uv, { kind: "perlin" as never }), "out-of-range", /kind/],
    [() => e.noise(uv, { kind: "value", octaves: 17 }), "out-of-range", /octaves/],
    [() => e.noise(uv, { kind: "value", seed: -1 }), "out-of-range", /seed/],
    [() => e.scalarParameter("", 1), "out-of-range", /name/],
    [() => e.vectorParameter("v", ["1"] as never), "invalid-argument", /vector parameter v/],
    [() => e.layerWeight(3 as never), "invalid-argument", /layer/],
    [() => e.viewProperty("time" as never), "out-of-range", /property/],
    [() => e.named({} as never, "x"), "invalid-argument", /expression/],
    [() => e.textureSample({} as never), "invalid-argument", /MaterialTexture/],
    [() => e.textureSample(RED, { uv: p }), "out-of-range", /uv must have 2/],
    [() => e.virtualTextureSample({} as never), "invalid-argument", /StreamedTexture/],
    [
      () => e.runtimeVirtualTextureSample(ASSET, { mipMode: "level" }),
      "out-of-range",
      /level must have level: level is missing/,
    ],
    [() => e.runtimeVirtualTextureSample(ASSET, { bias: 1 }), "out-of-range", /bias is given/],
    [
      () => e.runtimeVirtualTextureSample(ASSET, { uv }),
      "out-of-range",
      /sampled by world_position/,
    ],
    [() => e.runtimeVirtualTextureSample({ name: "x" } as never), "invalid-argument", /asset/],
    [() => e.convertToParameter({} as never, "x"), "invalid-argument", /sample/],
    [() => e.runtimeVirtualTextureReplace({ default: 1 } as never), "invalid-argument", /output/],
    [
      () => e.virtualTextureFeatureSwitch({ yes: p, no: uv }),
      "out-of-range",
      /no must have 1 or 3/,
    ],
    [() => e.runtimeVirtualTextureOutput({ albedo: 1 } as never), "invalid-argument", /pin albedo/],
    [() => e.customWgsl({ code: "}", components: 1 }), "out-of-range", /braces/],
    [() => e.customWgsl({ code: "// nothing", components: 1 }), "out-of-range", /code/],
    [() => e.customWgsl({ code: "return 1.0; /* ", components: 1 }), "out-of-range", /comments/],
    [() => e.customWgsl({ code: "return 1.0;", components: 5 as never }), "out-of-range", /compon/],
    [
      () => e.customWgsl({ code: "return 1.0;", inputs: { "a b": 1 }, components: 1 }),
      "out-of-range",
      /identifiers/,
    ],
    [() => e.materialFunction("f", { inputs: {}, build: any }), "invalid-argument", /build/],
    [
      () => e.materialFunction("f", { inputs: {}, build: () => ({}) }),
      "out-of-range",
      /no outputs/,
    ],
    [
      () => e.materialFunction("f", { inputs: { a: 7 as never }, build: ({ a }) => ({ a }) }),
      "out-of-range",
      /components of a/,
    ],
    [() => new MaterialTexture({ name: "t" } as never), "invalid-argument", /"t" as width/],
    [
      () => new MaterialTexture({ name: "t", width: 2, height: 2, texels: new Uint8Array(4) }),
      "out-of-range",
      /16 bytes: current value has 4/,
    ],
  ];
  for (const [call, code, message] of cases) assertFails(call, code, message);
});

Deno.test("an instance tells of assets that change their type, while someone listens and it has set them", () => {
  const [ours, first, second] = ["Ours", "First", "Second"].map((name) =>
    new RuntimeVirtualTexture({ name, materialType: "mask4" })
  );
  const sample = e.runtimeVirtualTextureSampleParameter("below", ours!);
  const parent = new Material({ name: "parent", baseColor: e.componentMask(sample.mask4, "xyz") });
  const middle = new MaterialInstance(parent, { name: "middle" });
  const instance = new MaterialInstance(middle, { name: "instance" });
  middle.setRuntimeVirtualTexture("below", first!);
  instance.setRuntimeVirtualTexture("below", second!);
  let told = 0;
  const changesOf = (change: () => void) => {
    const before = [told, instance.revision] as const;
    change();
    return [told - before[0], Math.sign(instance.revision - before[1])];
  };
  const turn = (asset: RuntimeVirtualTexture | undefined) => () => {
    asset!.change({ materialType: asset!.materialType === "mask4" ? "base_color" : "mask4" });
  };
  assert.deepEqual(changesOf(turn(second)), [0, 0]);
  turn(second)();
  const before = instance.revision;
  const end = instance.subscribe(() => told++);
  assert.ok(instance.revision > before, "what may have changed unheard counts as a change");
  assert.deepEqual(changesOf(turn(second)), [1, 1]);
  assert.deepEqual(changesOf(turn(first)), [1, 1], "of a parent");
  assert.deepEqual(changesOf(turn(ours)), [0, 0], "the material's own asset");
  assert.deepEqual(changesOf(() => second!.change({ tileSize: 64 })), [0, 0], "another setting");
  instance.reset("below");
  assert.deepEqual(changesOf(turn(second)), [0, 0], "taken back");
  end();
  assert.deepEqual(changesOf(turn(first)), [0, 0], "nobody listens");
});
