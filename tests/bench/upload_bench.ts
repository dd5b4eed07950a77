/**
 * What uploading tiles takes through staging rings, and by `writeTexture`, against one buffer for each
 * batch that is mapped when it is made.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import {
  Atlas,
  type ForgeDevice,
  initMemorySystem,
  MemoryLedger,
  memorySystemOf,
  requestDevice,
  slotBytes,
  stagingBytes,
  TileUploader,
} from "../../src/gpu/mod.ts";
import { formatInfo, type TexelFormat } from "../../src/texels/mod.ts";

const SHAPE = { tileSize: 256, border: 4 } as const;
const SLOT_TEXELS = 264;

/** A way to put tiles into the slots of an atlas, and to submit that. */
type Upload = (atlas: Atlas, payload: Uint8Array) => void;

function writeTextures(device: ForgeDevice, format: TexelFormat): Upload {
  const { blockTexels, blockBytes } = formatInfo(format);
  const rowsPerImage = SLOT_TEXELS / blockTexels;
  const layout = { bytesPerRow: rowsPerImage * blockBytes, rowsPerImage };
  return (atlas, payload) => {
    for (let slot = 0; slot < atlas.plan.slotCount; slot++) {
      const origin = [atlas.slotLeft(slot), atlas.slotTop(slot), atlas.slotLayer(slot)];
      const target = { texture: atlas.planes[0]!, origin };
      device.gpu.queue.writeTexture(target, payload as Uint8Array<ArrayBuffer>, layout, [
        SLOT_TEXELS,
        SLOT_TEXELS,
      ]);
    }
    device.submits.submit([]);
  };
}

function recordTiles(device: ForgeDevice, uploader: TileUploader): Upload {
  return (atlas, payload) => {
    const encoder = device.gpu.createCommandEncoder();
    const slots = Array.from({ length: atlas.plan.slotCount }, (_, slot) => slot);
    uploader.record(encoder, atlas, slots.map((slot) => ({ slot, payload: [payload] })));
    device.submits.submit([encoder.finish()]);
  };
}

async function timeOf(device: ForgeDevice, work: () => void): Promise<number> {
  await device.submits.wait();
  const start = performance.now();
  work();
  device.submits.waitNow();
  return performance.now() - start;
}

/** Measures batches of tiles of a format over some rounds. */
export async function benchUploads(
  device: ForgeDevice,
  { rounds, tiles, format }: { rounds: number; tiles: number; format: TexelFormat },
): Promise<BenchResult["metrics"]> {
  const ledger = new MemoryLedger(device.submits, 2 ** 30);
  const atlas = new Atlas(device, ledger, { formats: [format], ...SHAPE, wantedSlots: tiles });
  const payload = new Uint8Array(slotBytes([format], SLOT_TEXELS)).fill(7);
  const uploader = new TileUploader(device, ledger, { maxBytes: 2 ** 29 });
  const record = recordTiles(device, uploader);
  const write = writeTextures(device, format);
  const bufferSize = Math.ceil(tiles / 2) * stagingBytes([format], SLOT_TEXELS);
  const ratios = { rings: [] as number[], writes: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    memorySystemOf(device).close();
    const mappedMs = await timeOf(device, () => record(atlas, payload));
    const writeMs = await timeOf(device, () => write(atlas, payload));
    await initMemorySystem(device, { memoryPools: false, ringCount: 3, bufferSize });
    record(atlas, payload);
    const ringMs = await timeOf(device, () => record(atlas, payload));
    if (memorySystemOf(device).stagingStats().bufferStalls > 0) {
      throw new Error("Cannot measure uploads as tiles found no room in the rings");
    }
    ratios.rings.push(ringMs / mappedMs);
    ratios.writes.push(writeMs / mappedMs);
  }
  memorySystemOf(device).close();
  atlas.destroy();
  return {
    [`rings_${format}`]: summarize(ratios.rings, { unit: "ratio" }),
    [`write_texture_${format}`]: summarize(ratios.writes, { unit: "ratio" }),
  };
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "upload",
  description: "tiles through staging rings and by writeTexture against a mapped buffer a batch",
  async runBenchmark() {
    using device = await requestDevice();
    const metrics = {};
    for (const format of ["rgba8unorm", "bc7-rgba-unorm"] as const) {
      Object.assign(metrics, await benchUploads(device, { rounds: 15, tiles: 48, format }));
    }
    return { metrics };
  },
};
