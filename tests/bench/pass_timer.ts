/**
 * Times GPU passes.
 *
 * @module
 */

import { type ForgeDevice, ReadbackBatch } from "../../src/gpu/mod.ts";

/** Records one pass, with timestamps at its beginning and end if they are given. */
export type RecordPass = (
  encoder: GPUCommandEncoder,
  timestampWrites: GPURenderPassTimestampWrites | null,
) => void;

/** Repetitions of a pass in one submit where the device has no timestamps. */
const BATCH_PASSES = 8;

/** Milliseconds of each pass: by timestamps, else by the wall clock over repeated passes. */
export function timePasses(device: ForgeDevice, passes: readonly RecordPass[]): Promise<number[]> {
  return device.features.has("timestamp-query")
    ? timeByTimestamps(device, passes)
    : timeByClock(device, passes);
}

async function timeByTimestamps(
  device: ForgeDevice,
  passes: readonly RecordPass[],
): Promise<number[]> {
  const { gpu, submits } = device;
  const count = 2 * passes.length;
  const querySet = gpu.createQuerySet({ type: "timestamp", count });
  const resolved = gpu.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  try {
    const encoder = gpu.createCommandEncoder();
    for (const [i, record] of passes.entries()) {
      record(encoder, {
        querySet,
        beginningOfPassWriteIndex: 2 * i,
        endOfPassWriteIndex: 2 * i + 1,
      });
    }
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
    submits.submit([encoder.finish()]);
    const batch = new ReadbackBatch(device, "timestamps");
    batch.addBuffer(resolved);
    const [bytes] = await batch.read();
    const stamps = new BigUint64Array(bytes!.buffer);
    return passes.map((_, i) => Number(stamps[2 * i + 1]! - stamps[2 * i]!) / 1e6);
  } finally {
    querySet.destroy();
    resolved.destroy();
  }
}

async function timeByClock(device: ForgeDevice, passes: readonly RecordPass[]): Promise<number[]> {
  const times: number[] = [];
  for (const record of passes) {
    await device.submits.wait();
    const start = performance.now();
    const encoder = device.gpu.createCommandEncoder();
    for (let i = 0; i < BATCH_PASSES; i++) record(encoder, null);
    device.submits.submit([encoder.finish()]);
    await device.submits.wait();
    times.push((performance.now() - start) / BATCH_PASSES);
  }
  return times;
}
