/**
 * Options of a virtual texture system, checked.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";
import { MAX_ANISOTROPY } from "../gpu/mod.ts";

/** Where messages for people go; `console` is one. */
export interface Logger {
  /** Details for those who look for a fault. */
  debug(message: string): void;
  /** What happens in the ordinary course. */
  info(message: string): void;
  /** What the user should mend. */
  warn(message: string): void;
  /** What has failed. */
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
   * done all that was submitted; after one of d milliseconds none begins for d · (1 − part) / part.
   * Reading feedback and reusing upload memory ask. Browsers never wait.
   */
  readonly gpuWaitShare?: number;
  /** Rendered frames that a new tile takes to fade in; default 0: it shows at once. */
  readonly fadeFrames?: number;
  /** Updates from one read-back of feedback to the next; 0 for none. Default 1. */
  readonly feedbackInterval?: number;
  /** Folder for what loading has to bake; default see `defaultCacheFolder` in `bake/`. */
  readonly cacheFolder?: string;
  /** Where messages go; default warnings and errors to `console`, the others nowhere. */
  readonly logger?: Logger;
  /** Milliseconds that grow; default `performance.now`. */
  readonly clock?: () => number;
  /** What to call the system in messages and GPU objects. */
  readonly label?: string;
}

/** Says what the user should mend, on standard error. */
const CONSOLE_LOGGER: Logger = {
  debug() {},
  info() {},
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};

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

/** Options with nothing left open. */
export interface SystemSettings {
  readonly budgetBytes: number;
  readonly tileSize: number;
  readonly border: number;
  readonly maxAnisotropy: number;
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
  readonly label: string;
}

/** Smallest and largest edge of a tile. */
export const TILE_SIZE_RANGE: readonly [number, number] = [64, 1024];

const MIB = 1024 * 1024;
const DEFAULT_BYTES_PER_UPDATE = 16 * MIB;

function outOfRange(argument: string, wanted: string, value: unknown): OutOfRangeError {
  return new OutOfRangeError(argument, `${argument} must be ${wanted}: current value is ${value}`);
}

function checkNumber(argument: string, value: unknown): void {
  if (typeof value === "number") return;
  throw new InvalidArgumentError(
    argument,
    `${argument} must be a number: current value is ${String(value)}`,
  );
}

/** Checks one number against a range. */
function inRange(name: string, value: number, range: readonly [number, number]): number {
  checkNumber(name, value);
  if (value >= range[0] && value <= range[1]) return value;
  throw outOfRange(name, `from ${range[0]} to ${range[1]}`, value);
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws {OutOfRangeError} for a value out of its range.
 * @throws {InvalidArgumentError} for a value of the wrong type.
 */
export function checkedSettings(options: VirtualTextureSystemOptions): SystemSettings {
  for (const name of Object.keys(options)) {
    if (SYSTEM_OPTION_NAMES.has(name)) continue;
    throw new InvalidArgumentError(
      name,
      `Cannot make virtual texture system as there is no option ${name}: options are ` +
        `${[...SYSTEM_OPTION_NAMES].join(", ")}`,
    );
  }
  const { maxMemoryMb = 256, tileSize = 256, border = 4, maxAnisotropy = 1 } = options;
  checkNumber("maxMemoryMb", maxMemoryMb);
  const budgetBytes = options.maxMemoryBytes ?? maxMemoryMb * MIB;
  checkNumber("maxMemoryBytes", budgetBytes);
  if (!(budgetBytes >= 1 && Number.isFinite(budgetBytes))) {
    const name = options.maxMemoryBytes === undefined ? "maxMemoryMb" : "maxMemoryBytes";
    throw outOfRange(name, "positive", options.maxMemoryBytes ?? maxMemoryMb);
  }
  checkNumber("tileSize", tileSize);
  const [least, most] = TILE_SIZE_RANGE;
  if (!(tileSize >= least && tileSize <= most && Number.isInteger(Math.log2(tileSize)))) {
    throw outOfRange("tileSize", `a positive power of 2 from ${least} to ${most}`, tileSize);
  }
  if (border !== 4 && border !== 8) throw outOfRange("border", "4 or 8", border);
  const positive: readonly [number, number] = [1, Infinity];
  return {
    budgetBytes: Math.floor(budgetBytes),
    tileSize,
    border,
    maxAnisotropy: inRange("maxAnisotropy", maxAnisotropy, [1, MAX_ANISOTROPY]),
    tilesPerUpdate: Math.floor(inRange("tilesPerUpdate", options.tilesPerUpdate ?? 64, positive)),
    bytesPerUpdate: inRange(
      "bytesPerUpdate",
      options.bytesPerUpdate ?? DEFAULT_BYTES_PER_UPDATE,
      positive,
    ),
    msPerUpdate: inRange("msPerUpdate", options.msPerUpdate ?? Infinity, [0, Infinity]),
    gpuMsPerUpdate: inRange("gpuMsPerUpdate", options.gpuMsPerUpdate ?? 4, [0, Infinity]),
    gpuWaitShare: inRange("gpuWaitShare", options.gpuWaitShare ?? 0.1, [0, 1]),
    fadeFrames: inRange("fadeFrames", options.fadeFrames ?? 0, [0, 1000]),
    feedbackInterval: inRange("feedbackInterval", options.feedbackInterval ?? 1, [0, 1e9]),
    cacheFolder: options.cacheFolder ?? null,
    logger: options.logger ?? CONSOLE_LOGGER,
    clock: options.clock ?? (() => performance.now()),
    label: options.label ?? "virtual textures",
  };
}

/** What is streamed, against how it looks; see {@linkcode checkedQuality}. */
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

/** Checks quality settings and fills in the defaults. */
export function checkedQuality(quality: QualitySettings): Required<QualitySettings> {
  return {
    maxMipBias: inRange("maxMipBias", quality.maxMipBias ?? 0, [0, 16]),
    lodScale: inRange("lodScale", quality.lodScale ?? 1, [0.01, 16]),
    cachePriorityBoost: inRange("cachePriorityBoost", quality.cachePriorityBoost ?? 1, [0, 16]),
  };
}
