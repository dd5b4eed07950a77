import { deepEqual, equal, ok } from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";
import { lookDown } from "../cameras.ts";
import { mapSource } from "../sources.ts";

/** Labels of the buffers that are written while a function runs, sorted. */
function writtenBy(gpu: GPUDevice, run: () => void): string[] {
  const { queue } = gpu;
  const writeBuffer = queue.writeBuffer.bind(queue);
  const labels: string[] = [];
  queue.writeBuffer = (...given: Parameters<typeof writeBuffer>) => {
    labels.push(given[0].label);
    return writeBuffer(...given);
  };
  try {
    run();
  } finally {
    queue.writeBuffer = writeBuffer;
  }
  return labels.sort();
}

Deno.test("a frame that is drawn writes one head for each pool, and textures when their settings change", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 16 * 2 ** 20, tileSize: 64 });
  for (let i = 0; i < 3; i++) await system.loadTexture(mapSource());
  await system.update(lookDown(300, 300, 500));
  equal(await system.flush(), true);
  const note = () => system.noteRender([160, 90]);
  note();
  const rest = writtenBy(device.gpu, note);
  equal(rest.length, 1, rest.join());
  equal(rest[0]!.startsWith("slot frames"), true);
  system.setQualitySettings({ lodScale: 0.5 });
  const changed = writtenBy(device.gpu, note);
  deepEqual([changed.length, changed.filter((label) => label.endsWith("parameters")).length], [
    4,
    3,
  ]);
  equal(writtenBy(device.gpu, note).length, 1);
});

/** A system whose every tile in view is resident, and a frame of it at rest that draws. */
async function atRest(device: ForgeDevice, options: VirtualTextureSystemOptions, count = 1) {
  const system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 16 * 2 ** 20,
    tileSize: 64,
    ...options,
  });
  for (let i = 0; i < count; i++) await system.loadTexture(mapSource({ width: 256, height: 256 }));
  const camera = lookDown(128, 128, 100);
  await system.update(camera);
  equal(await system.flush(), true);
  const runFrame = () => {
    system.noteRender([160, 90]);
    system.updateNow(camera);
  };
  for (let i = 0; i < 10; i++) runFrame();
  return { system, runFrame };
}

Deno.test("a frame at rest writes nothing where neither feedback nor fading reads it", async () => {
  using device = await requestDevice();
  for (const [feedbackInterval, fadeFrames, writes] of [[0, 0, 0], [0, 8, 1], [1, 0, 1]] as const) {
    const { system, runFrame } = await atRest(device, { feedbackInterval, fadeFrames }, 5);
    equal(writtenBy(device.gpu, runFrame).length, writes);
    system.close();
  }
});

Deno.test("writes of a loop that never submits are submitted now and then", async () => {
  using device = await requestDevice();
  // Updates that never wait read no feedback back and so submit nothing else.
  const { system, runFrame } = await atRest(device, { gpuWaitShare: 0 });
  const before = device.submits.lastSubmitted;
  const written = writtenBy(device.gpu, () => {
    for (let i = 0; i < 1280; i++) runFrame();
  });
  equal(written.length, 1280);
  const submits = device.submits.lastSubmitted - before;
  ok(submits >= 9 && submits <= 11, `${submits} submits`);
  system.close();
});

/** Bytes by which the process grows while a function runs many times, with turns for others between. */
async function growthOf(runOnce: () => void, times: number): Promise<number> {
  for (let i = 0; i < 1000; i++) runOnce();
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < times; i++) {
    runOnce();
    if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return Deno.memoryUsage().rss - before;
}

Deno.test("20,000 frames at rest do not grow the process; writes without a submit would", async () => {
  using device = await requestDevice();
  const times = 20_000;
  const bound = 16 * 2 ** 20;
  for (const options of [{ gpuWaitShare: 0 }, { feedbackInterval: 0 }, { fadeFrames: 8 }]) {
    const { system, runFrame } = await atRest(device, options);
    const growth = await growthOf(runFrame, times);
    ok(growth < bound, `${growth} bytes with ${JSON.stringify(options)}`);
    system.close();
  }
  const { queue } = device.gpu;
  const buffer = device.gpu.createBuffer({ size: 8, usage: GPUBufferUsage.COPY_DST });
  const control = await growthOf(() => queue.writeBuffer(buffer, 0, new Uint32Array(2)), 3 * times);
  ok(control > bound, `${control} bytes of writes alone`);
  queue.submit([]);
  buffer.destroy();
});
