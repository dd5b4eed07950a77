import assert from "node:assert/strict";
import { join } from "node:path";
import { floorBreaches, importCycles, importGraph, readTree } from "./import_graph.ts";
import { PROJECT } from "./project.ts";

const SOURCE = readTree(join(PROJECT, "src"));

Deno.test("every file imports from floors before its own, through their mod.ts", () => {
  assert.ok(SOURCE.size > 20);
  assert.deepEqual(floorBreaches(importGraph(SOURCE)), []);
});

Deno.test("no file imports itself through a cycle", () => {
  assert.deepEqual(importCycles(importGraph(SOURCE)), []);
});

Deno.test("every relative import names a file that exists", () => {
  const graph = importGraph(SOURCE);
  for (const [path, imports] of graph) {
    for (const target of imports) assert.ok(graph.has(target), `${path} imports ${target}`);
  }
});

Deno.test("negative control: imports against the order are found in every form", () => {
  const forms = [
    'import { a } from "../gpu/mod.ts";',
    'export * from "../gpu/mod.ts";',
    'export type {\n  A,\n} from "../gpu/mod.ts";',
    'import "../gpu/mod.ts";',
    'const m = await import("../gpu/mod.ts");',
    'const w = new Worker(new URL("../gpu/mod.ts", import.meta.url), { type: "module" });',
    'const r = import.meta.resolve("../gpu/mod.ts");',
  ];
  for (const form of forms) {
    const tree = new Map([["tiles/a.ts", form], ["gpu/mod.ts", ""]]);
    assert.deepEqual(floorBreaches(importGraph(tree)), [
      "tiles/a.ts imports gpu/mod.ts from a later floor",
    ], form);
  }
});

Deno.test("negative control: reaching past a mod.ts, and files on no floor, are found", () => {
  const tree = new Map([
    ["gpu/a.ts", 'import { b } from "../tiles/b.ts";'],
    ["tiles/b.ts", 'import { x } from "../../tests/x.ts";'],
    ["attic/c.ts", ""],
    ["cli/mod.ts", ""],
    ["mod.ts", 'export * from "./cli/mod.ts";'],
  ]);
  assert.deepEqual(floorBreaches(importGraph(tree)), [
    "gpu/a.ts imports tiles/b.ts past the floor's mod.ts",
    "tiles/b.ts imports ../tests/x.ts outside the tree",
    "attic/c.ts lies on no floor",
    "mod.ts imports cli/mod.ts, which is not public",
  ]);
});

Deno.test("negative control: a cycle through a worker's address is found", () => {
  const tree = new Map([
    ["sources/a.ts", 'import { b } from "./b.ts";'],
    ["sources/b.ts", 'const url = new URL("./c.ts", import.meta.url);'],
    ["sources/c.ts", 'import { a } from "./a.ts";'],
  ]);
  assert.deepEqual(importCycles(importGraph(tree)), [
    ["sources/a.ts", "sources/b.ts", "sources/c.ts", "sources/a.ts"],
  ]);
});

Deno.test("imports in comments do not count, strings that look like comments do not hide any", () => {
  const text = '/* import "../gpu/mod.ts" */ // import "../gpu/mod.ts"\n' +
    'const s = "//"; import "../errors.ts"; const t = "/*"; import "../texels/mod.ts";';
  assert.deepEqual(importGraph(new Map([["tiles/a.ts", text]])).get("tiles/a.ts"), [
    "errors.ts",
    "texels/mod.ts",
  ]);
});
