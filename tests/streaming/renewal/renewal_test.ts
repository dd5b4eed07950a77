import assert from "node:assert/strict";
import {
  DeviceError,
  DisposedError,
  InvalidArgumentError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import type { TileSource } from "../../../src/sources/mod.ts";
import { type Renewal, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { cameraAt, heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { ControlledSource, mapSource, never, pause, settlesWithin } from "../sources.ts";

const MIB = 2 ** 20;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const options = { maxMemoryBytes: 4 * MIB, tileSize: 64, logger: quiet };
const camera = lookDown(1000, 1100, heightOfLevel(0));

function isSamePicture(one: { data: Uint8Array }, other: { data: Uint8Array }): boolean {
  return one.data.join() === other.data.join();
}

Deno.test("after a loss the same picture is drawn, byte for byte, and nothing else has changed", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  await system.update(camera);
  const before = await render(system, camera);
  const { memoryUsed, activeTiles, tilesEvicted } = system.getStatistics();
  for (let loss = 1; loss <= 3; loss++) {
    device.gpu.destroy();
    assert.ok(isSamePicture(await render(system, camera), before), `loss ${loss}`);
    assert.deepEqual(system.textures, [texture]);
    const after = system.getStatistics();
    assert.deepEqual(
      [after.memoryUsed, after.activeTiles, after.tilesEvicted],
      [memoryUsed, activeTiles, tilesEvicted],
    );
    assert.ok(system.isRestored && !system.isRenewing);
    await checkEverything(system);
  }
});

Deno.test("a render loop goes on: updates do nothing while there is no device, and say so", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...options, tilesPerUpdate: 2 });
  await system.loadTexture(mapSource());
  await system.update(camera);
  const { tilesRequested } = system.getStatistics();
  device.gpu.destroy();
  await pause();
  assert.ok(system.isRenewing && !system.isRestored);
  const { tilesQueued, updateTimeMs: _time, ...rest } = system.updateNow(camera);
  assert.ok(tilesQueued >= 1);
  assert.ok(Object.values(rest).every((value) => value === 0 || value === false));
  assert.equal(system.getStatistics().tilesRequested, tilesRequested);
  let frames = 0;
  const counts = new Set<number>();
  for (; frames < 500; frames++) {
    const result = system.updateNow(camera);
    if (result.tilesQueued + result.tilesPending === 0 && system.isRestored) break;
    system.noteRender();
    await pause(2);
    if (device.health.isLost) continue;
    counts.add(system.getStatistics().activeTiles);
    await checkEverything(system);
  }
  assert.ok(frames < 500, "nothing but updateNow brings everything back");
  assert.ok(counts.size >= 4, `${[...counts]}: tables were right while content came, bit by bit`);
  await checkEverything(system);
});

/** Calls that wait for a source that is silent for a while. */
const WAITS: readonly ((system: VirtualTextureSystem) => Promise<unknown>)[] = [
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
  (system) => system.unloadTexture(system.textures[0]!),
  async (system) => {
    const texture = await system.loadTexture(slowly(mapSource({ seed: 1 }), pause(60)));
    assert.ok(system.textures.includes(texture));
  },
];

function slowly(inner: TileSource, gate: Promise<void>): ControlledSource {
  const source = new ControlledSource(inner);
  source.before = () => gate;
  return source;
}

Deno.test("waits for a silent source go on over losses, and end as they would have", async () => {
  for (const [i, wait] of WAITS.entries()) {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, options);
    const source = new ControlledSource();
    await system.loadTexture(source);
    const gate = Promise.withResolvers<void>();
    source.before = () => gate.promise;
    const waiting = wait(system);
    for (let loss = 1; loss <= 2; loss++) {
      await pause(5);
      device.gpu.destroy();
      await device.gpu.lost;
      await device.renewed();
    }
    if (i < 4) assert.equal(await settlesWithin(waiting, 30), false, `${wait}`);
    gate.resolve();
    await waiting;
    assert.equal(device.generation, 2);
    assert.equal(system.textures.length, i === 4 ? 0 : i === 5 ? 2 : 1);
    if (i < 4) assert.equal((await system.update(camera)).tilesLoaded, 0, `${wait}`);
    await system.flush();
    await checkEverything(system);
  }
});

Deno.test("an update with a time budget ends in time, whether there is a device or not", async () => {
  const { requestDevice: request } = GPUAdapter.prototype;
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  const { promise, resolve } = Promise.withResolvers<void>();
  GPUAdapter.prototype.requestDevice = async function (...args) {
    await promise;
    return await request.apply(this, args);
  };
  try {
    device.gpu.destroy();
    await pause();
    const start = performance.now();
    const result = await system.update(camera, { timeBudgetMs: 30 });
    assert.ok(performance.now() - start < 500);
    assert.ok(result.tilesQueued >= 1 && result.tilesLoaded === 0 && result.waited);
    await system.finishUpdate({ timeBudgetMs: 0 });
    const all = system.update(camera);
    assert.equal(await settlesWithin(all, 30), false, "one without waits for the device");
    resolve();
    assert.ok((await all).tilesLoaded > 0);
  } finally {
    GPUAdapter.prototype.requestDevice = request;
  }
});

Deno.test("listeners are told of the new device once, and bindings are new for it", async () => {
  using device = await requestDevice();
  const warnings: string[] = [];
  const errors: string[] = [];
  const logger = {
    ...quiet,
    warn: (message: string) => void warnings.push(message),
    error: (message: string) => void errors.push(message),
  };
  using system = new VirtualTextureSystem(device, { ...options, label: "terrain", logger });
  const { binding } = await system.loadTexture(mapSource());
  const heard: Renewal[] = [];
  system.subscribeRenewal(() => {
    throw new Error("a listener's own");
  });
  const unsubscribe = system.subscribeRenewal((renewal) => heard.push(renewal));
  const { generation, layout, group } = binding;
  device.gpu.destroy();
  await pause();
  await system.flush();
  assert.deepEqual(heard, [{ gpu: device.gpu, generation: 1, lost: [] }]);
  assert.equal(binding, system.textures[0]!.binding);
  assert.equal(binding.generation, generation + 1);
  assert.notEqual(binding.layout, layout);
  assert.notEqual(binding.group, group);
  // An object of another device would be an error.
  const { error } = device.guard("using the binding", () => {
    device.gpu.createPipelineLayout({ bindGroupLayouts: [binding.layout] });
    device.gpu.createBindGroup({
      layout: binding.layout,
      entries: binding.entries({ feedback: true }),
    });
  });
  assert.equal(await error, null);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^terrain: device lost: .*\. It was replaced, /);
  assert.equal(errors.length, 1, "the listener's");
  unsubscribe();
  device.gpu.destroy();
  await pause();
  await system.flush();
  assert.equal(heard.length, 1);
  assert.throws(() => system.subscribeRenewal(null as never), InvalidArgumentError);
  system.close();
  assert.throws(() => system.subscribeRenewal(() => {}), DisposedError);
});

Deno.test("systems that share a device share its renewal; a provider is asked once", async () => {
  const owners: ForgeDevice[] = [await requestDevice()];
  using device = adoptDevice(owners[0]!.gpu, {
    deviceProvider: async () => {
      owners.push(await requestDevice());
      return owners.at(-1)!.gpu;
    },
  });
  const systems = [0, 1, 2].map(() => new VirtualTextureSystem(device, options));
  try {
    for (const [seed, system] of systems.entries()) {
      await system.loadTexture(mapSource({ seed }));
      await system.update(camera);
    }
    const before = await Promise.all(systems.map((system) => render(system, camera)));
    device.gpu.destroy();
    const after = await Promise.all(systems.map((system) => render(system, camera)));
    for (const i of systems.keys()) assert.ok(isSamePicture(before[i]!, after[i]!));
    assert.equal(owners.length, 2);
    for (const system of systems) await checkEverything(system);
  } finally {
    for (const system of systems) system.close();
    for (const owner of owners) owner.close();
  }
});

Deno.test("a device that cannot be replaced is a DeviceError of every call, and ends every wait", async () => {
  using owner = await requestDevice();
  const reason = new Error("the user's own reason");
  using device = adoptDevice(owner.gpu, {
    deviceProvider: async () => {
      await pause(20);
      throw reason;
    },
  });
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  await system.update(camera);
  const source = new ControlledSource(mapSource({ seed: 1 }));
  source.before = never;
  const pending = [system.loadTexture(source), system.update(lookDown(10, 10, 80))];
  device.gpu.destroy();
  pending.push(system.flush() as never, render(system, camera) as never);
  const calls: (() => unknown)[] = [
    ...pending.map((promise) => () => promise),
    () => system.updateNow(camera),
    () => system.update(camera, { timeBudgetMs: 5 }),
    () => system.flush(),
    () => system.renewed(),
    () => system.evictTiles(),
    () => system.loadTexture(mapSource()),
    () => system.unloadTexture(texture),
    () => render(system, camera),
    () => new VirtualTextureSystem(device, options),
  ];
  for (const call of calls) {
    const result = (async () => await call())();
    assert.ok(await settlesWithin(result, 1000), `${call} does not end`);
    await assert.rejects(result, (error) => {
      assert.ok(error instanceof DeviceError, `${call}: ${error}`);
      assert.equal(error.cause, reason, `${call}: ${error}`);
      return true;
    });
  }
});

Deno.test("what a lost device had and the new one lacks is lost alone, with a typed error", async () => {
  const owners: ForgeDevice[] = [await requestDevice()];
  using device = adoptDevice(owners[0]!.gpu, {
    deviceProvider: async () => {
      const adapter = await navigator.gpu.requestAdapter();
      // No optional features, and so no BC formats.
      return await adapter!.requestDevice();
    },
  });
  using system = new VirtualTextureSystem(device, options);
  const sources = [mapSource(), mapSource({ format: "bc7-rgba-unorm", width: 640, height: 640 })];
  const controlled = sources.map((source) => new ControlledSource(source));
  const plain = await system.loadTexture(controlled[0]!, { origin: [600, 0, 0] });
  const compressed = await system.loadTexture(controlled[1]!);
  const wide = cameraAt([900, 500, 400], [900, 600, 0]);
  await system.update(wide);
  const before = await render(system, wide, { texture: plain });
  const heard: Renewal[] = [];
  system.subscribeRenewal((renewal) => heard.push(renewal));
  device.gpu.destroy();
  await pause();
  await system.flush();
  assert.deepEqual(system.textures, [plain]);
  assert.equal(heard.length, 1);
  const [lost] = heard[0]!.lost;
  assert.equal(lost!.texture, compressed);
  assert.ok(lost!.error instanceof UnsupportedError);
  assert.equal(lost!.error.feature, "bc7-rgba-unorm");
  assert.deepEqual(controlled.map(({ closed }) => closed), [false, true]);
  assert.throws(() => system.evictTiles(compressed), lost!.error);
  await assert.rejects(system.update(wide, { texture: compressed }), lost!.error);
  await assert.rejects(system.unloadTexture(compressed), lost!.error);
  await assert.rejects(
    system.loadTexture(mapSource({ format: "bc7-rgba-unorm" }), { preferredFormat: "RGBA8" }),
  );
  const after = await render(system, wide, { texture: plain });
  assert.ok(after.data.every((value, at) => Math.abs(value - before.data[at]!) <= 1));
  checkMemory(system);
  await system.unloadTexture(plain);
  device.gpu.destroy();
  owners[0]!.close();
});

Deno.test("closing a system while its device is renewed frees everything and ends every wait", async () => {
  for (const waitMs of [0, 1, 5, 20, 60]) {
    using device = await requestDevice();
    const system = new VirtualTextureSystem(device, options);
    const source = new ControlledSource();
    await system.loadTexture(source);
    await system.update(camera);
    device.gpu.destroy();
    await pause();
    const waits = [system.flush(), system.renewed(), system.loadTexture(mapSource())];
    const ended = Promise.allSettled(waits);
    await pause(waitMs);
    system.close();
    assert.ok(await settlesWithin(ended, 2000), `closed after ${waitMs} ms`);
    for (const result of await ended) {
      if (result.status === "rejected") assert.ok(result.reason instanceof DisposedError);
    }
    // The device is not the system's, and is renewed all the same.
    await device.renewed();
    await pause(20);
    await device.submits.wait();
    assert.equal(system.getMemoryInfo().usedMemory, 0);
    assert.ok(source.closed);
    using another = new VirtualTextureSystem(device, options);
    await another.loadTexture(mapSource());
  }
});

Deno.test("closing the device while it is renewed ends the waits of its systems", async () => {
  const device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  device.gpu.destroy();
  await pause();
  const waits = [system.flush(), render(system, camera), system.update(camera)];
  const ended = Promise.allSettled(waits);
  device.close();
  assert.ok(await settlesWithin(ended, 1000));
  for (const result of await ended) {
    assert.ok(result.status === "rejected" && result.reason instanceof DisposedError);
  }
});

Deno.test("a system can be made while its device is renewed, and what was changed meanwhile holds", async () => {
  using device = await requestDevice();
  using first = new VirtualTextureSystem(device, options);
  const texture = await first.loadTexture(mapSource());
  await first.update(camera);
  device.gpu.destroy();
  await pause();
  assert.throws(() => device.assertAlive(), DeviceError);
  using second = new VirtualTextureSystem(device, options);
  assert.ok(first.evictTiles() > 0);
  first.prefetchRegion(texture, { x: 0, y: 0, width: 100, height: 100 });
  first.setQualitySettings({ lodScale: 0.5 });
  first.invalidate(texture);
  await second.loadTexture(mapSource());
  await first.renewed();
  const { activeTiles } = first.getStatistics();
  assert.ok(activeTiles < 12, `${activeTiles}: the tail, and what was asked for ahead`);
  await first.update(camera);
  await second.update(camera);
  await checkEverything(first);
  await checkEverything(second);
});

Deno.test("a tile that cannot be read again is not waited for, and is tried again", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  await system.loadTexture(source);
  await system.update(camera);
  const before = await render(system, camera);
  source.before = () => {
    throw new Error("offline");
  };
  device.gpu.destroy();
  const empty = await render(system, camera);
  assert.ok(empty.data.every((value) => value === 0), "nothing wrong is shown");
  source.before = null;
  for (let i = 0; i < 20; i++) await system.update(lookDown(1000 + i / 16, 1100, heightOfLevel(0)));
  await system.update(camera);
  await system.flush();
  assert.ok(isSamePicture(await render(system, camera), before));
  await checkEverything(system);
});
