/**
 * How large pools may be, by the formats and the tile size of their textures.
 *
 * @module
 */

import {
  checkedAbove,
  checkedChoice,
  checkedInteger,
  checkOptionNames,
  describeValue,
} from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { TEXEL_FORMATS, type TexelFormat } from "../../texels/mod.ts";

/** A size for the pools of some formats. */
export interface PoolConfigEntry {
  /**
   * Formats of the planes, in their order: 1 to 3. Formats that differ only in their colour space are the
   * same here, and `r16uint` is `r16unorm`, for which it stands where a device lacks that.
   */
  readonly formats: readonly TexelFormat[];
  /** Least edge of a tile in texels, without its border: an integer from 0; default 0. */
  readonly minTileSize?: number;
  /** Largest edge of a tile in texels, without its border: an integer from 0; default any. */
  readonly maxTileSize?: number;
  /** The most MiB that the pool may take, above 0; default no limit but its share of the budget. */
  readonly sizeMb?: number;
  /** Scalability group whose scale applies to the pool, an integer from 0; default 0. */
  readonly scalabilityGroup?: number;
}

/**
 * Sizes of pools. They are caps: a pool is no larger than its textures have tiles, either. Where the sizes of
 * all pools that there are exceed what the budget has for atlases, all of them shrink by one factor. However
 * small its size is, a pool has slots for the pinned tiles of its textures and some more: where it is
 * too small for those, a warning says what to write.
 */
export interface PoolConfig {
  /** Of several entries that fit a pool, the last one holds; at most 1000. */
  readonly pools?: readonly PoolConfigEntry[];
  /** MiB of each pool that no entry fits, above 0; default no limit but its share of the budget. */
  readonly defaultSizeMb?: number;
}

const CONFIG_NAMES: readonly (keyof PoolConfig)[] = ["pools", "defaultSizeMb"];
const ENTRY_NAMES: readonly (keyof PoolConfigEntry)[] = [
  "formats",
  "minTileSize",
  "maxTileSize",
  "sizeMb",
  "scalabilityGroup",
];
const MOST_ENTRIES = 1000;
const MOST_PLANES = 3;
/** Largest number of a scalability group. */
export const MOST_SCALABILITY_GROUP = 2 ** 31 - 1;

/**
 * Checks sizes of pools, as they come from a file, for example.
 *
 * @param where What messages begin with, such as `Cannot load project`; default `Cannot configure pools`.
 * @returns A frozen copy.
 * @throws {InvalidArgumentError} for a name that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed.
 */
export function checkedPoolConfig(value: unknown, where = "Cannot configure pools"): PoolConfig {
  checkOptionNames(value, { failure: where, names: CONFIG_NAMES, what: "key", name: "pools" });
  const { pools, defaultSizeMb } = value as { pools?: unknown; defaultSizeMb?: unknown };
  const entries = checkedEntries(pools ?? [], where);
  const size = checkedSize(defaultSizeMb, { name: "defaultSizeMb", failure: where });
  return Object.freeze({
    pools: Object.freeze(entries),
    ...(size === undefined ? {} : { defaultSizeMb: size }),
  });
}

function checkedEntries(value: unknown, failure: string): PoolConfigEntry[] {
  const list = checkedList(value, { name: "pools", failure, most: MOST_ENTRIES });
  return list.map((entry, i) => checkedEntry(entry, { name: `pools[${i}]`, failure }));
}

function checkedEntry(
  value: unknown,
  { name, failure }: { readonly name: string; readonly failure: string },
): PoolConfigEntry {
  checkOptionNames(value, { failure, names: ENTRY_NAMES, what: `${name} key`, name });
  const entry = value as { [Key in keyof PoolConfigEntry]: unknown };
  const integer = (key: keyof PoolConfigEntry, most: number) =>
    (entry[key] ?? null) === null ? undefined : checkedInteger(entry[key], {
      name: `${name}.${key}`,
      failure,
      range: [0, most],
    });
  const list = checkedList(entry.formats, {
    name: `${name}.formats`,
    failure,
    least: 1,
    most: MOST_PLANES,
  });
  const formats = list.map((format, plane) =>
    checkedChoice(format, {
      name: `${name}.formats[${plane}]`,
      failure,
      choices: TEXEL_FORMATS,
    })
  );
  const minTileSize = integer("minTileSize", Number.MAX_SAFE_INTEGER);
  const maxTileSize = integer("maxTileSize", Number.MAX_SAFE_INTEGER);
  if ((minTileSize ?? 0) > (maxTileSize ?? Infinity)) {
    throw new OutOfRangeError(
      `${name}.minTileSize`,
      `${failure} as ${name}.minTileSize must be <= maxTileSize: current values are ${minTileSize} ` +
        `and ${maxTileSize}`,
    );
  }
  const sizeMb = checkedSize(entry.sizeMb, { name: `${name}.sizeMb`, failure });
  const scalabilityGroup = integer("scalabilityGroup", MOST_SCALABILITY_GROUP);
  const all = { minTileSize, maxTileSize, sizeMb, scalabilityGroup };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.freeze({ formats: Object.freeze(formats), ...Object.fromEntries(given) });
}

function checkedSize(
  value: unknown,
  checked: { readonly name: string; readonly failure: string },
): number | undefined {
  return (value ?? null) === null ? undefined : checkedAbove(value, { ...checked, bound: 0 });
}

function checkedList(
  value: unknown,
  options: {
    readonly name: string;
    readonly failure: string;
    readonly least?: number;
    readonly most: number;
  },
): unknown[] {
  const { name, failure, least = 0, most } = options;
  const wanted = `${failure} as ${name} must be a list of ${least} to ${most} elements`;
  if (!Array.isArray(value)) {
    throw new InvalidArgumentError(name, `${wanted}: current value is ${describeValue(value)}`);
  }
  if (value.length >= least && value.length <= most) return [...value];
  throw new OutOfRangeError(name, `${wanted}: current length is ${value.length}`);
}
