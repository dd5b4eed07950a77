/**
 * A texture that is drawn and one that is read, side by side.
 */

import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { Residency } from "../../../src/residency/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { ControlledSource, mapSource, pause } from "../sources.ts";
import { FRAMES, KINDS, kindsOf, makePair, OPTIONS, runPair, SIDE } from "./drawn_pair.ts";
import { checkDrawn } from "./drawn_pictures.ts";
import { describeDrawn, DrawnRecorder, type DrawnSupply, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

for (const seed of [1, 2]) {
  Deno.test(`a drawn texture that changes at random is never foreign, nor stale once settled (${seed})`, async () => {
    using device = await requestDevice();
    for (const formats of kindsOf(device)) {
      using system = new VirtualTextureSystem(device, OPTIONS);
      const pair = await makePair(device, system, { formats, seed });
      const readsBefore = pair.source.reads.length;
      await runPair(pair);
      const drawnTiles = [...pair.supply.recorder.drawn.values()].reduce((a, b) => a + b, 0);
      const readTiles = pair.source.reads.length - readsBefore;
      assert.ok(drawnTiles >= 2 * FRAMES, `${drawnTiles} tiles were drawn`);
      assert.ok(readTiles >= FRAMES / 2, `${readTiles} tiles were read`);
    }
  });
}

/** Whether the run finds something wrong while something is broken. */
async function failsWith(breakIt: () => () => void): Promise<boolean> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const pair = await makePair(device, system, { formats: KINDS[0]!, seed: 1 });
  const mend = breakIt();
  try {
    await runPair(pair);
    return false;
  } catch (error) {
    if (error instanceof assert.AssertionError) return true;
    throw error;
  } finally {
    mend();
  }
}

Deno.test("negative control: a recorder that writes the neighbouring slot is noticed", async () => {
  const { record } = DrawnRecorder.prototype;
  assert.ok(
    await failsWith(() => {
      let count = 0;
      DrawnRecorder.prototype.record = function (encoder, atlas, items) {
        const wrong = ++count % 9 === 0;
        const moved = items.map(({ slot, payload }) => ({
          slot: wrong ? (slot + 1) % atlas.plan.slotCount : slot,
          payload,
        }));
        record.call(this, encoder, atlas, moved);
      };
      return () => DrawnRecorder.prototype.record = record;
    }),
  );
});

Deno.test("negative control: a residency that drops newer content of what is resident is noticed", async () => {
  const { land } = Residency.prototype;
  assert.ok(
    await failsWith(() => {
      Residency.prototype.land = function (texture, ticket) {
        const landed = land.call(this, texture, ticket);
        return landed?.isNew === false ? null : landed;
      };
      return () => Residency.prototype.land = land;
    }),
  );
});

/** How often a tile in view and one of the tail are drawn in 100 frames that all change them. */
async function drawnWhileHot(device: ForgeDevice): Promise<number[]> {
  using system = new VirtualTextureSystem(device, OPTIONS);
  const pair = await makePair(device, system, { formats: KINDS[0]!, seed: 3 });
  const { world, supply, drawn, source, shown } = pair;
  const camera = lookDown(300, 300, heightOfLevel(0) * 1.01);
  await system.update(camera);
  const { grid } = world;
  const hot = [grid.tileIndexOf(0, 4, 4), grid.level(grid.tailLevel).firstTile, grid.tileCount - 1];
  supply.recorder.drawn.clear();
  supply.producer.delayFrames = 1;
  const readsBefore = source.reads.length;
  for (let frame = 0; frame < 100; frame++) {
    if (frame < 50) {
      for (const tile of hot) {
        world.changeTile(tile);
        system.invalidate(drawn, grid.addressOf(tile));
      }
    } else {
      // What a texel tells wraps round, so that only the system hears of these.
      for (const tile of hot) system.invalidate(drawn, grid.addressOf(tile));
    }
    supply.producer.beginFrame();
    // The file texture has something to load in every frame.
    system.updateNow(frame % 4 === 0 ? lookDown(300 + 7 * frame, 300, camera.position[2]) : camera);
    await pause(1);
    if (frame === 60) await checkDrawn(system, drawn, { world, camera, shown, isSettled: false });
  }
  assert.ok(source.reads.length - readsBefore > 10, "the file texture goes on");
  return hot.map((tile) => supply.recorder.drawn.get(tile) ?? 0);
}

Deno.test("tiles that change every frame are drawn about every second one, pinned ones too", async () => {
  using device = await requestDevice();
  const counts = await drawnWhileHot(device);
  for (const count of counts) assert.ok(count >= 33 && count <= 101, `${counts}`);
});

Deno.test("negative control: a residency that lands only the newest version hardly draws them", async () => {
  using device = await requestDevice();
  const { land } = Residency.prototype;
  Residency.prototype.land = function (texture, ticket) {
    const isNewest = ticket.version >= texture.versions.wantedVersion(ticket.tile);
    if (isNewest || !texture.slotOf.has(ticket.tile)) return land.call(this, texture, ticket);
    texture.clearPending(ticket.tile);
    return null;
  };
  try {
    const counts = await drawnWhileHot(device);
    assert.ok(counts.some((count) => count < 33), `${counts}`);
  } finally {
    Residency.prototype.land = land;
  }
});

Deno.test("what an invalid submit carried is drawn again, and the scratch memory given back", async () => {
  using device = await requestDevice();
  for (const formats of kindsOf(device)) {
    using system = new VirtualTextureSystem(device, OPTIONS);
    const pair = await makePair(device, system, { formats, seed: 4 });
    const { world, supply, drawn, shown } = pair;
    const camera = lookDown(300, 300, heightOfLevel(0) * 1.01);
    const { record } = supply.recorder;
    let failures = 0;
    let calls = 0;
    supply.recorder.record = function (encoder, atlas, items) {
      record.call(this, encoder, atlas, items);
      // Every other submit is invalid.
      if (calls++ % 2 === 1) return;
      failures++;
      const nowhere = { texture: atlas.planes[0]!, origin: { x: 1e6 } };
      encoder.copyTextureToTexture(nowhere, nowhere, [4, 4, 1]);
    };
    await system.update(camera);
    world.changeAll();
    system.invalidate(drawn);
    await system.update(camera);
    assert.ok(await system.flush());
    assert.ok(failures > 1);
    await checkDrawn(system, drawn, { world, camera, shown, isSettled: true });
    assert.equal(supply.producer.heldTickets, 0);
    await device.submits.wait();
    system.updateNow(camera);
    assert.equal(system.getMemoryInfo().scratchMemory, 0);
    assert.equal(await wrongEntries(system), 0);
  }
});

Deno.test("drawing never takes more scratch memory than is free, however much is finished at once", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    ...OPTIONS,
    maxMemoryBytes: 3 * 2 ** 20,
    tilesPerUpdate: 64,
    gpuMsPerUpdate: 1000,
  });
  const { world, supply, drawn, shown } = await makePair(device, system, {
    formats: KINDS[0]!,
    seed: 5,
  });
  const camera = lookDown(500, 500, heightOfLevel(1));
  let most = 0;
  const { record } = supply.recorder;
  supply.recorder.record = function (encoder, atlas, items) {
    most = Math.max(most, items.length);
    record.call(this, encoder, atlas, items);
    checkMemory(system);
  };
  await system.update(camera);
  for (let frame = 0; frame < 10; frame++) {
    world.changeAll();
    system.invalidate(drawn);
    system.updateNow(camera);
    await pause(1);
  }
  assert.ok(await system.flush());
  assert.ok(most > 1, `${most} tiles at once`);
  await checkDrawn(system, drawn, { world, camera, shown, isSettled: true });
});

Deno.test("GPU time of drawn tiles bounds an update, and reads go on beside them", async () => {
  using device = await requestDevice();
  const drawnIn = async (gpuMs: number): Promise<{ most: number; reads: number }> => {
    using system = new VirtualTextureSystem(device, { ...OPTIONS, gpuMsPerUpdate: 4 });
    const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
    let supply: DrawnSupply | undefined;
    await system.addTexture(
      describeDrawn(world, KINDS[0]!),
      ({ ledger }) =>
        supply = drawnSupply({ device, ledger, world, formats: KINDS[0]! }, { gpuMs }),
    );
    const source = new ControlledSource(mapSource({ width: SIDE, height: SIDE }));
    await system.loadTexture(source);
    const before = source.reads.length;
    const drawn = () => [...supply!.recorder.drawn.values()].reduce((a, b) => a + b, 0);
    let most = 0;
    for (let frame = 0; frame < 8; frame++) {
      const already = drawn();
      system.updateNow(lookDown(500, 500, heightOfLevel(0)));
      await pause(1);
      most = Math.max(most, drawn() - already);
    }
    return { most, reads: source.reads.length - before };
  };
  for (const [gpuMs, most] of [[1, 4], [3, 1], [9, 1]] as const) {
    const found = await drawnIn(gpuMs);
    assert.equal(found.most, most, `tiles of ${gpuMs} ms in an update of 4`);
    assert.ok(found.reads >= 8, `${found.reads} reads`);
  }
});

Deno.test("a failure of another version, or of a tile that nobody waits for, says nothing", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const { supply, drawn } = await makePair(device, system, { formats: KINDS[0]!, seed: 6 });
  const camera = lookDown(300, 300, heightOfLevel(0));
  const { producer } = supply;
  producer.delayFrames = 5;
  system.invalidate(drawn);
  system.updateNow(camera);
  const { residency } = insideOf(drawn);
  const tile = drawn.grid.tileIndexOf(0, 4, 4);
  assert.ok(residency.isPending(tile));
  const version = residency.pendingVersion(tile);
  const failedAfter = (failures: { tile: number; version: number }[]): number => {
    const before = system.getStatistics().tilesFailed;
    const error = new Error("cannot be drawn");
    Object.defineProperty(producer, "finishedCount", { value: 1, configurable: true });
    producer.takeFailures = () => failures.splice(0).map((failure) => ({ ...failure, error }));
    system.updateNow(camera);
    Reflect.deleteProperty(producer, "finishedCount");
    return system.getStatistics().tilesFailed - before;
  };
  assert.equal(failedAfter([{ tile, version: version - 1 }, { tile: 0, version }]), 0);
  assert.ok(residency.isPending(tile));
  assert.equal(failedAfter([{ tile, version }]), 1, "negative control");
  producer.cancel(tile);
  producer.delayFrames = 0;
  await system.flush();
});
