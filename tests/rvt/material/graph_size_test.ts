import assert from "node:assert/strict";
import { type Expression, expressions as e, Material } from "../../../src/rvt/mod.ts";
import { compileMaterial } from "../../../src/rvt/material/mod.ts";

/** A function that calls the one before, some times with other values; the first adds one. */
function nestedCalls(depth: number, callsOf: (x: Expression, i: number) => readonly Expression[]) {
  const inputs = { x: 1 } as const;
  let called = e.materialFunction("f0", { inputs, build: ({ x }) => ({ y: e.add(x, 1) }) });
  for (let i = 1; i < depth; i++) {
    const inner = called;
    called = e.materialFunction(`f${i}`, {
      inputs,
      build: ({ x }) => ({
        y: callsOf(x, i).map((value): Expression => inner.call({ x: value }).y)
          .reduce((a, b) => e.add(a, b)),
      }),
    });
  }
  return called;
}

Deno.test("functions may call each other 256 deep, and not deeper", () => {
  const deep = nestedCalls(256, (x) => [x]);
  const material = new Material({ name: "deep", baseColor: deep.call({ x: 2 }).y });
  assert.ok(compileMaterial(material, { context: "main_pass" }).code.length > 0);
  assert.throws(() => nestedCalls(257, (x) => [x]), {
    name: "OutOfRangeError",
    message: /material function "f256" as functions may call each other at most 256 deep/,
  });
});

Deno.test("a graph that calls make too large is refused when it is made, and leaves the one before", () => {
  // Each doubles the number of calls, all of other values.
  const doubling = nestedCalls(60, (x, i) => [e.multiply(x, 2), e.multiply(x, 3 + i)]);
  const { y } = doubling.call({ x: 1 });
  const refusal = { name: "UnsupportedError", message: /material "large": more than 65536 nodes/ };
  const material = new Material({ name: "large", baseColor: [1, 0, 0] });
  const { graph } = material;
  const rvtOutput = e.runtimeVirtualTextureOutput({ roughness: y });
  assert.throws(() => material.connect({ rvtOutput }), refusal);
  assert.equal(material.graph, graph);
});

Deno.test("calls with the same values count once", () => {
  const same = nestedCalls(60, (x) => [x, x]);
  const material = new Material({ name: "same", baseColor: same.call({ x: 1 }).y });
  const { code } = compileMaterial(material, { context: "main_pass" });
  assert.ok(code.split("\n").length < 200);
});

Deno.test("a material has at most 4096 scalar and vector parameters", () => {
  const parameters = Array.from({ length: 4097 }, (_, i) => e.scalarParameter(`p${i}`, i));
  const sum = (count: number) =>
    parameters.slice(0, count).reduce<Expression>((a, b) => e.add(a, b), e.constant(0));
  assert.equal(new Material({ name: "many", baseColor: sum(4096) }).parameters.size, 4096);
  assert.throws(() => new Material({ name: "many", baseColor: sum(4097) }), {
    name: "UnsupportedError",
    message: /Cannot make material "many": more than 4096 parameters/,
  });
});

Deno.test("scalar parameters have one number, vector parameters two to four", () => {
  const wrong = { name: "InvalidArgumentError" };
  assert.throws(() => e.scalarParameter("a", [1, 2] as never), wrong);
  assert.throws(() => e.vectorParameter("a", [1]), wrong);
  assert.throws(() => e.vectorParameter("a", 1 as never), wrong);
});
