import assert from "node:assert/strict";
import { ATTRIBUTE_NAMES } from "../../../src/rvt/asset/attributes.ts";
import { lowerMaterial } from "../../../src/rvt/material/compile/lower_material.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { evaluateGraph, nodesBehind } from "../../../src/rvt/source/evaluate_graph.ts";
import { seededRandom } from "../../helpers/random.ts";
import { fragmentOf, randomFragment } from "../oracle/graphs/fragments.ts";
import { interpretMaterial } from "../oracle/graphs/interpret.ts";
import { randomMaterial } from "../oracle/graphs/random_graphs.ts";
import { RANDOM_CUSTOM_WGSL } from "../oracle/graphs/random_steps.ts";
import type { Fragment } from "../oracle/fragment.ts";

const AROUND = { center: [60, -40, 10], radius: 8 } as const;
const LAYERS = ["grass", "rock"];

/** The outputs of a material at a point, by the evaluator; null for those that it cannot know. */
function evaluated(material: Material, fragment: Fragment): Map<string, readonly number[] | null> {
  const graph = lowerMaterial(material, {
    context: "virtual_texture",
    wanted: ATTRIBUTE_NAMES,
    virtualTexturing: true,
  });
  const wanted = nodesBehind(graph, graph.outputs.values());
  const { outputLevel, levelCount, outputDerivative } = fragment.view;
  const values = evaluateGraph(graph, wanted, {
    point: {
      world: fragment.worldPosition,
      uv: fragment.uv,
      normal: fragment.vertexNormal,
      layerWeight: fragment.layerWeight,
    },
    tile: { level: outputLevel, maxLevel: levelCount, texelSize: outputDerivative },
    overrides: material.overrides,
  });
  return new Map([...graph.outputs].map(([name, node]) => [name, values[node]!]));
}

/** Outputs of random materials that are known, and the largest error of them. */
function compareRandom(change: (value: number) => number): { known: number; largest: number } {
  let known = 0;
  let largest = 0;
  for (let seed = 0; seed < 60; seed++) {
    const random = seededRandom(seed);
    const material = randomMaterial({
      seed,
      attributes: ATTRIBUTE_NAMES,
      around: AROUND,
      layers: LAYERS,
    });
    for (let run = 0; run < 4; run++) {
      const fragment = randomFragment(random, AROUND);
      const { values } = interpretMaterial(material, fragment, {
        context: "virtual_texture",
        customWgsl: RANDOM_CUSTOM_WGSL,
      });
      for (const [name, value] of evaluated(material, fragment)) {
        if (value === null || name === "opacity") continue;
        known++;
        const exact = values[name as keyof typeof values]!;
        value.forEach((part, k) => {
          largest = Math.max(largest, Math.abs(change(part) - exact[k]!));
        });
      }
    }
  }
  return { known, largest };
}

Deno.test("what the evaluator knows of random graphs is what the oracle says", () => {
  const { known, largest } = compareRandom((value) => value);
  assert.ok(known > 150, `${known} outputs are known`);
  assert.ok(largest < 1e-9, `${largest}`);
});

Deno.test("negative control: outputs that are a thousandth off are noticed", () => {
  assert.ok(compareRandom((value) => value + 1e-3).largest > 1e-4);
});

Deno.test("noise and WGSL of the user's own are unknown, and all that is computed from them", () => {
  const place = e.worldPosition();
  const noise = e.noise(place, { kind: "value" });
  const own = e.customWgsl({ code: "return a;", components: 1, inputs: { a: noise } });
  for (const value of [noise, own, e.saturate(e.add(noise, 1)), e.append(own, [0, 1])]) {
    const material = new Material({
      name: "unknown",
      domain: "virtual_texture",
      baseColor: value,
      roughness: e.componentMask(place, "x"),
    });
    const outputs = evaluated(material, fragmentOf({ worldPosition: [3, 4, 5] }));
    assert.equal(outputs.get("baseColor"), null);
    assert.deepEqual(outputs.get("roughness"), [3]);
  }
});

Deno.test("parameters have the values of instances, and properties those of the tile", () => {
  const material = new Material({
    name: "properties",
    domain: "virtual_texture",
    baseColor: e.vectorParameter("color", [1, 2, 3]),
    roughness: e.viewProperty("virtual_texture_output_level"),
    specular: e.viewProperty("virtual_texture_max_level"),
  });
  const fragment = fragmentOf({ view: { outputLevel: 2, levelCount: 7 } });
  const outputs = evaluated(material, fragment);
  assert.deepEqual(outputs.get("baseColor"), [1, 2, 3]);
  assert.deepEqual(outputs.get("roughness"), [2]);
  assert.deepEqual(outputs.get("specular"), [7]);
});
