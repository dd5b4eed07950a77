/**
 * The virtual texture system: joins residency, sources and GPU.
 *
 * @module
 */

import { BudgetError, DisposedError } from "../errors.ts";
import { Feedback, type ForgeDevice, MemoryLedger, TileUploader } from "../gpu/mod.ts";
import { Residency } from "../residency/mod.ts";
import {
  type Camera,
  type CameraView,
  checkedCamera,
  checkedViewport,
  DEFAULT_VIEWPORT,
  placementFor,
} from "../geometry/mod.ts";
import { missingBudget, planBudget } from "./memory/budget_plan.ts";
import { FileProducer } from "./frame/file_producer.ts";
import { FrameRunner } from "./frame/frame_runner.ts";
import { Landing } from "./frame/landing.ts";
import { checkedLoadOptions, type LoadTextureOptions } from "./load/load_options.ts";
import { openTexture, type TextureInput } from "./load/open_texture.ts";
import {
  checkedQuality,
  checkedSettings,
  type QualitySettings,
  type SystemSettings,
  type VirtualTextureSystemOptions,
} from "./options.ts";
import { PoolSet } from "./memory/pool_set.ts";
import { queueRegion } from "./frame/prefetch.ts";
import type { Region } from "./frame/region.ts";
import {
  type MemoryInfo,
  memoryInfo,
  type StreamingStatistics,
  streamingStatistics,
  type UpdateResult,
} from "./report.ts";
import type { StreamedTexture } from "./streamed_texture.ts";
import type { TextureState } from "./texture_state.ts";
import { readTail, TextureSet } from "./load/texture_set.ts";
import { checkedTimeBudget, TileWaiter, type WaitOptions } from "./frame/tile_waiter.ts";
import { SerialQueue } from "./serial_queue.ts";

/** Options of {@linkcode VirtualTextureSystem.updateNow}. */
export interface UpdateOptions {
  /** Streams for this texture only; the others keep what they have as far as there is room. */
  readonly texture?: StreamedTexture | null;
}

/** Rounds that {@linkcode VirtualTextureSystem.flush} goes through at most. */
const MAX_FLUSH_ROUNDS = 100_000;

/**
 * Streams textures far larger than GPU memory, tile by tile, as the camera moves.
 *
 * @example Stream a picture
 * ```ts ignore
 * import { requestDevice, VirtualTextureSystem } from "@forge3d/forge3d";
 *
 * using device = await requestDevice();
 * using system = new VirtualTextureSystem(device, { maxMemoryMb: 64 });
 * const texture = await system.loadTexture("earth.ktx2");
 * const result = await system.update({ position: [1000, 2000, 500] });
 * console.log(result.tilesLoaded, texture.width, system.getStatistics().cacheHitRate);
 * ```
 */
export class VirtualTextureSystem {
  /** The device that everything is made on; borrowed. */
  readonly device: ForgeDevice;
  readonly #settings: SystemSettings;
  readonly #ledger: MemoryLedger;
  readonly #residency = new Residency();
  readonly #textures = new Map<number, TextureState>();
  readonly #producer: FileProducer;
  readonly #feedback: Feedback;
  readonly #uploader: TileUploader;
  readonly #landing: Landing;
  readonly #pools: PoolSet;
  readonly #frames: FrameRunner;
  readonly #set: TextureSet;
  readonly #waiter: TileWaiter;
  readonly #changes = new SerialQueue();
  #quality = checkedQuality({});
  #viewport: readonly [number, number] = DEFAULT_VIEWPORT;
  #camera: Camera | null = null;
  #cameraTextures: readonly TextureState[] | null = null;
  #closed = false;

  /**
   * Makes a system without textures.
   *
   * @throws {OutOfRangeError} if an option is out of its range.
   * @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system.
   */
  constructor(device: ForgeDevice, options: VirtualTextureSystemOptions = {}) {
    const settings = checkedSettings(options);
    device.assertAlive();
    const nothing = { pools: [], tableBytes: 0, largestTileBytes: 0 };
    const { budgetBytes } = settings;
    const minimum = missingBudget(budgetBytes, nothing);
    if (minimum !== null) {
      throw new BudgetError(
        budgetBytes,
        minimum,
        `Cannot make virtual texture system as the memory budget must be >= ${minimum} bytes: ` +
          `current value is ${budgetBytes}`,
      );
    }
    this.device = device;
    this.#settings = settings;
    this.#ledger = new MemoryLedger(device.submits, budgetBytes);
    this.#feedback = new Feedback(device, this.#ledger, {
      capacity: planBudget(budgetBytes, nothing).feedbackKeys,
      label: `${settings.label} feedback`,
    });
    this.#producer = new FileProducer(() => this.#pools.plan.inFlightBytes);
    this.#uploader = new TileUploader(device, this.#ledger, {
      maxBytes: budgetBytes,
      label: `${settings.label} staging`,
    });
    const parts = {
      device,
      ledger: this.#ledger,
      residency: this.#residency,
      producer: this.#producer,
      feedback: this.#feedback,
      recorder: this.#uploader,
      textures: this.#textures,
      settings,
      slackBytes: () => this.#pools.slackBytes,
    };
    this.#landing = new Landing(parts);
    this.#pools = new PoolSet({ ...parts, submitEdits: () => this.#submitEdits() });
    const joined = { ...parts, pools: this.#pools, landing: this.#landing };
    this.#frames = new FrameRunner(joined);
    this.#set = new TextureSet({ ...joined, feedbackLoop: this.#frames.feedbackLoop });
    this.#waiter = new TileWaiter({ ...joined, frames: this.#frames, changes: this.#changes });
  }

  /** Every loaded texture, in the order of loading. */
  get textures(): readonly StreamedTexture[] {
    return this.#states.map(({ handle }) => handle);
  }

  get #states(): TextureState[] {
    return [...this.#textures.values()];
  }

  #assertOpen(): void {
    if (this.#closed) throw this.#closedError();
  }

  #closedError(): DisposedError {
    const { label } = this.#settings;
    return new DisposedError(
      label,
      `Cannot use virtual texture system "${label}" as it was closed`,
    );
  }

  /**
   * Loads a texture. It is resident at its coarsest levels when the promise resolves, so that the
   * first picture is never empty. A failed load leaves the system as it was.
   *
   * @param input A path or `file:` URL of a KTX2 file, a tile store (`.pmtiles`) or a picture; the
   * bytes of one; or a tile source, which the system then owns.
   * @throws {FileError} if the file is missing or may not be read.
   * @throws {MalformedFileError} if it breaks its format's specification.
   * @throws {UnsupportedError} if the file or the format is not supported; it names what.
   * @throws {BudgetError} naming the minimum if the budget is too small.
   */
  async loadTexture(
    input: TextureInput,
    options: LoadTextureOptions = {},
  ): Promise<StreamedTexture> {
    this.#assertOpen();
    const checked = checkedLoadOptions(options);
    const { signal } = checked;
    signal?.throwIfAborted();
    const { tileSize, border, cacheFolder } = this.#settings;
    const { device } = this;
    const source = await openTexture(input, { ...checked, tileSize, border, cacheFolder, device });
    try {
      const placement = placementFor([source.grid.width, source.grid.height], checked);
      const tail = await readTail(source, signal);
      return await this.#changes.enqueue(async () => {
        this.#assertOpen();
        signal?.throwIfAborted();
        const texture = await this.#set.add(source, { placement, tail });
        this.#frames.invalidate();
        this.#assertOpen();
        return texture.handle;
      });
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** Forgets a texture and gives its memory to the others. */
  unloadTexture(texture: StreamedTexture): Promise<void> {
    this.#assertOpen();
    this.#set.stateOf(texture);
    return this.#changes.enqueue(async () => {
      this.#assertOpen();
      const state = this.#set.stateOf(texture);
      this.#cameraTextures = null;
      this.#set.remove(state);
      this.#frames.invalidate();
      await this.#pools.rebalance();
      this.#frames.invalidate();
    });
  }

  /**
   * Runs one frame of streaming and returns at once: takes what has finished since the last one and
   * asks for what is missing.
   *
   * @throws {InvalidArgumentError} if something is not finite.
   * @throws {DeviceError} if the device is lost.
   */
  updateNow(camera: CameraView, options: UpdateOptions = {}): UpdateResult {
    this.#assertOpen();
    const checked = checkedCamera(camera, this.#viewport);
    const textures = options.texture ? [this.#set.stateOf(options.texture)] : null;
    this.#camera = checked;
    this.#cameraTextures = textures;
    return this.#frames.runFrame(checked, textures ?? this.#states, this.#quality);
  }

  /**
   * Waits for the tiles that updates have asked for and brings them into the atlas as they come,
   * within what is left of the last update's budgets of tiles, bytes and time.
   *
   * @returns What the last update and this have done together.
   */
  async finishUpdate(options: WaitOptions = {}): Promise<UpdateResult> {
    this.#assertOpen();
    const waited = await this.#waiter.wait(options);
    return this.#frames.result(waited);
  }

  /**
   * Runs one frame of streaming and waits for the tiles that it asked for. With `timeBudgetMs` null
   * (the default) it waits for all of them, and for feedback: the same calls then give the same
   * residency.
   */
  async update(
    camera: CameraView,
    options: UpdateOptions & WaitOptions = {},
  ): Promise<UpdateResult> {
    this.#assertOpen();
    if (checkedTimeBudget(options.timeBudgetMs) === null) await this.#feedback.waitForReadbacks();
    this.updateNow(camera, options);
    return await this.finishUpdate(options);
  }

  /**
   * Asks for the tiles under a region ahead of their being seen. They are loaded by the next
   * updates, with a share of their own.
   *
   * @returns Whether every tile is resident or queued; false if some found no room.
   * @throws {OutOfRangeError} if the level does not exist or the size is negative.
   */
  prefetchRegion(texture: StreamedTexture, region: Region): boolean {
    this.#assertOpen();
    const all = queueRegion(this.#set.stateOf(texture), region, this.#states);
    this.#frames.invalidate();
    return all;
  }

  /**
   * Gives up the tiles of one texture or of all; pinned ones stay.
   *
   * @returns Number of tiles that lost their slot.
   */
  evictTiles(texture?: StreamedTexture | null): number {
    this.#assertOpen();
    const states = texture ? [this.#set.stateOf(texture)] : this.#states;
    let evicted = 0;
    for (const one of states) {
      evicted += this.#residency.evictAll(one.residency);
      one.feedback.clear();
    }
    this.#submitEdits();
    this.#frames.invalidate();
    return evicted;
  }

  /**
   * Settles: goes on with the last camera until nothing is pending.
   *
   * @returns Whether everything that is wanted is resident; false if something could not be read
   * or there is no room for it.
   */
  async flush(): Promise<boolean> {
    this.#assertOpen();
    for (let round = 0; round < MAX_FLUSH_ROUNDS; round++) {
      await this.#feedback.waitForReadbacks();
      const textures = this.#cameraTextures ?? this.#states;
      const biasBefore = this.#frames.bias;
      const { cacheHits, cacheMisses } = this.#residency.counters;
      const first = this.#frames.runFrame(this.#camera, textures, this.#quality);
      const result = await this.finishUpdate();
      // Nobody has seen these rounds: they are no part of the hit rate.
      Object.assign(this.#residency.counters, { cacheHits, cacheMisses });
      this.#assertOpen();
      const done = first.tilesRequested === 0 && result.tilesLoaded === 0 &&
        result.tilesPending === 0 && this.#frames.bias === biasBefore;
      if (done) return result.tilesQueued === 0;
    }
    return false;
  }

  /**
   * Sets how much is streamed; what is left out becomes its default again.
   *
   * @returns true.
   * @throws {OutOfRangeError} if a value is out of its range; nothing changes then.
   */
  setQualitySettings(quality: QualitySettings = {}): boolean {
    this.#assertOpen();
    this.#quality = checkedQuality(quality);
    this.#frames.invalidate();
    return true;
  }

  /** What streaming has done so far. */
  getStatistics(): StreamingStatistics {
    return streamingStatistics(this.#residency, this.#ledger, {
      pools: [...this.#pools.pools],
      ...this.#set.counters,
      feedbackOverflow: this.#frames.feedbackLoop.overflow,
    });
  }

  /** Where the budget goes. */
  getMemoryInfo(): MemoryInfo {
    return memoryInfo(this.#ledger, [...this.#pools.pools]);
  }

  /** The most bytes that have counted against the budget so far. */
  get peakMemory(): number {
    return this.#ledger.peakBytes;
  }

  /**
   * Notes that a frame which samples the textures was submitted; call it once a frame in a render
   * loop of one's own. Feedback is read back and tiles fade in by this.
   *
   * @param viewport Size of the picture in pixels; the default of the next updates.
   */
  noteRender(viewport?: readonly [number, number]): void {
    if (viewport) this.#viewport = checkedViewport(viewport);
    this.#frames.noteRender(this.#quality);
  }

  #submitEdits(): void {
    const encoder = this.device.gpu.createCommandEncoder({ label: "page table edits" });
    if (this.#landing.recordEdits(encoder)) this.device.submits.submit([encoder.finish()]);
  }

  /**
   * Frees everything, or does so as soon as a load or unload that is under way has ended. May be
   * called again; the device stays open.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiter.stop();
    if (this.#changes.busy) void this.#changes.enqueue(() => Promise.resolve(this.#free()));
    else this.#free();
  }

  #free(): void {
    for (const texture of this.#states) this.#set.remove(texture);
    this.#pools.destroy();
    this.#feedback.destroy();
  }

  /** The same as {@linkcode VirtualTextureSystem.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
