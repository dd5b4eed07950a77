/**
 * Every function and method of the public API with arguments that are right, so that each can be
 * replaced by one that is not.
 *
 * @module
 */

import * as forge3d from "../../src/mod.ts";
import { mapSource } from "../streaming/sources.ts";
import { projectCalls } from "./project_calls.ts";
import { runtimeCalls } from "./runtime_calls.ts";

/** A function or method, and how it is called. */
export interface PublicCall {
  /** Name of the function, or of the class and the method. */
  readonly name: string;
  /** Arguments that are right; made anew for each call. */
  readonly args: () => readonly unknown[];
  readonly call: (...args: never[]) => unknown;
}

/** What calls are made with; open while they run. */
export interface CallWorld {
  readonly device: forge3d.ForgeDevice;
  readonly system: forge3d.VirtualTextureSystem;
  readonly texture: forge3d.StreamedTexture;
  /** With one volume and no component. */
  readonly scene: forge3d.RuntimeVirtualTextureScene;
  /** Bytes of a tile store. */
  readonly store: Uint8Array;
  /** Bytes of a KTX2 file. */
  readonly ktx2: Uint8Array;
  /** Bytes of a picture. */
  readonly png: Uint8Array;
  /** A folder to write to. */
  readonly folder: string;
}

const VIEW = forge3d.lookAt([100, 100, 200], [100, 100, 0]);
const CAMERA = { position: [100, 100, 200], view: VIEW };
const GROUP = { group: 0 };

function makeSystem(device: unknown, options: unknown): void {
  new forge3d.VirtualTextureSystem(device as never, options as never).close();
}

/** Every call. */
export function publicCalls(world: CallWorld): readonly PublicCall[] {
  const { device, system, texture } = world;
  const grid = new forge3d.TileGrid(300, 200, 64);
  const options = { width: 64, height: 64, tileSize: 64, border: 4, format: "rgba8unorm" };
  return [
    { name: "adoptDevice", args: () => [device.gpu, {}], call: forge3d.adoptDevice },
    { name: "requestDevice", args: () => [{}], call: closing(forge3d.requestDevice) },
    {
      name: "StreamedTexture.valueAt",
      args: () => [1, 2, {}],
      call: texture.valueAt.bind(texture),
    },
    {
      name: "StreamedTexture.readRegion",
      args: () => [[0, 0, 2, 2], { level: 0 }],
      call: texture.readRegion.bind(texture),
    },
    {
      name: "StreamedTexture.valueRange",
      args: () => [[0, 255], {}],
      call: texture.valueRange.bind(texture),
    },
    { name: "anchorTexel", args: () => [CAMERA, texture], call: forge3d.anchorTexel },
    {
      name: "bakePicture",
      args: () => [device, world.png, { output: `${world.folder}/a.ktx2` }],
      call: forge3d.bakePicture,
    },
    {
      name: "compositeTileSource",
      args: () => [mapSource(), mapSource(), { firstCoarseLevel: 1, info: "two" }],
      call: forge3d.compositeTileSource,
    },
    {
      name: "decodeBlocks",
      args: () => ["rgba8unorm", new Uint8Array(64), 4, 4],
      call: forge3d.decodeBlocks,
    },
    {
      name: "initMemorySystem",
      args: () => [device, { ringCount: 1, bufferSize: 256, poolMemoryMb: 1 }],
      call: forge3d.initMemorySystem,
    },
    { name: "memorySystemOf", args: () => [device], call: forge3d.memorySystemOf },
    { name: "formatInfo", args: () => ["rgba8unorm"], call: forge3d.formatInfo },
    { name: "isTexelFormat", args: () => ["rgba8unorm"], call: forge3d.isTexelFormat },
    { name: "lookAt", args: () => [[0, 0, 1], [0, 0, 0], {}], call: forge3d.lookAt },
    { name: "memorySource", args: () => [new Uint8Array(4), "name"], call: memoryRead },
    {
      name: "openFileSource",
      args: () => ["/nowhere/a.ktx2", {}],
      call: closing(forge3d.openFileSource),
    },
    {
      name: "openRegionSource",
      args: () => [
        () => new Uint8Array(4),
        {
          width: 1,
          height: 1,
          format: "rgba8unorm",
          tileSize: 64,
          border: 4,
          colorSpace: "srgb",
          levels: 1,
          name: "one",
        },
      ],
      call: closing(forge3d.openRegionSource),
    },
    {
      name: "openTileStore",
      args: () => [forge3d.memorySource(world.store), {}],
      call: closing(forge3d.openTileStore),
    },
    {
      name: "orthographic",
      args: () => [{ left: 0, right: 1, bottom: 0, top: 1, near: 0, far: 1 }],
      call: forge3d.orthographic,
    },
    {
      name: "perspective",
      args: () => [{ fovYDegrees: 60, aspect: 1, near: 1, far: 10 }],
      call: forge3d.perspective,
    },
    {
      name: "proceduralTileSource",
      args: () => [() => {}, options],
      call: forge3d.proceduralTileSource,
    },
    {
      name: "readPoolConfig",
      args: () => ["DefaultSizeInMegabyte=4"],
      call: forge3d.readPoolConfig,
    },
    {
      name: "readKtx2",
      args: () => [forge3d.memorySource(world.ktx2), {}],
      call: forge3d.readKtx2,
    },
    {
      name: "render",
      args: () => [system, { ...CAMERA, width: 8, height: 8 }, {}],
      call: forge3d.render,
    },
    {
      name: "virtualTextureLayoutEntries",
      args: () => [{}],
      call: forge3d.virtualTextureLayoutEntries,
    },
    { name: "virtualTextureWgsl", args: () => [GROUP], call: forge3d.virtualTextureWgsl },
    {
      name: "new VirtualTextureSystem",
      args: () => [device, { maxMemoryMb: 8 }],
      call: makeSystem,
    },
    { name: "new TileGrid", args: () => [64, 64, 64, {}], call: makeGrid },
    ...methods(world, grid),
    ...runtimeCalls(world),
    ...projectCalls(world),
  ] as unknown as PublicCall[];
}

function makeGrid(...args: never[]): void {
  new forge3d.TileGrid(...args as unknown as [number, number, number]);
}

/** A method of an object, by its class. */
function method<T extends object>(
  target: T,
  key: keyof T & string,
  args: PublicCall["args"] = () => [],
): PublicCall {
  return {
    name: `${target.constructor.name}.${key}`,
    args,
    call: (...given) => (target[key] as (...args: never[]) => unknown).apply(target, given),
  };
}

function methods({ device, system, texture }: CallWorld, grid: forge3d.TileGrid): PublicCall[] {
  const region = { x: 0, y: 0, width: 9, height: 9 };
  const { binding } = texture;
  const memory = forge3d.memorySystemOf(device);
  const picture = new forge3d.Picture(1, 1, new Uint8Array(4));
  const description = {
    name: "made",
    info: "made",
    grid,
    border: 4,
    formats: ["rgba8unorm"],
    colorSpace: "linear",
  };
  return [
    method(system, "assertOpen"),
    method(system, "loadTexture", () => [mapSource(), {}]),
    method(system, "addTexture", () => [description, () => null, {}]),
    method(system, "unloadTexture", () => [null, {}]),
    method(system, "updateNow", () => [CAMERA, {}]),
    method(system, "finishUpdate", () => [{ timeBudgetMs: 1 }]),
    method(system, "update", () => [CAMERA, { timeBudgetMs: 1 }]),
    method(system, "prefetchRegion", () => [texture, region]),
    method(system, "evictTiles", () => [texture]),
    method(system, "invalidate", () => [texture, region, {}]),
    method(system, "preload", () => [texture, region, {}]),
    method(system, "setContinuousUpdate", () => [texture, false]),
    method(system, "setDrawLimits", () => [{}]),
    method(system, "setPriority", () => [texture, 0]),
    method(system, "flush", () => [{}]),
    method(system, "renewed", () => [{}]),
    method(system, "subscribeRenewal", () => [() => {}]),
    method(system, "setQualitySettings", () => [{}]),
    method(system, "getStatistics"),
    method(system, "getMemoryInfo"),
    method(system, "noteRender", () => [[64, 64]]),
    method(system.tuning, "setMaxAnisotropy", () => [1]),
    method(system.tuning, "configurePools", () => [{}, {}]),
    method(system.tuning, "setPoolSizeScales", () => [{}, {}]),
    method(system.tuning, "poolInfos"),
    method(system.tuning, "measureUpdates", () => [false]),
    method(device, "supports", () => ["rgba8unorm"]),
    method(device, "filters", () => ["rgba8unorm"]),
    method(device, "limit", () => ["maxTextureDimension2D"]),
    method(device, "assertAlive"),
    method(device, "renewed", () => [AbortSignal.timeout(1000)]),
    method(device, "guard", () => ["work", () => {}]),
    method(device, "guardAndWait", () => ["work", () => {}]),
    method(device.submits, "submit", () => [[]]),
    method(device.submits, "afterNextSubmit", () => [() => {}]),
    method(device.submits, "dropRecorded"),
    method(device.submits, "markCompleted", () => [0]),
    method(device.submits, "wait"),
    method(device.submits, "waitNow"),
    method(device.submits, "noteBlockingCall"),
    method(memory, "stagingStats"),
    method(memory, "poolStats"),
    method(memory, "allocateFromPool", () => [16]),
    method(memory, "deallocatePoolBlock", () => [99]),
    method(memory, "poolBlock", () => [99]),
    method(memory, "defragment"),
    method(memory, "memoryReport"),
    method(picture, "toPng"),
    method(grid, "level", () => [0]),
    method(grid, "has", () => [0, 0, 0]),
    method(grid, "tileIndexOf", () => [0, 0, 0]),
    method(grid, "levelOf", () => [0]),
    method(grid, "addressOf", () => [0]),
    method(grid, "parentOf", () => [0]),
    method(binding, "entries", () => [{}]),
    method(binding, "writeSettings", () => [{}]),
  ];
}

function closing(open: (...args: never[]) => unknown): (...args: never[]) => Promise<void> {
  return async (...args) => ((await open(...args)) as { close(): void }).close();
}

async function memoryRead(bytes: never, name: never): Promise<void> {
  const source = forge3d.memorySource(bytes, name);
  await source.read(0, await source.size());
}
