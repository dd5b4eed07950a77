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
  /** Bytes of each: at least 256, and at most 512 MiB for all. Default: what `stagingMemoryMb` gives. */
  readonly bufferSize?: number;
  /** MiB of all staging buffers together, 1 to 512, in place of `bufferSize`; default 64. */
  readonly stagingMemoryMb?: number;
  /** MiB of the memory pools, 1 to 65536; default 128. */
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

/** Checked options; null for a part that stays as it is. */
export interface MemorySettings {
  readonly ring: RingSize | null;
  readonly poolBytes: number | null;
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
  const poolMemoryMb = checkedNumber(options.poolMemoryMb ?? 128, {
    name: "poolMemoryMb",
    failure,
    range: [1, MOST_POOL_MIB],
  });
  return {
    ring: flag("stagingRings") ? size : null,
    poolBytes: flag("memoryPools") ? Math.floor(poolMemoryMb * MIB) : null,
  };
}

function checkedRingSize(options: MemorySystemOptions, failure: string): RingSize {
  const ringCount = checkedInteger(options.ringCount ?? 3, {
    name: "ringCount",
    failure,
    range: [1, MOST_RINGS],
  });
  const bufferSize = options.bufferSize ?? null;
  const stagingMemoryMb = options.stagingMemoryMb ?? null;
  if (bufferSize === null) {
    const mib = checkedNumber(stagingMemoryMb ?? 64, {
      name: "stagingMemoryMb",
      failure,
      range: [1, MOST_STAGING_BYTES / MIB],
    });
    const share = Math.floor(mib * MIB / ringCount);
    return { ringCount, bufferSize: share - share % LEAST_BUFFER_BYTES };
  }
  if (stagingMemoryMb !== null) {
    throw new InvalidArgumentError(
      "stagingMemoryMb",
      `${failure} as stagingMemoryMb must be left out where bufferSize is given: current value is ` +
        `${stagingMemoryMb}`,
    );
  }
  checkedInteger(bufferSize, {
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
