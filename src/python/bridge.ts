/**
 * The private module `_forge3d_core` below the Python package.
 *
 * Names are Python's; arguments and results are numbers, strings, bytes and plain objects, so that
 * no proxy outlives a call: but for runtime virtual textures, whose objects Python holds. Errors are the library's own; Python turns each into the matching
 * exception. The camera of an update is passed in one shared array, and its result in another.
 *
 * @module
 */
import type { PyodideAPI } from "pyodide";
import { DisposedError } from "../errors.ts";
import type { MemorySystemOptions } from "../gpu/mod.ts";
import type { LoadTextureOptions, VirtualTextureSystemOptions } from "../streaming/mod.ts";
import type { Engine } from "./engine.ts";
import { CAMERA, MEMORY_NUMBERS, UPDATE_FIELDS } from "./layout.ts";
import type { ShowLoads } from "./load_progress.ts";
import type { MemoryCalls, MemoryModule } from "./memory_calls.ts";
import type { OptionNames } from "./option_names.ts";
import type { RenderRequest } from "./render_request.ts";
import type { PackedValues, ValuesRequest } from "./value_calls.ts";
import type { RvtCalls, RvtModule } from "./rvt/rvt_calls.ts";
import { poolConfigText } from "./pool_config.ts";
import type { PythonReadRegion, PythonRegions } from "./region_source.ts";
import { camelKeys, type Plain, snakeCase, snakeKeys } from "./spelling.ts";

/** Takes a log message: its level, as Python's `logging` names it, and its text. */
export type LogFunction = (level: string, message: string) => void;

/** What Python imports as `_forge3d_core`. */
export interface CoreModule extends RvtModule, MemoryModule {
  /** Shared: the camera of the next update or picture. */
  readonly camera: Float64Array;
  /** Shared: the result of an update that did not wait. */
  readonly results: Float64Array;
  /** Names of the result's parts, in order. */
  update_fields(): string[];
  /** Sets the function that takes log messages. */
  set_log(log: LogFunction): void;
  /** Path of a file on the host, or null if only Python's own file system has it. */
  host_path(path: string): string | null;
  /** Loads what all calls below need; asking for a device does so, too. */
  load_engine(): Promise<void>;
  /** Whether it is loaded. */
  engine_loaded(): boolean;
  /** Asks for a device and answers its handle. */
  request_device(): Promise<number>;
  /** Whether a device can still be used. */
  device_alive(device: number): boolean;
  /** Names and choices of options; a `DisposedError` before there is a device. */
  option_names(): OptionNames;
  /** `name`, `backend`, `features` and `limits` of a device. */
  device_info(device: number): Plain;
  /** Makes a system and answers its handle. */
  create_system(device: number, options: Plain): number;
  /** Closes a system. May be called again. */
  destroy_system(system: number): void;
  /** Whether some call waits for the system. */
  busy(system: number): boolean;
  /** Resolves when everything that waits for the system now is done. */
  settled(system: number): Promise<void>;
  /** Checks options of a load. */
  check_load_options(options: Plain): void;
  /** Loads a texture; answers its `handle`, `width`, `height` and more. */
  load_texture(system: number, input: string | Uint8Array, options: Plain): Promise<Plain>;
  /** Loads a texture whose texels a function of Python gives; answers the same. */
  load_regions(
    system: number,
    read: PythonReadRegion,
    regions: Plain,
    options: Plain,
  ): Promise<Plain>;
  /** Unloads a texture. */
  unload_texture(system: number, texture: number): Promise<void>;
  /** Runs a frame for the shared camera; see `Engine.update`. */
  update(
    system: number,
    texture: number,
    timeBudgetMs: number,
    mayWait: boolean,
  ): Promise<Float64Array> | undefined;
  /** Requests the tiles under a region of a level, in its texels. */
  prefetch(
    system: number,
    texture: number,
    x: number,
    y: number,
    width: number,
    height: number,
    level: number,
  ): boolean;
  /** Makes a texture's content stale, all of it. */
  invalidate(system: number, texture: number): void;
  /** Makes the content stale of every tile that depends on a region of a level, in its texels. */
  invalidate_region(
    system: number,
    texture: number,
    x: number,
    y: number,
    width: number,
    height: number,
    level: number,
  ): void;
  /** Makes the content of one tile stale. */
  invalidate_tile(system: number, texture: number, level: number, x: number, y: number): void;
  /** Evicts the tiles of one texture, or of all for -1; answers how many. */
  evict(system: number, texture: number): number;
  /** Waits until nothing is pending. */
  flush(system: number): Promise<boolean>;
  /** Sets how much is streamed. */
  set_quality(
    system: number,
    maxMipBias: number,
    lodScale: number,
    cachePriorityBoost: number,
  ): boolean;
  /** Statistics of streaming so far. */
  statistics(system: number): Plain;
  /** Sizes of pools, as JSON. */
  pool_config(system: number): string;
  /** Sets sizes of pools, of JSON or of a file of settings, and resizes those that there are. */
  configure_pools(system: number, config: string, isSettings: boolean): Promise<void>;
  /** What the memory budget is used for. */
  memory_info(system: number): Plain;
  /** Draws for the shared camera; answers the picture's bytes. */
  render(system: number, texture: number, options: Plain): Promise<Uint8Array>;
  /** Reads values of a texture as its file has them. */
  read_values(system: number, texture: number, options: Plain): Promise<PackedValues>;
  /** Frees every system and device that Python did not free. */
  close(): void;
}

/**
 * Makes the module for one interpreter.
 *
 * @param showLoads Shows the progress of loads that a script does not follow; null for none.
 */
export function createCore(pyodide: PyodideAPI, showLoads: ShowLoads | null = null): CoreModule {
  const camera = new Float64Array(CAMERA.length);
  const results = new Float64Array(UPDATE_FIELDS.length);
  const memoryNumbers = new Float64Array(MEMORY_NUMBERS);
  let log: LogFunction = (_level, message) => console.warn(message);
  const logger = {
    debug: (message: string) => log("DEBUG", message),
    info: (message: string) => log("INFO", message),
    warn: (message: string) => log("WARNING", message),
    error: (message: string) => log("ERROR", message),
  };
  let running: Engine | null = null;
  let rvtCalls: RvtCalls | null = null;
  let memoryCalls: MemoryCalls | null = null;
  const loaded = <T>(part: T | null): T => {
    if (part) return part;
    throw new DisposedError(
      "device",
      "Cannot use forge3d as there is no device: call get_device first",
    );
  };
  const engine = () => loaded(running);
  const rvt = () => loaded(rvtCalls);
  const memory = () => loaded(memoryCalls);
  // The renderer, the baker and what they need are loaded for scripts that use them only.
  const loadEngine = async (): Promise<Engine> => {
    const [{ Engine }, { RvtCalls }, { MemoryCalls }] = await Promise.all([
      import("./engine.ts"),
      import("./rvt/rvt_calls.ts"),
      import("./memory_calls.ts"),
    ]);
    running ??= new Engine(camera, { results, logger, showLoads });
    rvtCalls ??= new RvtCalls(running);
    memoryCalls ??= new MemoryCalls(running, memoryNumbers);
    return running;
  };

  return {
    camera,
    results,
    update_fields: () => UPDATE_FIELDS.map(snakeCase),
    set_log: (next) => {
      log = next;
    },
    host_path: (path) => hostPath(pyodide, path),
    load_engine: async () => void await loadEngine(),
    engine_loaded: () => running !== null,
    request_device: async () => await (await loadEngine()).requestDevice(),
    device_alive: (device) => running?.deviceAlive(device) ?? false,
    option_names: () => engine().optionNames(),
    device_info: (device) => {
      const { name, backend, isCpu, features, limits } = engine().device(device);
      return { name, backend, isCpu, features: [...features].sort(), limits };
    },
    create_system: (device, options) =>
      engine().createSystem(device, camelKeys<VirtualTextureSystemOptions>(options)),
    destroy_system: (system) => running?.destroySystem(system),
    busy: (system) => engine().busy(system),
    settled: (system) => engine().settled(system),
    check_load_options: (options) =>
      engine().checkLoadOptions(camelKeys<LoadTextureOptions>(options)),
    load_texture: async (system, input, options) =>
      snakeKeys(
        await engine().loadTexture(system, input, camelKeys<LoadTextureOptions>(options)),
      ),
    load_regions: async (system, read, regions, options) =>
      snakeKeys(
        await engine().loadRegions(system, read, {
          regions: camelKeys<PythonRegions>(regions),
          load: camelKeys<LoadTextureOptions>(options),
        }),
      ),
    unload_texture: (system, texture) => engine().unloadTexture(system, texture),
    update: (system, texture, timeBudgetMs, mayWait) =>
      engine().update(system, texture, timeBudgetMs, mayWait),
    prefetch: (system, texture, ...region) => engine().prefetchRegion(system, texture, region),
    invalidate: (system, texture) => engine().invalidate(system, texture, null),
    invalidate_region: (system, texture, x, y, width, height, level) =>
      engine().invalidate(system, texture, { x, y, width, height, level }),
    invalidate_tile: (system, texture, level, x, y) =>
      engine().invalidate(system, texture, { level, x, y }),
    evict: (system, texture) => engine().evictTiles(system, texture),
    flush: (system) => engine().flush(system),
    set_quality: (system, maxMipBias, lodScale, cachePriorityBoost) =>
      engine().system(system).setQualitySettings({ maxMipBias, lodScale, cachePriorityBoost }),
    statistics: (system) => snakeKeys(engine().system(system).getStatistics()),
    pool_config: (system) => poolConfigText(engine().system(system).tuning.poolConfig),
    configure_pools: async (system, config, isSettings) =>
      await engine().configurePools(system, config, isSettings),
    memory_info: (system) => snakeKeys(engine().system(system).getMemoryInfo()),
    render: (system, texture, options) =>
      engine().renderPicture(system, texture, camelKeys<RenderRequest>(options)),
    read_values: async (system, texture, options) =>
      await engine().readValues(system, texture, camelKeys<ValuesRequest>(options)),
    memory_numbers: memoryNumbers,
    memory_init: async (device, options) =>
      await memory().initialize(device, camelKeys<MemorySystemOptions>(options)),
    memory_staging: (device) => memory().packStaging(device),
    memory_pools: (device) => memory().packPools(device),
    memory_allocate: (device, size) => memory().allocate(device, size),
    memory_free: (device, id) => memory().free(device, id),
    memory_defragment: async (device) => await memory().defragment(device),
    memory_report: (device) => memory().report(device),
    memory_close: (device) => memory().close(device),
    rvt_make: (kind, ...args) => rvt().rvt_make(kind, ...args),
    rvt_apply: (name, ...args) => rvt().rvt_apply(name, ...args),
    rvt_call: (target, method, ...args) => rvt().rvt_call(target, method, ...args),
    rvt_get: (target, name) => rvt().rvt_get(target, name),
    rvt_set: (target, name, value) => rvt().rvt_set(target, name, value),
    rvt_subscribe: (target, listener) => rvt().rvt_subscribe(target, listener),
    rvt_place: (component, ...numbers) => rvt().rvt_place(component, ...numbers),
    rvt_weights: (values, layer) => rvt().rvt_weights(values, layer),
    rvt_texture: (system, texture) => rvt().rvt_texture(system, texture),
    rvt_device: (device) => rvt().rvt_device(device),
    rvt_make_deferred: (options, load) => rvt().rvt_make_deferred(options, load),
    rvt_make_opened_builder: (options, open) => rvt().rvt_make_opened_builder(options, open),
    rvt_raise_failure: (deferred) => rvt().rvt_raise_failure(deferred),
    rvt_make_scene: (system, options) => rvt().rvt_make_scene(system, options),
    rvt_wait: (scene, target, ...call) => rvt().rvt_wait(scene, target, ...call),
    rvt_open_project: (project, ...how) => rvt().rvt_open_project(project, ...how),
    rvt_inspect_tile: (scene, asset, tile) => rvt().rvt_inspect_tile(scene, asset, tile),
    rvt_render: (scene, ...picture) => rvt().rvt_render(scene, ...picture),
    rvt_texture_of: (scene, asset) => rvt().rvt_texture_of(scene, asset),
    rvt_close: (scene) => rvt().rvt_close(scene),
    close: () => {
      rvtCalls?.close();
      running?.close();
      rvtCalls = null;
      memoryCalls = null;
      running = null;
    },
  };
}

interface FileNode {
  readonly mount: { readonly type: unknown };
}

interface MountedFiles {
  lookupPath(path: string, options: { follow: boolean }): { node: FileNode };
  readonly filesystems: { readonly NODEFS: { realPath(node: FileNode): string } };
}

function hostPath(pyodide: PyodideAPI, path: string): string | null {
  const files = pyodide.FS as unknown as MountedFiles;
  const { NODEFS } = files.filesystems;
  try {
    const { node } = files.lookupPath(path, { follow: true });
    return node.mount.type === NODEFS ? NODEFS.realPath(node) : null;
  } catch {
    return null;
  }
}
