import assert from "node:assert/strict";
import { DeviceError } from "../../src/errors.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { seededRandom } from "../helpers/random.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { checkMemory, wrongEntries, wrongSlots } from "./checks.ts";
import { addFaults, appErrors, delayReports } from "./faulty_gpu.ts";
import { checkPlaces } from "./pictures.ts";
import { erraticSource, step, type World } from "./random_steps.ts";
import { mapSource, pause } from "./sources.ts";

const MIB = 2 ** 20;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

interface RunOptions {
  readonly seed: number;
  readonly steps: number;
  /** Probability that a call of the GPU fails. */
  readonly faults: number;
  /** Turns of the event loop by which reports come late, at most. */
  readonly lateTurns?: number;
  /** Breaks something on purpose. */
  readonly sabotage?: (device: ForgeDevice, gpu: GPUDevice) => void;
}

/** Runs an operation that may be refused, but with nothing but a DeviceError. */
async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(error instanceof DeviceError, `${error}`);
    return null;
  }
}

/**
 * Runs random operations on a device whose calls fail, beside an application that makes errors of its
 * own. Pictures are checked throughout, tables and slots whenever everything has settled.
 */
async function run(options: RunOptions): Promise<{ failures: number; landed: number }> {
  const { seed, steps, faults: probability, lateTurns = 0 } = options;
  const random = seededRandom(seed);
  using owner = await requestDevice();
  const { gpu } = owner;
  const app = appErrors(gpu);
  const faults = addFaults(gpu, random);
  if (lateTurns > 0) delayReports(gpu, random, lateTurns);
  const device = adoptDevice(gpu);
  options.sabotage?.(device, gpu);
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 2 * MIB,
    tileSize: 64,
    tilesPerUpdate: 12,
    logger: quiet,
  });
  const emptyBytes = system.getMemoryInfo().usedMemory;
  const world: World = { system, random, seeds: seed };
  await system.loadTexture(erraticSource(world.seeds++, random));
  const settle = async () => {
    faults.probability = 0;
    await system.flush();
    checkMemory(system);
    assert.equal(await wrongEntries(system), 0, "page tables are those of a rebuild");
    assert.equal(await wrongSlots(system), 0, "slots hold the tiles that are mapped to them");
    const camera = lookDown(random() * 600, random() * 300, heightOfLevel(random() * 2));
    for (const texture of system.textures) {
      checkPlaces(await render(system, camera, { texture }), camera, texture);
    }
  };
  for (let i = 0; i < steps; i++) {
    // At times hardly anything works.
    faults.probability = random() < 0.1 ? 10 * probability : probability;
    await attempt(() => step(world));
    faults.probability = 0;
    checkMemory(system);
    if (random() < 0.3) app.make();
    if (random() < 0.25) {
      const camera = lookDown(random() * 600, random() * 300, heightOfLevel(random() * 2));
      const [texture] = system.textures;
      checkPlaces(await render(system, camera, { texture: texture! }), camera, texture!);
    }
    if (random() < 0.06) await settle();
  }
  await settle();
  for (const texture of system.textures) await system.unloadTexture(texture);
  checkMemory(system);
  assert.equal(system.getMemoryInfo().usedMemory, emptyBytes, "nothing that failed is held");
  await pause();
  assert.equal(app.heard, app.made, "the application hears of its errors, and of no others");
  assert.equal(app.prevented, 0, "and nobody has dealt with them");
  const failures = [...faults.counts.values()].reduce((sum, count) => sum + count, 0);
  return { failures, landed: system.getStatistics().tilesLoaded };
}

Deno.test("calls of the GPU that fail at random lose nothing, show nothing wrong and reach no other", async () => {
  for (const seed of [1, 2, 3]) {
    const { failures, landed } = await run({ seed, steps: 90, faults: 0.04 });
    assert.ok(failures > 3, `${failures} calls failed`);
    assert.ok(landed > 20, `${landed} tiles landed nevertheless`);
  }
});

Deno.test("reports that come turns later, as in browsers, change nothing", async () => {
  const { landed } = await run({ seed: 5, steps: 90, faults: 0, lateTurns: 4 });
  assert.ok(landed > 40, `${landed} tiles landed`);
  const { failures } = await run({ seed: 6, steps: 70, faults: 0.04, lateTurns: 3 });
  assert.ok(failures > 3, `${failures} calls failed`);
});

Deno.test("a failure that persists is a DeviceError that names the work; nothing is lost by it", async () => {
  using device = await requestDevice();
  const random = seededRandom(1);
  const faults = addFaults(device.gpu, random);
  const errors: string[] = [];
  const logger = { ...quiet, error: (message: string) => void errors.push(message) };
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * MIB,
    tileSize: 64,
    label: "terrain",
    logger,
  });
  const texture = await system.loadTexture(mapSource());
  const camera = lookDown(1000, 1100, heightOfLevel(0));
  faults.probability = 1;
  const calls: (() => Promise<unknown>)[] = [
    () => system.update(camera),
    () => system.update(camera, { timeBudgetMs: 1000 }),
    () => system.finishUpdate(),
    () => system.flush(),
    () => system.loadTexture(mapSource({ seed: 1 })),
    () => render(system, camera),
  ];
  for (const call of calls) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof DeviceError, `${call}: ${error}`);
      assert.match(error.message, /terrain|texture|room|pool|picture|upload/);
      return true;
    });
  }
  // Frames go on, and what they do is kept.
  for (let i = 0; i < 5; i++) system.updateNow(camera);
  system.evictTiles();
  system.noteRender();
  assert.equal(errors.length, 1, "an episode of failures is reported once");
  assert.equal(system.textures.length, 1);
  faults.probability = 0;
  await system.update(camera);
  assert.equal(await system.flush(), true);
  checkPlaces(await render(system, camera), camera, texture);
  assert.equal(await wrongEntries(system) + await wrongSlots(system), 0);
  await system.loadTexture(mapSource({ seed: 1 }));
});

Deno.test("a system that the device refuses at first is made again by the first load", async () => {
  for (let spoiled = 0; spoiled < 6; spoiled++) {
    using device = await requestDevice();
    const { gpu } = device;
    const { createBuffer } = gpu;
    let calls = 0;
    gpu.createBuffer = (descriptor) => {
      const usage = calls++ === spoiled
        ? GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE
        : descriptor.usage;
      return createBuffer.call(gpu, { ...descriptor, usage });
    };
    using system = new VirtualTextureSystem(device, { maxMemoryBytes: 4 * MIB, tileSize: 64 });
    const camera = lookDown(1000, 1100, heightOfLevel(0));
    const texture = await attempt(() => system.loadTexture(mapSource())) ??
      await system.loadTexture(mapSource());
    await system.update(camera);
    checkPlaces(await render(system, camera), camera, texture);
    assert.equal(device.health.uncapturedErrorCount, 0);
  }
});

/** How a run ends that must not pass: by a check. */
async function failsTheChecks(options: RunOptions): Promise<void> {
  await assert.rejects(run(options), assert.AssertionError);
}

Deno.test("negative control: a journal that is not told of failures fails the same checks", async () => {
  await failsTheChecks({
    seed: 1,
    steps: 60,
    faults: 0.04,
    sabotage(device) {
      const { guard } = device;
      device.guard = (label, work) => {
        const guarded = guard.call(device, label, work) as ReturnType<typeof guard<typeof work>>;
        return { value: guarded.value as never, error: Promise.resolve(null) };
      };
    },
  });
});

Deno.test("negative control: errors without a scope reach the application, and are noticed", async () => {
  await failsTheChecks({
    seed: 1,
    steps: 60,
    faults: 0.04,
    sabotage(device) {
      device.guard = (_label, work) => ({ value: work(), error: Promise.resolve(null) });
    },
  });
});

Deno.test("negative control: a health that deals with the application's errors is noticed", async () => {
  await failsTheChecks({
    seed: 1,
    steps: 20,
    faults: 0,
    sabotage(_device, gpu) {
      gpu.addEventListener("uncapturederror", (event) => event.preventDefault());
    },
  });
});
