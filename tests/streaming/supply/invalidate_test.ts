/**
 * Exact and urgent invalidation of a drawn texture.
 */

import assert from "node:assert/strict";
import { InvalidArgumentError, ReentryError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import type { TileAddress } from "../../../src/tiles/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { insideOf } from "../inside.ts";
import { pause } from "../sources.ts";
import { checkDrawn, ShownChanges } from "./drawn_pictures.ts";
import { addDrawn, type DrawnPart } from "./drawn_city.ts";
import { OPTIONS } from "./drawn_pair.ts";

const SYSTEM = { ...OPTIONS, maxMemoryBytes: 12 * 2 ** 20 };
const CAMERA = lookDown(300, 300, heightOfLevel(0) * 1.01);

function drawnTiles({ supply }: DrawnPart): number[] {
  return [...supply.recorder.drawn.keys()].sort((a, b) => a - b);
}

Deno.test("exactly the tiles for which a function holds are drawn again, pinned ones too", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const part = await addDrawn(system);
  const { texture, world, supply } = part;
  const { grid } = world;
  await system.update(CAMERA);
  supply.recorder.drawn.clear();
  const { residency } = insideOf(texture);
  const isTouched = ({ level, x, y }: TileAddress) => (level + x + y) % 2 === 0;
  const resident: number[] = [];
  residency.slotOf.forEach((tile) => resident.push(tile));
  const touched = resident.filter((tile) => isTouched(grid.addressOf(tile))).sort((a, b) => a - b);
  for (const tile of touched) world.changeTile(tile);
  assert.ok(touched.length > 4 && touched.length < resident.length);
  system.invalidate(texture, isTouched);
  await system.update(CAMERA);
  assert.ok(await system.flush());
  const seen = touched.filter((tile) => residency.isTail(tile) || residency.wanted.has(tile));
  assert.deepEqual(drawnTiles(part), seen);
  const shown = new ShownChanges(world);
  await checkDrawn(system, texture, { world, camera: CAMERA, shown, isSettled: true });
});

Deno.test("what the function throws, or returns that is no boolean, leaves everything as it was", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const part = await addDrawn(system);
  const { texture, supply } = part;
  await system.update(CAMERA);
  await system.flush();
  supply.recorder.drawn.clear();
  let calls = 0;
  const failing = () => {
    if (++calls > 3) throw new Error("no answer");
    return true;
  };
  assert.throws(() => system.invalidate(texture, failing), /no answer/);
  assert.throws(() => system.invalidate(texture, () => system.evictTiles() > 0), ReentryError);
  for (const answer of [1, "yes", undefined, null, Promise.resolve(true)]) {
    assert.throws(() => system.invalidate(texture, () => answer as never), InvalidArgumentError);
  }
  for (const options of [{ urgent: 1 }, { Urgent: true }, 7, null]) {
    assert.throws(() => system.invalidate(texture, null, options as never), InvalidArgumentError);
  }
  await system.update(CAMERA);
  assert.deepEqual(drawnTiles(part), [], "nothing was made stale");
});

/** Updates until a stale tile in view is drawn again while the camera flies on. */
async function updatesUntilDrawn(urgent: boolean): Promise<number> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...SYSTEM, tilesPerUpdate: 4 });
  const part = await addDrawn(system, { side: 4096 });
  const { texture, supply, world } = part;
  await system.update(CAMERA);
  await system.flush();
  supply.recorder.drawn.clear();
  const touched = [0, 1, 2, 3].map((x) => world.grid.tileIndexOf(0, 3 + x, 4));
  const { residency } = insideOf(texture);
  const resident = touched.filter((tile) => residency.slotOf.has(tile));
  assert.ok(resident.length >= 3);
  system.invalidate(texture, { x: 200, y: 260, width: 240, height: 50 }, { urgent });
  for (let frame = 1;; frame++) {
    // Much more is missing than an update draws.
    system.updateNow(lookDown(300 + 2 * frame, 300, heightOfLevel(0.9)));
    await pause(1);
    if (resident.every((tile) => !residency.isUrgent(tile) && supply.recorder.drawn.has(tile))) {
      await system.flush();
      return frame;
    }
    assert.ok(frame < 100);
  }
}

Deno.test("urgent tiles are drawn within a few updates, others wait for their share", async () => {
  const urgent = await updatesUntilDrawn(true);
  const others = await updatesUntilDrawn(false);
  assert.ok(urgent < others, `${urgent} and ${others}`);
});
