import assert from "node:assert/strict";
import { type ForgeDevice, MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";
import { makePlace } from "../../../src/rvt/sample/sampled_assets.ts";
import { checkMemory, wrongEntries } from "../../streaming/checks.ts";
import { pause } from "../../streaming/sources.ts";
import { makeWorld } from "./edited_world.ts";
import { AWAY } from "./placed_scene.ts";
import { RandomEdits } from "./random_edits.ts";
import { differingTiles, wrongTiles } from "./rebuilt_tiles.ts";

/** Loses a device, and waits until that is known. */
async function lose({ gpu }: ForgeDevice): Promise<void> {
  gpu.destroy();
  await gpu.lost;
  await pause();
}

Deno.test("a lost device renders every tile again, with the same content, bit for bit", async () => {
  using device = await requestDevice();
  for (const compressTextures of [false, true]) {
    await using placed = await makeWorld(device, { asset: { compressTextures } });
    await placed.renderAll();
    const before = await placed.readTiles();
    for (let loss = 1; loss <= 2; loss++) {
      placed.takeRendered();
      await lose(device);
      await placed.system.renewed();
      const rendered = new Set(placed.takeRendered());
      assert.equal(rendered.size, placed.grid.tileCount, `loss ${loss}`);
      assert.deepEqual(differingTiles(before, await placed.readTiles()), []);
      assert.equal(await wrongEntries(placed.system), 0);
      checkMemory(placed.system);
    }
  }
});

Deno.test("edits before and after losses are in the tiles of the new device", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device);
  await placed.renderAll();
  const edits = new RandomEdits(31);
  for (let loss = 1; loss <= 3; loss++) {
    const names = Array.from({ length: 6 }, () => edits.editContent(placed));
    placed.wantTiles([...Array(placed.grid.tileCount).keys()]);
    placed.system.updateNow(AWAY);
    await lose(device);
    // While there is no device, too.
    names.push(edits.editContent(placed), edits.editContent(placed));
    await placed.system.renewed();
    names.push(edits.editContent(placed));
    assert.deepEqual(await wrongTiles(device, placed), [], `loss ${loss} after ${names}`);
    checkMemory(placed.system);
  }
});

Deno.test("a texture that is streamed anew while the device is lost comes back", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device);
  await placed.renderAll();
  await lose(device);
  placed.asset.change({ materialType: "mask4" });
  await placed.scene.settled();
  await placed.system.renewed();
  assert.deepEqual(await wrongTiles(device, placed), []);
});

Deno.test("where a texture lies is bound on a device that is lost as on any other", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device);
  const toVolume = new Float64Array(16);
  const ledger = new MemoryLedger(device.submits, 1e6);
  device.gpu.destroy();
  // Before anybody knows that it is lost, and once it is known.
  for (let turn = 0; turn < 2; turn++) {
    makePlace(device, ledger, { toVolume, heightRange: [0, 1], size: [64, 64], origin: [0, 0, 0] })
      .destroy();
    await pause();
  }
  await placed.system.renewed();
});
