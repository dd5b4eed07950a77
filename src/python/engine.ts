/**
 * The devices, systems and textures behind the handles that Python holds. Arguments and results are
 * numbers. Loaded when Python first asks for a device.
 *
 * @module
 */
import { DisposedError, OutOfRangeError } from "../errors.ts";
import { type ForgeDevice, requestDevice } from "../gpu/mod.ts";
import { render } from "../scene/mod.ts";
import {
  checkedLoadOptions,
  type LoadTextureOptions,
  type Logger,
  readPoolConfig,
  SerialQueue,
  type StreamedTexture,
  type UpdateResult,
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../streaming/mod.ts";
import type { CameraView } from "../geometry/mod.ts";
import { type LoadedTexture, loadedTexture } from "./loaded_texture.ts";
import { CAMERA, UPDATE_FIELDS } from "./layout.ts";
import { type ShowLoads, withLoadProgress } from "./load_progress.ts";
import { type OptionNames, optionNames } from "./option_names.ts";
import type { RenderRequest } from "./render_request.ts";
import {
  type PackedValues,
  readPackedValues,
  type ValuesRequest,
  withRange,
} from "./value_calls.ts";
import { poolConfigFrom } from "./pool_config.ts";
import { openPythonRegions, type PythonReadRegion, type PythonRegions } from "./region_source.ts";

/** What of a texture is made anew. */
type InvalidatedPart = Parameters<VirtualTextureSystem["invalidate"]>[1];

/** Stands for all textures. */
const ALL_TEXTURES = -1;

/** A system, its textures, and the calls that wait for it. */
class SystemSlot {
  readonly system: VirtualTextureSystem;
  /** Size and border of its tiles, in texels. */
  readonly tiles: { readonly tileSize: number; readonly border: number };
  readonly textures = new Map<number, StreamedTexture>();
  /** Calls that wait, one at a time. */
  readonly calls = new SerialQueue();

  constructor(system: VirtualTextureSystem, tiles: SystemSlot["tiles"]) {
    this.system = system;
    this.tiles = tiles;
  }

  /** Gives a texture a handle. */
  add(texture: StreamedTexture): LoadedTexture {
    this.textures.set(texture.id, texture);
    return loadedTexture(texture);
  }

  /** Unloads a texture and frees its handle. */
  async unload(texture: StreamedTexture): Promise<void> {
    await this.system.unloadTexture(texture);
    this.textures.delete(texture.id);
  }

  texture(handle: number): StreamedTexture | null {
    if (handle === ALL_TEXTURES) return null;
    const found = this.textures.get(handle);
    if (found) return found;
    throw new OutOfRangeError(
      "texture",
      `Cannot use texture as the system has none with this handle: current value is ${handle}`,
    );
  }
}

/** Everything that Python refers to by handle. */
export class Engine {
  readonly #devices = new Map<number, ForgeDevice>();
  readonly #systems = new Map<number, SystemSlot>();
  readonly #camera: Float64Array;
  readonly #results: Float64Array;
  readonly #logger: Logger;
  readonly #showLoads: ShowLoads | null;
  #lastHandle = 0;

  /**
   * Makes an engine without devices.
   *
   * @param camera Array in which Python passes the camera, as laid out in `layout.ts`; borrowed.
   * @param options `results`: array for the result of a call that did not wait; borrowed. `logger`:
   * where log messages go. `showLoads`: shows the progress of loads; null for none.
   */
  constructor(
    camera: Float64Array,
    { results, logger, showLoads }: {
      readonly results: Float64Array;
      readonly logger: Logger;
      readonly showLoads: ShowLoads | null;
    },
  ) {
    this.#camera = camera;
    this.#results = results;
    this.#logger = logger;
    this.#showLoads = showLoads;
  }

  /** Names and choices of the options that the calls below take. */
  optionNames(): OptionNames {
    return optionNames();
  }

  /** Asks for a device and answers its handle. */
  async requestDevice(): Promise<number> {
    const device = await requestDevice();
    const handle = ++this.#lastHandle;
    this.#devices.set(handle, device);
    return handle;
  }

  /** Whether a device can still be used; one that was lost is replaced, unless that was in vain. */
  deviceAlive(handle: number): boolean {
    const device = this.#devices.get(handle);
    return device !== undefined && device.failure === null;
  }

  /** The device behind a handle. */
  device(handle: number): ForgeDevice {
    const device = this.#devices.get(handle);
    if (device) return device;
    throw new DisposedError("device", "Cannot use device as it was closed: call get_device again");
  }

  /** Makes a system and answers its handle. */
  createSystem(device: number, options: VirtualTextureSystemOptions): number {
    const system = new VirtualTextureSystem(this.device(device), {
      logger: this.#logger,
      ...options,
    });
    const handle = ++this.#lastHandle;
    const { tileSize = 256, border = 4 } = options;
    this.#systems.set(handle, new SystemSlot(system, { tileSize, border }));
    return handle;
  }

  /** Closes a system. May be called again. */
  destroySystem(handle: number): void {
    const slot = this.#systems.get(handle);
    this.#systems.delete(handle);
    slot?.system.close();
  }

  /** Whether some call waits for the system. */
  busy(handle: number): boolean {
    return this.#slot(handle).calls.isBusy;
  }

  /** Resolves when everything that waits now is done. */
  settled(handle: number): Promise<void> {
    return this.#slot(handle).calls.enqueue(() => Promise.resolve());
  }

  /** Checks options of a load, so that they are reported before a file that is missing. */
  checkLoadOptions(options: LoadTextureOptions): void {
    checkedLoadOptions(options);
  }

  /** Loads a texture; it is unloaded when the signal is aborted, even after the load has ended. */
  loadTexture(
    handle: number,
    input: string | Uint8Array,
    options: LoadTextureOptions,
  ): Promise<LoadedTexture> {
    return this.#load(handle, options, (system) =>
      withLoadProgress(
        this.#showLoads,
        { input, options },
        (followed) => system.loadTexture(input, followed),
      ));
  }

  /** Loads a texture whose texels a function of Python gives. */
  loadRegions(
    handle: number,
    read: PythonReadRegion,
    options: { readonly regions: PythonRegions; readonly load: LoadTextureOptions },
  ): Promise<LoadedTexture> {
    const { regions, load } = options;
    return this.#load(handle, load, async (system, tiles) => {
      const source = await openPythonRegions(read, regions, { ...load, ...tiles });
      try {
        return await system.loadTexture(source, load);
      } catch (error) {
        source.close();
        throw error;
      }
    });
  }

  #load(
    handle: number,
    options: LoadTextureOptions,
    load: (system: VirtualTextureSystem, tiles: SystemSlot["tiles"]) => Promise<StreamedTexture>,
  ): Promise<LoadedTexture> {
    const slot = this.#slot(handle);
    return slot.calls.enqueue(async () => {
      const texture = await load(slot.system, slot.tiles);
      const loaded = slot.add(texture);
      const { signal } = options;
      if (signal?.aborted) await slot.unload(texture);
      signal?.throwIfAborted();
      // A caller may cancel after the load has ended, before it is told of that.
      const unload = () => void slot.calls.enqueue(() => slot.unload(texture)).catch(() => {});
      signal?.addEventListener("abort", unload, { once: true });
      return loaded;
    });
  }

  /** Unloads a texture. */
  unloadTexture(handle: number, texture: number): Promise<void> {
    const slot = this.#slot(handle);
    const found = slot.texture(texture);
    return slot.calls.enqueue(async () => {
      if (found) await slot.unload(found);
    });
  }

  /**
   * Runs a frame of streaming for the camera that Python passed.
   *
   * @param timeBudgetMs Longest wait for tiles; negative waits for all of them.
   * @param mayWait Whether the caller can wait for a promise.
   * @returns Nothing when the result lies in the shared array, else a promise of a result array.
   */
  update(
    handle: number,
    texture: number,
    timeBudgetMs: number,
    mayWait: boolean,
  ): Promise<Float64Array> | undefined {
    const slot = this.#slot(handle);
    const options = { texture: slot.texture(texture) };
    const { system } = slot;
    const camera = this.#cameraView(mayWait);
    if (mayWait && (slot.calls.isBusy || timeBudgetMs < 0)) {
      const budget = timeBudgetMs < 0 ? null : timeBudgetMs;
      return slot.calls.enqueue(async () => {
        const result = await system.update(camera, { ...options, timeBudgetMs: budget });
        return packResult(result, new Float64Array(UPDATE_FIELDS.length));
      });
    }
    const result = system.updateNow(camera, options);
    if (!mayWait || timeBudgetMs === 0 || result.tilesPending === 0) {
      packResult(result, this.#results);
      return undefined;
    }
    return slot.calls.enqueue(async () =>
      packResult(
        await system.finishUpdate({ timeBudgetMs }),
        new Float64Array(UPDATE_FIELDS.length),
      )
    );
  }

  /** Requests the tiles under a region of a level, in its texels. */
  prefetchRegion(handle: number, texture: number, region: readonly number[]): boolean {
    const slot = this.#slot(handle);
    const [x = 0, y = 0, width = 0, height = 0, level = 0] = region;
    return slot.system.prefetchRegion(slot.texture(texture)!, { x, y, width, height, level });
  }

  /** Makes a tile, a region or all of a texture stale. */
  invalidate(handle: number, texture: number, part: InvalidatedPart): void {
    const slot = this.#slot(handle);
    slot.system.invalidate(slot.texture(texture)!, part);
  }

  /** Evicts tiles and answers how many. */
  evictTiles(handle: number, texture: number): number {
    const slot = this.#slot(handle);
    return slot.system.evictTiles(slot.texture(texture));
  }

  /** Waits until nothing is pending. */
  flush(handle: number): Promise<boolean> {
    const slot = this.#slot(handle);
    return slot.calls.enqueue(() => slot.system.flush());
  }

  /** The system behind a handle, for what needs no translation. */
  system(handle: number): VirtualTextureSystem {
    return this.#slot(handle).system;
  }

  /** Whether a handle is that of a system that is open. */
  hasSystem(handle: number): boolean {
    return this.#systems.has(handle);
  }

  /** Gives a handle to a texture that something else has added to a system. */
  addTexture(handle: number, texture: StreamedTexture): LoadedTexture {
    return this.#slot(handle).add(texture);
  }

  /** A texture of a system. */
  loadedTexture(handle: number, texture: number): StreamedTexture {
    return this.#slot(handle).texture(texture)!;
  }

  /** Runs a function once all calls that wait for the system now have ended. */
  afterOthers<T>(handle: number, work: () => Promise<T>): Promise<T> {
    return this.#slot(handle).calls.enqueue(work);
  }

  /** Sets sizes of pools, of JSON or of a file of settings. */
  async configurePools(handle: number, config: string, isSettings: boolean): Promise<void> {
    const { tuning } = this.system(handle);
    const sizes = isSettings ? readPoolConfig(config) : poolConfigFrom(config);
    await this.afterOthers(handle, () => tuning.configurePools(sizes));
  }

  /** A copy of the camera that Python passed, for a call that outlives its own. */
  sharedCamera(): CameraView & { readonly position: Float64Array } {
    return this.#cameraView(true);
  }

  /** Draws what is resident, for the camera that Python passed, and answers the picture's bytes. */
  renderPicture(handle: number, texture: number, request: RenderRequest): Promise<Uint8Array> {
    const slot = this.#slot(handle);
    const chosen = slot.texture(texture);
    const { position, view, projection } = this.#cameraView(true);
    const { width, height, ...how } = withRange(request);
    return slot.calls.enqueue(async () => {
      const camera = { position, view: view!, projection: projection ?? null, width, height };
      const { data } = await render(slot.system, camera, {
        ...how,
        ...(chosen ? { texture: chosen } : {}),
      });
      return data;
    });
  }

  /** Reads values of a texture. */
  readValues(handle: number, texture: number, request: ValuesRequest): Promise<PackedValues> {
    return readPackedValues(this.#slot(handle).texture(texture)!, request);
  }

  /** Closes every system and device. */
  close(): void {
    for (const handle of [...this.#systems.keys()]) this.destroySystem(handle);
    for (const device of this.#devices.values()) device.close();
    this.#devices.clear();
  }

  #slot(handle: number): SystemSlot {
    const slot = this.#systems.get(handle);
    if (slot) return slot;
    throw new DisposedError(
      "virtual texture system",
      "Cannot use virtual texture system as it was closed",
    );
  }

  /** The camera that Python passed; a copy where it has to outlive the call. */
  #cameraView(copies: boolean): CameraView & { readonly position: Float64Array } {
    const camera = copies ? this.#camera.slice() : this.#camera;
    const part = (at: number, length: number) => camera.subarray(at, at + length);
    return {
      position: part(CAMERA.position, 3),
      view: camera[CAMERA.hasView] ? part(CAMERA.view, 16) : null,
      projection: camera[CAMERA.hasProjection] ? part(CAMERA.projection, 16) : null,
      viewport: camera[CAMERA.hasViewport] ? part(CAMERA.viewport, 2) : null,
    };
  }
}

function packResult(result: UpdateResult, target: Float64Array): Float64Array {
  for (const [index, name] of UPDATE_FIELDS.entries()) target[index] = Number(result[name]);
  return target;
}
