/**
 * The cost of an update at virtual sizes 2^12, 2^15 and 2^18: with nothing to do, with a moving
 * camera whose tiles are all resident, and while tiles stream; and the bytes of JavaScript heap
 * that it allocates. Times are ratios to the smallest size's of the same round.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import { type CameraView, lookAt, perspective } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { blankSource } from "./blank_source.ts";

/** Repetitions of {@linkcode benchUpdates}. */
export interface UpdateCounts {
  /** Rounds, each with every kind of update at every size. */
  readonly rounds: number;
  /** Updates with nothing to do in a batch. */
  readonly idle: number;
  /** Updates with a moving camera in a batch. */
  readonly moving: number;
  /** Updates that stream in a batch. */
  readonly streaming: number;
}

const COUNTS: UpdateCounts = { rounds: 21, idle: 500, moving: 64, streaming: 4 };
/** Rounds that are not counted: they compile and warm up. */
const WARM_UP_ROUNDS = 4;
/** Times that each kind of update is measured in a round. */
const REPEATS = 4;
/** Measurements of the heap; those with a garbage collection in between are discarded. */
const HEAP_ROUNDS = 41;
const EXPONENTS = [12, 15, 18] as const;
const MIB = 1024 * 1024;
const VIEWPORT = [1280, 720] as const;
const LARGE_VIEWPORT = [2560, 1440] as const;
/** Budget of the systems in which everything is resident. */
const RESIDENT = { budgetMb: 64 };
/**
 * Budget of the systems that stream: room for the tiles of one direction, not for all of them; and
 * no more tiles in an update than can be in flight in the smallest, so that all do the same work.
 */
const STREAMING = { budgetMb: 6, tilesPerUpdate: 4 };
/**
 * Budget that each byte of page table takes, so that the same is left for atlases: other shares
 * grow.
 */
const TABLE_SHARE = 1.27;
/** Steps of a camera's way around. */
const STEPS = 32;
const FOV_DEGREES = 60;
/** Nearly flat: a larger texture has a few more coarse levels. */
const FLAT = 1.25;

/** Where cameras are, as a part of a texture's size: where tiles of no two levels meet, unlike in the middle. */
const PLACE = 3 / 7;

/** Cameras that look straight down between level 0 and 1, on a circle about a place. */
function circlingCameras(size: number, viewport: readonly [number, number]): CameraView[] {
  const aspect = viewport[0] / viewport[1];
  const projection = perspective({ fovYDegrees: FOV_DEGREES, aspect, near: 1, far: Infinity });
  const texelsPerPixel = Math.SQRT2;
  const height = texelsPerPixel * viewport[1] / 2 / Math.tan(FOV_DEGREES * Math.PI / 360);
  return Array.from({ length: STEPS }, (_, step) => {
    const angle = 2 * Math.PI * step / STEPS;
    const x = PLACE * size + 300 * Math.cos(angle);
    const y = PLACE * size + 300 * Math.sin(angle);
    const view = lookAt([x, y, height], [x, y, 0]);
    return { position: [x, y, height], view, projection, viewport };
  });
}

/**
 * Cameras that stay above a place and turn step by step, looking down by 45°. They see different
 * tiles, and as they do not move, nothing is loaded ahead.
 */
function turningCameras(size: number): CameraView[] {
  const projection = perspective({
    fovYDegrees: 40,
    aspect: VIEWPORT[0] / VIEWPORT[1],
    near: 1,
    far: Infinity,
  });
  const position = [PLACE * size, PLACE * size, 500];
  return Array.from({ length: 2 * STEPS }, (_, step) => {
    const angle = Math.PI * step / STEPS;
    const target = [position[0]! + 500 * Math.cos(angle), position[1]! + 500 * Math.sin(angle), 0];
    return {
      position,
      view: lookAt(position, target, { up: [0, 0, 1] }),
      projection,
      viewport: VIEWPORT,
    };
  });
}

/** A system with one blank texture, whose page table comes on top of the budget. */
async function createSystem(
  device: ForgeDevice,
  size: number,
  options: { budgetMb: number; tilesPerUpdate?: number },
): Promise<VirtualTextureSystem> {
  const { budgetMb, tilesPerUpdate = 64 } = options;
  const source = blankSource(size);
  const system = new VirtualTextureSystem(device, {
    maxMemoryBytes: budgetMb * MIB + TABLE_SHARE * 4 * source.grid.tileCount,
    tilesPerUpdate,
    label: `bench ${size}`,
  });
  await system.loadTexture(source);
  return system;
}

/** Goes round twice, so that every tile on the way is resident. */
async function settle(system: VirtualTextureSystem, cameras: readonly CameraView[]) {
  for (let step = 0; step < 2 * cameras.length; step++) {
    await system.update(cameras[step % cameras.length]!);
  }
}

/** The systems of one virtual size. */
class Subject {
  readonly size: number;
  readonly resident: VirtualTextureSystem;
  readonly streaming: VirtualTextureSystem;
  readonly circling: readonly CameraView[];
  readonly turning: readonly CameraView[];
  tilesStreamed = 0;
  #step = 0;

  constructor(
    size: number,
    systems: { resident: VirtualTextureSystem; streaming: VirtualTextureSystem },
  ) {
    this.size = size;
    this.resident = systems.resident;
    this.streaming = systems.streaming;
    this.circling = circlingCameras(size, VIEWPORT);
    this.turning = turningCameras(size);
  }

  static async create(device: ForgeDevice, size: number): Promise<Subject> {
    const resident = await createSystem(device, size, RESIDENT);
    const streaming = await createSystem(device, size, STREAMING);
    const subject = new Subject(size, { resident, streaming });
    await settle(resident, subject.circling);
    await settle(streaming, subject.turning);
    return subject;
  }

  /** Milliseconds of an update with nothing to do. */
  timeIdle(count: number): number {
    const camera = this.circling[0]!;
    this.resident.updateNow(camera);
    this.resident.updateNow(camera);
    const startMs = performance.now();
    for (let i = 0; i < count; i++) this.resident.updateNow(camera);
    return (performance.now() - startMs) / count;
  }

  /** Milliseconds of an update with a moving camera. */
  timeMoving(count: number): number {
    let requested = 0;
    const startMs = performance.now();
    for (let i = 0; i < count; i++) {
      requested += this.resident.updateNow(this.circling[i % STEPS]!).tilesRequested;
    }
    const timeMs = (performance.now() - startMs) / count;
    if (requested > 0) throw new Error(`${requested} tiles were not resident at ${this.size}`);
    return timeMs;
  }

  /** Milliseconds of an update that streams; between two of them its tiles are read. */
  async timeStreaming(count: number): Promise<number> {
    let timeMs = 0;
    for (let i = 0; i < count; i++) {
      const camera = this.turning[this.#step++ % this.turning.length]!;
      const startMs = performance.now();
      const result = this.streaming.updateNow(camera);
      timeMs += performance.now() - startMs;
      this.tilesStreamed += result.tilesLoaded;
      await this.streaming.device.submits.wait();
    }
    return timeMs / count;
  }

  close(): void {
    this.resident.close();
    this.streaming.close();
  }
}

/** Samples of one kind of update, by size. */
type Samples = Record<"idle" | "moving" | "streaming", number[][]>;

/** Times each size in turn, several times, and keeps the shortest: other work only adds time. */
async function shortestTimes(
  order: readonly number[],
  time: (index: number) => number | Promise<number>,
): Promise<number[]> {
  const shortest = order.map(() => Infinity);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const i of order) shortest[i] = Math.min(shortest[i]!, await time(i));
  }
  return shortest;
}

async function measureRound(
  subjects: readonly Subject[],
  options: { samples: Samples; counts: UpdateCounts; backwards: boolean },
): Promise<void> {
  const { samples, counts, backwards } = options;
  const order = subjects.map((_, i) => i);
  // Every other round backwards, so that no size always follows the same one.
  if (backwards) order.reverse();
  const times = {
    idle: await shortestTimes(order, (i) => subjects[i]!.timeIdle(counts.idle)),
    moving: await shortestTimes(order, (i) => subjects[i]!.timeMoving(counts.moving)),
    streaming: await shortestTimes(order, (i) => subjects[i]!.timeStreaming(counts.streaming)),
  };
  for (const kind of ["idle", "moving", "streaming"] as const) {
    for (const i of order) samples[kind][i]!.push(times[kind][i]!);
  }
}

/** Ratios of each larger size to the smallest, and the smallest's own time. */
function timeMetrics(samples: Samples): Record<string, BenchMetric> {
  const metrics: Record<string, BenchMetric> = {};
  for (const [kind, bySize] of Object.entries(samples)) {
    const base = bySize[0]!;
    metrics[`${kind}_2^${EXPONENTS[0]}`] = summarize(base.map((ms) => ms * 1000), { unit: "µs" });
    for (const [i, exponent] of EXPONENTS.entries()) {
      if (i === 0) continue;
      const ratios = bySize[i]!.map((ms, round) => ms / base[round]!);
      metrics[`${kind}_2^${exponent}_vs_2^${EXPONENTS[0]}`] = summarize(ratios, {
        unit: "ratio",
        target: FLAT,
        aim: 1.1,
      });
    }
  }
  return metrics;
}

/** Bytes that each of several updates allocates; negative after a garbage collection. */
function allocatedPerUpdate(count: number, update: () => void): number {
  const before = Deno.memoryUsage();
  for (let i = 0; i < count; i++) update();
  const after = Deno.memoryUsage();
  return (after.heapUsed - before.heapUsed + after.external - before.external) / count;
}

/**
 * Heap that an update allocates, and what each tile in view adds to it: the difference between a
 * large and a small viewport.
 */
async function measureHeap(
  device: ForgeDevice,
  { moving }: UpdateCounts,
): Promise<Record<string, BenchMetric>> {
  const size = 2 ** 15;
  const smallCameras = circlingCameras(size, VIEWPORT);
  const largeCameras = circlingCameras(size, LARGE_VIEWPORT);
  using small = await createSystem(device, size, RESIDENT);
  using large = await createSystem(device, size, RESIDENT);
  await settle(small, smallCameras);
  await settle(large, largeCameras);
  let step = 0;
  const moveSmall = () => small.updateNow(smallCameras[step++ % STEPS]!);
  const moveLarge = () => large.updateNow(largeCameras[step++ % STEPS]!);
  const idle = () => small.updateNow(smallCameras[0]!);
  const moreTiles = moveLarge().tilesWanted - moveSmall().tilesWanted;
  // Interpreted code allocates numbers; it is compiled after some thousand calls.
  for (let i = 0; i < WARM_UP_ROUNDS * REPEATS * moving; i++) {
    moveSmall();
    moveLarge();
  }
  const bytes = { idle: [] as number[], moving: [] as number[], perTile: [] as number[] };
  for (let round = 0; round < HEAP_ROUNDS; round++) {
    const few = allocatedPerUpdate(STEPS, moveSmall);
    const many = allocatedPerUpdate(STEPS, moveLarge);
    const none = allocatedPerUpdate(STEPS, idle);
    if (none >= 0) bytes.idle.push(none);
    if (few < 0 || many < 0) continue;
    bytes.moving.push(few);
    bytes.perTile.push((many - few) / moreTiles);
  }
  return {
    idle_heap: summarize(bytes.idle, { unit: "bytes" }),
    moving_heap: summarize(bytes.moving, { unit: "bytes" }),
    moving_heap_per_tile: summarize(bytes.perTile, { unit: "bytes", target: 1 }),
  };
}

/** Fraction by which the tiles of two sizes may differ: positions round differently. */
const STREAMED_TOLERANCE = 0.05;

/** Measures updates. */
export async function benchUpdates(
  device: ForgeDevice,
  counts: UpdateCounts = COUNTS,
): Promise<BenchResult> {
  const heap = await measureHeap(device, counts);
  const subjects: Subject[] = [];
  try {
    for (const exponent of EXPONENTS) subjects.push(await Subject.create(device, 2 ** exponent));
    const empty = () => subjects.map(() => [] as number[]);
    const samples: Samples = { idle: empty(), moving: empty(), streaming: empty() };
    const warmUp: Samples = { idle: empty(), moving: empty(), streaming: empty() };
    for (let round = -WARM_UP_ROUNDS; round < counts.rounds; round++) {
      await measureRound(subjects, {
        samples: round < 0 ? warmUp : samples,
        counts,
        backwards: round % 2 !== 0,
      });
    }
    const [first, ...others] = subjects;
    const most = first!.tilesStreamed * (1 + STREAMED_TOLERANCE);
    const least = first!.tilesStreamed * (1 - STREAMED_TOLERANCE);
    if (!others.every(({ tilesStreamed: n }) => n >= least && n <= most)) {
      const streamed = subjects.map(({ tilesStreamed }) => tilesStreamed).join(", ");
      throw new Error(`Cannot compare sizes as they streamed ${streamed} tiles`);
    }
    const updates = (counts.rounds + WARM_UP_ROUNDS) * REPEATS * counts.streaming;
    const tiles = summarize([first!.tilesStreamed / updates], { unit: "tiles" });
    return { metrics: { ...timeMetrics(samples), tiles_streamed_per_update: tiles, ...heap } };
  } finally {
    for (const subject of subjects) subject.close();
  }
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "update",
  description: "updates idle, moving and streaming at 2^12, 2^15 and 2^18 texels, and their heap",
  runBenchmark: ({ device }) => benchUpdates(device),
};
