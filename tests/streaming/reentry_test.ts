import assert from "node:assert/strict";
import { ReentryError } from "../../src/errors.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { Picture, render } from "../../src/scene/mod.ts";
import {
  type Logger,
  type StreamedTexture,
  type TextureDescription,
  VirtualTextureSystem,
} from "../../src/streaming/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";
import { withFolder } from "../helpers/temporary_folder.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { checkMemory } from "./checks.ts";
import { ControlledSource, mapSource } from "./sources.ts";
import { KINDS } from "./supply/drawn_pair.ts";
import { describeDrawn, drawnSupply } from "./supply/drawn_supply.ts";
import { DrawnWorld } from "./supply/drawn_world.ts";

const CAMERA = lookDown(1000, 1000, heightOfLevel(0));

/** Every call that a system takes, but for what only tells about it. */
function callsOf(
  system: VirtualTextureSystem,
  texture: StreamedTexture | undefined,
): Record<string, () => unknown> {
  const any = texture ?? system.textures[0]!;
  return {
    updateNow: () => system.updateNow(CAMERA),
    update: () => system.update(CAMERA, { timeBudgetMs: 1 }),
    finishUpdate: () => system.finishUpdate({ timeBudgetMs: 1 }),
    flush: () => system.flush(),
    prefetchRegion: () => system.prefetchRegion(any, { x: 0, y: 0, width: 9, height: 9 }),
    evictTiles: () => system.evictTiles(),
    invalidate: () => system.invalidate(any),
    setQualitySettings: () => system.setQualitySettings({}),
    noteRender: () => system.noteRender(),
    loadTexture: () => system.loadTexture(mapSource()),
    unloadTexture: () => system.unloadTexture(any),
    addTexture: () => system.addTexture({} as TextureDescription, () => null as never),
    assertOpen: () => system.assertOpen(),
    render: () => render(system, CAMERA),
  };
}

/** Makes every call and notes those that are not refused as a call from within. */
class CallsFromWithin {
  readonly refused = new Set<string>();
  readonly other: string[] = [];
  calls: Record<string, () => unknown> = {};
  readonly waits: Promise<void>[] = [];

  callAll(): void {
    for (const [name, call] of Object.entries(this.calls)) {
      try {
        const result = call();
        const wait = Promise.resolve(result).then(
          () => this.#note(name, null),
          (error) => this.#note(name, error),
        );
        this.waits.push(wait);
      } catch (error) {
        this.#note(name, error);
      }
    }
  }

  #note(name: string, error: unknown): void {
    if (!(error instanceof ReentryError)) {
      this.other.push(`${name}: ${error}`);
      return;
    }
    assert.match(error.message, /^Cannot use "virtual textures" in a function that it is calling/);
    this.refused.add(name);
  }

  async checkAll(): Promise<void> {
    await Promise.all(this.waits);
    assert.deepEqual(this.other, []);
    assert.deepEqual([...this.refused].sort(), Object.keys(this.calls).sort());
  }
}

Deno.test("calls in readTile are refused as such, and the system goes on as if there were none", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8 });
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  const within = new CallsFromWithin();
  within.calls = callsOf(system, texture);
  source.before = () => within.callAll();
  await system.update(CAMERA);
  source.before = null;
  await within.checkAll();
  assert.equal(await system.flush(), true);
  assert.equal(system.getStatistics().tilesFailed, 0);
  checkMemory(system);
  using plain = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8 });
  await plain.loadTexture(mapSource());
  await plain.update(CAMERA);
  await plain.flush();
  const { bytesRead: _, ...wanted } = plain.getStatistics();
  const { bytesRead: __, ...found } = system.getStatistics();
  assert.deepEqual(found, wanted);
});

Deno.test("calls in a producer, a recorder and a clock are refused as such", async () => {
  const world = new DrawnWorld(new TileGrid(2048, 2048, 64));
  const formats = KINDS[0]!;
  const places = ["request", "takeFinishedTiles", "record", "clock"] as const;
  for (const place of places) {
    const within = new CallsFromWithin();
    let isOn = false;
    const call = (at: string) => {
      if (!isOn || at !== place) return;
      isOn = false;
      within.callAll();
    };
    const clock = () => {
      call("clock");
      return performance.now();
    };
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 16, clock });
    const texture = await system.addTexture(describeDrawn(world, formats), (host) => {
      const supply = drawnSupply({ ...host, world, formats });
      const { producer, recorder } = supply;
      const { request, takeFinishedTiles } = producer;
      producer.request = (...args) => (call("request"), request.apply(producer, args));
      producer.takeFinishedTiles = (
        ...args
      ) => (call("takeFinishedTiles"), takeFinishedTiles.apply(producer, args));
      const { record } = recorder;
      recorder.record = (...args) => (call("record"), record.apply(recorder, args));
      return supply;
    });
    within.calls = callsOf(system, texture);
    isOn = true;
    system.updateNow(CAMERA);
    system.updateNow(CAMERA);
    assert.equal(isOn, false, `${place} was called`);
    await within.checkAll();
    await system.flush();
    checkMemory(system);
  }
});

Deno.test("calls in a logger are refused as such", async () => {
  const within = new CallsFromWithin();
  let warnings = 0;
  const warn = () => {
    if (warnings++ === 0) within.callAll();
  };
  const logger: Logger = { debug() {}, info() {}, error() {}, warn };
  using device = await requestDevice();
  // So little memory that a frame warns of it.
  const little = { tileSize: 64, maxMemoryBytes: 1.5 * 2 ** 20, logger };
  using system = new VirtualTextureSystem(device, little);
  within.calls = callsOf(system, await system.loadTexture(mapSource()));
  const camera = lookDown(600, 1000, 3 * heightOfLevel(0.1));
  system.updateNow({ ...camera, viewport: [480, 270] });
  assert.equal(warnings, 1);
  await within.checkAll();
  assert.equal(typeof await system.flush(), "boolean");
  checkMemory(system);
});

Deno.test("calls in onProgress and makeSupply work", async () => {
  await withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8, cacheFolder });
    const texture = await system.loadTexture(mapSource());
    const png = await new Picture(70, 50, new Uint8Array(70 * 50 * 4).fill(99)).toPng();
    let calls = 0;
    const callSome = () => {
      calls++;
      system.updateNow(CAMERA);
      system.prefetchRegion(texture, { x: 0, y: 0, width: 9, height: 9 });
      system.evictTiles(texture);
      system.setQualitySettings({});
      system.noteRender();
    };
    await system.loadTexture(png, { onProgress: callSome });
    assert.ok(calls > 0);
    const world = new DrawnWorld(new TileGrid(300, 200, 64));
    await system.addTexture(describeDrawn(world, KINDS[0]!), (host) => {
      callSome();
      return drawnSupply({ ...host, world, formats: KINDS[0]! });
    });
    assert.equal(await system.flush(), true);
    checkMemory(system);
  });
});

Deno.test("a system that is closed in readTile ends with the frame, and frees everything", async () => {
  using device = await requestDevice();
  const before = device.submits.lastSubmitted;
  const system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8 });
  const source = new ControlledSource();
  await system.loadTexture(source);
  source.before = () => system.close();
  system.updateNow(CAMERA);
  assert.equal(source.closed, true);
  assert.throws(() => system.updateNow(CAMERA), { name: "DisposedError" });
  await device.submits.wait();
  assert.equal(system.getMemoryInfo().usedMemory, 0);
  assert.ok(device.submits.lastSubmitted >= before);
});

Deno.test("calls of a function that has awaited something work", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 8 });
  const source = new ControlledSource();
  await system.loadTexture(source);
  let tiles = 0;
  source.before = async () => {
    await Promise.resolve();
    system.updateNow(CAMERA);
    tiles++;
  };
  await system.update(CAMERA);
  source.before = null;
  assert.ok(tiles > 0);
  assert.equal(await system.flush(), true);
  checkMemory(system);
});
