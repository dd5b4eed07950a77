import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type Renewal, type SupplyHost, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";
import { kindsOf, OPTIONS, SIDE } from "../supply/drawn_pair.ts";
import { checkDrawn, ShownChanges } from "../supply/drawn_pictures.ts";
import { describeDrawn, type DrawnSupply, drawnSupply } from "../supply/drawn_supply.ts";
import { DrawnWorld } from "../supply/drawn_world.ts";

const camera = lookDown(300, 300, heightOfLevel(0) * 1.01);

Deno.test("a caller's supply is closed and made again for the new device, with the right content", async () => {
  using owner = await requestDevice();
  for (const formats of kindsOf(owner)) {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, OPTIONS);
    const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
    const events: string[] = [];
    const made: { host: SupplyHost; supply: DrawnSupply }[] = [];
    const drawn = await system.addTexture(describeDrawn(world, formats), (host) => {
      const supply = drawnSupply({ ...host, world, formats });
      const number = made.push({ host, supply });
      events.push(`make ${number}`);
      return { ...supply, close: () => void events.push(`close ${number}`) };
    });
    const shown = new ShownChanges(world);
    const random = seededRandom(5);
    const check = (isSettled: boolean) =>
      checkDrawn(system, drawn, { world, camera, shown, isSettled });
    await system.update(camera);
    await check(true);
    for (let loss = 1; loss <= 4; loss++) {
      const [x, y] = [random() * 400, random() * 400];
      world.changeRect({ x0: x, y0: y, x1: x + 150, y1: y + 150 });
      system.invalidate(drawn, { x, y, width: 150, height: 150 });
      // Losses in the middle of what the update does.
      const updating = loss % 2 === 0 ? system.update(camera) : null;
      if (updating !== null) await pause();
      device.gpu.destroy();
      await updating;
      await check(false);
      await system.flush();
      await check(true);
      assert.equal(await wrongEntries(system), 0);
      checkMemory(system);
      assert.equal(made.length, loss + 1);
      assert.equal(made.at(-1)!.host.device.gpu, device.gpu);
      assert.equal(made.at(-2)!.supply.producer.heldTickets, 0, "every ticket was given back");
    }
    await system.unloadTexture(drawn);
    const lives = [1, 2, 3, 4, 5].flatMap((number) => [`make ${number}`, `close ${number}`]);
    assert.deepEqual(events, lives, "each is closed before the next is made");
  }
});

Deno.test("a supply that cannot be made again is lost alone, with its error", async () => {
  using device = await requestDevice();
  const errors: string[] = [];
  const logger = { ...OPTIONS.logger, error: (message: string) => void errors.push(message) };
  using system = new VirtualTextureSystem(device, { ...OPTIONS, logger });
  const formats = ["rgba8unorm", "r8unorm"] as const;
  const reason = new RangeError("only once");
  let calls = 0;
  const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
  const drawn = await system.addTexture(describeDrawn(world, formats), (host) => {
    if (calls++ > 0) throw reason;
    return drawnSupply({ ...host, world, formats });
  });
  const read = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  await system.update(camera);
  const heard: Renewal[] = [];
  system.subscribeRenewal((renewal) => heard.push(renewal));
  for (let loss = 1; loss <= 2; loss++) {
    device.gpu.destroy();
    await pause();
    await system.flush();
    assert.deepEqual(heard[loss - 1]!.lost, loss === 1 ? [{ texture: drawn, error: reason }] : []);
  }
  assert.equal(calls, 2);
  assert.equal(errors.length, 1);
  assert.match(errors[0]!, /drawn is lost with the device: only once/);
  assert.deepEqual(system.textures, [read]);
  assert.throws(() => system.invalidate(drawn), reason);
  assert.equal(await wrongEntries(system), 0);
  checkMemory(system);
});

Deno.test("a texture that is added while the device is lost gets a supply for the device that it joins", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const formats = ["rgba8unorm", "r8unorm"] as const;
  const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
  const events: string[] = [];
  const adding = system.addTexture(describeDrawn(world, formats), (host) => {
    events.push(host.device.health.isLost ? "lost" : "alive");
    if (events.length === 1) device.gpu.destroy();
    return { ...drawnSupply({ ...host, world, formats }), close: () => void events.push("close") };
  });
  const drawn = await adding;
  await system.update(camera);
  const shown = new ShownChanges(world);
  await checkDrawn(system, drawn, { world, camera, shown, isSettled: true });
  assert.deepEqual(events, ["alive", "close", "alive"]);
});
