/**
 * Options of a virtual texture system, checked.
 *
 * @module
 */

import {
  checkedAbove,
  checkedChoice,
  checkedFunction,
  checkedMethods,
  checkedNumber,
  checkedPowerOfTwo,
  checkedString,
  checkOptionNames,
  describeValue,
} from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";
import { MAX_ANISOTROPY } from "../gpu/mod.ts";

/** Where messages go; `console` is a logger. */
export interface Logger {
  /** Details for debugging. */
  debug(message: string): void;
  /** Ordinary events. */
  info(message: string): void;
  /** What the user should fix. */
  warn(message: string): void;
  /** Failures. */
  error(message: string): void;
}

/** Options of {@linkcode VirtualTextureSystem}. */
export interface VirtualTextureSystemOptions {
  /** The budget in MiB; default 256. */
  readonly maxMemoryMb?: number;
  /** The budget in bytes, in place of `maxMemoryMb`. */
  readonly maxMemoryBytes?: number;
  /** Edge of a tile's payload in texels: a power of 2 from 64 to 1024; default 256. */
  readonly tileSize?: number;
  /** Texels around a payload that belong to its neighbours: 4 (default) or 8. */
  readonly border?: 4 | 8;
  /** Largest ratio of an anisotropic footprint: 1 (trilinear, default) to 16. */
  readonly maxAnisotropy?: number;
  /** Tiles that one update may ask for and upload; default 64. */
  readonly tilesPerUpdate?: number;
  /** Bytes that one update may upload; default 16 MiB. */
  readonly bytesPerUpdate?: number;
  /** Milliseconds after which an update uploads no more tiles; default no limit. */
  readonly msPerUpdate?: number;
  /**
   * Estimated milliseconds of GPU time that tiles which are drawn may take in one update; default 4.
   * One tile is always let through.
   */
  readonly gpuMsPerUpdate?: number;
  /**
   * Largest part of the time that `updateNow` may spend waiting for the GPU, where asking the GPU
   * anything blocks the thread (Deno): 0 for never to 1; default 0.1. A wait lasts until the GPU has
   * done all that was submitted, by anyone; one of d milliseconds uses up d / share milliseconds of
   * time, of which 200 may be saved up, and until then none begins. Reading feedback and reusing
   * upload memory ask. Browsers never wait.
   *
   * With 0, feedback and upload memory come back only through calls that wait anyway: `update`,
   * `finishUpdate`, `flush` and `render`. Without any of them tiles stop landing once upload memory
   * is used up, which is a warning.
   *
   * Measured in 120 frames of a flight with a GPU pass of 470 ms before every tenth, two CPU cores and
   * an adapter whose submits do not block (SwiftShader): with 1, 22 updates took over 20 ms and waited
   * 6.3 s in all; with 0.1, 3 did and waited 0.66 s, which is one wait; with 0 none did, and the
   * longest update took 9 ms. Some drivers (lavapipe) wait in a submit for the one before; that is no
   * part of this.
   */
  readonly gpuWaitShare?: number;
  /** Rendered frames that a new tile takes to fade in; default 0: it shows at once. */
  readonly fadeFrames?: number;
  /** Updates from one read-back of feedback to the next; 0 for none. Default 1. */
  readonly feedbackInterval?: number;
  /**
   * Folder for textures that are baked when they are loaded; default `textures` in
   * `$FORGE3D_CACHE_DIR`, else in `forge3d` in the user's cache folder. It grows up to
   * `$FORGE3D_CACHE_MAX`, such as `500M` or `4G`, default 10 GiB, 0 for no limit; then the least
   * recently used textures are removed.
   */
  readonly cacheFolder?: string;
  /** Where messages go; default warnings and errors to `console`, the others nowhere. */
  readonly logger?: Logger;
  /** Monotonic clock in milliseconds; default `performance.now`. */
  readonly clock?: () => number;
  /** Name of the system in messages and in labels of GPU objects. */
  readonly label?: string;
}

/** Prints warnings and errors on standard error. */
const CONSOLE_LOGGER: Logger = {
  debug() {},
  info() {},
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};

type Range = readonly [number, number];

/** Every option of a system. */
export const SYSTEM_OPTION_NAMES: ReadonlySet<string> = new Set<keyof VirtualTextureSystemOptions>([
  "maxMemoryMb",
  "maxMemoryBytes",
  "tileSize",
  "border",
  "maxAnisotropy",
  "tilesPerUpdate",
  "bytesPerUpdate",
  "msPerUpdate",
  "gpuMsPerUpdate",
  "gpuWaitShare",
  "fadeFrames",
  "feedbackInterval",
  "cacheFolder",
  "logger",
  "clock",
  "label",
]);

/** Options with every default filled in. */
export interface SystemSettings {
  readonly budgetBytes: number;
  readonly tileSize: number;
  readonly border: number;
  readonly maxAnisotropy: number;
  /** Whether the anisotropy is the caller's. */
  readonly hasOwnAnisotropy: boolean;
  readonly tilesPerUpdate: number;
  readonly bytesPerUpdate: number;
  readonly msPerUpdate: number;
  readonly gpuMsPerUpdate: number;
  readonly gpuWaitShare: number;
  readonly fadeFrames: number;
  readonly feedbackInterval: number;
  readonly cacheFolder: string | null;
  readonly logger: Logger;
  readonly clock: () => number;
  /** Whether the clock is the caller's. */
  readonly hasOwnClock: boolean;
  readonly label: string;
}

/** Smallest and largest edge of a tile. */
export const TILE_SIZE_RANGE: readonly [number, number] = [64, 1024];

const MIB = 1024 * 1024;
const DEFAULT_BYTES_PER_UPDATE = 16 * MIB;

const FAILURE = "Cannot make virtual texture system";
const POSITIVE = [1, Infinity] as const;

/**
 * Checks options and fills in the defaults.
 *
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value out of its range.
 */
export function checkedSettings(options: VirtualTextureSystemOptions): SystemSettings {
  const failure = FAILURE;
  checkOptionNames(options, { failure, names: SYSTEM_OPTION_NAMES });
  const { tileSize = 256, border = 4, maxAnisotropy = 1 } = options;
  const number = (name: keyof VirtualTextureSystemOptions, fallback: number, range: Range) =>
    checkedNumber(options[name] ?? fallback, { name, failure, range });
  return {
    budgetBytes: checkedBudgetBytes(options),
    tileSize: checkedPowerOfTwo(tileSize, { name: "tileSize", failure, range: TILE_SIZE_RANGE }),
    border: checkedChoice(border, { name: "border", failure, choices: [4, 8] }),
    maxAnisotropy: checkedNumber(maxAnisotropy, {
      name: "maxAnisotropy",
      failure,
      range: [1, MAX_ANISOTROPY],
    }),
    hasOwnAnisotropy: (options.maxAnisotropy ?? null) !== null,
    tilesPerUpdate: Math.floor(number("tilesPerUpdate", 64, POSITIVE)),
    bytesPerUpdate: number("bytesPerUpdate", DEFAULT_BYTES_PER_UPDATE, POSITIVE),
    msPerUpdate: number("msPerUpdate", Infinity, [0, Infinity]),
    gpuMsPerUpdate: number("gpuMsPerUpdate", 4, [0, Infinity]),
    gpuWaitShare: number("gpuWaitShare", 0.1, [0, 1]),
    fadeFrames: number("fadeFrames", 0, [0, 1000]),
    feedbackInterval: number("feedbackInterval", 1, [0, 1e9]),
    cacheFolder: checkedCacheFolder(options.cacheFolder),
    logger: checkedMethods(options.logger ?? CONSOLE_LOGGER, {
      name: "logger",
      failure,
      methods: ["debug", "info", "warn", "error"],
    }),
    hasOwnClock: (options.clock ?? null) !== null,
    clock: checkedFunction(options.clock ?? (() => performance.now()), { name: "clock", failure }),
    label: checkedString(options.label ?? "virtual textures", { name: "label", failure }),
  };
}

function checkedCacheFolder(folder: string | null | undefined): string | null {
  if (folder === undefined || folder === null) return null;
  const path = checkedString(folder, { name: "cacheFolder", failure: FAILURE });
  if (path !== "" && !path.includes("\0")) return path;
  throw new OutOfRangeError(
    "cacheFolder",
    `${FAILURE} as cacheFolder must be the path of a folder: current value is ${
      describeValue(path)
    }`,
  );
}

function checkedBudgetBytes(options: VirtualTextureSystemOptions): number {
  const { maxMemoryMb = 256, maxMemoryBytes } = options;
  const failure = FAILURE;
  const mebibytes = checkedAbove(maxMemoryMb, { name: "maxMemoryMb", failure, bound: 0 });
  if (maxMemoryBytes === undefined || maxMemoryBytes === null) {
    const most = Number.MAX_SAFE_INTEGER / MIB;
    checkedNumber(mebibytes, { name: "maxMemoryMb", failure, range: [0, most] });
    return Math.max(1, Math.floor(mebibytes * MIB));
  }
  checkedAbove(maxMemoryBytes, { name: "maxMemoryBytes", failure, bound: 0 });
  const range = [0, Number.MAX_SAFE_INTEGER] as const;
  return Math.max(
    1,
    Math.floor(checkedNumber(maxMemoryBytes, {
      name: "maxMemoryBytes",
      failure,
      range,
    })),
  );
}

/** Trades memory and bandwidth for sharpness; see {@linkcode checkedQuality}. */
export interface QualitySettings {
  /** Levels that a pool may coarsen early, under pressure: 0 (default) to 16. */
  readonly maxMipBias?: number;
  /** Resolution wanted against the screen's: 1 default, 0.6 coarser, 1.2 finer; 0.01 to 16. */
  readonly lodScale?: number;
  /** Width of the margin that is loaded around the view, and how long tiles are kept: 1 (default,
   * visible only) to 16. Values below 1 are as 1. */
  readonly cachePriorityBoost?: number;
}

/** Every quality setting. */
export const QUALITY_SETTING_NAMES: readonly (keyof QualitySettings)[] = [
  "maxMipBias",
  "lodScale",
  "cachePriorityBoost",
];

/**
 * Checks quality settings and fills in the defaults.
 *
 * @throws {InvalidArgumentError} for a setting that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value out of its range.
 */
export function checkedQuality(quality: QualitySettings): Required<QualitySettings> {
  const failure = "Cannot set quality";
  checkOptionNames(quality, { failure, names: QUALITY_SETTING_NAMES });
  const number = (name: keyof QualitySettings, fallback: number, range: Range) =>
    checkedNumber(quality[name] ?? fallback, { name, failure, range });
  return {
    maxMipBias: number("maxMipBias", 0, [0, 16]),
    lodScale: number("lodScale", 1, [0.01, 16]),
    cachePriorityBoost: number("cachePriorityBoost", 1, [0, 16]),
  };
}
