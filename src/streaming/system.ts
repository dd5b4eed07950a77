/**
 * The virtual texture system: joins residency, sources and GPU.
 *
 * @module
 */

import { BudgetError, DisposedError, InvalidArgumentError } from "../errors.ts";
import {
  Feedback,
  type ForgeDevice,
  MemoryLedger,
  TileUploader,
  VirtualTextureBinding,
} from "../gpu/mod.ts";
import { Residency, TextureResidency } from "../residency/mod.ts";
import type { TileSource } from "../sources/mod.ts";
import {
  type Camera,
  type CameraView,
  checkedCamera,
  DEFAULT_VIEWPORT,
  type Placement,
  placementFor,
} from "../tiles/mod.ts";
import { missingBudget, planBudget } from "./budget_plan.ts";
import { FileProducer } from "./file_producer.ts";
import { FrameRunner } from "./frame_runner.ts";
import { Landing } from "./landing.ts";
import { checkedLoadOptions, type LoadTextureOptions } from "./load_options.ts";
import { openTexture, type TextureInput } from "./open_texture.ts";
import {
  checkedQuality,
  checkedSettings,
  type QualitySettings,
  type SystemSettings,
  type VirtualTextureSystemOptions,
} from "./options.ts";
import { PoolSet } from "./pool_set.ts";
import { type Region, tilesOfRegion } from "./region.ts";
import {
  type MemoryInfo,
  memoryInfo,
  type StreamingStatistics,
  streamingStatistics,
  type UpdateResult,
} from "./report.ts";
import { StreamedTexture } from "./streamed_texture.ts";
import { Turnstile } from "./turnstile.ts";

/** Options of {@linkcode VirtualTextureSystem.updateNow}. */
export interface UpdateOptions {
  /** Streams for this texture only; the others keep what they have as far as there is room. */
  readonly texture?: StreamedTexture | null;
}

/** Options of {@linkcode VirtualTextureSystem.finishUpdate}. */
export interface WaitOptions {
  /** How long to wait for tiles at most, in milliseconds; null (default) waits for all of them. */
  readonly timeBudgetMs?: number | null;
}

/** Rounds that {@linkcode VirtualTextureSystem.flush} goes through at most. */
const MAX_FLUSH_ROUNDS = 100_000;

/**
 * Streams textures far larger than GPU memory, tile by tile, as the camera moves.
 *
 * @example Stream a picture
 * ```ts ignore
 * import { requestDevice, VirtualTextureSystem } from "./src/mod.ts";
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
  readonly #textures = new Map<number, StreamedTexture>();
  readonly #producer: FileProducer;
  readonly #feedback: Feedback;
  readonly #uploader: TileUploader;
  readonly #landing: Landing;
  readonly #pools: PoolSet;
  readonly #frames: FrameRunner;
  readonly #changes = new Turnstile();
  #quality = checkedQuality({});
  #viewport: readonly [number, number] = DEFAULT_VIEWPORT;
  #camera: Camera | null = null;
  #cameraTextures: readonly StreamedTexture[] | null = null;
  #bytesReadBefore = { bytesRead: 0, bytesUsed: 0 };
  #nextId = 1;
  #closed = false;

  /**
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
    this.#producer = new FileProducer(() => this.#pools.plan.underWayBytes);
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
      uploader: this.#uploader,
      textures: this.#textures,
      settings,
      slackBytes: () => this.#pools.plan.slackBytes,
    };
    this.#landing = new Landing(parts);
    this.#pools = new PoolSet({ ...parts, submitEdits: () => this.#submitEdits() });
    this.#frames = new FrameRunner({ ...parts, pools: this.#pools, landing: this.#landing });
  }

  /** Every loaded texture, in the order of loading. */
  get textures(): readonly StreamedTexture[] {
    return [...this.#textures.values()];
  }

  /** Whether {@linkcode close} was called. */
  get closed(): boolean {
    return this.#closed;
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    throw new DisposedError(
      this.#settings.label,
      `Cannot use virtual texture system "${this.#settings.label}" as it was closed`,
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
    const { tileSize, border, cacheFolder } = this.#settings;
    const { device } = this;
    const source = await openTexture(input, { ...checked, tileSize, border, cacheFolder, device });
    try {
      const placement = placementFor([source.grid.width, source.grid.height], checked);
      const tail = await readTail(source, checked.signal);
      return await this.#changes.run(() => this.#add(source, placement, tail));
    } catch (error) {
      source.close();
      throw error;
    }
  }

  async #add(
    source: TileSource,
    placement: Placement,
    tail: readonly Uint8Array[],
  ): Promise<StreamedTexture> {
    this.#assertOpen();
    const { grid, border, format } = source;
    const { device } = this;
    const id = this.#nextId++;
    const label = `${id} ${source.name}`;
    const kind = { formats: [format], tileSize: grid.tileSize, border };
    const { pool, table } = await this.#pools.add({ kind, grid }, label);
    const { feedbackLoop } = this.#frames;
    const feedbackBase = feedbackLoop.freeBase(grid.entryCount);
    const made: { destroy(): void }[] = [table];
    const residency = new TextureResidency(id, {
      grid,
      pool: pool.residency,
      producer: this.#producer,
    });
    try {
      const binding = new VirtualTextureBinding(device, this.#ledger, {
        grid,
        table,
        atlas: pool.atlas,
        feedback: this.#feedback,
        slotFrames: pool.slotFrames,
        feedbackBase,
        label: `texture ${label}`,
      });
      made.push(binding);
      const parts = { source, placement, pool, table, binding, residency };
      const texture = new StreamedTexture(id, parts);
      this.#residency.addTexture(residency);
      await this.#landing.pinTail(texture, tail);
      this.#assertOpen();
      this.#producer.addSource(id, source, pool.tileBytes);
      this.#textures.set(id, texture);
      feedbackLoop.add(texture, feedbackBase);
      this.#frames.disturb();
      return texture;
    } catch (error) {
      if (this.#residency.textures.has(id)) this.#residency.removeTexture(residency);
      for (const object of made) object.destroy();
      await this.#pools.forget();
      throw error;
    }
  }

  /** Forgets a texture and gives its memory to the others. */
  unloadTexture(texture: StreamedTexture): Promise<void> {
    this.#assertOpen();
    this.#own(texture);
    return this.#changes.run(async () => {
      this.#assertOpen();
      this.#own(texture);
      this.#remove(texture);
      await this.#pools.forget();
      this.#frames.disturb();
    });
  }

  #remove(texture: StreamedTexture): void {
    this.#residency.removeTexture(texture.residency);
    this.#producer.removeSource(texture.id);
    this.#frames.feedbackLoop.remove(texture);
    this.#textures.delete(texture.id);
    this.#cameraTextures = null;
    this.#bytesReadBefore.bytesRead += texture.source.counters.bytesRead;
    this.#bytesReadBefore.bytesUsed += texture.source.counters.bytesUsed;
    texture.destroy();
  }

  #own(texture: StreamedTexture): void {
    if (this.#textures.get(texture?.id) === texture) return;
    throw new InvalidArgumentError(
      "texture",
      `Cannot use texture as it must be one that this system has loaded and not unloaded: ` +
        `current value is ${texture instanceof StreamedTexture ? `"${texture.name}"` : texture}`,
    );
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
    if (options.texture) this.#own(options.texture);
    const textures = options.texture ? [options.texture] : null;
    this.#camera = checked;
    this.#cameraTextures = textures;
    return this.#frames.run(checked, textures ?? this.textures, this.#quality);
  }

  /**
   * Waits for the tiles that updates have asked for and brings them into the atlas as they come.
   *
   * @returns What the last update and this have done together.
   */
  async finishUpdate(options: WaitOptions = {}): Promise<UpdateResult> {
    this.#assertOpen();
    const { timeBudgetMs = null } = options;
    const { clock } = this.#settings;
    const deadlineMs = timeBudgetMs === null ? Infinity : clock() + timeBudgetMs;
    let waited = false;
    while (this.#residency.pendingCount > 0 && clock() < deadlineMs) {
      waited = true;
      if (this.#producer.finishedCount === 0) await this.#waitForTiles(deadlineMs - clock());
      if (this.#closed) break;
      const landed = this.#frames.landMore({ tiles: Infinity, bytes: Infinity, deadlineMs });
      if (landed === 0 && this.#producer.finishedCount > 0) await this.device.submits.wait();
    }
    return this.#frames.result(waited);
  }

  async #waitForTiles(timeoutMs: number): Promise<void> {
    if (timeoutMs === Infinity) return await this.#producer.settled();
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), Math.max(0, timeoutMs));
    await this.#producer.settled(abort.signal);
    clearTimeout(timer);
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
    if ((options.timeBudgetMs ?? null) === null) await this.#feedback.drain();
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
    this.#own(texture);
    const { residency, pool, grid } = texture;
    let all = true;
    let room = pool.residency.streamingCapacity - residency.prefetches.size;
    for (const entry of tilesOfRegion(grid, region)) {
      if (residency.slotOf.has(entry) || residency.prefetches.has(entry)) continue;
      if (room-- > 0) residency.prefetches.set(entry, 1);
      else all = false;
    }
    this.#frames.disturb();
    return all;
  }

  /**
   * Gives up the tiles of one texture or of all; pinned ones stay.
   *
   * @returns Number of tiles that lost their slot.
   */
  evictTiles(texture?: StreamedTexture | null): number {
    this.#assertOpen();
    if (texture) this.#own(texture);
    let evicted = 0;
    for (const one of texture ? [texture] : this.textures) {
      evicted += this.#residency.evictAll(one.residency);
      one.feedback.clear();
    }
    this.#submitEdits();
    this.#frames.disturb();
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
      await this.#feedback.drain();
      const textures = this.#cameraTextures ?? this.textures;
      const first = this.#frames.run(this.#camera, textures, this.#quality);
      const result = await this.finishUpdate();
      this.#assertOpen();
      if (first.tilesRequested === 0 && result.tilesLoaded === 0 && result.tilesPending === 0) {
        return result.tilesQueued === 0;
      }
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
    this.#frames.disturb();
    return true;
  }

  /** What streaming has done so far. */
  getStatistics(): StreamingStatistics {
    let { bytesRead, bytesUsed } = this.#bytesReadBefore;
    for (const { source } of this.#textures.values()) {
      bytesRead += source.counters.bytesRead;
      bytesUsed += source.counters.bytesUsed;
    }
    return streamingStatistics(this.#residency, this.#ledger, {
      pools: [...this.#pools.pools],
      bytesRead,
      bytesUsed,
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
    if (viewport) this.#viewport = viewport;
    this.#frames.noteRender();
  }

  #submitEdits(): void {
    const encoder = this.device.gpu.createCommandEncoder({ label: "page table edits" });
    if (this.#landing.recordEdits(encoder)) this.device.submits.submit([encoder.finish()]);
  }

  /** Frees everything. May be called again; the device stays open. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const texture of this.textures) this.#remove(texture);
    this.#pools.destroy();
    this.#feedback.destroy();
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Texels of the tiles that are pinned, finest level first. */
function readTail(source: TileSource, signal: AbortSignal | undefined): Promise<Uint8Array[]> {
  const { levels, tailLevel } = source.grid;
  const options = signal === undefined ? {} : { signal };
  return Promise.all(
    levels.slice(tailLevel).map(({ level }) => source.readTile(level, 0, 0, options)),
  );
}
