/**
 * Preloads of several volumes: one promise for all their tiles at the same time.
 */

import assert from "node:assert/strict";
import { BudgetError, DeviceError, DisposedError } from "../../../src/errors.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTextureSettings } from "../../../src/rvt/asset/mod.ts";
import { type TextureRegion, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import { pause } from "../../streaming/sources.ts";
import { JointVolumes, ROW_TILES, rowsOf } from "./joint_volumes.ts";

const MIB = 2 ** 20;
const alike = (count: number) => Array.from({ length: count }, () => ({}));

/** Two volumes whose pool holds a little more than three rows of both. */
function twoVolumes(device: ForgeDevice): Promise<JointVolumes> {
  const options = { assets: alike(2), maxMemoryBytes: 2 * MIB, tilesPerFrame: 2 };
  return JointVolumes.make(device, options);
}

/** Waits until some of the tiles that preloads keep have come, and not all of them. */
async function whileComing(made: JointVolumes, rows: number): Promise<void> {
  const all = made.lacking(0, rows).length;
  for (let look = 0; made.lacking(0, rows).length > all - 4; look++) {
    assert.ok(look < 1000);
    await pause(2);
  }
  assert.ok(made.keptCount > 0 && made.lacking(0, rows).length > 0);
}

/** Tiles that are not sharp when a preload of as much as the pool can hold has resolved. */
async function lackingAtTheEnd(volumes: number): Promise<number> {
  using device = await requestDevice();
  using made = await JointVolumes.make(device, {
    assets: alike(volumes),
    maxMemoryBytes: (1 + 0.8 * volumes) * MIB,
  });
  const rows = Math.floor(made.room / volumes / ROW_TILES);
  assert.ok(rows >= 2 && rows < ROW_TILES, `${rows} rows of ${made.room} slots`);
  assert.ok(made.lacking(0, rows).length > 0);
  let lacking = -1;
  const preload = made.scene.requestPreload(rowsOf(0, rows)).then(() => {
    lacking = made.lacking(0, rows).length;
  });
  await made.lookAroundUntil(preload);
  await preload;
  assert.equal(made.keptCount, 0);
  return lacking;
}

for (const volumes of [2, 3]) {
  Deno.test(`a preload ends when all tiles of ${volumes} volumes are sharp at the same time`, async () => {
    assert.equal(await lackingAtTheEnd(volumes), 0);
  });
}

Deno.test("negative control: of one preload a volume the first ones have lost tiles at the end", async () => {
  const { preloadRegions } = VirtualTextureSystem.prototype;
  VirtualTextureSystem.prototype.preloadRegions = async function (
    regions: readonly TextureRegion[],
    options,
  ) {
    await Promise.all(regions.map((region) => preloadRegions.call(this, [region], options)));
  };
  try {
    assert.ok(await lackingAtTheEnd(2) > 0);
  } finally {
    VirtualTextureSystem.prototype.preloadRegions = preloadRegions;
  }
});

const KINDS: Record<string, readonly RuntimeVirtualTextureSettings[]> = {
  "one pool": alike(3),
  "three pools": [{}, {}, { materialType: "mask4" }, { tileBorder: 2 }],
};

for (const [what, assets] of Object.entries(KINDS)) {
  Deno.test(`tiles that do not fit ${what} together are an error with a budget that is enough`, async () => {
    using device = await requestDevice();
    using made = await JointVolumes.make(device, { assets, maxMemoryBytes: 1.75 * MIB });
    const bounds = rowsOf(0, 5);
    let enough = 0;
    await assert.rejects(made.scene.requestPreload(bounds), (error) => {
      assert.ok(error instanceof BudgetError);
      assert.match(
        error.message,
        /^Cannot preload regions of ground 0(, ground 1)? and ground \d as they need \d+ slots together: /,
      );
      assert.equal(error.budgetBytes, 1.75 * MIB);
      enough = error.minimumBytes;
      return true;
    });
    assert.equal(made.keptCount, 0);
    const options = { assets, maxMemoryBytes: enough, tilesPerFrame: 64 };
    using larger = await JointVolumes.make(device, options);
    await larger.scene.requestPreload(bounds);
    assert.deepEqual(larger.lacking(0, 5), []);
  });
}

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

Deno.test("a preload that is aborted keeps nothing of any volume", async () => {
  using device = await requestDevice();
  using made = await twoVolumes(device);
  const reason = new Error("no longer needed");
  const ending = new AbortController();
  const { signal } = ending;
  const preload = assert.rejects(made.scene.requestPreload(rowsOf(0, 3), 0, { signal }), reason);
  await whileComing(made, 3);
  ending.abort(reason);
  await preload;
  assert.equal(made.keptCount, 0);
  await made.scene.requestPreload(rowsOf(0, 3));
  assert.deepEqual(made.lacking(0, 3), []);
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

Deno.test("a volume whose texture is made anew meanwhile is waited for anew", async () => {
  using device = await requestDevice();
  using made = await twoVolumes(device);
  const preload = made.scene.requestPreload(rowsOf(0, 3));
  await whileComing(made, 3);
  const before = made.textures[0];
  made.assets[0]!.change({ tileBorder: 2 });
  await preload;
  assert.notEqual(made.textures[0], before);
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
