/**
 * A tile that is made anew in place must not fade in as a new one does.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { Residency } from "../../../src/residency/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { meanRed } from "../pictures.ts";
import { ControlledSource, mapSource, redOfLevel } from "../sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0) * 1.01);
const options = { maxMemoryBytes: 4 * 2 ** 20, tileSize: 64, fadeFrames: 8 };

/**
 * How far the mean red of pictures that fade is from the finest level's, at most, while everything
 * is made anew; and the tiles that were.
 */
async function fadeOfRefresh(): Promise<{ most: number; refreshed: number }> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource(mapSource());
  const texture = await system.loadTexture(source);
  await system.update(camera);
  for (let frame = 0; frame < 12; frame++) await render(system, camera, { fade: true });
  const readsBefore = source.reads.length;
  let most = 0;
  for (const part of [null, { x: 900, y: 900, width: 200, height: 300 }]) {
    system.invalidate(texture, part);
    await system.update(camera);
    for (let frame = 0; frame < 10; frame++) {
      const red = meanRed(await render(system, camera, { fade: true }));
      most = Math.max(most, Math.abs(red - redOfLevel(0)));
      system.updateNow(camera);
    }
  }
  return { most, refreshed: source.reads.length - readsBefore };
}

Deno.test("tiles that are made anew after an invalidation do not fade in again", async () => {
  const { most, refreshed } = await fadeOfRefresh();
  assert.ok(refreshed >= 10, `${refreshed} tiles were read again`);
  assert.ok(most <= 1.5, `the mean red is off by ${most}`);
});

Deno.test("negative control: treated as new, they would", async () => {
  const { land } = Residency.prototype;
  Residency.prototype.land = function (texture, ticket) {
    const landed = land.call(this, texture, ticket);
    return landed === null ? null : { ...landed, isNew: true };
  };
  try {
    const { most } = await fadeOfRefresh();
    assert.ok(most > 5, `the mean red is off by ${most}`);
  } finally {
    Residency.prototype.land = land;
  }
});
