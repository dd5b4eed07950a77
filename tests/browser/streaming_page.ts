/**
 * What the browser test runs in a page: streams a KTX2 file from its bytes, and draws it.
 *
 * @module
 */

import {
  type CameraView,
  type ForgeDevice,
  initMemorySystem,
  lookAt,
  perspective,
  render,
  requestDevice,
  type StagingStats,
  type UpdateResult,
  VirtualTextureSystem,
} from "../../src/mod.ts";

/** What the page hands to the test. */
export interface PageResult {
  readonly adapter: string;
  readonly cold: UpdateResult;
  readonly settled: UpdateResult;
  readonly peakMemory: number;
  readonly totalBudget: number;
  /** A pixel of the right half, and one of the left half: RGBA. */
  readonly right: readonly number[];
  readonly left: readonly number[];
  readonly memoryAfterClose: number;
  /** Devices that took the place of lost ones. */
  readonly generation: number;
  /** Pictures after losses, before and in the middle of drawing, that differ from the one before. */
  readonly changedPictures: number;
  /** The same picture through staging rings: whether it differs, bytes that were written, numbers. */
  readonly rings: { readonly isOther: boolean; readonly bytes: number } & StagingStats;
}

/** Draws what `system` draws in a system whose tiles go through staging rings. */
async function drawThroughRings(
  device: ForgeDevice,
  { bytes, camera, wanted }: {
    readonly bytes: Uint8Array;
    readonly camera: Parameters<typeof render>[1] & CameraView;
    readonly wanted: Uint8Array;
  },
): Promise<PageResult["rings"]> {
  const memory = await initMemorySystem(device, {
    memoryPools: false,
    ringCount: 2,
    bufferSize: 8 * 72 * 512,
  });
  const { queue } = device.gpu;
  const writeBuffer = queue.writeBuffer.bind(queue);
  let written = 0;
  queue.writeBuffer = (buffer, ...rest) => {
    if (buffer.label.startsWith("staging ring")) written += rest[3] ?? 0;
    writeBuffer(buffer, ...rest);
    return undefined;
  };
  const system = new VirtualTextureSystem(device, { maxMemoryMb: 4, tileSize: 64 });
  await system.loadTexture(bytes);
  await system.update(camera);
  const { data } = await render(system, camera);
  system.close();
  const isOther = data.some((value, at) => value !== wanted[at]);
  return { isOther, bytes: written, ...memory.stagingStats() };
}

async function stream(): Promise<PageResult> {
  const bytes = new Uint8Array(await (await fetch("/picture.ktx2")).arrayBuffer());
  const device = await requestDevice();
  const system = new VirtualTextureSystem(device, { maxMemoryMb: 4, tileSize: 64 });
  await system.loadTexture(bytes);
  const position = [256, 256, 200];
  const camera = {
    position,
    view: lookAt(position, [256, 256, 0]),
    projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 1000 }),
    width: 128,
    height: 128,
    viewport: [128, 128],
  };
  const cold = await system.update(camera);
  const picture = await render(system, camera);
  await system.update(camera);
  const settled = await system.update(camera);
  let changedPictures = 0;
  for (const loss of [1, 2, 3, 4]) {
    device.gpu.destroy();
    if (loss % 2 === 0) await device.gpu.lost;
    const drawing = render(system, camera);
    if (loss === 3) device.gpu.destroy();
    const { data } = await drawing;
    if (data.some((value, at) => value !== picture.data[at])) changedPictures++;
  }
  const rings = await drawThroughRings(device, { bytes, camera, wanted: picture.data });
  const { totalBudget } = system.getMemoryInfo();
  const { peakMemory } = system;
  system.close();
  const memoryAfterClose = system.getMemoryInfo().usedMemory;
  const { name: adapter, generation } = device;
  device.close();
  return {
    adapter,
    cold,
    settled,
    peakMemory,
    totalBudget,
    right: [...picture.data.subarray(4 * (64 * 128 + 100), 4 * (64 * 128 + 101))],
    left: [...picture.data.subarray(0, 4)],
    memoryAfterClose,
    generation,
    changedPictures,
    rings,
  };
}

(globalThis as { result?: Promise<PageResult> }).result = stream();
