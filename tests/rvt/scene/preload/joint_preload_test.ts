/**
 * Preloads of several volumes: one promise for all their tiles at the same time.
 */

import assert from "node:assert/strict";
import { BudgetError } from "../../../../src/errors.ts";
import { requestDevice } from "../../../../src/gpu/mod.ts";
import type { RuntimeVirtualTextureSettings } from "../../../../src/rvt/asset/mod.ts";
import { type TextureRegion, VirtualTextureSystem } from "../../../../src/streaming/mod.ts";
import {
  alike,
  JointVolumes,
  lackingAtTheEnd,
  rowsOf,
  twoVolumes,
  whileComing,
} from "./joint_volumes.ts";

const MIB = 2 ** 20;

Deno.test("a preload ends when all tiles of two volumes are sharp at the same time", async () => {
  assert.equal(await lackingAtTheEnd(2), 0);
});

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
