/**
 * What loading costs: one texture against writing its page table and its tail by hand, and many into
 * one pool against one.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import { type ForgeDevice, planPageTable, stagingBytes } from "../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { formatInfo, type TexelFormat } from "../../src/texels/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";
import { blankSource } from "./blank_source.ts";

/** Repetitions of {@linkcode benchLoads}. */
export interface LoadCounts {
  /** Loads of each size and format, and rounds of many loads. */
  readonly rounds: number;
  /** Textures that are loaded into one pool. */
  readonly many: number;
  /** Sizes of the textures that are loaded alone, as powers of two. */
  readonly exponents: readonly number[];
}

const COUNTS: LoadCounts = { rounds: 5, many: 256, exponents: [12, 14, 16, 18, 20] };
const FORMATS: readonly TexelFormat[] = ["rgba8unorm", "bc7-rgba-unorm", "r8unorm"];
const BUDGET_MB = 512;
const SLOT_TEXELS = 264;
/** In Deno waiting for the queue takes about 10 ms, even if it is empty. */
const FIXED_MS = 10;
const ONE_TARGET = 1.5;
/** For 256 loads, and in proportion for other numbers. */
const MANY_TARGET = 300 / 256;

/** Milliseconds that some loads take until the GPU is done with them. */
async function timedLoads(
  device: ForgeDevice,
  options: { exponent: number; format: TexelFormat; count: number },
): Promise<number> {
  const { queue } = device.gpu;
  const system = new VirtualTextureSystem(device, { maxMemoryMb: BUDGET_MB });
  try {
    await queue.onSubmittedWorkDone();
    const before = performance.now();
    for (let i = 0; i < options.count; i++) {
      await system.loadTexture(blankSource(2 ** options.exponent, options.format));
    }
    await queue.onSubmittedWorkDone();
    return performance.now() - before;
  } finally {
    system.close();
    await device.submits.wait();
  }
}

/** Milliseconds for a cleared page table and the tiles of a tail, each in a layer of its own. */
async function timedByHand(
  { gpu }: ForgeDevice,
  { exponent, format }: { exponent: number; format: TexelFormat },
): Promise<number> {
  const grid = new TileGrid(2 ** exponent, 2 ** exponent, 256);
  const tail = grid.levelCount - grid.tailLevel;
  const { width, height } = planPageTable(grid.tileCount, gpu.limits.maxTextureDimension2D);
  const tileBytes = stagingBytes([format], SLOT_TEXELS);
  const rows = Math.ceil(SLOT_TEXELS / formatInfo(format).blockTexels);
  await gpu.queue.onSubmittedWorkDone();
  const before = performance.now();
  const table = gpu.createTexture({
    label: "load bench table",
    format: "r32uint",
    size: [width, height],
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
  });
  const atlas = gpu.createTexture({
    label: "load bench atlas",
    format: format as GPUTextureFormat,
    size: [SLOT_TEXELS, SLOT_TEXELS, tail],
    usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.TEXTURE_BINDING,
  });
  const buffer = gpu.createBuffer({
    label: "load bench staging",
    size: tail * tileBytes,
    usage: GPUBufferUsage.COPY_SRC,
    mappedAtCreation: true,
  });
  new Uint8Array(buffer.getMappedRange()).fill(7);
  buffer.unmap();
  const encoder = gpu.createCommandEncoder({ label: "load bench" });
  encoder.beginRenderPass({
    colorAttachments: [{
      view: table.createView(),
      loadOp: "clear",
      storeOp: "store",
      clearValue: [7, 0, 0, 0],
    }],
  }).end();
  for (let layer = 0; layer < tail; layer++) {
    encoder.copyBufferToTexture(
      {
        buffer,
        offset: layer * tileBytes,
        bytesPerRow: tileBytes / rows,
        rowsPerImage: rows,
      },
      { texture: atlas, origin: [0, 0, layer] },
      [SLOT_TEXELS, SLOT_TEXELS],
    );
  }
  gpu.queue.submit([encoder.finish()]);
  await gpu.queue.onSubmittedWorkDone();
  const ms = performance.now() - before;
  for (const made of [table, atlas, buffer]) made.destroy();
  return ms;
}

/** Measures loads. */
export async function benchLoads(
  device: ForgeDevice,
  counts: LoadCounts = COUNTS,
  say: (text: string) => void = () => {},
): Promise<BenchResult> {
  const metrics: Record<string, BenchMetric> = {};
  const formats = FORMATS.filter((format) => device.supports(format));
  for (const format of formats) {
    for (const exponent of counts.exponents) {
      say(`${format} 2^${exponent}`);
      const ratios: number[] = [];
      await timedLoads(device, { exponent, format, count: 1 });
      for (let round = 0; round < counts.rounds; round++) {
        // Each follows a load: memory that one has just freed is used again, without page faults.
        const byHand = await timedByHand(device, { exponent, format });
        await timedLoads(device, { exponent, format, count: 1 });
        const load = await timedLoads(device, { exponent, format, count: 1 });
        ratios.push(Math.max(0, load - FIXED_MS) / byHand);
      }
      const name = `load_2^${exponent}_${format}_less_${FIXED_MS}_ms_vs_by_hand`;
      metrics[name] = summarize(ratios, { unit: "ratio", target: ONE_TARGET });
    }
  }
  say(`${counts.many} loads`);
  const ratios: number[] = [];
  const { many } = counts;
  const small = { exponent: 12, format: "r8unorm" } as const;
  for (let round = 0; round < Math.ceil(counts.rounds / 2); round++) {
    const ones: number[] = [];
    for (let i = 0; i < 5; i++) ones.push(await timedLoads(device, { ...small, count: 1 }));
    const one = ones.sort((a, b) => a - b)[2]!;
    ratios.push(await timedLoads(device, { ...small, count: many }) / one);
  }
  metrics[`${many}_loads_vs_1`] = summarize(ratios, {
    unit: "ratio",
    target: MANY_TARGET * many,
  });
  return { metrics };
}

/** Loads against writing by hand, and many against one. */
export const bench: Benchmark = {
  name: "load",
  description: "a load against writing its table and tail by hand, and 256 loads against one",
  runBenchmark: ({ device, say }) => benchLoads(device, COUNTS, say),
};
