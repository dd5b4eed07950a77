import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown, PICTURE } from "../cameras.ts";
import { mapSource, pause } from "../sources.ts";

const MIB = 2 ** 20;
const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Calls made by `run` that hold up the thread in Deno until the GPU's queue is empty. */
function blockingCalls(device: ForgeDevice, run: () => void): number {
  const { queue } = device.gpu;
  const { mapAsync } = GPUBuffer.prototype;
  const onSubmittedWorkDone = queue.onSubmittedWorkDone.bind(queue);
  let calls = 0;
  GPUBuffer.prototype.mapAsync = function (...given) {
    calls++;
    return mapAsync.apply(this, given);
  };
  queue.onSubmittedWorkDone = () => {
    calls++;
    return onSubmittedWorkDone();
  };
  try {
    run();
  } finally {
    GPUBuffer.prototype.mapAsync = mapAsync;
    queue.onSubmittedWorkDone = onSubmittedWorkDone;
  }
  return calls;
}

/** Blocking calls of an update's frames on a flight that draws, with little memory for uploads. */
async function blockingCallsOfFlight(device: ForgeDevice, gpuWaitShare: number): Promise<number> {
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 2 * MIB,
    tileSize: 64,
    gpuWaitShare,
    logger,
  });
  await system.loadTexture(mapSource());
  let calls = 0;
  for (let frame = 0; frame < 60; frame++) {
    const camera = lookDown(100 + 30 * frame, 900, heightOfLevel(0));
    calls += blockingCalls(device, () => {
      system.updateNow(camera);
      system.noteRender(PICTURE);
    });
    await pause();
  }
  return calls;
}

Deno.test("with a share of 0 no update makes a call that blocks; with 1 they do", async () => {
  using device = await requestDevice();
  assert.equal(await blockingCallsOfFlight(device, 0), 0);
  assert.ok(await blockingCallsOfFlight(device, 1) > 10);
});

Deno.test("with a share of 0 updates that run out of upload memory say so once, and flush ends it", async () => {
  using device = await requestDevice();
  const warnings: string[] = [];
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 1.5 * MIB,
    tileSize: 64,
    gpuWaitShare: 0,
    logger: { ...logger, warn: (message) => warnings.push(message) },
  });
  await system.loadTexture(mapSource());
  for (let frame = 0; frame < 200; frame++) {
    system.updateNow(lookDown(64 + 9 * frame, 900, heightOfLevel(0)));
    await pause();
  }
  const starving = warnings.filter((message) => message.includes("gpuWaitShare"));
  assert.equal(starving.length, 1, warnings.join("; "));
  assert.equal(await system.flush(), true);
});

/** Tiles that a view still lacks which was drawn, while updates were told of another. */
async function tilesLacking(device: ForgeDevice, feedbackInterval: number): Promise<number> {
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * MIB,
    tileSize: 64,
    gpuWaitShare: 0,
    feedbackInterval,
    logger,
  });
  await system.loadTexture(mapSource());
  const drawn = lookDown(1500, 300, heightOfLevel(0));
  for (let i = 0; i < 6; i++) {
    await render(system, drawn);
    await system.update(lookDown(200, 1800, heightOfLevel(0)));
  }
  await system.flush();
  const { tilesLoaded } = system.getStatistics();
  await system.update(drawn);
  return system.getStatistics().tilesLoaded - tilesLoaded;
}

Deno.test("with a share of 0 the calls that wait bring feedback; without feedback tiles are missing", async () => {
  using device = await requestDevice();
  assert.ok(await tilesLacking(device, 1) <= 2);
  assert.ok(await tilesLacking(device, 0) > 4);
});
