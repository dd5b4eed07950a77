/**
 * Preloads of several volumes: one promise for all their tiles at the same time.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type TextureRegion, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { JointVolumes, ROW_TILES, rowsOf } from "./joint_volumes.ts";

const MIB = 2 ** 20;
const alike = (count: number) => Array.from({ length: count }, () => ({}));

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
