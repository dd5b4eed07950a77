/**
 * Sizes of pools as Python has them: JSON whose keys are in its spelling.
 *
 * @module
 */
import type { PoolConfig, PoolConfigEntry } from "../streaming/mod.ts";
import { camelKeys, type Plain, snakeKeys } from "./spelling.ts";

/** Every key of two words, whose spellings differ. */
export const POOL_KEYS = [
  "defaultSizeMb",
  "minTileSize",
  "maxTileSize",
  "sizeMb",
  "scalabilityGroup",
] as const satisfies readonly (keyof PoolConfig | keyof PoolConfigEntry)[];

/** Reads what Python has written; the library checks it. */
export function poolConfigFrom(text: string): PoolConfig {
  const read: unknown = JSON.parse(text);
  if (!isRecord(read)) return read as PoolConfig;
  const { pools, ...others } = read;
  const entries = Array.isArray(pools)
    ? pools.map((entry) => isRecord(entry) ? camelKeys(entry) : entry)
    : pools;
  return camelKeys({ ...others, ...(entries === undefined ? {} : { pools: entries }) });
}

/** Writes it for Python. */
export function poolConfigText({ pools = [], ...others }: PoolConfig): string {
  return JSON.stringify({ ...snakeKeys(others), pools: pools.map(snakeKeys) });
}

function isRecord(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
