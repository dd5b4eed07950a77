/**
 * The world of a soak: a device, a system that stays, one that comes and goes, and their textures.
 *
 * @module
 */

import assert from "node:assert/strict";
import { BudgetError, DeviceError, DisposedError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { checkMemory } from "../../streaming/checks.ts";
import { type TextureKind, TextureMaker } from "../textures/texture_maker.ts";
import { DeviceWatch, SignalWatch } from "./device_watch.ts";
import { type LoadedTexture, SoakSystem } from "./soak_system.ts";
import type { StepLog } from "./step_log.ts";
import { StepTrail } from "./step_trail.ts";
import { Ticks } from "./ticks.ts";

const MIB = 2 ** 20;

/** Options of the system that stays. */
const MAIN_OPTIONS = {
  maxMemoryBytes: 8 * MIB,
  tileSize: 64,
  tilesPerUpdate: 12,
  label: "main",
} as const;

/** Options of the system that comes and goes: others in everything. */
const GUEST_OPTIONS = {
  maxMemoryBytes: 5 * MIB,
  tileSize: 128,
  border: 8,
  tilesPerUpdate: 5,
  fadeFrames: 6,
  maxAnisotropy: 4,
  feedbackInterval: 3,
  label: "guest",
} as const;

/** Kinds of texture that stay in the main system. */
const KEPT: readonly TextureKind[] = ["a source of rgba8unorm", "a KTX2 file", "three planes"];
/** Far from the seeds that are next to each other. */
const FRAME_SEED = 0x2c1b3c6d;
/** Milliseconds that a look at the clock takes, so that every run sees the same times. */
const CLOCK_STEP_MS = 0.05;

/** What a soak does things to. */
export class SoakWorld {
  /** Random numbers of this frame: what one frame draws does not change what the next does. */
  readonly random = (): number => this.#random();
  readonly log: StepLog;
  /** What was done last, for what is found. */
  readonly trail: StepTrail = new StepTrail(() => this.log.frame);
  readonly ticks = new Ticks();
  /** Folder of files and of what is baked. */
  readonly folder: string;
  /** Aborted at the end alone; calls are given it as an application would. */
  readonly stop: AbortController = new AbortController();
  readonly stopWatch: SignalWatch;
  device!: ForgeDevice;
  readonly watch: DeviceWatch;
  main!: SoakSystem;
  guest: SoakSystem | null = null;
  /** A system that others are compared with. */
  extra: SoakSystem | null = null;
  textures!: TextureMaker;
  /** Last frame in which calls of the GPU might fail, or the device was lost. */
  #lastTrouble = -1;
  /** Whether systems are still made anew that calls which fail may have refused: that is told later. */
  #isRenewalTroubled = false;
  /** Calls of the GPU fail until this frame. */
  #faultsUntil = 0;
  readonly #running = new Set<Promise<void>>();
  #failure: unknown = null;
  /** Closed systems whose objects the GPU may still use, and that GPU. */
  #closed: { readonly system: SoakSystem["system"]; readonly gpu: GPUDevice }[] = [];
  readonly #seed: number;
  #random: () => number;
  /** What is to be done in later frames. */
  #later: { readonly frame: number; readonly work: () => void }[] = [];
  #isOpen = false;
  #clockMs = 0;
  #failedSubmits = 0;
  #failures: ReadonlyMap<string, number> | null = null;

  constructor(init: { seed: number; log: StepLog; folder: string }) {
    this.#seed = init.seed;
    this.#random = seededRandom(init.seed);
    this.log = init.log;
    this.folder = init.folder;
    this.stopWatch = new SignalWatch(this.stop.signal);
    this.watch = new DeviceWatch(this.random);
  }

  /** Begins the next frame, and does what was put off to it. */
  beginFrame(): void {
    const { log } = this;
    log.frame++;
    this.#random = seededRandom(this.#seed + FRAME_SEED * log.frame);
    const due = this.#later.filter(({ frame }) => frame <= log.frame);
    this.#later = this.#later.filter(({ frame }) => frame > log.frame);
    for (const { work } of due) work();
  }

  /** Does something some frames later, if it comes to that. */
  later(frames: number, work: () => void): void {
    this.#later.push({ frame: this.log.frame + frames, work });
  }

  /** A number from 0 to below `count`. */
  pick(count: number): number {
    return Math.floor(this.random() * count);
  }

  /** One of some things; undefined if there is none. */
  oneOf<T>(things: readonly T[]): T | undefined {
    return things[this.pick(things.length)];
  }

  /** Makes a device, and the main system with what stays in it. */
  async open(): Promise<void> {
    this.device = await requestDevice({ label: "soak" });
    this.watch.device = this.device;
    this.main = this.makeSystem("main");
    this.#isOpen = true;
    this.textures ??= new TextureMaker(this, this.device);
    for (const kind of KEPT) {
      const soak = this.textures.keptTexture(kind);
      await this.ticks.during(this.main.load(soak, { isKept: true }), `loading ${kind}`);
    }
  }

  /** Makes a system with the options of one of both. */
  makeSystem(which: "main" | "guest"): SoakSystem {
    const options = which === "main" ? MAIN_OPTIONS : GUEST_OPTIONS;
    const clock = () => this.ticks.now + (this.#clockMs += CLOCK_STEP_MS);
    const cacheFolder = `${this.folder}/cache`;
    return new SoakSystem(this.device, { ...options, clock, cacheFolder }, this);
  }

  /** Systems that are open. */
  get systems(): readonly SoakSystem[] {
    return [this.main, this.guest, this.extra].filter((soak) => soak !== null);
  }

  /** Textures of the main system that nothing else uses now and that may go. */
  get passing(): readonly LoadedTexture[] {
    return this.main.loaded.filter(({ isKept }) => !isKept);
  }

  /** Whether calls of the GPU may fail now. */
  get isTroubled(): boolean {
    return this.watch.newest.faults.probability > 0;
  }

  /** Whether the device was lost, and not every system stands on the next one yet. */
  get isRenewing(): boolean {
    const { device } = this;
    return device.health.isLost || this.watch.newest.gpu !== device.gpu ||
      this.systems.some(({ generation }) => generation !== device.generation);
  }

  /** Loses the device. */
  loseDevice(): void {
    this.endFaults();
    this.trail.note(`device ${this.device.generation} is lost`);
    this.device.gpu.destroy();
  }

  /** Makes calls of the GPU fail until a submit has, for so many frames at most. */
  beginFaults(probability: number, mostFrames: number): void {
    this.watch.newest.faults.probability = probability;
    this.trail.note(`calls of the GPU fail, for ${mostFrames} frames at most`);
    this.#faultsUntil = this.log.frame + mostFrames;
    this.#lastTrouble = this.log.frame;
  }

  /** Lets calls of the GPU succeed again. */
  endFaults(): void {
    if (this.isTroubled) {
      this.#lastTrouble = this.log.frame;
      this.#isRenewalTroubled = this.isRenewing;
      this.trail.note("calls of the GPU succeed again");
    }
    this.watch.newest.faults.probability = 0;
  }

  /** Follows the failures of a frame. */
  noteFaults(): void {
    if (this.#isRenewalTroubled) {
      this.#lastTrouble = this.log.frame;
      this.#isRenewalTroubled = this.isRenewing;
    }
    if (!this.isTroubled) return;
    this.#lastTrouble = this.log.frame;
    const { counts } = this.watch.newest.faults;
    // Those of a device that was lost are counted no more.
    if (counts !== this.#failures) this.#failedSubmits = 0;
    this.#failures = counts;
    const submits = (counts.get("submit throws") ?? 0) + (counts.get("submit is invalid") ?? 0);
    if (submits > this.#failedSubmits) this.log.note("a submit fails");
    if (submits > this.#failedSubmits || this.log.frame >= this.#faultsUntil) this.endFaults();
    this.#failedSubmits = submits;
  }

  /** Works in the background: what goes wrong with it ends the soak in the next frame. */
  run(what: string, work: () => Promise<unknown>, allows: (error: unknown) => boolean): void {
    const begun = this.log.frame;
    const running = (async () => {
      try {
        await work();
      } catch (error) {
        if (allows(error) || this.#isTrouble(error, begun)) return;
        this.#failure ??= new Error(`${what} failed`, { cause: error });
      }
    })();
    this.#running.add(running);
    running.finally(() => this.#running.delete(running));
  }

  /** Does something that calls of the GPU which fail may end; undefined if one did. */
  async attempt<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    const begun = this.log.frame;
    try {
      return await work();
    } catch (error) {
      if (this.#isTrouble(error, begun)) return undefined;
      throw error;
    }
  }

  #isTrouble(error: unknown, begun: number): boolean {
    if (!(error instanceof DeviceError) && !(error instanceof DisposedError)) return false;
    return this.isTroubled || this.#isRenewalTroubled || this.#lastTrouble >= begun;
  }

  /** Waits for everything in the background. */
  async waitForAll(): Promise<void> {
    await this.ticks.during(Promise.all([...this.#running]), "work in the background");
    this.throwFailure();
  }

  /** Throws what has gone wrong in the background. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Closes a system; it counts for as long as the GPU uses what it held. */
  closeSystem(soak: SoakSystem): void {
    soak.close();
    this.#closed.push({ system: soak.system, gpu: this.device.gpu });
    if (soak === this.guest) this.guest = null;
    if (soak === this.extra) this.extra = null;
  }

  /** What must hold at any moment. */
  checkAlways(): void {
    this.throwFailure();
    for (const { system } of this.systems) checkMemory(system);
    if (this.isRenewing) return;
    // Whatever still stood on one that was lost is gone.
    this.#closed = this.#closed.filter(({ gpu }) => gpu === this.device.gpu);
    let counted = 0;
    let budget = 0;
    for (const { system } of [...this.systems, ...this.#closed]) {
      const { usedMemory, cacheMemory, totalBudget } = system.getMemoryInfo();
      counted += usedMemory - cacheMemory;
      budget += totalBudget;
    }
    const { live } = this.watch.newest;
    assert.equal(live.bytes, counted, "bytes of live GPU objects, and those that systems count");
    assert.ok(live.peak <= budget, `${live.peak} bytes of GPU objects lived at once: <= ${budget}`);
    assert.equal(this.device.health.uncapturedErrorCount, 0, "errors that nobody captured");
    this.#closed = this.#closed.filter(({ system }) => system.getMemoryInfo().usedMemory > 0);
    live.resetPeak();
  }

  close(): void {
    if (this.#isOpen) {
      for (const system of this.systems) system.close();
      this.device.close();
    }
    this.watch.stop();
  }
}

/** Whether an error says that what is loaded, and what is to be loaded, do not fit the budget. */
export function isBudgetTooSmall(error: unknown): boolean {
  return error instanceof BudgetError && /^Cannot fit texture(s| ".*") into/s.test(error.message);
}
