import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  compileMaterial,
  expressions as e,
  Material,
  MaterialInstance,
  type MaterialLookup,
  readMaterialFunction,
  type RuntimeVirtualTextureLike,
  writeMaterialFunction,
} from "../../../src/rvt/material/mod.ts";
import { proceduralTileSource } from "../../../src/sources/mod.ts";
import { type StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { plainTexture } from "./pictures.ts";

const ASSET: RuntimeVirtualTextureLike = { name: "Ground", materialType: "base_color" };
const RED = plainTexture("red", [255, 0, 0, 255]);
const runtimeVirtualTextureCode = () => "";

const SHARPEN = e.materialFunction("sharpen", {
  inputs: { x: 1, amount: 1 },
  build: ({ x, amount }) => ({ result: e.power(x, amount), inverse: e.oneMinus(x) }),
});

/** A material with a node of every kind. */
function everyKind(streamed: StreamedTexture): Material {
  const uv = e.textureCoordinate();
  const p = e.worldPosition();
  const x = e.componentMask(p, "x");
  const sample = e.runtimeVirtualTextureSampleParameter("below", ASSET, {
    mipMode: "world_derivatives",
    ddx: [1, 0, 0],
    ddy: [0, 1, 0],
    feedback: false,
  });
  const byUv = e.runtimeVirtualTextureSample(ASSET, { by: "uv", mipMode: "bias", bias: x });
  const sums = [
    e.noise(p, { kind: "gradient", octaves: 3, seed: 9 }),
    e.layerWeight("grass"),
    e.scalarParameter("wear", 0.5),
    e.dot(e.vectorParameter("tint", [1, 0.5, 0.25]), e.vertexNormal()),
    e.viewProperty("virtual_texture_max_level"),
    e.componentMask(e.textureSample(RED, { uv: e.multiply(uv, 3) }), "y"),
    e.componentMask(e.textureSampleParameter("dirt", RED), "x"),
    e.componentMask(e.virtualTextureSample(streamed, { mipMode: "level", level: 2 }), "z"),
    e.runtimeVirtualTextureReplace({ default: 1, output: x }),
    e.virtualTextureFeatureSwitch({ yes: x, no: 2 }),
    e.named(e.customWgsl({ code: "return a + 1.0;", inputs: { a: x }, components: 1 }), "one more"),
    SHARPEN.call({ x, amount: 2 }).result,
    e.smoothstep(x, { from: 0, to: 1 }),
  ];
  return new Material({
    name: "every kind",
    baseColor: byUv.baseColor,
    rvtOutput: e.runtimeVirtualTextureOutput({
      roughness: sums.reduce((a, b) => e.add(a, b) as never),
      baseColor: sample.baseColor,
      mask4: e.append(uv, e.constant([0.5, 0.25])),
      heightRange: [-10, 20],
    }),
  });
}

async function withStreamed(run: (texture: StreamedTexture) => void): Promise<void> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  const shape = { width: 64, height: 64, tileSize: 64, border: 4, format: "rgba8unorm" } as const;
  const source = proceduralTileSource(() => {}, { name: "streamed", ...shape });
  run(await system.loadTexture(source));
}

/** What a file's reader would see. */
function throughText(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("a material that was written and read has the same keys, pins and document", async () => {
  await withStreamed((streamed) => {
    const lookup: MaterialLookup = {
      texture: (name) => name === "red" ? RED : undefined,
      streamedTexture: (name) => name === "streamed" ? streamed : undefined,
      runtimeVirtualTexture: (name) => name === "Ground" ? ASSET : undefined,
      materialFunction: (name) => name === "sharpen" ? SHARPEN : undefined,
    };
    const material = everyKind(streamed);
    const read = Material.fromJSON(throughText(material), lookup);
    assert.equal(read.name, material.name);
    for (const context of ["main_pass", "virtual_texture"] as const) {
      const [a, b] = [material, read].map((each) =>
        compileMaterial(each, { context, runtimeVirtualTextureCode })
      );
      assert.equal(a!.key, b!.key);
      assert.deepEqual(a!.layout, b!.layout);
      assert.deepEqual(a!.lineLabels, b!.lineLabels);
    }
    assert.deepEqual(throughText(read), throughText(material));
    assert.deepEqual(read.parameters, material.parameters);
  });
});

Deno.test("negative control: a document whose constant was changed has another key", () => {
  const material = new Material({ name: "m", domain: "virtual_texture", roughness: 0.5 });
  const text = JSON.stringify(material).replace("0.5", "0.25");
  const [a, b] = [material, Material.fromJSON(JSON.parse(text))].map((each) =>
    compileMaterial(each, { context: "virtual_texture" }).key
  );
  assert.notEqual(a, b);
});

Deno.test("what a file names and nobody has is an error that names the node and the name", async () => {
  await withStreamed((streamed) => {
    const json = throughText(everyKind(streamed));
    const all: Required<MaterialLookup> = {
      texture: () => RED,
      streamedTexture: () => streamed,
      runtimeVirtualTexture: () => ASSET,
      materialFunction: () => SHARPEN,
    };
    const cases = {
      texture: /node \d+ \(texture_sample\) is not valid: .* no texture "red"$/,
      streamedTexture:
        /node \d+ \(virtual_texture_sample\).* no streaming virtual texture "streamed"$/,
      runtimeVirtualTexture: /node \d+ \(runtime_virtual_texture_sample\).* "Ground"$/,
      materialFunction: /node \d+ \(function_call\).* no material function "sharpen"$/,
    };
    for (const [name, message] of Object.entries(cases)) {
      const lookup = { ...all, [name]: () => undefined };
      assert.throws(() => Material.fromJSON(json, lookup), { code: "out-of-range", message });
    }
    const other = { name: "Ground", materialType: "mask4" } as const;
    assert.throws(
      () => Material.fromJSON(json, { ...all, runtimeVirtualTexture: () => other }),
      { code: "out-of-range", message: /must be base_color: current value is mask4/ },
    );
  });
});

Deno.test("material functions are written once, by name, and read again", () => {
  const json = throughText(writeMaterialFunction(SHARPEN));
  const read = readMaterialFunction(json, {});
  const keyWith = (used: typeof read) => {
    const { result, inverse } = used.call({ x: 2, amount: 3 });
    const material = new Material({
      name: "m",
      domain: "virtual_texture",
      roughness: e.add(result!, inverse!),
    });
    const written = JSON.stringify(material);
    assert.equal(written.includes('"power"'), false);
    return compileMaterial(material, { context: "virtual_texture" }).key;
  };
  assert.equal(keyWith(read), keyWith(SHARPEN));
  assert.deepEqual(throughText(writeMaterialFunction(read)), json);
});

Deno.test("calls of functions know their inputs by name, in whichever order a document has them", () => {
  const darken = e.materialFunction("darken", {
    inputs: { color: 3, amount: 1 },
    build: ({ color, amount }) => ({ color: e.multiply(color, e.oneMinus(amount)) }),
  });
  const { color } = darken.call({ color: [0.2, 0.4, 0.6], amount: 0.25 });
  const material = new Material({ name: "dark", baseColor: color });
  const document = throughText(writeMaterialFunction(darken)) as object;
  const sorted = readMaterialFunction({ ...document, inputs: { amount: 1, color: 3 } }, {});
  const read = Material.fromJSON(material.toJSON(), { materialFunction: () => sorted });
  const { nodes } = read.toJSON();
  const call = nodes.find(({ kind }) => kind === "function_call")!;
  assert.deepEqual(call.inputNames, ["amount", "color"]);
  assert.deepEqual(call.inputs.map((input) => nodes[input]!.values), [[0.25], [0.2, 0.4, 0.6]]);
});

Deno.test("an instance that was written and read has the same values", () => {
  const material = new Material({
    name: "base",
    domain: "virtual_texture",
    baseColor: e.runtimeVirtualTextureSampleParameter("below", ASSET).baseColor,
    roughness: e.scalarParameter("wear", 1),
    normal: e.vectorParameter("up", [0, 0, 1]),
    mask4: e.textureSampleParameter("dirt", RED),
  });
  const other = { name: "Other", materialType: "base_color" } as const;
  const instance = new MaterialInstance(material, { name: "i" });
  instance.setScalar("wear", 0.125);
  instance.setVector("up", [1, 0, 0]);
  instance.setTexture("dirt", RED);
  instance.setRuntimeVirtualTexture("below", other);
  const lookup = {
    material: (name: string) => name === "base" ? material : undefined,
    texture: () => RED,
    runtimeVirtualTexture: (name: string) => name === "Other" ? other : undefined,
  };
  const json = throughText(instance);
  const read = MaterialInstance.fromJSON(json, lookup);
  assert.deepEqual(read.overrides, instance.overrides);
  assert.deepEqual(throughText(read), json);
  assert.throws(() => MaterialInstance.fromJSON(json, { ...lookup, material: () => undefined }), {
    code: "out-of-range",
    message: /"i" as there is no material "base"/,
  });
});

Deno.test("documents that are not valid are typed errors, whatever is changed in them", () => {
  const material = new Material({
    name: "m",
    domain: "virtual_texture",
    baseColor: e.lerp(e.worldPosition(), [1, 0, 0], { alpha: e.scalarParameter("a", 0.5) }),
    mask: e.noise(e.textureCoordinate(), { kind: "value" }),
  });
  const values = [undefined, null, -1, 1e9, 0.5, "x", "", true, [], {}, [null], [99], { a: 1 }];
  let [refused, tried] = [0, 0];
  const visit = (json: unknown, change: (value: unknown) => unknown) => {
    for (const value of values) {
      tried++;
      try {
        Material.fromJSON(throughText(change(value) ?? null));
      } catch (error) {
        refused++;
        const { code, message } = error as { code?: string; message?: string };
        assert.ok(["out-of-range", "invalid-argument", "unsupported"].includes(code!), `${error}`);
        assert.match(message!, /^Cannot (read|make) (material|forge3d material)/);
      }
    }
    if (typeof json !== "object" || json === null) return;
    for (const [key, inner] of Object.entries(json)) {
      visit(
        inner,
        (value) =>
          change(
            Array.isArray(json)
              ? json.map((each, i) => `${i}` === key ? value : each)
              : { ...json, [key]: value },
          ),
      );
    }
  };
  visit(throughText(material), (value) => value);
  assert.ok(tried > 400 && refused > 0.8 * tried, `${refused} of ${tried}`);
});

Deno.test("what a file could not tell apart is not written", () => {
  const base = { name: "Ground", materialType: "base_color" } as const;
  const [first, second] = [{ ...base }, { ...base }];
  const colorOf = (asset: RuntimeVirtualTextureLike) =>
    e.runtimeVirtualTextureSample(asset).baseColor;
  const cases = {
    assets: e.add(colorOf(first), colorOf(second)),
    textures: e.componentMask(
      e.add(e.textureSample(RED), e.textureSample(plainTexture("red", [0, 0, 255, 255]))),
      "xyz",
    ),
  };
  for (const [kind, baseColor] of Object.entries(cases)) {
    assert.throws(() => new Material({ name: "two", baseColor }).toJSON(), {
      name: "OutOfRangeError",
      message: new RegExp(`Cannot write material "two" as two of its ${kind} are called`),
    });
  }
  const again = e.add(colorOf(first), colorOf(first));
  assert.equal(new Material({ name: "one", baseColor: again }).toJSON().name, "one");
  const inputs = { x: 1 } as const;
  const pair = [1, 2].map((factor) =>
    e.materialFunction("scaled", { inputs, build: ({ x }) => ({ y: e.multiply(x, factor) }) })
  );
  const outer = e.materialFunction("outer", {
    inputs,
    build: ({ x }) => ({ y: e.add(pair[0]!.call({ x }).y, pair[1]!.call({ x }).y) }),
  });
  assert.throws(() => writeMaterialFunction(outer), {
    message: /Cannot write material function "outer" as two of its functions are called "scaled"/,
  });
  const parameters = e.add(
    e.runtimeVirtualTextureSampleParameter("a", first).baseColor,
    e.runtimeVirtualTextureSampleParameter("b", first).baseColor,
  );
  const instance = new MaterialInstance(new Material({ name: "base", baseColor: parameters }), {
    name: "worn",
  });
  instance.setRuntimeVirtualTexture("a", first);
  instance.setRuntimeVirtualTexture("b", first);
  assert.deepEqual(instance.toJSON().runtimeVirtualTextures, { a: "Ground", b: "Ground" });
  instance.setRuntimeVirtualTexture("b", second);
  assert.throws(() => instance.toJSON(), {
    message: /Cannot write material instance "worn" as two of its assets are called "Ground"/,
  });
});

Deno.test("samples of the removed type Base Color, Normal are read as its successor's", () => {
  const asset = { name: "Old", materialType: "base_color_normal_roughness_specular" } as const;
  const { normal } = e.runtimeVirtualTextureSample(asset);
  const written = JSON.stringify(new Material({ name: "old", normal }).toJSON());
  const json = JSON.parse(written.replace(asset.materialType, "base_color_normal"));
  const read = Material.fromJSON(json, { runtimeVirtualTexture: () => asset });
  assert.equal(JSON.stringify(read.toJSON()), written);
});

Deno.test("lookups that find null or something else, and pins beside the output's, are refused by name", () => {
  const call = { kind: "function_call", inputs: [], function: "f", inputNames: [], output: "y" };
  const document = {
    ...{ format: "forge3d material", version: 1, name: "odd", domain: "surface" },
    ...{ nodes: [call], pins: { baseColor: 0 }, output: null },
  };
  const found: [unknown, RegExp][] = [
    [null, /"odd" as node 0 \("function_call"|function_call.* there is no material function "f"/],
    [5, /must be a MaterialFunction: current value is 5/],
    [{ inputs: {} }, /must be a MaterialFunction/],
  ];
  for (const [value, message] of found) {
    const lookup = { materialFunction: () => value as never };
    assert.throws(() => Material.fromJSON(document, lookup), { message });
  }
  const odd = { toString: 1 };
  const x = { kind: "constant", inputs: [], values: [1] };
  const wrongNodes = [
    { kind: "custom_wgsl", inputs: [0], code: "return 1.0;", inputNames: [odd], components: 1 },
    { kind: "virtual_texture_sample", inputs: [], texture: "t", mipMode: odd },
  ];
  for (const node of wrongNodes) {
    const lookup = { streamedTexture: () => ({}) as never };
    assert.throws(() => Material.fromJSON({ ...document, nodes: [x, node] }, lookup), {
      name: "InvalidArgumentError",
      message: /"odd" as node 1/,
    });
  }
  const instance = {
    ...{ format: "forge3d material instance", version: 1, name: "odd", parent: "p" },
    ...{ numbers: {}, textures: {}, runtimeVirtualTextures: {} },
  };
  assert.throws(() => MaterialInstance.fromJSON(instance, { material: () => null as never }), {
    message: /there is no material "p"/,
  });
  const nodes = [{ kind: "constant", inputs: [], values: [1] }];
  for (const output of [null, { pins: { baseColor: 0 }, heightRange: null }]) {
    const both = { ...document, domain: "virtual_texture", nodes, output };
    assert.throws(() => Material.fromJSON(both), {
      name: "OutOfRangeError",
      message: /"odd" as pins must be empty in the domain virtual_texture: they are baseColor/,
    });
  }
});
