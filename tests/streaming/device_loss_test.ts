import assert from "node:assert/strict";
import { DeviceError, DisposedError } from "../../src/errors.ts";
import { adoptDevice, requestDevice } from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { ControlledSource, mapSource, never, pause, settlesWithin } from "./sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0));
const options = { maxMemoryBytes: 4 * 2 ** 20, tileSize: 64 };

Deno.test("once a borrowed device is lost every call is a DeviceError, never a success", async () => {
  using owner = await requestDevice();
  const device = adoptDevice(owner.gpu);
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  await system.update(camera);
  device.gpu.destroy();
  await pause();
  const calls: (() => unknown)[] = [
    () => system.updateNow(camera),
    () => system.update(lookDown(10, 10, 80)),
    () => system.update(camera, { timeBudgetMs: 5 }),
    () => system.flush(),
    () => system.evictTiles(),
    () => system.loadTexture(mapSource()),
    () => system.loadTexture(mapSource({ format: "r8unorm" })),
    () => render(system, camera),
    () => new VirtualTextureSystem(device, options),
    () => system.unloadTexture(texture),
    () => system.renewed(),
  ];
  for (const call of calls) {
    const result = (async () => await call())();
    assert.ok(await settlesWithin(result, 1000), `${call} does not end`);
    await assert.rejects(result, DeviceError, `${call}`);
  }
});

Deno.test("a borrowed device that is lost while tiles are awaited ends the wait with a DeviceError", async () => {
  using owner = await requestDevice();
  const device = adoptDevice(owner.gpu);
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  await system.loadTexture(source);
  const reads: Promise<void>[] = [];
  source.before = () => {
    reads.push(pause(20));
    return reads.at(-1);
  };
  const waiting = assert.rejects(system.update(camera), DeviceError);
  await pause(2);
  device.gpu.destroy();
  await waiting;
  await Promise.all(reads);
});

type Call = (system: VirtualTextureSystem) => Promise<unknown>;

/** Calls that wait for a source that never answers. */
const WAITS: readonly Call[] = [
  (system) => system.update(camera),
  (system) => system.update(camera, { timeBudgetMs: 1e6 }),
  (system) => {
    system.updateNow(camera);
    return system.finishUpdate();
  },
  (system) => {
    system.updateNow(camera);
    return system.flush();
  },
  (system) => {
    const source = new ControlledSource(mapSource({ seed: 1 }));
    source.before = never;
    return system.loadTexture(source);
  },
];

Deno.test("a borrowed device that is lost while a source is silent ends every wait at once", async () => {
  const calls: readonly Call[] = [
    ...WAITS,
    (system) => {
      const picture = render(system, camera);
      system.device.gpu.destroy();
      return picture;
    },
  ];
  for (const call of calls) {
    using owner = await requestDevice();
    const device = adoptDevice(owner.gpu);
    using system = new VirtualTextureSystem(device, options);
    const source = new ControlledSource();
    await system.loadTexture(source);
    source.before = never;
    const result = call(system);
    result.catch(() => {});
    await pause(5);
    device.gpu.destroy();
    assert.ok(await settlesWithin(result, 1000), `${call} does not end`);
    await assert.rejects(result, DeviceError, `${call}`);
  }
});

Deno.test("negative control: while the device lives the same waits go on", async () => {
  for (const call of WAITS) {
    using device = await requestDevice();
    const system = new VirtualTextureSystem(device, options);
    const source = new ControlledSource();
    await system.loadTexture(source);
    source.before = never;
    const result = call(system);
    result.catch(() => {});
    assert.equal(await settlesWithin(result, 50), false, `${call}`);
    system.close();
    assert.ok(await settlesWithin(result, 1000), `${call} does not end`);
  }
});

Deno.test("closing a borrowed device ends the waits of its systems", async () => {
  using owner = await requestDevice();
  const device = adoptDevice(owner.gpu);
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  await system.loadTexture(source);
  source.before = never;
  const waiting = assert.rejects(system.update(camera), DisposedError);
  await pause(5);
  device.close();
  assert.ok(await settlesWithin(waiting, 1000));
  await waiting;
});

Deno.test("a system on a borrowed device leaves the device open", async () => {
  using owner = await requestDevice();
  const device = adoptDevice(owner.gpu);
  const system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  await system.update(camera);
  system.close();
  device.close();
  using again = new VirtualTextureSystem(owner, options);
  await again.loadTexture(mapSource());
  assert.ok((await again.update(camera)).tilesLoaded > 0);
});
