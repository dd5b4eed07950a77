import assert from "node:assert/strict";
import { ATTRIBUTE_NAMES } from "../../../../src/rvt/asset/attributes.ts";
import * as make from "../../../../src/rvt/material/expressions.ts";
import type { Expression } from "../../../../src/rvt/material/expressions/expression.ts";
import { Material } from "../../../../src/rvt/material/material.ts";
import { MaterialTexture } from "../../../../src/rvt/material/material_texture.ts";
import { seededRandom } from "../../../helpers/random.ts";
import { composeTile } from "../compose_tile.ts";
import { RANDOM_LAYERS, randomScene } from "../random_scene.ts";
import { randomFragment } from "./fragments.ts";
import { interpretMaterial } from "./interpret.ts";
import { RANDOM_GRAPH_ERROR, randomMaterial } from "./random_graphs.ts";
import { RANDOM_CUSTOM_WGSL, RANDOM_STEPS } from "./random_steps.ts";
import { plainTextureSamplers } from "./samplers.ts";

const AROUND = { center: [60, -40, 10], radius: 8 } as const;
const OPTIONS = { context: "virtual_texture", customWgsl: RANDOM_CUSTOM_WGSL } as const;

function materialOf(seed: number, isComplete = false): Material {
  const attributes = ATTRIBUTE_NAMES;
  return randomMaterial({ seed, attributes, isComplete, around: AROUND, layers: RANDOM_LAYERS });
}

/** Largest difference of what a material writes in float64 and, node by node, in float32. */
function float32Difference(material: Material, seed: number): number {
  const random = seededRandom(seed);
  let largest = 0;
  for (let run = 0; run < 10; run++) {
    const fragment = randomFragment(random, AROUND);
    const exact = interpretMaterial(material, fragment, OPTIONS);
    const rounded = interpretMaterial(material, fragment, { ...OPTIONS, round: Math.fround });
    const numbers = (written: typeof exact) => [
      written.opacity,
      ...Object.values(written.values).flat(),
    ];
    const other = numbers(rounded);
    numbers(exact).forEach((value, k) => {
      largest = Math.max(largest, Math.abs(value - other[k]!));
    });
  }
  return largest;
}

Deno.test("random graphs in float32 are within their bound of float64", () => {
  let largest = 0;
  for (let seed = 0; seed < 150; seed++) {
    const difference = float32Difference(materialOf(seed), seed);
    assert.ok(difference <= RANDOM_GRAPH_ERROR, `seed ${seed}: ${difference}`);
    largest = Math.max(largest, difference);
  }
  assert.ok(largest > 1e-7, `${largest}`);
});

Deno.test("negative control: a graph that magnifies its errors is beyond the bound", () => {
  const wild = make.sine(make.multiply(make.worldPosition(), 1e4));
  const material = new Material({ name: "wild", domain: "virtual_texture", baseColor: wild });
  assert.ok(float32Difference(material, 1) > RANDOM_GRAPH_ERROR);
});

Deno.test("what random materials write is in its range, and differs from place to place", () => {
  const random = seededRandom(5);
  let varied = 0;
  for (let seed = 0; seed < 150; seed++) {
    const material = materialOf(seed);
    const [one, other] = [0, 1].map(() => {
      const fragment = randomFragment(random, AROUND);
      const { opacity, values } = interpretMaterial(material, fragment, OPTIONS);
      assert.ok(opacity >= 0 && opacity <= 1);
      assert.ok(Object.keys(values).length > 0);
      for (const [name, numbers] of Object.entries(values)) {
        if (name === "worldHeight") {
          const above = numbers[0]! - fragment.worldPosition[2];
          assert.ok(above >= 0 && above <= AROUND.radius / 4 + 1e-9);
        } else if (name === "normal") {
          assert.ok(Math.abs(Math.hypot(...numbers) - 1) < 1e-9 && numbers[2]! > 0.5);
        } else assert.ok(numbers.every((part) => part >= 0 && part <= 1), `${name}: ${numbers}`);
      }
      return Object.values(values).flat();
    });
    if (one!.some((part, k) => Math.abs(part - other![k]!) > 0.02)) varied++;
  }
  assert.ok(varied > 120, `${varied}`);
});

/** All nodes of a material, those of its functions too. */
function nodesOf(material: Material): Expression[] {
  const nodes: Expression[] = [];
  const visit = (node: Expression) => {
    nodes.push(node);
    node.inputs.forEach(visit);
    if (node.kind === "function_call") Object.values(node.function.outputs).forEach(visit);
  };
  material.graph.output!.pins.forEach(visit);
  return nodes;
}

Deno.test("random graphs hold every kind of node that they are meant to", () => {
  const texture = new MaterialTexture({
    name: "grey",
    width: 1,
    height: 1,
    texels: new Uint8Array(4).fill(128),
  });
  const found = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const material = randomMaterial({
      seed,
      attributes: ATTRIBUTE_NAMES,
      around: AROUND,
      layers: RANDOM_LAYERS,
      textures: [texture],
    });
    for (const node of nodesOf(material)) {
      found.add(node.kind === "operation" ? node.operation : node.kind);
    }
  }
  const renamed: Record<string, string> = {
    replace: "runtime_virtual_texture_replace",
    feature_switch: "virtual_texture_feature_switch",
  };
  const steps = Object.keys(RANDOM_STEPS).map((name) => renamed[name] ?? name);
  const leaves = ["constant", "parameter", "input", "layer_weight", "view_property"];
  for (const name of [...steps, ...leaves, "texture_sample"]) assert.ok(found.has(name), name);
});

Deno.test("the same seed makes the same material, another seed another", () => {
  const kinds = (seed: number) =>
    nodesOf(materialOf(seed)).map((node) =>
      JSON.stringify({ ...node, inputs: [], function: null })
    );
  assert.deepEqual(kinds(7), kinds(7));
  assert.notDeepEqual(kinds(7), kinds(8));
});

Deno.test("a complete material writes every attribute, opaquely", () => {
  const fragment = randomFragment(seededRandom(6), AROUND);
  const { opacity, values } = interpretMaterial(materialOf(3, true), fragment, OPTIONS);
  assert.equal(opacity, 1);
  assert.deepEqual(Object.keys(values).sort(), [...ATTRIBUTE_NAMES].sort());
});

Deno.test("sixteen random materials on a random scene compose to finite values", () => {
  const scene = (materialAt: (index: number) => Material) =>
    randomScene({ seed: 9, pose: "tilted", materialAt });
  const { volumeToWorld } = scene(materialOf);
  const center = [12, 13, 14].map((k) => volumeToWorld[k]!) as [number, number, number];
  const { worldToVolume, draws } = scene((index) =>
    randomMaterial({
      seed: index,
      attributes: ATTRIBUTE_NAMES,
      isComplete: index === 0,
      around: { center, radius: 12 },
      layers: RANDOM_LAYERS,
    })
  );
  const samplers = plainTextureSamplers();
  const tile = composeTile({
    tile: {
      worldToVolume,
      level: 1,
      levelCount: 4,
      levelWidth: 24,
      levelHeight: 24,
      x: -2,
      y: -2,
      width: 16,
      height: 16,
    },
    draws,
    attributes: ATTRIBUTE_NAMES,
    evaluate: (material, fragment) =>
      interpretMaterial(material, fragment, { ...OPTIONS, samplers }),
  });
  assert.ok(tile.layers.every((count) => count > 0));
  for (const [name, values] of tile.values) {
    assert.ok(values.every(Number.isFinite), name);
    assert.ok(Math.max(...values) > Math.min(...values), name);
  }
});
