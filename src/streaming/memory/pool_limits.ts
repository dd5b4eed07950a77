/**
 * The sizes of pools that a system was told, and by what they are scaled.
 *
 * @module
 */

import { checkedNumber, checkOptionNames, describeValue } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import type { PoolKind } from "./gpu_pool.ts";
import {
  checkedPoolConfig,
  MOST_SCALABILITY_GROUP,
  type PoolConfig,
  type PoolConfigEntry,
} from "./pool_config.ts";

/** How large a pool may be. */
export interface PoolLimit {
  /** Bytes that it may take before they are scaled; null for its share of the budget. */
  readonly sizeBytes: number | null;
  /** What of the pool configuration gives it its size, such as `pools[0]`; null for a share of the budget. */
  readonly setBy: string | null;
  /** Scalability group whose scale applies. */
  readonly scalabilityGroup: number;
  /** What its size is multiplied by. */
  readonly sizeScale: number;
}

/** Factors by scalability group; groups that are not named have 1. */
export type PoolSizeScales = Readonly<Record<number, number>>;

const MIB = 1024 * 1024;
const SCALE_RANGE = [0, 64] as const;

/** Sizes of pools as they are now; they outlive the system's device. */
export class PoolLimits {
  #config = checkedPoolConfig({});
  #scales: PoolSizeScales = Object.freeze({});

  /** Sizes by formats and tile size. */
  get config(): PoolConfig {
    return this.#config;
  }

  /** Sets the sizes; throws if one is wrong, and nothing changes then. */
  setConfig(config: PoolConfig): void {
    this.#config = checkedPoolConfig(config);
  }

  /** What sizes are multiplied by. */
  get scales(): PoolSizeScales {
    return this.#scales;
  }

  /** Sets what sizes are multiplied by; throws if a factor is wrong, and nothing changes then. */
  setScales(scales: PoolSizeScales): void {
    this.#scales = checkedScales(scales);
  }

  /** How large a pool of a kind may be. */
  limitOf(kind: PoolKind): PoolLimit {
    const index = this.#config.pools!.findLastIndex((one) => fits(one, kind));
    const entry = this.#config.pools![index];
    const { scalabilityGroup = 0 } = entry ?? {};
    const sizeMb = entry === undefined ? this.#config.defaultSizeMb : entry.sizeMb;
    const setBy = entry === undefined ? "defaultSizeMb" : `pools[${index}]`;
    return {
      sizeBytes: sizeMb === undefined ? null : sizeMb * MIB,
      setBy: sizeMb === undefined ? null : setBy,
      scalabilityGroup,
      sizeScale: this.#scales[scalabilityGroup] ?? 1,
    };
  }
}

function fits(entry: PoolConfigEntry, { formats, tileSize }: PoolKind): boolean {
  const { minTileSize = 0, maxTileSize = Infinity } = entry;
  return tileSize >= minTileSize && tileSize <= maxTileSize &&
    formats.length === entry.formats.length &&
    formats.every((format, plane) => formOf(format) === formOf(entry.formats[plane]!));
}

/** The same for formats that sizes of pools do not tell apart. */
function formOf(format: TexelFormat): string {
  return format === "r16uint" ? "r16unorm" : format.replace(/-srgb$/, "");
}

function checkedScales(scales: PoolSizeScales): PoolSizeScales {
  const failure = "Cannot scale pools";
  const names = typeof scales === "object" && scales !== null ? Object.keys(scales) : [];
  checkOptionNames(scales, { failure, names: new Set(names), name: "scales" });
  for (const [group, scale] of Object.entries(scales)) {
    const isGroup = /^(0|[1-9]\d*)$/.test(group) && Number(group) <= MOST_SCALABILITY_GROUP;
    if (!isGroup) {
      throw new OutOfRangeError(
        "scales",
        `${failure} as a scalability group must be an integer from 0 to ${MOST_SCALABILITY_GROUP}: ` +
          `current value is ${describeValue(group)}`,
      );
    }
    checkedNumber(scale, { name: `scale of group ${group}`, failure, range: SCALE_RANGE });
  }
  return Object.freeze({ ...scales });
}
