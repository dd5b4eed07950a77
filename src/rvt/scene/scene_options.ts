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
  describeValue,
} from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { type DrawLimits, type Logger, MOST_DRAWN_TILES } from "../../streaming/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../volume/mod.ts";

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
  /** Tiles that an update renders at most, in game, 1 to 10^9; default 8. */
  readonly maxUploadsPerFrame?: number;
  /** The same in the editor, 1 to 10^9; default 64. */
  readonly maxUploadsPerFrameInEditor?: number;
  /**
   * Tiles of textures with continuous update that an update renders again at most, in game, 0 to 10^9;
   * default 1.
   */
  readonly maxContinuousUpdatesPerFrame?: number;
  /** The same in the editor, 0 to 10^9; default 8. */
  readonly maxContinuousUpdatesPerFrameInEditor?: number;
  /**
   * Modes in which tiles of streaming textures, too, count against the maximum of uploads; default none: it
   * limits what is rendered.
   */
  readonly streamingCountsIn?: readonly SceneMode[];
  /** Tile Count Bias of all volumes, beside their own, -12 to 12; default 0. */
  readonly tileCountBias?: number;
  /**
   * Tile Count Bias by scalability group of volumes, beside the others, -12 to 12; default 0 for each. The
   * sum of this and `tileCountBias` is limited to the same range.
   */
  readonly groupTileCountBias?: Readonly<Record<number, number>>;
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
  streamingCountsIn: Object.freeze([]),
  tileCountBias: 0,
  groupTileCountBias: Object.freeze({}),
  seed: 1,
});

const BIAS_RANGE = [-12, 12] as const;
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
  const given = { ...before, ...Object.fromEntries(named) } as CompleteSceneOptions;
  const all = {
    ...given,
    streamingCountsIn: checkedModes(given.streamingCountsIn, failure),
    groupTileCountBias: checkedGroupBias(given.groupTileCountBias, failure),
  };
  checkedChoice(all.mode, { name: "mode", failure, choices: SCENE_MODES });
  checkedBoolean(all.virtualTexturing, { name: "virtualTexturing", failure });
  const integer = (name: keyof CompleteSceneOptions, least: number, most = MOST_DRAWN_TILES) =>
    checkedInteger(all[name], { name, failure, range: [least, most] });
  integer("maxUploadsPerFrame", 1);
  integer("maxUploadsPerFrameInEditor", 1);
  integer("maxContinuousUpdatesPerFrame", 0);
  integer("maxContinuousUpdatesPerFrameInEditor", 0);
  integer("tileCountBias", ...BIAS_RANGE);
  integer("seed", 0, 2 ** 32 - 1);
  checkedMethods(all.logger, { name: "logger", failure, methods: ["warn"] });
  return Object.freeze(all);
}

function checkedModes(modes: readonly SceneMode[], failure: string): readonly SceneMode[] {
  const name = "streamingCountsIn";
  if (!Array.isArray(modes)) {
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be a list of modes: current value is ${describeValue(modes)}`,
    );
  }
  const checked = modes.map((mode: unknown) =>
    checkedChoice(mode, { name, failure, choices: SCENE_MODES })
  );
  return Object.freeze([...new Set(checked)]);
}

function checkedGroupBias(
  biases: Readonly<Record<number, number>>,
  failure: string,
): Readonly<Record<number, number>> {
  const name = "groupTileCountBias";
  const groups = typeof biases === "object" && biases !== null ? Object.keys(biases) : [];
  checkOptionNames(biases, { failure, names: new Set(groups), name });
  for (const group of groups) {
    if (!/^(0|[1-9]\d*)$/.test(group)) {
      throw new OutOfRangeError(
        name,
        `${failure} as a group of ${name} must be an integer >= 0: current value is ${
          describeValue(group)
        }`,
      );
    }
    checkedInteger(biases[Number(group)], { name, failure, range: BIAS_RANGE });
  }
  return Object.freeze({ ...biases });
}

/** Bias beside a volume's own. */
export function tileCountBiasOf(
  { tileCountBias, groupTileCountBias }: Pick<
    CompleteSceneOptions,
    "tileCountBias" | "groupTileCountBias"
  >,
  { settings: { scalabilityGroup } }: RuntimeVirtualTextureVolume,
): number {
  const sum = tileCountBias + (groupTileCountBias[scalabilityGroup] ?? 0);
  return Math.max(BIAS_RANGE[0], Math.min(BIAS_RANGE[1], sum));
}

/** Whether textures may be other ones with other options: the mode says whether baked low mips are used. */
export function changesTextures(before: CompleteSceneOptions, now: CompleteSceneOptions): boolean {
  return before.mode !== now.mode || before.tileCountBias !== now.tileCountBias ||
    before.virtualTexturing !== now.virtualTexturing ||
    JSON.stringify(before.groupTileCountBias) !== JSON.stringify(now.groupTileCountBias);
}

/** How many tiles updates draw, in the mode that a scene has. */
export function drawLimitsOf(options: CompleteSceneOptions): DrawLimits {
  const suffix = options.mode === "editor" ? "InEditor" : "";
  return {
    tilesPerUpdate: options[`maxUploadsPerFrame${suffix}`],
    includesUploads: options.streamingCountsIn.includes(options.mode),
    continuousTilesPerUpdate: options[`maxContinuousUpdatesPerFrame${suffix}`],
    seed: options.seed,
  };
}
