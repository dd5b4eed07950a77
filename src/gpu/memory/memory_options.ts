/**
 * Options of a device's memory system.
 *
 * @module
 */

import { checkedBoolean, checkedInteger, checkedNumber, checkOptionNames } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { RingSize } from "./staging_rings.ts";

const MIB = 2 ** 20;

/** Most bytes of the staging rings of a device, all buffers together: the host may see them. */
export const MOST_STAGING_BYTES = 512 * MIB;
const MOST_RINGS = 64;
const DEFAULT_RINGS = 3;
const DEFAULT_POOL_MIB = 128;
const LEAST_BUFFER_BYTES = 256;
const MOST_POOL_MIB = 65536;

/** Options of {@linkcode initMemorySystem}. */
export interface MemorySystemOptions {
  /** Whether to initialise staging rings; default true. False leaves them as they are. */
  readonly stagingRings?: boolean;
  /** Whether to initialise memory pools; default true. False leaves them as they are. */
  readonly memoryPools?: boolean;
  /** Buffers that uploads take turns in: 1 to 64, default 3. */
  readonly ringCount?: number;
  /** Bytes of each: at least 256, and at most 512 MiB for all; default 1 MiB. */
  readonly bufferSize?: number;
  /** MiB of all staging buffers together, 1 to 512, in place of `bufferSize`. */
  readonly stagingMemoryMb?: number;
  /** MiB of the memory pools, 1 to 65536; default 128. If left out, pools that there are stay. */
  readonly poolMemoryMb?: number;
}

const OPTION_NAMES: readonly (keyof MemorySystemOptions)[] = [
  "stagingRings",
  "memoryPools",
  "ringCount",
  "bufferSize",
  "stagingMemoryMb",
  "poolMemoryMb",
];

/** Names of the options, for those who translate them. */
export const MEMORY_OPTION_NAMES: readonly string[] = OPTION_NAMES;

/** What a part is to have. */
export interface WantedPart<Size> {
  readonly size: Size;
  /** Whether it is the default, so that what there is stays. */
  readonly isDefault: boolean;
}

/** Checked options; null for a part that stays as it is. */
export interface MemorySettings {
  readonly ring: WantedPart<RingSize> | null;
  readonly poolBytes: WantedPart<number> | null;
}

/**
 * Checks options.
 *
 * @throws {InvalidArgumentError} if one has the wrong type, or two of them contradict each other.
 * @throws {OutOfRangeError} if a value is not allowed.
 */
export function checkedMemorySettings(options: MemorySystemOptions): MemorySettings {
  const failure = "Cannot initialise memory system";
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const flag = (name: "stagingRings" | "memoryPools") =>
    checkedBoolean(options[name] ?? true, { name, failure });
  const size = checkedRingSize(options, failure);
  const poolMemoryMb = checkedNumber(options.poolMemoryMb ?? DEFAULT_POOL_MIB, {
    name: "poolMemoryMb",
    failure,
    range: [1, MOST_POOL_MIB],
  });
  const isLeftOut = (...names: (keyof MemorySystemOptions)[]) =>
    names.every((name) => (options[name] ?? null) === null);
  const ring = {
    size,
    isDefault: isLeftOut("ringCount", "bufferSize", "stagingMemoryMb"),
  };
  const pools = {
    size: Math.floor(poolMemoryMb * MIB),
    isDefault: isLeftOut("poolMemoryMb"),
  };
  return {
    ring: flag("stagingRings") ? ring : null,
    poolBytes: flag("memoryPools") ? pools : null,
  };
}

function checkedRingSize(options: MemorySystemOptions, failure: string): RingSize {
  const ringCount = checkedInteger(options.ringCount ?? DEFAULT_RINGS, {
    name: "ringCount",
    failure,
    range: [1, MOST_RINGS],
  });
  const stagingMemoryMb = options.stagingMemoryMb ?? null;
  const isShared = stagingMemoryMb !== null;
  if (isShared && (options.bufferSize ?? null) === null) {
    const mib = checkedNumber(stagingMemoryMb, {
      name: "stagingMemoryMb",
      failure,
      range: [1, MOST_STAGING_BYTES / MIB],
    });
    const share = Math.floor(mib * MIB / ringCount);
    return { ringCount, bufferSize: share - share % LEAST_BUFFER_BYTES };
  }
  if (isShared) {
    throw new InvalidArgumentError(
      "stagingMemoryMb",
      `${failure} as stagingMemoryMb must be left out where bufferSize is given: current value is ` +
        `${stagingMemoryMb}`,
    );
  }
  const bufferSize = checkedInteger(options.bufferSize ?? MIB, {
    name: "bufferSize",
    failure,
    range: [LEAST_BUFFER_BYTES, Number.MAX_SAFE_INTEGER],
  });
  if (ringCount * bufferSize > MOST_STAGING_BYTES) {
    throw new OutOfRangeError(
      "bufferSize",
      `${failure} as ringCount times bufferSize must be <= ${MOST_STAGING_BYTES} bytes (512 MiB, ` +
        `which the host may see): current value is ${ringCount * bufferSize}`,
    );
  }
  return { ringCount, bufferSize };
}
