/**
 * The virtual texture system: joins residency, sources and GPU.
 *
 * @module
 */

import { checkedSignal } from "../checks.ts";
import { DisposedError } from "../errors.ts";
import {
  type Camera,
  type CameraView,
  checkedCamera,
  checkedViewport,
  DEFAULT_VIEWPORT,
  type PlacementOptions,
  placeTexture,
} from "../geometry/mod.ts";
import { checkedDevice, type ForgeDevice } from "../gpu/mod.ts";
import type { TileAddress } from "../tiles/mod.ts";
import {
  type AbortOptions,
  checkedAbort,
  checkedUpdate,
  checkedWait,
  checkUpdateNow,
  type UpdateOptions,
} from "./call_options.ts";
import type { FrameView } from "./frame/frame_runner.ts";
import { evictTextures } from "./frame/evict.ts";
import { queueRegion } from "./frame/prefetch.ts";
import type { Region } from "./frame/region.ts";
import { settleFrames } from "./wait/settle_frames.ts";
import type { WaitOptions } from "./wait/tile_waiter.ts";
import { checkedLoadOptions, type LoadTextureOptions } from "./load/load_options.ts";
import { invalidateContent } from "./invalidation.ts";
import { joinTexture, removeTexture } from "./load/join_texture.ts";
import { awaitSource, openTexture, type TextureInput } from "./load/open_texture.ts";
import type { NewTextureParts } from "./load/texture_set.ts";
import {
  checkedQuality,
  checkedSettings,
  type QualitySettings,
  type SystemSettings,
  type VirtualTextureSystemOptions,
} from "./options.ts";
import {
  type MemoryInfo,
  memoryInfo,
  type StreamingStatistics,
  streamingStatistics,
  type UpdateResult,
} from "./report.ts";
import type { StreamedTexture } from "./streamed_texture.ts";
import { describeSource, fileSupply } from "./supply/file_supply.ts";
import { openSupply } from "./supply/open_supply.ts";
import type { MakeSupply, TextureDescription } from "./supply/supply.ts";
import { SystemMaker, type SystemParts } from "./system_parts.ts";
import type { TextureState } from "./texture_state.ts";

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
 * const { tilesLoaded } = await system.update({ position: [texture.width / 2, 2000, 500] });
 * ```
 */
export class VirtualTextureSystem {
  /** The device that everything is made on; borrowed. */
  readonly device: ForgeDevice;
  readonly #settings: SystemSettings;
  readonly #maker: SystemMaker;
  /** Aborted when the system is closed, with what loads then reject with. */
  readonly #closing = new AbortController();
  #quality = checkedQuality({});
  #viewport: readonly [number, number] = DEFAULT_VIEWPORT;
  #camera: Camera | null = null;
  #cameraTexture: TextureState | null = null;

  /**
   * Makes a system without textures.
   *
   * @throws {OutOfRangeError} if an option is out of its range.
   * @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system.
   */
  constructor(device: ForgeDevice, options: VirtualTextureSystemOptions = {}) {
    this.#settings = checkedSettings(options);
    this.device = checkedDevice(device, "Cannot make virtual texture system");
    this.#maker = new SystemMaker(device, this.#settings);
  }

  get #parts(): SystemParts {
    return this.#maker.parts;
  }

  /** Every loaded texture, in the order of loading. */
  get textures(): readonly StreamedTexture[] {
    return this.#states.map(({ handle }) => handle);
  }

  get #states(): readonly TextureState[] {
    return this.#parts.set.loaded;
  }

  /** What the last update looked at, as far as it is still there. */
  #lastView(): FrameView {
    this.assertOpen();
    const last = this.#states.filter((texture) => texture === this.#cameraTexture);
    const textures = last.length > 0 ? last : this.#states;
    return { camera: this.#camera, textures, quality: this.#quality };
  }

  #open(): SystemParts {
    this.assertOpen();
    return this.#parts;
  }

  /**
   * Checks that the system can be used.
   *
   * @throws {DisposedError} after {@linkcode close}.
   * @throws {ReentryError} in a function that the system is calling.
   */
  assertOpen(): void {
    this.#closing.signal.throwIfAborted();
    this.#parts.guard.assertFree();
  }

  /** A signal that is also aborted when the system is closed; throws if it is aborted already. */
  #untilClosed(signal: AbortSignal | undefined): AbortSignal {
    const until = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    until.throwIfAborted();
    return until;
  }

  /**
   * Loads a texture. It is resident at its coarsest levels when the promise resolves, so that the
   * first picture is never empty. A failed load leaves the system as it was.
   *
   * @param input A path or `file:` URL of a KTX2 file, a tile store (`.pmtiles`) or a picture; the
   * bytes of one; or a tile source, which the system then owns. What is baked (see
   * `cacheFolder`) is baked again if its file turns out to be damaged, so that bytes are kept.
   * @throws {FileError} if the file is missing or may not be read.
   * @throws {MalformedFileError} if it breaks its format's specification.
   * @throws {UnsupportedError} if the file or the format is not supported; it names what.
   * @throws {BudgetError} naming the minimum if the budget is too small.
   * @throws {DeviceError} if the device is lost, or refuses what the texture needs.
   */
  async loadTexture(
    input: TextureInput,
    options: LoadTextureOptions = {},
  ): Promise<StreamedTexture> {
    this.assertOpen();
    const checked = checkedLoadOptions(options);
    const signal = this.#untilClosed(checked.signal);
    const { device } = this;
    const bakeDevice = () => ({ device, blockEncoder: this.#parts.pools.blockEncoder });
    const { tileSize, border, cacheFolder, logger } = this.#settings;
    const fixed = { tileSize, border, cacheFolder, logger, device, bakeDevice, signal };
    const told = { ...checked, ...fixed, ignoredWarning: this.#maker.ignoredWarning };
    const source = await awaitSource(openTexture(input, told), fixed);
    try {
      const description = describeSource(source);
      const placement = placeTexture([source.grid.width, source.grid.height], checked);
      const supply = fileSupply(source, await this.#maker.ready(signal));
      return await this.#join({ description, supply, placement }, signal);
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /**
   * Adds a texture whose content a supply of the caller's own makes: any producer, up to three
   * planes. Its coarsest levels come through the supply like all others, and are resident when the
   * promise resolves. A failure leaves the system as it was, and closes the supply.
   *
   * @param description What the texture is.
   * @param makeSupply Makes the supply, which the system then owns.
   * @throws {InvalidArgumentError} if a part of either is missing or of the wrong type.
   * @throws {OutOfRangeError} if a value cannot be.
   * @throws {UnsupportedError} naming the plane and the feature if the device lacks a format.
   * @throws {BudgetError} naming the minimum if the budget is too small.
   */
  async addTexture(
    description: TextureDescription,
    makeSupply: MakeSupply,
    options: PlacementOptions & AbortOptions = {},
  ): Promise<StreamedTexture> {
    this.assertOpen();
    const until = this.#untilClosed(checkedSignal(options?.signal, "Cannot add texture"));
    const { ledger } = await this.#maker.ready(until);
    const host = { device: this.device, ledger };
    const opened = openSupply(description, makeSupply, { host, options });
    try {
      return await this.#join(opened, until);
    } catch (error) {
      opened.supply.close();
      throw error;
    }
  }

  async #join(parts: NewTextureParts, signal: AbortSignal): Promise<StreamedTexture> {
    const texture = await joinTexture(this.#parts, parts, {
      signal,
      isClosed: () => this.#closing.signal.aborted,
      assertOpen: () => this.assertOpen(),
    });
    return texture.handle;
  }

  /**
   * Forgets a texture and gives its memory to the others.
   *
   * @throws {InvalidArgumentError} if it is not a texture of this system, or an option is wrong.
   */
  async unloadTexture(texture: StreamedTexture, options: AbortOptions = {}): Promise<void> {
    const state = this.#open().set.stateOf(texture);
    const signal = checkedAbort(options, "Cannot unload texture");
    await removeTexture(this.#parts, state, { signal, assertOpen: () => this.assertOpen() });
  }

  /**
   * Runs one frame of streaming and returns at once: takes what has finished since the last one and
   * asks for what is missing. In Deno, where asking the GPU blocks, `gpuWaitShare` bounds the part of
   * the time that it waits.
   *
   * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} if a number is not finite.
   * @throws {DeviceError} if the device is lost.
   */
  updateNow(camera: CameraView, options: UpdateOptions = {}): UpdateResult {
    checkUpdateNow(options);
    return this.#runFrame(camera, options, false);
  }

  #runFrame(camera: CameraView, options: UpdateOptions, isWaiting: boolean): UpdateResult {
    const { set, frames } = this.#open();
    const checked = checkedCamera(camera, this.#viewport);
    const { texture = null } = options;
    this.#cameraTexture = texture === null ? null : set.stateOf(texture);
    this.#camera = checked;
    return frames.runFrame({ ...this.#lastView(), isWaiting });
  }

  /**
   * Waits for the tiles that updates have asked for and brings them into the atlas as they come: all
   * that is wanted, or, with a time budget, what comes within what is left of the last update's
   * limits of tiles, bytes and time.
   *
   * @returns What the last update and this have done together.
   * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
   */
  async finishUpdate(options: WaitOptions = {}): Promise<UpdateResult> {
    const { waiter, frames } = this.#open();
    return frames.result(await waiter.waitForTiles(checkedWait(options)));
  }

  /**
   * Runs one frame of streaming and waits for the tiles that it wants. With `timeBudgetMs` null (the
   * default) it waits for all of them, and for feedback: the same calls then give the same residency,
   * and nothing that is wanted is left out unless it cannot fit or be read.
   *
   * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
   */
  async update(
    camera: CameraView,
    options: UpdateOptions & WaitOptions = {},
  ): Promise<UpdateResult> {
    this.assertOpen();
    const wait = checkedUpdate(options, this.#parts.set);
    wait.signal?.throwIfAborted();
    const isWaiting = wait.timeBudgetMs === null;
    if (isWaiting) await this.#parts.feedback.waitForReadbacks(wait.signal);
    this.#runFrame(camera, options, isWaiting);
    return await this.finishUpdate(wait);
  }

  /**
   * Asks for the tiles under a region ahead of their being seen. They are loaded by the next
   * updates, with a share of their own.
   *
   * @returns Whether every tile is resident or queued; false if some found no room.
   * @throws {OutOfRangeError} if the level does not exist or the size is negative.
   */
  prefetchRegion(texture: StreamedTexture, region: Region): boolean {
    const all = queueRegion(this.#open().set.stateOf(texture), region, this.#states);
    this.#parts.frames.invalidate();
    return all;
  }

  /**
   * Evicts the tiles of one texture or of all; pinned ones stay.
   *
   * @returns Number of tiles that lost their slot.
   */
  evictTiles(texture?: StreamedTexture | null): number {
    const { set, guard } = this.#open();
    this.device.assertAlive();
    const states = (texture ?? null) === null ? this.#states : [set.stateOf(texture!)];
    return guard.run(() => evictTextures(this.#parts, states));
  }

  /**
   * Makes content stale: it is made anew when it is wanted, and shown until then. Tiles of the pinned
   * tail are made anew at once.
   *
   * @param part A tile; a region, of which every tile that depends on it is made anew, borders and
   * coarser levels included; default all tiles.
   * @throws {OutOfRangeError} if the tile or the level does not exist, or a size is negative.
   */
  invalidate(texture: StreamedTexture, part: TileAddress | Region | null = null): void {
    const { residency, description } = this.#open().set.stateOf(texture);
    this.#parts.guard.run(() => invalidateContent(residency, part, description.border));
    this.#parts.frames.invalidate();
  }

  /**
   * Settles: goes on with the last camera until nothing is pending.
   *
   * @returns Whether everything that is wanted is resident; false if something could not be read
   * or there is no room for it.
   * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
   */
  async flush(options: AbortOptions = {}): Promise<boolean> {
    this.assertOpen();
    const signal = checkedAbort(options, "Cannot flush");
    return await settleFrames(this.#parts, { signal, view: () => this.#lastView() });
  }

  /**
   * Sets how much is streamed. Every setting that is left out becomes its default again: a call with
   * one setting resets the others.
   *
   * @returns true.
   * @throws {OutOfRangeError} if a value is out of its range; nothing changes then.
   */
  setQualitySettings(quality: QualitySettings = {}): boolean {
    this.assertOpen();
    this.#quality = checkedQuality(quality);
    this.#parts.frames.invalidate();
    return true;
  }

  /** What streaming has done so far. */
  getStatistics(): StreamingStatistics {
    const { residency, ledger, pools, set, frames } = this.#parts;
    return streamingStatistics(residency, ledger, {
      pools: [...pools.pools],
      ...set.counters,
      feedbackOverflow: frames.feedbackLoop.overflow,
    });
  }

  /** Where the budget goes. */
  getMemoryInfo(): MemoryInfo {
    return memoryInfo(this.#parts.ledger, [...this.#parts.pools.pools]);
  }

  /** The most bytes that have counted against the budget so far. */
  get peakMemory(): number {
    return this.#parts.ledger.peakBytes;
  }

  /**
   * Notes that a frame which samples the textures was submitted; call it once a frame in your
   * own render loop. Feedback is read back and tiles fade in by this.
   *
   * @param viewport Size of the picture in pixels; the default of the next updates.
   */
  noteRender(viewport?: readonly [number, number]): void {
    this.assertOpen();
    if (viewport !== undefined && viewport !== null) this.#viewport = checkedViewport(viewport);
    this.#parts.guard.run(() => this.#parts.frames.noteRender(this.#quality));
  }

  /**
   * Frees everything, or does so as soon as a load, unload or frame that is in progress has ended.
   * May be called again; the device stays open.
   */
  close(): void {
    if (this.#closing.signal.aborted) return;
    const { label } = this.#settings;
    this.#closing.abort(
      new DisposedError(label, `Cannot use virtual texture system "${label}" as it was closed`),
    );
    const { waiter, changes, guard } = this.#parts;
    waiter.stop();
    if (changes.isBusy) void changes.enqueue(() => Promise.resolve(this.#parts.free()));
    else guard.runWhenFree(() => this.#parts.free());
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
