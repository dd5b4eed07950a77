import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  compileMaterial,
  type Expression,
  expressions as e,
  Material,
  type MaterialPins,
} from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { evaluateMaterial } from "./evaluate.ts";

const FILL = { context: "virtual_texture" } as const;
const MAIN = { context: "main_pass" } as const;

/** A node whose text can be found in WGSL. */
function marked(mark: string): Expression {
  return e.customWgsl({ code: `return 1.0; // ${mark}`, components: 1 });
}

function decal(pins: Omit<MaterialPins, "rvtOutput">): Material {
  return new Material({ name: "decal", domain: "virtual_texture", ...pins });
}

Deno.test("each context compiles only what its outputs reach", () => {
  const material = new Material({
    name: "ground",
    baseColor: e.runtimeVirtualTextureReplace({ default: marked("picture"), output: marked("no") }),
    roughness: e.virtualTextureFeatureSwitch({ yes: marked("with"), no: marked("without") }),
    rvtOutput: e.runtimeVirtualTextureOutput({
      baseColor: e.runtimeVirtualTextureReplace({ default: marked("no"), output: marked("tile") }),
      roughness: marked("rough tile"),
    }),
  });
  const marks = (code: string) => [...code.matchAll(/\/\/ (.+)/g)].map(([, mark]) => mark).sort();
  assert.deepEqual(marks(compileMaterial(material, MAIN).code), ["picture", "with"]);
  const without = compileMaterial(material, { ...MAIN, virtualTexturing: false });
  assert.deepEqual(marks(without.code), ["picture", "without"]);
  const tile = compileMaterial(material, FILL);
  assert.deepEqual(marks(tile.code), ["rough tile", "tile"]);
  assert.deepEqual(tile.writes, ["baseColor", "roughness"]);
  const wanted = compileMaterial(material, { ...FILL, wanted: ["roughness", "mask"] });
  assert.deepEqual(marks(wanted.code), ["rough tile"]);
  assert.deepEqual(wanted.writes, ["roughness"]);
});

Deno.test("an unconnected pin writes nothing, and opacity is 1", async () => {
  using device = await requestDevice();
  const material = decal({ roughness: 0.25, heightRange: [-1, 2] });
  const compiled = compileMaterial(material, FILL);
  assert.deepEqual(compiled.writes, ["roughness"]);
  assert.deepEqual(compiled.heightRange, [-1, 2]);
  assert.doesNotMatch(compiled.code, /base_color/);
  const result = "vec4f(output.roughness, output.opacity, output.height_range)";
  assert.deepEqual(await evaluateMaterial(device, material, { points: [{}], result }), [
    [0.25, 1, -1, 2],
  ]);
});

Deno.test("a surface without connections has the attributes' clear values and its vertices' normal", async () => {
  using device = await requestDevice();
  const material = new Material({ name: "bare" });
  const options = { ...MAIN, points: [{ normal: [0, 0.6, 0.8] }] };
  const result = "vec4f(output.specular, output.roughness, output.normal.yz)";
  const [values] = await evaluateMaterial(device, material, { ...options, result });
  assert.deepEqual(values!.map((value) => Math.round(value * 100) / 100), [0.5, 0.5, 0.6, 0.8]);
  assert.deepEqual(compileMaterial(material, MAIN).writes, []);
  assert.deepEqual(compileMaterial(material, FILL).writes, []);
});

Deno.test("pins and function inputs of one component stand for as many as are wanted", async () => {
  using device = await requestDevice();
  const sum = e.materialFunction("third", {
    inputs: { v: 3 },
    build: ({ v }) => ({ z: e.componentMask(v, "z") }),
  });
  const material = decal({
    baseColor: e.componentMask(e.textureCoordinate(), "y"),
    mask: sum.call({ v: 7 }).z,
  });
  const result = "vec4f(output.base_color, output.mask)";
  const values = await evaluateMaterial(device, material, { points: [{ uv: [2, 3] }], result });
  assert.deepEqual(values, [[3, 3, 3, 7]]);
});

Deno.test("view properties are 0 in pictures", async () => {
  using device = await requestDevice();
  const level = e.viewProperty("virtual_texture_output_level");
  const material = new Material({
    name: "levels",
    roughness: level,
    rvtOutput: e.runtimeVirtualTextureOutput({ roughness: level }),
  });
  const points = [{ view: [5, 9, 2, 3] }];
  const result = "vec4f(output.roughness)";
  const read = async (context: "main_pass" | "virtual_texture") =>
    (await evaluateMaterial(device, material, { context, points, result }))[0]![0];
  assert.equal(await read("main_pass"), 0);
  assert.equal(await read("virtual_texture"), 5);
});

Deno.test("functions are put in place of their calls, nested ones too, whatever their inputs", async () => {
  using device = await requestDevice();
  const square = e.materialFunction("square", {
    inputs: { x: 1 },
    build: ({ x }) => ({ result: e.multiply(x, x), twice: e.add(x, x) }),
  });
  const both = e.materialFunction("both", {
    inputs: { a: 1, b: 1, unused: 3 },
    build: ({ a, b }) => ({
      result: e.add(square.call({ x: a }).result, square.call({ x: b }).result),
    }),
  });
  const uv = e.textureCoordinate();
  const [x, y] = [e.componentMask(uv, "x"), e.componentMask(uv, "y")];
  const unused = marked("unused");
  const material = decal({
    mask4: e.append(
      both.call({ a: x, b: y, unused }).result,
      both.call({ a: y, b: x, unused }).result,
      square.call({ x }).twice,
      square.call({ x: 3 }).result,
    ),
  });
  assert.doesNotMatch(compileMaterial(material, FILL).code, /unused/);
  const points = [{ uv: [2, 5] }];
  assert.deepEqual(await evaluateMaterial(device, material, { points }), [[29, 29, 4, 9]]);
});

Deno.test("equal nodes are evaluated once, though they were made apart", () => {
  const color = () => e.multiply(e.add(e.worldPosition(), 1), e.add(e.worldPosition(), 1));
  const compiled = compileMaterial(decal({ baseColor: color(), normal: color() }), FILL);
  assert.equal(compiled.code.match(/let n\d+ =/g)!.length, 4);
});

/** A graph of random nodes, and the same graph whenever the seed is the same. */
function randomGraph(seed: number, { name }: { name: string | null }): Expression {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const nodes: Expression[] = [
    e.worldPosition(),
    e.constant([random(), random(), random()]),
    e.scalarParameter("a", 0.5),
    e.vectorParameter("b", [1, 2, 3]),
    e.vertexNormal(),
  ];
  for (let i = 0; i < 20; i++) {
    const build = pick([e.add, e.multiply, e.minimum, e.cross, e.dot, e.distance]);
    const inputs = [pick(nodes), pick(nodes)] as const;
    const isVector = build !== e.cross || inputs.every(({ components }) => components === 3);
    const node = (isVector ? build : e.subtract)(...inputs);
    nodes.push(name === null ? node : e.named(node, `${name} ${i}`));
  }
  return nodes.at(-1)!;
}

Deno.test("equal graphs have equal text and key, and others have not", () => {
  const keys = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const [one, other] = [null, "node"].map((name) =>
      compileMaterial(decal({ baseColor: e.add(randomGraph(seed, { name }), [0, 0, 0]) }), FILL)
    );
    assert.equal(one!.key, other!.key);
    assert.equal(one!.code, other!.code);
    keys.add(one!.key);
  }
  assert.ok(keys.size > 35, `${keys.size}`);
});

Deno.test("the values of parameters are not in the text", () => {
  const text = (value: number) =>
    compileMaterial(decal({ roughness: e.scalarParameter("wear", value) }), FILL).key;
  assert.equal(text(0.25), text(0.75));
  const constant = (value: number) => compileMaterial(decal({ roughness: value }), FILL).key;
  assert.notEqual(constant(0.25), constant(0.75));
});

Deno.test("chains of thousands of nodes compile", () => {
  let node: Expression = e.worldPosition();
  for (let i = 0; i < 20_000; i++) node = e.add(node, 1);
  const { code } = compileMaterial(decal({ baseColor: node }), FILL);
  assert.equal(code.match(/let n\d+ =/g)!.length, 20_002);
});

Deno.test("options that are not valid are errors that name the material", () => {
  const material = decal({ roughness: 1 });
  const compile = (options: object) => () => compileMaterial(material, options as typeof FILL);
  for (
    const [options, code] of [
      [{}, "invalid-argument"],
      [{ context: "shadow" }, "out-of-range"],
      [{ ...FILL, wanted: ["colour"] }, "out-of-range"],
      [{ ...FILL, wanted: "mask" }, "invalid-argument"],
      [{ ...FILL, group: -1 }, "out-of-range"],
      [{ ...FILL, feedback: 1 }, "invalid-argument"],
      [{ ...FILL, virtualTexturing: "yes" }, "invalid-argument"],
      [{ ...FILL, runtimeVirtualTextureCode: "fn" }, "invalid-argument"],
      [{ ...FILL, grup: 1 }, "invalid-argument"],
      [{ context: "main_pass" }, "out-of-range"],
    ] as const
  ) {
    assert.throws(compile(options), (error: { code?: string; message?: string }) => {
      assert.equal(error.code, code, JSON.stringify(options));
      assert.match(error.message!, /^Cannot compile material "decal"/);
      return true;
    });
  }
});

Deno.test("world heights beyond 32 bits are the outermost that shaders have", () => {
  for (const heightRange of [[-1e300, 1e300], [0, 1e39], [1e200, 1e300]] as const) {
    const { code } = compileMaterial(decal({ roughness: 0.25, heightRange }), {
      context: "virtual_texture",
    });
    assert.doesNotMatch(code, /Infinity|NaN/);
  }
});
