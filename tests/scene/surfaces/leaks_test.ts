import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { plainTexture } from "../../rvt/material/pictures.ts";
import { emptyScene, pictureFromAbove, square } from "./flat_scene.ts";

/** A material that takes a buffer and a texture on the GPU. */
function materialOf(number: number): Material {
  const texture = plainTexture(`texture ${number}`, [10 * number, 99, 99, 255]);
  const color = e.componentMask(e.textureSample(texture), "xyz");
  return new Material({
    name: `material ${number}`,
    baseColor: e.multiply(color, e.scalarParameter("brightness", 1)),
  });
}

Deno.test("pictures leave nothing behind on the GPU of themselves, and of materials that are gone", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  const ground = square([1, 1, 1]);
  scene.addComponent(ground);
  const live = new LiveGpuBytes(device);
  const counts: number[] = [];
  for (let i = 0; i < 5; i++) {
    ground.material = materialOf(i);
    await pictureFromAbove(scene);
    counts.push(live.objectCount);
  }
  assert.deepEqual(counts.slice(1), counts.slice(1).map(() => counts[1]), `${counts}`);
  const names = [...live.objects().keys()];
  assert.ok(!names.some((name) => /scene|surface/.test(name)), `${names}`);
  // As many components more keep their materials.
  for (let i = 0; i < 2; i++) {
    const more = square([0, 0, 0], { at: [0, 0, i] });
    more.material = materialOf(i);
    scene.addComponent(more);
  }
  await pictureFromAbove(scene);
  assert.ok(live.objectCount >= counts.at(-1)! + 4, "negative control: what is in use is counted");
  await scene.close();
  const left = [...live.objects().keys()].filter((name) => /^(material|mesh)/.test(name));
  assert.deepEqual(left, [], "what pictures were drawn with is closed with the scene");
});
