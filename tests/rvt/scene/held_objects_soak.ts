/**
 * Random edits of a scene, after which it holds what a scene made from scratch holds.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Mesh } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import type { PrimitiveComponent } from "../../../src/rvt/component/mod.ts";
import { makeWorld, rebuilt } from "./edited_world.ts";
import { differences, HeldObjectsCount } from "./held_objects.ts";
import { RandomEdits } from "./random_edits.ts";

function meshesOf(component: PrimitiveComponent): Mesh[] {
  return Array.from({ length: component.lodCount }, (_, lod) => component.draws(lod)).flat()
    .flatMap((draw) => draw.kind === "mesh" ? [draw.mesh] : []);
}

/** Edits a scene so many times, and compares what it holds with a rebuild now and then. */
export async function soak(
  seed: number,
  { edits, rounds }: { readonly edits: number; readonly rounds: number },
): Promise<void> {
  using device = await requestDevice();
  const counter = new HeldObjectsCount(device);
  const nothing = counter.count();
  const placed = await makeWorld(device);
  const random = new RandomEdits(seed);
  for (let round = 0; round < rounds; round++) {
    const names = [];
    for (let i = 0; i < edits; i++) {
      names.push(random.edit(placed));
      if (random.random() < 0.3) await placed.scene.settled();
      if (random.random() < 0.3) {
        await placed.scene.settled();
        await placed.renderAll();
      }
    }
    const edited = await counter.countAtRest(placed);
    const made = await rebuilt(device, placed);
    const both = await counter.countAtRest(made);
    const fromScratch = differences(edited, both);
    const own = differences(nothing, edited);
    // Components keep copies of what they were drawn with once, and may be again.
    const { components } = placed.scene;
    const meshes = new Set(components.flatMap(meshesOf)).size;
    const most: Record<string, number> = {
      "mesh vertices": meshes,
      "mesh indices": meshes,
      "landscape heights": 1,
      "landscape layers": 1,
    };
    for (const { material } of components) {
      most[`material "${material.name}" parameters`] = Infinity;
    }
    for (const [label, count] of Object.entries(most)) {
      assert.ok((own[label] ?? 0) <= count, `${own[label]} ${label}, ${names}`);
      delete own[label];
      delete fromScratch[label];
    }
    const bindings = [...edited].filter(([label]) => label.startsWith("material "));
    const materials = new Set(components.map(({ material }) => material)).size;
    assert.ok(bindings.reduce((sum, [, count]) => sum + count, 0) <= materials, `${names}`);
    assert.deepEqual(own, fromScratch, `round ${round}: ${names}`);
    await made.scene.close();
    made.system.close();
  }
  await placed.scene.close();
  placed.system.close();
  await device.submits.wait();
}
