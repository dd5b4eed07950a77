/**
 * The virtual texture system: joins residency, sources and GPU.
 *
 * @module
 */

import type { CameraView } from "../geometry/mod.ts";
import { checkedDevice, type ForgeDevice } from "../gpu/mod.ts";
import type { TileAddress } from "../tiles/mod.ts";
import {
  type AbortOptions,
  checkedAbort,
  checkedWait,
  type UpdateOptions,
} from "./call_options.ts";
import type { Region } from "./frame/region.ts";
import type { WaitOptions } from "./wait/tile_waiter.ts";
import type { LoadTextureOptions } from "./load/load_options.ts";
import type { TextureInput } from "./load/open_texture.ts";
import type { InvalidateOptions, TileTest } from "./invalidation.ts";
import {
  checkedSettings,
  type Logger,
  type QualitySettings,
  type VirtualTextureSystemOptions,
} from "./options.ts";
import type { MemoryInfo, StreamingStatistics, UpdateResult } from "./report.ts";
import type { RenewalListener } from "./renewal/renewal_listeners.ts";
import { assertNotKept } from "./kept_textures.ts";
import type { TextureRegion } from "./preload/preload_tiles.ts";
import type { StreamedTexture } from "./streamed_texture.ts";
import type { AddTextureOptions } from "./supply/open_supply.ts";
import type { MakeSupply, TextureDescription } from "./supply/supply.ts";
import type { DrawLimits } from "./draw_limits.ts";
import type { SystemTuning } from "./tuning.ts";
import { SystemCalls } from "./system_calls.ts";

/**
 * Streams textures far larger than GPU memory, tile by tile, as the camera moves.
 *
 * When its device is lost and replaced (see {@linkcode ForgeDevice}), the system makes everything again
 * from what the CPU knows and loads the tiles that were resident, what the camera sees first. Textures
 * keep their handles and bindings; page tables show nothing until content has come. Calls that wait go
 * on, and end as if there had been no loss. Without another device they reject: {@linkcode DeviceError}.
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
  /** Where its messages go. */
  readonly logger: Logger;
  /** What can be tuned while it runs: sizes of pools, anisotropy; and what updates cost. */
  readonly tuning: SystemTuning;
  readonly #calls: SystemCalls;

  /**
   * Makes a system without textures.
   *
   * @throws {OutOfRangeError} if an option is out of its range.
   * @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system.
   */
  constructor(device: ForgeDevice, options: VirtualTextureSystemOptions = {}) {
    const settings = checkedSettings(options);
    this.device = checkedDevice(device, "Cannot make virtual texture system");
    this.logger = settings.logger;
    this.#calls = new SystemCalls(device, settings);
    this.tuning = this.#calls.tuning;
  }

  /** Every loaded texture, in the order of loading. */
  get textures(): readonly StreamedTexture[] {
    return this.#calls.parts.set.kept.map(({ handle }) => handle);
  }

  /**
   * Checks that the system can be used.
   *
   * @throws {DisposedError} after {@linkcode close}.
   * @throws {ReentryError} in a function that the system is calling.
   */
  assertOpen(): void {
    this.#calls.assertOpen();
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
   * @throws {UnsupportedError} if the file or the format is not supported; it names what, or which of
   * `layer`, `face` and `slice` must be given.
   * @throws {OutOfRangeError} if the file has no such image.
   * @throws {BudgetError} naming the minimum if the budget is too small.
   * @throws {DeviceError} if the device is lost, or refuses what the texture needs.
   */
  async loadTexture(
    input: TextureInput,
    options: LoadTextureOptions = {},
  ): Promise<StreamedTexture> {
    this.assertOpen();
    return await this.#calls.loads.loadTexture(input, options);
  }

  /**
   * Adds a texture whose content a supply of the caller's own makes: any producer, up to three
   * planes. Its coarsest levels come through the supply like all others, and are resident when the
   * promise resolves. A failure leaves the system as it was, and closes the supply. After a loss of the
   * device the supply is closed and made again.
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
    options: AddTextureOptions = {},
  ): Promise<StreamedTexture> {
    this.assertOpen();
    return await this.#calls.loads.addTexture(description, makeSupply, options);
  }

  /**
   * Forgets a texture and gives its memory to the others. If the promise rejects, the texture is still
   * loaded if {@linkcode textures} lists it: it is gone before its memory is given away.
   *
   * @throws {InvalidArgumentError} if it is not a texture of this system, a volume places it, or an option
   * is wrong.
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   */
  async unloadTexture(texture: StreamedTexture, options: AbortOptions = {}): Promise<void> {
    this.#calls.openParts.set.stateOf(texture);
    assertNotKept(texture);
    await this.#calls.loads.unloadTexture(texture, checkedAbort(options, "Cannot unload texture"));
  }

  /**
   * Runs one frame of streaming and returns at once: takes what has finished since the last one and
   * asks for what is missing. In Deno, where asking the GPU blocks, `gpuWaitShare` bounds the part of
   * the time that it waits.
   *
   * While a lost device is being replaced it does nothing: every number is 0 but `tilesQueued`, which
   * counts the tiles that are to be resident again, and one more.
   *
   * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} if a number is not finite.
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   */
  updateNow(camera: CameraView, options: UpdateOptions = {}): UpdateResult {
    return this.#calls.updates.updateNow(camera, options);
  }

  /**
   * Waits for the tiles that updates have asked for and brings them into the atlas as they come: all
   * that is wanted, or, with a time budget, what comes within what is left of the last update's
   * limits of tiles, bytes and time.
   *
   * @returns What the last update and this have done together.
   * @throws {DeviceError} if the device is lost and cannot be replaced, or keeps refusing what is
   * submitted.
   */
  async finishUpdate(options: WaitOptions = {}): Promise<UpdateResult> {
    this.assertOpen();
    return await this.#calls.updates.finishUpdate(checkedWait(options));
  }

  /**
   * Runs one frame of streaming and waits for the tiles that it wants. With `timeBudgetMs` null (the
   * default) it waits for all of them, and for feedback: the same calls then give the same residency,
   * and nothing that is wanted is left out unless it cannot fit or be read. If the device is lost
   * meanwhile, the frame is run again on the next one, within what is left of the time.
   *
   * @throws {DeviceError} if the device is lost and cannot be replaced, or keeps refusing what is
   * submitted.
   */
  async update(
    camera: CameraView,
    options: UpdateOptions & WaitOptions = {},
  ): Promise<UpdateResult> {
    this.assertOpen();
    return await this.#calls.updates.update(camera, options);
  }

  /**
   * Asks for the tiles under a region, clipped to the texture, ahead of their being seen: updates load them.
   *
   * @returns Whether every tile is resident or queued; false if some found no room.
   * @throws {OutOfRangeError} if the level does not exist or the size is negative.
   */
  prefetchRegion(texture: StreamedTexture, region: Region): boolean {
    return this.#calls.content.prefetchRegion(texture, region);
  }

  /**
   * Waits until every tile of a region, at its level, is resident and not stale, nor made from tiles of
   * others that are; what cannot be read or has no room is done without. They are loaded by the caller's
   * updates, with the share of what is loaded ahead; while there are none, by frames that this call runs
   * for the last camera. None of them is evicted until the promise has settled.
   *
   * @throws {OutOfRangeError} if the level does not exist or the size is negative.
   * @throws {BudgetError} naming a budget that is enough if the pool has too few slots for the region's tiles.
   * @throws What made a tile of the region impossible.
   * @throws {DisposedError} if the system is closed; {InvalidArgumentError} if the texture is unloaded.
   */
  async preload(
    texture: StreamedTexture,
    region: Region,
    options: AbortOptions = {},
  ): Promise<void> {
    await this.preloadRegions([{ texture, region }], options);
  }

  /**
   * The same for regions of any number of textures: every tile of all of them is so at the same time.
   *
   * @throws As {@linkcode preload} does; {BudgetError} if a pool has too few slots for all of them together.
   * @internal
   */
  async preloadRegions(
    regions: readonly TextureRegion[],
    options: AbortOptions = {},
  ): Promise<void> {
    this.assertOpen();
    await this.#calls.updates.preloadRegions(regions, options);
  }

  /**
   * Evicts the tiles of one texture or of all; pinned ones stay, and those that a preload waits for.
   *
   * @returns Number of tiles that lost their slot.
   */
  evictTiles(texture?: StreamedTexture | null): number {
    return this.#calls.content.evictTiles(texture ?? null);
  }

  /**
   * Makes content stale: it is made anew when it is wanted, and shown until then. Tiles of the pinned
   * tail are made anew at once.
   *
   * @param part A tile; a region, of which every tile that depends on it is made anew, borders and
   * coarser levels included; a function, asked once for each tile that is resident or in flight; default
   * all tiles.
   * @throws {OutOfRangeError} if the tile or the level does not exist, or a size is negative.
   * @throws What the function throws; nothing is stale then.
   */
  invalidate(
    texture: StreamedTexture,
    part: TileAddress | Region | TileTest | null = null,
    options: InvalidateOptions = {},
  ): void {
    this.#calls.content.invalidate(texture, part, options);
  }

  /**
   * Settles: goes on with the last camera until nothing is pending.
   *
   * @returns Whether all that is wanted is resident; false if it could not be read or has no room.
   * @throws {DeviceError} if the device is lost and cannot be replaced, or keeps refusing what is
   * submitted.
   */
  async flush(options: AbortOptions = {}): Promise<boolean> {
    this.assertOpen();
    return await this.#calls.updates.flush(checkedAbort(options, "Cannot flush"));
  }

  /** Whether the device was lost and is being replaced, so that there is nothing to draw on. */
  get isRenewing(): boolean {
    return this.#calls.keeper.isWaiting;
  }

  /** Whether everything is resident that was so when the device was lost. */
  get isRestored(): boolean {
    return this.#calls.reports.isRestored;
  }

  /**
   * Waits, after a loss of the device, until another one has taken its place and every tile that was
   * resident is so again, as far as it can be read. `render` waits for this by itself.
   *
   * @throws {InvalidArgumentError} for an option that does not exist, or a signal that is none.
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   */
  async renewed(options: AbortOptions = {}): Promise<void> {
    this.assertOpen();
    await this.#calls.updates.waitForRenewal(checkedAbort(options, "Cannot wait for the device"));
  }

  /**
   * Calls a function whenever the lost device was replaced and everything on it made anew. Bindings
   * have new layouts and bind groups then, of a higher generation; pipelines of the application's own
   * are for the application to make again. Nothing is resident before the next updates, or before
   * {@linkcode renewed} has resolved.
   *
   * @returns A function that ends this.
   * @throws {InvalidArgumentError} if the listener is no function.
   */
  subscribeRenewal(listener: RenewalListener): () => void {
    this.assertOpen();
    return this.#calls.listeners.add(listener);
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
    this.#calls.updates.setQuality(quality);
    return true;
  }

  /**
   * Limits the tiles that are drawn (those of supplies whose recorder has scratch memory), beside the
   * system's limits, which go on to bound all tiles: in each update, and in each submit of a call
   * that waits without a time budget. A tile counts once, whatever its planes. A limit that is left
   * out becomes its default again.
   *
   * @throws {OutOfRangeError} if a value is out of its range; nothing changes then.
   */
  setDrawLimits(limits: DrawLimits = {}): void {
    this.#calls.content.setDrawLimits(limits);
  }

  /**
   * Begins or ends to draw a texture's tiles again although they are up to date, for content that
   * changes by itself. Each update draws random resident ones, seen or not, the tail included, with
   * what missing and stale tiles have left of its limits; see {@linkcode DrawLimits}. No call waits
   * for them.
   *
   * @throws {UnsupportedError} if the texture's tiles are uploaded, not drawn.
   */
  setContinuousUpdate(texture: StreamedTexture, isContinuous: boolean): void {
    this.#calls.content.setContinuousUpdate(texture, isContinuous);
  }

  /**
   * Sets how much a texture's tiles are wanted; see {@linkcode TextureDescription.priority}.
   *
   * @param priority An integer from -4 to 3.
   * @throws {OutOfRangeError} if it is not; nothing changes then.
   */
  setPriority(texture: StreamedTexture, priority: number): void {
    this.#calls.content.setPriority(texture, priority);
  }

  /** What streaming has done so far. */
  getStatistics(): StreamingStatistics {
    return this.#calls.reports.getStatistics();
  }

  /** Where the budget goes. */
  getMemoryInfo(): MemoryInfo {
    return this.#calls.reports.getMemoryInfo();
  }

  /** The most bytes that have counted against the budget so far. */
  get peakMemory(): number {
    return this.#calls.reports.peakMemory;
  }

  /**
   * Notes that a frame which samples the textures was submitted: once a frame in your own render loop.
   * Feedback is read back and tiles fade in by this.
   *
   * @param viewport Size of the picture in pixels; the default of the next updates.
   */
  noteRender(viewport?: readonly [number, number]): void {
    this.assertOpen();
    this.#calls.updates.noteRender(viewport ?? null);
  }

  /** Frees everything, once what is in progress has ended. May be called again; the device stays open. */
  close(): void {
    this.#calls.close();
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
