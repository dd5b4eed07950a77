/**
 * A flight over a large texture whose reads arrive some frames late: pans, zooms, turns back and
 * teleports. Beside the system runs a plain LRU cache of as many slots, with the same wants and the
 * same latency, that may have any number of tiles in flight.
 *
 * @module
 */

import { type CameraView, lookAt, perspective } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import {
  type StreamedTexture,
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../src/streaming/mod.ts";
import { TileReason } from "../../src/tiles/mod.ts";
import { flatSource } from "./flat_source.ts";
import { insideOf } from "./inside.ts";
import { ControlledSource, pause } from "./sources.ts";

/** Frames of the flight: three rounds of the same legs in different places. */
export const FLIGHT_FRAMES = 1080;
/** Edge of the texture in texels. */
export const FLIGHT_SIZE = 2 ** 15;

const ROUND_FRAMES = 360;
const VIEWPORT: readonly [number, number] = [1280, 720];
const FOV_DEGREES = 60;
/** Level of most of the flight; a pixel covers 2^level texels. */
const LEVEL = 0.4;

/** What the camera does in a frame. */
export interface FlightFrame {
  readonly camera: CameraView;
  /** Whether it was somewhere else in the frame before. */
  readonly isTeleport: boolean;
}

function lookDown(x: number, y: number, level: number): CameraView {
  const [width, height] = VIEWPORT;
  const z = 2 ** level * height / 2 / Math.tan(FOV_DEGREES * Math.PI / 360);
  return {
    position: [x, y, z],
    view: lookAt([x, y, z], [x, y, 0], { up: [0, -1, 0] }),
    projection: perspective({
      fovYDegrees: FOV_DEGREES,
      aspect: width / height,
      near: 1,
      far: 1e7,
    }),
    viewport: VIEWPORT,
  };
}

/** A frame of the flight: a pan, a zoom out and back in, the way back, a teleport and a rest. */
export function flightFrame(frame: number): FlightFrame {
  const leg = frame % ROUND_FRAMES;
  const start = 3000 * Math.floor(frame / ROUND_FRAMES);
  const isTeleport = leg === 320 || (leg === 0 && frame > 0);
  const at = (x: number, level = LEVEL) => lookDown(x + start, 5000 + start, level);
  if (leg < 120) return { camera: at(4000 + 25 * leg), isTeleport };
  if (leg < 200) {
    return { camera: at(7000, LEVEL + 2.2 * Math.sin((leg - 120) / 80 * Math.PI)), isTeleport };
  }
  if (leg < 320) return { camera: at(7000 - 25 * (leg - 200)), isTeleport };
  return { camera: lookDown(20000 - start, 22000, LEVEL), isTeleport };
}

/** Lets reads finish some frames after they began. */
class LateReads {
  /** Most reads that were going on at a time. */
  mostAtOnce = 0;
  readonly #lateFrames: number;
  readonly #due = new Map<number, (() => void)[]>();
  #frame = 0;
  #count = 0;

  constructor(lateFrames: number) {
    this.#lateFrames = lateFrames;
  }

  readonly begin = (): Promise<void> => {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#count);
    const frame = this.#frame + this.#lateFrames;
    const { promise, resolve } = Promise.withResolvers<void>();
    const due = this.#due.get(frame);
    if (due === undefined) this.#due.set(frame, [resolve]);
    else due.push(resolve);
    return promise;
  };

  /** Begins a frame. */
  beginFrame(frame: number): void {
    this.#frame = frame;
    this.#finish(frame);
  }

  #finish(frame: number): void {
    const due = this.#due.get(frame) ?? [];
    this.#due.delete(frame);
    this.#count -= due.length;
    for (const finish of due) finish();
  }

  /** Finishes everything. */
  end(): void {
    for (const frame of [...this.#due.keys()]) this.#finish(frame);
  }
}

/** Hits, misses and how long after a teleport everything was there. */
class Score {
  hits = 0;
  misses = 0;
  /** Frames from each teleport until nothing was missing; one that never came is infinite. */
  readonly framesToSharp: number[] = [];
  #since = -1;

  add(frame: number, counts: { hits: number; misses: number; isTeleport: boolean }): void {
    this.hits += counts.hits;
    this.misses += counts.misses;
    if (counts.isTeleport) this.end(frame);
    if (this.#since === -1 || counts.misses > 0) return;
    this.framesToSharp.push(frame - this.#since);
    this.#since = -1;
  }

  end(frame: number): void {
    if (this.#since !== -1) this.framesToSharp.push(Infinity);
    this.#since = frame;
  }

  get hitRate(): number {
    return this.hits / (this.hits + this.misses);
  }
}

/** Least recently used goes first, and nothing else matters. */
class PlainLru {
  readonly #slots: number;
  readonly #lateFrames: number;
  readonly #resident = new Set<number>();
  readonly #arriving = new Map<number, number>();

  constructor(slots: number, lateFrames: number) {
    this.#slots = slots;
    this.#lateFrames = lateFrames;
  }

  /** Uses tiles in a frame. */
  use(frame: number, tiles: readonly number[]): { hits: number; misses: number } {
    for (const [tile, at] of this.#arriving) {
      if (at > frame) continue;
      this.#arriving.delete(tile);
      if (this.#resident.size >= this.#slots) this.#resident.delete(first(this.#resident));
      this.#resident.add(tile);
    }
    let hits = 0;
    for (const tile of tiles) {
      if (this.#resident.delete(tile)) {
        this.#resident.add(tile);
        hits++;
      } else if (!this.#arriving.has(tile)) this.#arriving.set(tile, frame + this.#lateFrames);
    }
    return { hits, misses: tiles.length - hits };
  }
}

function first(tiles: Set<number>): number {
  for (const tile of tiles) return tile;
  return -1;
}

/** Tiles that the last update saw and the tail does not hold. */
function seenTiles(texture: StreamedTexture): number[] {
  const { wants, residency } = insideOf(texture);
  const seen: number[] = [];
  for (let i = 0; i < wants.count; i++) {
    const tile = wants.tiles[i]!;
    if (wants.reasons[i] === TileReason.visible && !residency.isTail(tile)) seen.push(tile);
  }
  return seen;
}

/** How a flight is flown. */
export interface FlightOptions {
  readonly maxMemoryBytes: number;
  /** Frames from a request to its tile; default 3. */
  readonly lateFrames?: number;
  /** Other options of the system. */
  readonly settings?: VirtualTextureSystemOptions;
  /** Called after each update. */
  readonly afterUpdate?: (system: VirtualTextureSystem, frame: number) => void;
}

/** What came of a flight. */
export interface FlightResult {
  /** Slots beside the pinned ones. */
  readonly slots: number;
  /** Part of the tiles seen that were there. */
  readonly hitRate: number;
  /** Frames from each teleport to a picture without a missing tile. */
  readonly framesToSharp: readonly number[];
  /** The same of a plain LRU cache. */
  readonly lru: { readonly hitRate: number; readonly framesToSharp: readonly number[] };
  /** Mean bias in levels. */
  readonly meanBias: number;
  /** Most reads that were going on at a time. */
  readonly mostReads: number;
  /** Most bytes that counted against the budget. */
  readonly peakBytes: number;
}

/** Flies. */
export async function fly(device: ForgeDevice, options: FlightOptions): Promise<FlightResult> {
  const { maxMemoryBytes, lateFrames = 3, settings, afterUpdate } = options;
  using system = new VirtualTextureSystem(device, {
    feedbackInterval: 0,
    ...settings,
    maxMemoryBytes,
  });
  const source = new ControlledSource(flatSource(FLIGHT_SIZE, "bc7-rgba-unorm"));
  const texture = await system.loadTexture(source);
  const reads = new LateReads(lateFrames);
  source.before = reads.begin;
  const slots = insideOf(texture).pool.residency.streamingCapacity;
  const lru = new PlainLru(slots, lateFrames);
  const score = new Score();
  const lruScore = new Score();
  let bias = 0;
  for (let frame = 0; frame < FLIGHT_FRAMES; frame++) {
    const { camera, isTeleport } = flightFrame(frame);
    reads.beginFrame(frame);
    await pause();
    const { cacheHits: hits } = system.updateNow(camera);
    const seen = seenTiles(texture);
    // A tile that is missing still counts here in every frame, and in the statistics once.
    score.add(frame, { hits, misses: seen.length - hits, isTeleport });
    lruScore.add(frame, { ...lru.use(frame, seen), isTeleport });
    bias += system.getStatistics().mipBias;
    afterUpdate?.(system, frame);
  }
  score.end(FLIGHT_FRAMES);
  reads.end();
  return {
    slots,
    hitRate: score.hitRate,
    framesToSharp: score.framesToSharp,
    lru: { hitRate: lruScore.hitRate, framesToSharp: lruScore.framesToSharp },
    meanBias: bias / FLIGHT_FRAMES,
    mostReads: reads.mostAtOnce,
    peakBytes: system.peakMemory,
  };
}
