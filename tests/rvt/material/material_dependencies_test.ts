import assert from "node:assert/strict";
import {
  assertNoFillCycle,
  expressions as e,
  Material,
  materialDependencies,
  MaterialInstance,
  type MaterialWriter,
  type RuntimeVirtualTextureLike,
} from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { plainTexture } from "./pictures.ts";

const [A, B, C] = ["A", "B", "C"].map((name): RuntimeVirtualTextureLike => ({
  name,
  materialType: "base_color",
})) as [RuntimeVirtualTextureLike, RuntimeVirtualTextureLike, RuntimeVirtualTextureLike];

/** A material that fills with a sample of an asset. */
function copyOf(asset: RuntimeVirtualTextureLike): Material {
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  return new Material({ name: `copy of ${asset.name}`, domain: "virtual_texture", baseColor });
}

/** Adds writers one by one, each to those before it. */
function addAll(writers: readonly MaterialWriter[]): void {
  for (const [index, writer] of writers.entries()) {
    assertNoFillCycle(writer, { others: () => writers.slice(0, index), failure: "Cannot add" });
  }
}

Deno.test("dependencies are what a context reaches", () => {
  const texture = plainTexture("dirt", [0, 0, 0, 0]);
  const other = plainTexture("mud", [0, 0, 0, 0]);
  const dirt = e.componentMask(e.textureSampleParameter("dirt", texture), "x");
  const material = new Material({
    name: "ground",
    baseColor: e.runtimeVirtualTextureSample(A).baseColor,
    rvtOutput: e.runtimeVirtualTextureOutput({
      roughness: e.add(dirt, e.scalarParameter("wear", 1)),
      mask: e.layerWeight("grass"),
    }),
  });
  const main = materialDependencies(material, { context: "main_pass" });
  assert.deepEqual([...main.runtimeVirtualTextures], [A]);
  assert.equal(main.textures.size, 0);
  const context = "virtual_texture";
  const fill = materialDependencies(material, { context });
  assert.equal(fill.runtimeVirtualTextures.size, 0);
  assert.deepEqual([...fill.textures], [texture]);
  assert.deepEqual([...fill.parameters], ["wear"]);
  assert.deepEqual([...fill.layers], ["grass"]);
  const mask = materialDependencies(material, { context, wanted: ["mask"] });
  assert.equal(mask.textures.size, 0);
  const instance = new MaterialInstance(material, { name: "muddy" });
  instance.setTexture("dirt", other);
  assert.deepEqual([...materialDependencies(instance, { context }).textures], [other]);
  assert.throws(() => materialDependencies(material, { context: "x" as never }), {
    code: "out-of-range",
  });
});

Deno.test("a material may write and sample the same texture in different contexts", () => {
  const material = new Material({
    name: "ground",
    baseColor: e.runtimeVirtualTextureSample(A).baseColor,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: e.worldPosition() }),
  });
  addAll([{ material, assets: [A] }]);
});

Deno.test("a fill that depends on itself is an error that names the cycle, through others too", () => {
  const fails = (writers: readonly MaterialWriter[], message: RegExp) =>
    assert.throws(() => addAll(writers), { code: "out-of-range", message });
  fails(
    [{ material: copyOf(A), assets: [A] }],
    /^Cannot add as the fill of A would depend on itself: A → A$/,
  );
  const chain = [{ material: copyOf(B), assets: [A] }, { material: copyOf(C), assets: [B] }];
  addAll(chain);
  fails([...chain, { material: copyOf(A), assets: [C] }], /: C → A → B → C$/);
  fails([...chain, { material: copyOf(B), assets: [C] }], / fill of C .*: C → B → C$/);
  const instance = new MaterialInstance(
    new Material({
      name: "any",
      domain: "virtual_texture",
      baseColor: e.runtimeVirtualTextureSampleParameter("below", B).baseColor,
    }),
    { name: "instance" },
  );
  addAll([{ material: instance, assets: [A] }]);
  instance.setRuntimeVirtualTexture("below", A);
  fails([{ material: instance, assets: [A] }], /A → A/);
});

Deno.test("a writer in place of another may sample what that did, and nothing more that makes a cycle", () => {
  const replaced = { material: copyOf(A), assets: [A] };
  const others = () => [{ material: copyOf(B), assets: [C] }];
  const check = (writer: MaterialWriter) =>
    assertNoFillCycle(writer, { others, replaced, failure: "Cannot change" });
  check({ material: copyOf(A), assets: [A, B] });
  check({ material: copyOf(B), assets: [A] });
  assert.throws(() => check({ material: copyOf(C), assets: [A, B] }), /: B → C → B$/);
  assert.throws(() => check({ material: copyOf(B), assets: [A, B] }), /: B → B$/);
});

Deno.test("attributes that a texture does not store make no cycle", () => {
  const mask: RuntimeVirtualTextureLike = { name: "M", materialType: "mask4" };
  addAll([{ material: copyOf(mask), assets: [mask] }]);
});

Deno.test("cycles are found exactly where a topological order does not exist", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seededRandom(seed);
    const assets = Array.from({ length: 6 }, (_, i): RuntimeVirtualTextureLike => ({
      name: `${i}`,
      materialType: "base_color",
    }));
    const edges = Array.from(
      { length: 5 },
      () => [0, 1].map(() => Math.floor(6 * random())) as [number, number],
    );
    let left = new Set(assets.keys());
    for (let before = -1; before !== left.size;) {
      before = left.size;
      left = new Set([...left].filter((i) => edges.some(([a, b]) => a === i && left.has(b))));
    }
    const writers = edges.map(([a, b]) => ({ material: copyOf(assets[b]!), assets: [assets[a]!] }));
    if (left.size === 0) addAll(writers);
    else assert.throws(() => addAll(writers), /depend on itself/);
  }
});
