/**
 * Preloads of several volumes: each of them comes to an end, whatever happens meanwhile.
 */

import assert from "node:assert/strict";
import { BudgetError, DeviceError, DisposedError } from "../../../../src/errors.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../../src/gpu/mod.ts";
import { expressions as e } from "../../../../src/rvt/material/mod.ts";
import { insideOf } from "../../../streaming/inside.ts";
import { plane } from "../../source/sampled_scene.ts";
import {
  alike,
  JointVolumes,
  lackingAtTheEnd,
  ROW_TILES,
  rowsOf,
  twoVolumes,
  whileComing,
} from "./joint_volumes.ts";

Deno.test("a preload ends when all tiles of three volumes are sharp at the same time", async () => {
  assert.equal(await lackingAtTheEnd(3), 0);
});

Deno.test("preloads of several volumes that do not fit together come one after the other", async () => {
  using device = await requestDevice();
  using made = await twoVolumes(device);
  assert.ok(made.room >= 6 * ROW_TILES && made.room < 10 * ROW_TILES, `${made.room}`);
  const parts = [[0, 3], [2, 3], [5, 3]] as const;
  const lacking: number[] = [];
  const all = Promise.all(parts.map(async ([first, count]) => {
    await made.scene.requestPreload(rowsOf(first, count));
    lacking.push(made.lacking(first, count).length);
  }));
  await made.lookAroundUntil(all);
  await all;
  assert.deepEqual(lacking, [0, 0, 0]);
  assert.equal(made.keptCount, 0);
});

Deno.test("a volume that is removed meanwhile is not waited for", async () => {
  using device = await requestDevice();
  using made = await twoVolumes(device);
  const preload = made.scene.requestPreload(rowsOf(0, 3));
  await whileComing(made, 3);
  await made.scene.removeVolume(made.scene.volumes[1]!);
  await preload;
  assert.equal(made.textures.length, 1);
  assert.deepEqual(made.lacking(0, 3), []);
  assert.equal(made.keptCount, 0);
});

Deno.test("a preload of several volumes ends with its scene or its system", async () => {
  using device = await requestDevice();
  using made = await twoVolumes(device);
  const preload = made.scene.requestPreload(rowsOf(0, 3));
  await whileComing(made, 3);
  const { pool: { residency } } = insideOf(made.textures[0]!);
  await made.scene.close();
  await preload;
  assert.equal(residency.preloadCount, 0);
  using other = await twoVolumes(device);
  const disposed = assert.rejects(other.scene.requestPreload(rowsOf(0, 3)), DisposedError);
  await whileComing(other, 3);
  other.system.close();
  await disposed;
});

Deno.test("on another device a preload goes on, and without one it is an error", async () => {
  using device = await requestDevice();
  using made = await twoVolumes(device);
  const preload = made.scene.requestPreload(rowsOf(0, 3));
  await whileComing(made, 3);
  device.gpu.destroy();
  await preload;
  assert.deepEqual(made.lacking(0, 3), []);
  assert.equal(made.keptCount, 0);
  const borrowed = adoptDevice(device.gpu);
  using other = await twoVolumes(borrowed);
  const lost = Promise.all(
    [rowsOf(0, 3), rowsOf(1, 3)].map((bounds) =>
      assert.rejects(other.scene.requestPreload(bounds), DeviceError)
    ),
  );
  await whileComing(other, 3);
  borrowed.gpu.destroy();
  await lost;
  assert.equal(other.keptCount, 0);
});

/** Two volumes of which one shows what is rendered to the other, in the same pool. */
async function chainOf(device: ForgeDevice, maxMemoryBytes: number): Promise<JointVolumes> {
  const made = await JointVolumes.make(device, { assets: alike(2), maxMemoryBytes });
  const [near, far] = made.assets;
  made.ground.renderToVirtualTextures = [near!];
  const shown = e.runtimeVirtualTextureSample(near!).baseColor;
  made.scene.addComponent(plane("shows near", shown, [far!]));
  made.system.updateNow({ position: [1e7, 1e7, 1] });
  return made;
}

Deno.test("volumes that are made from each other fit as many slots as an error says", async () => {
  using device = await requestDevice();
  using made = await chainOf(device, 2 * 2 ** 20);
  const bounds = rowsOf(0, 4);
  let enough = 0;
  await assert.rejects(made.scene.requestPreload(bounds), (error) => {
    assert.ok(error instanceof BudgetError);
    assert.match(error.message, /pool has \d+ beside \d+ for what tiles are made from\. /);
    enough = error.minimumBytes;
    return true;
  });
  using larger = await chainOf(device, enough);
  let lacking = -1;
  const preload = larger.scene.requestPreload(bounds).then(() => {
    lacking = larger.lacking(0, 4).length;
  });
  await larger.lookAroundUntil(preload);
  await preload;
  assert.equal(lacking, 0);
});
