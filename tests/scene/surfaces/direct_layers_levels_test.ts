import assert from "node:assert/strict";
import { lookAt } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/mod.ts";
import { type Picture, renderScene } from "../../../src/scene/mod.ts";
import { levelsWorld, showing, SLANTING } from "./levels_world.ts";

/** Close to the ground, so that footprints are far longer than wide. */
const CAMERA = { ...SLANTING, view: lookAt([0.3, -4.6, 0.9], [0, 0, 0]) };
/** Of 255: a twelfth of a level is 4 of them where it is darkest. */
const MOST_STEPS = 5;

/** How many pixels differ by more than rounding and logarithms do. */
function differentPixels(a: Picture, b: Picture): number {
  return Array.from({ length: a.width * a.height }, (_, pixel) => 4 * pixel)
    .filter((at) => Math.abs(a.data[at]! - b.data[at]!) > MOST_STEPS).length;
}

Deno.test("layers shaded directly have the level that a sample wants, whatever its anisotropy", async () => {
  using device = await requestDevice();
  const { system, scene, asset, ground } = await levelsWorld(device);
  using _system = system;
  ground.material = showing(e.runtimeVirtualTextureSample(asset).baseColor);
  const direct: Picture[] = [];
  for (const most of [1, 4]) {
    system.tuning.setMaxAnisotropy(most);
    await system.update({ ...CAMERA, position: [0.3, -4.6, 0.9] }, { timeBudgetMs: null });
    const sampled = await renderScene(scene, CAMERA, { feedback: false });
    direct.push(await renderScene(scene, CAMERA, { feedback: false, layers: "direct" }));
    const pixels = differentPixels(sampled, direct.at(-1)!);
    assert.ok(pixels <= 40, `anisotropy ${most}: ${pixels} pixels`);
  }
  const pixels = differentPixels(direct[0]!, direct[1]!);
  assert.ok(pixels > 2000, `negative control: ${pixels} pixels`);
});
