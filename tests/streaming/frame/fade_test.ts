import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { checkPlaces, meanRed } from "../pictures.ts";
import { mapSource, redOfLevel } from "../sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0) * 1.01);
const options = { maxMemoryBytes: 4 * 2 ** 20, tileSize: 64 };

for (const updates of [1, 4]) {
  Deno.test(`new tiles fade in over rendered frames, with an update every ${updates}`, async () => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { ...options, fadeFrames: 8 });
    const texture = await system.loadTexture(mapSource());
    for (let i = 0; i < 12; i++) await render(system, camera);
    await system.update(camera);
    const reds: number[] = [];
    for (let frame = 0; frame < 14; frame++) {
      const picture = await render(system, camera, { fade: true });
      checkPlaces(picture, camera, texture);
      reds.push(meanRed(picture));
      const sharp = meanRed(await render({ device, textures: system.textures }, camera));
      assert.ok(Math.abs(sharp - redOfLevel(0)) <= 1.5, "without being asked nothing fades");
      if (frame % updates === updates - 1) await system.update(camera);
      checkMemory(system);
    }
    for (let i = 1; i < reds.length; i++) assert.ok(reds[i]! <= reds[i - 1]! + 0.1, `${reds}`);
    assert.ok(reds[0]! > redOfLevel(0) + 8, `${reds}`);
    assert.ok(Math.abs(reds.at(-1)! - redOfLevel(0)) <= 1.5, `${reds}`);
    // In steps of a frame, not of an update.
    const steps = reds.slice(1).map((red, i) => reds[i]! - red).filter((step) => step > 0.3);
    assert.ok(steps.length >= 5, `${reds}`);
    await checkEverything(system);
  });
}

Deno.test("fading is off by default", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  await system.update(camera);
  const red = meanRed(await render(system, camera, { fade: true }));
  assert.ok(Math.abs(red - redOfLevel(0)) <= 1.5);
});
