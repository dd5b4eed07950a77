/**
 * How supplies come and go, and what becomes of drawn content while others do.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type MakeSupply, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";
import { KINDS, kindsOf, makePair, OPTIONS, SIDE } from "./drawn_pair.ts";
import { checkDrawn } from "./drawn_pictures.ts";
import { describeDrawn, type DrawnSupply, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

const camera = lookDown(300, 300, heightOfLevel(0) * 1.01);

Deno.test("drawn content stays right while pools are moved for others and tiles evicted", async () => {
  using device = await requestDevice();
  for (const formats of kindsOf(device)) {
    using system = new VirtualTextureSystem(device, OPTIONS);
    const { world, drawn, shown } = await makePair(device, system, { formats, seed: 7 });
    const check = (isSettled: boolean) =>
      checkDrawn(system, drawn, { world, camera, shown, isSettled });
    await system.update(camera);
    for (let round = 0; round < 3; round++) {
      // One that shares the pool, and one that takes memory from it.
      const another = new DrawnWorld(new TileGrid(700, 300, 64));
      const second = await system.addTexture(
        describeDrawn(another, formats),
        ({ ledger }) => drawnSupply({ device, ledger, world: another, formats }),
      );
      const third = await system.loadTexture(mapSource({ width: SIDE, height: SIDE, seed: round }));
      await check(false);
      world.changeRect({ x0: 200, y0: 200, x1: 400, y1: 400 });
      system.invalidate(drawn, { x: 200, y: 200, width: 200, height: 200 });
      const unloaded = system.unloadTexture(second);
      system.updateNow(camera);
      await unloaded;
      system.evictTiles(drawn);
      system.updateNow(camera);
      await system.unloadTexture(third);
      await check(false);
      assert.ok(await system.flush());
      await check(true);
      assert.equal(await wrongEntries(system), 0);
      checkMemory(system);
    }
  }
});

Deno.test("a supply is closed once, with its texture or its system, and gives all its memory back", async () => {
  using device = await requestDevice();
  for (const ending of ["unload", "close"] as const) {
    const system = new VirtualTextureSystem(device, OPTIONS);
    const before = system.getMemoryInfo().usedMemory;
    const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
    let closed = 0;
    let supply: DrawnSupply | undefined;
    const drawn = await system.addTexture(describeDrawn(world, KINDS[0]!), ({ ledger }) => {
      supply = drawnSupply({ device, ledger, world, formats: KINDS[0]! });
      return { ...supply, close: () => closed++ };
    });
    supply!.producer.delayFrames = 2;
    system.updateNow(camera);
    supply!.producer.beginFrame();
    system.updateNow(camera);
    assert.ok(supply!.producer.pendingCount > 0, "tiles are in flight");
    if (ending === "unload") {
      await system.unloadTexture(drawn);
      await device.submits.wait();
      assert.equal(system.getMemoryInfo().usedMemory, before);
    } else system.close();
    await pause();
    assert.equal(closed, 1);
    assert.equal(supply!.producer.pendingCount, 0, "every request was withdrawn");
    assert.equal(supply!.producer.heldTickets, 0, "every ticket was given back");
    system.close();
    assert.equal(closed, 1);
  }
});

Deno.test("a tail that cannot be made, or is cancelled, leaves the system as it was", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  await device.submits.wait();
  const before = system.getMemoryInfo().usedMemory;
  const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
  let closed = 0;
  const make = (change: (supply: DrawnSupply) => void): MakeSupply => ({ ledger }) => {
    const supply = drawnSupply({ device, ledger, world, formats: KINDS[0]! });
    change(supply);
    return { ...supply, close: () => closed++ };
  };
  const description = describeDrawn(world, KINDS[0]!);
  const failing = make(({ producer }) => {
    producer.delayFrames = 1;
    Object.defineProperty(producer, "finishedCount", { value: 1 });
    const tile = world.grid.tileCount - 1;
    producer.takeFailures = () => [{ tile, version: 0, error: new Error("no such picture") }];
  });
  await assert.rejects(system.addTexture(description, failing), /no such picture/);
  const missing = make(({ producer }) => producer.request = () => "invalid");
  await assert.rejects(system.addTexture(description, missing), /has no tile/);
  const silent = make(({ producer }) => producer.delayFrames = 1);
  const stop = new AbortController();
  const added = system.addTexture(description, silent, { signal: stop.signal });
  await pause(10);
  stop.abort(new Error("cancelled"));
  await assert.rejects(added, /cancelled/);
  assert.equal(closed, 3, "each supply was closed once");
  assert.equal(system.textures.length, 1);
  await device.submits.wait();
  assert.equal(system.getMemoryInfo().usedMemory, before);
  await system.addTexture(description, make(() => {}));
  assert.equal(system.textures.length, 2, "negative control: a supply that answers is added");
});

Deno.test("a wait for tiles that never come ends when their texture is unloaded", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const { supply, drawn, read } = await makePair(device, system, { formats: KINDS[0]!, seed: 8 });
  // No pool is moved for others then, which would wake them too.
  await system.unloadTexture(read);
  supply.producer.delayFrames = 1e9;
  const updating = system.update(camera);
  await pause(20);
  assert.ok(supply.producer.pendingCount > 0);
  await system.unloadTexture(drawn);
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.reject(new Error("the update still waits")), 5000);
  await Promise.race([updating, late.promise]);
  clearTimeout(timer);
});
