/**
 * Names and choices of the core's options, in Python's spelling, so that the package needs no list
 * of its own.
 *
 * @module
 */
import { PLACEMENT_KINDS } from "../geometry/mod.ts";
import { ENCODE_QUALITIES, MEMORY_OPTION_NAMES, SAMPLE_FILTERS } from "../gpu/mod.ts";
import { DEBUG_VIEWS } from "../scene/mod.ts";
import {
  FORMAT_CHOICES,
  LOAD_OPTION_NAMES,
  QUALITY_SETTING_NAMES,
  SYSTEM_OPTION_NAMES,
  TILE_SIZE_RANGE,
  type VirtualTextureSystemOptions,
} from "../streaming/mod.ts";
import { COLOR_MAPS, COLOR_SPACES } from "../texels/mod.ts";
import { POOL_KEYS } from "./pool_config.ts";
import { RVT_ARGUMENT_NAMES } from "./rvt/argument_names.ts";
import { snakeCase } from "./spelling.ts";

/** What Python may pass to the core. */
export interface OptionNames {
  /** Options of making a system that Python passes on by name. */
  readonly system: readonly string[];
  /** Options of loading a texture. */
  readonly load: readonly string[];
  /** Choices of every option that has a fixed set of them. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** Python's spelling of every argument that messages of the core may name. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Smallest and largest edge of a tile in texels. */
  readonly tile_sizes: readonly [number, number];
}

/** Options that are arguments of their own in Python, or missing there. */
const NOT_BY_NAME: ReadonlySet<string> = new Set<keyof VirtualTextureSystemOptions>([
  "maxMemoryMb",
  "maxMemoryBytes",
  "tileSize",
  "logger",
  "clock",
]);

/** Lists the names and choices. */
export function optionNames(): OptionNames {
  const all = [
    ...SYSTEM_OPTION_NAMES,
    ...LOAD_OPTION_NAMES,
    ...QUALITY_SETTING_NAMES,
    ...RVT_ARGUMENT_NAMES,
    ...POOL_KEYS,
    ...MEMORY_OPTION_NAMES,
    "initMemorySystem",
    "timeBudgetMs",
    "valueRange",
    "colorMap",
  ];
  return {
    system: [...SYSTEM_OPTION_NAMES].filter((name) => !NOT_BY_NAME.has(name)).map(snakeCase),
    // In Python a load is cancelled by cancelling its task, so the signal is not an option there.
    load: [...LOAD_OPTION_NAMES].filter((name) => name !== "signal").map(snakeCase),
    choices: {
      preferred_format: FORMAT_CHOICES,
      quality: ENCODE_QUALITIES,
      color_space: COLOR_SPACES,
      placement: PLACEMENT_KINDS,
      filter: SAMPLE_FILTERS,
      debug: DEBUG_VIEWS,
      color_map: COLOR_MAPS,
    },
    arguments: Object.fromEntries(all.map((name) => [name, snakeCase(name)])),
    tile_sizes: TILE_SIZE_RANGE,
  };
}
