import { deepEqual, equal } from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
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
