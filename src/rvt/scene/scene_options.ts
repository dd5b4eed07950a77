/**
 * Options of scenes with runtime virtual textures, checked.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedMethods,
  checkOptionNames,
} from "../../checks.ts";
import type { DrawLimits, Logger } from "../../streaming/mod.ts";

/** Whether a scene is played or edited: upload limits and what is hidden depend on it. */
export type SceneMode = "game" | "editor";

/** Every {@linkcode SceneMode}. */
export const SCENE_MODES: readonly SceneMode[] = Object.freeze(["game", "editor"]);

/** How soon stale tiles are rendered again: before those that are missing, or in shares with them. */
export type InvalidationPriority = "normal" | "high";

/** Every {@linkcode InvalidationPriority}. */
export const INVALIDATION_PRIORITIES: readonly InvalidationPriority[] = Object.freeze([
  "normal",
  "high",
]);

/** Options of {@linkcode RuntimeVirtualTextureScene}. */
export interface SceneOptions {
  /** Whether the scene is played or edited; default `"game"`. */
  readonly mode?: SceneMode;
  /**
   * Whether virtual texturing is supported; default true. Without, textures are not rendered, and
   * materials take the other way of their feature switches.
   */
  readonly virtualTexturing?: boolean;
  /** Tiles that an update renders at most, in game, at least 1; default 8. */
  readonly maxUploadsPerFrame?: number;
  /** The same in the editor, at least 1; default 64. */
  readonly maxUploadsPerFrameInEditor?: number;
  /**
   * Tiles of textures with continuous update that an update renders again at most, in game, 0 or more;
   * default 1.
   */
  readonly maxContinuousUpdatesPerFrame?: number;
  /** The same in the editor, 0 or more; default 8. */
  readonly maxContinuousUpdatesPerFrameInEditor?: number;
  /** Tile Count Bias of all volumes, beside their own, -12 to 12; default 0. */
  readonly tileCountBias?: number;
  /** Seed of the order in which continuous updates choose tiles, 0 to 2^32 - 1; default 1. */
  readonly seed?: number;
  /** Hears of the scene's warnings; default the system's logger. */
  readonly logger?: Pick<Logger, "warn">;
}

/** Options, all of them. */
export type CompleteSceneOptions = Required<SceneOptions>;

/** What scenes are set to of which nothing is said. */
export const DEFAULT_SCENE_OPTIONS: Omit<CompleteSceneOptions, "logger"> = Object.freeze({
  mode: "game",
  virtualTexturing: true,
  maxUploadsPerFrame: 8,
  maxUploadsPerFrameInEditor: 64,
  maxContinuousUpdatesPerFrame: 1,
  maxContinuousUpdatesPerFrameInEditor: 8,
  tileCountBias: 0,
  seed: 1,
});

const NAMES = ["logger", ...Object.keys(DEFAULT_SCENE_OPTIONS)] as (keyof CompleteSceneOptions)[];

/** Options of a scene before any was set. */
export function defaultSceneOptions(logger: Logger): CompleteSceneOptions {
  return { ...DEFAULT_SCENE_OPTIONS, logger };
}

/**
 * Options with what was left out.
 *
 * @param before What was set so far.
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed.
 */
export function checkedSceneOptions(
  options: SceneOptions,
  before: CompleteSceneOptions,
  failure = "Cannot make scene",
): CompleteSceneOptions {
  checkOptionNames(options, { failure, names: NAMES });
  const named = Object.entries(options).filter(([, value]) =>
    value !== undefined && value !== null
  );
  const all = { ...before, ...Object.fromEntries(named) } as CompleteSceneOptions;
  checkedChoice(all.mode, { name: "mode", failure, choices: SCENE_MODES });
  checkedBoolean(all.virtualTexturing, { name: "virtualTexturing", failure });
  const integer = (name: keyof CompleteSceneOptions, least: number, most = Infinity) =>
    checkedInteger(all[name], { name, failure, range: [least, most] });
  integer("maxUploadsPerFrame", 1);
  integer("maxUploadsPerFrameInEditor", 1);
  integer("maxContinuousUpdatesPerFrame", 0);
  integer("maxContinuousUpdatesPerFrameInEditor", 0);
  integer("tileCountBias", -12, 12);
  integer("seed", 0, 2 ** 32 - 1);
  checkedMethods(all.logger, { name: "logger", failure, methods: ["warn"] });
  return Object.freeze(all);
}

/** How many tiles updates draw, in the mode that a scene has. */
export function drawLimitsOf(options: CompleteSceneOptions): DrawLimits {
  const suffix = options.mode === "editor" ? "InEditor" : "";
  return {
    tilesPerUpdate: options[`maxUploadsPerFrame${suffix}`],
    continuousTilesPerUpdate: options[`maxContinuousUpdatesPerFrame${suffix}`],
    seed: options.seed,
  };
}
