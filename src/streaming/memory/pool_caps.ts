/**
 * How many slots pools may have at most, by the sizes that they were given. Pure.
 *
 * @module
 */

import { leastPoolBytes, leastPoolSlots, type PoolDemand } from "./pool_budget.ts";
import type { PoolLimit } from "./pool_limits.ts";

type SizeLimit = Pick<PoolLimit, "sizeBytes" | "sizeScale">;

/**
 * The most slots of each pool: what its size holds, Infinity for pools without one. Where the sizes of all
 * pools together exceed the memory that there is for them, all of them shrink by one factor. No pool has
 * fewer slots than its textures cannot do without.
 *
 * @param bytes Memory for all pools, those without a size included.
 */
export function poolCaps(
  pools: readonly PoolDemand[],
  limits: readonly SizeLimit[],
  bytes: number,
): number[] {
  let sized = 0;
  for (const { sizeBytes, sizeScale } of limits) sized += (sizeBytes ?? 0) * sizeScale;
  const unsized = pools.filter((_, i) => limits[i]!.sizeBytes === null);
  const available = Math.max(0, bytes - leastPoolBytes(unsized));
  const factor = sized > available ? available / sized : 1;
  return pools.map((pool, i) => {
    const { sizeBytes, sizeScale } = limits[i]!;
    if (sizeBytes === null) return Infinity;
    const slots = Math.floor(sizeBytes * sizeScale * factor / pool.slotBytes);
    return Math.max(leastPoolSlots(pool), slots);
  });
}

/**
 * Slots of a pool without a size, of those that are its share of the memory: a factor below 1 makes it
 * smaller, one above 1 changes nothing, as the budget is shared already.
 */
export function scaledShare(
  pool: PoolDemand,
  { sizeBytes, sizeScale }: SizeLimit,
  share: number,
): number {
  if (sizeBytes !== null || sizeScale >= 1) return share;
  return Math.max(leastPoolSlots(pool), Math.floor(share * sizeScale));
}
