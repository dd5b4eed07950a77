/**
 * Whether pools have slots for what a preload keeps, and what it would take.
 *
 * @module
 */

import { BudgetError } from "../../errors.ts";
import { budgetForSlots } from "../memory/budget_for_slots.ts";
import { type GpuPool, poolKey } from "../memory/gpu_pool.ts";
import { needsOf } from "../memory/budget_needs.ts";
import type { SystemParts } from "../system_parts.ts";

/** What a preload keeps of a pool. */
export interface PoolNeed {
  /** Slots beside those of pinned tiles. */
  readonly slots: number;
  /** Names of the textures that take them. */
  readonly names: readonly string[];
}

/**
 * Checks that pools can hold what a preload keeps while there is no other.
 *
 * @throws {BudgetError} naming a budget that is enough for all of it if one cannot.
 */
export function assertFit(parts: SystemParts, needs: ReadonlyMap<GpuPool, PoolNeed>): void {
  for (const [pool, need] of needs) {
    if (need.slots > pool.residency.preloadCapacity) throw tooLarge(parts, needs, pool);
  }
}

function tooLarge(
  parts: SystemParts,
  needs: ReadonlyMap<GpuPool, PoolNeed>,
  pool: GpuPool,
): BudgetError {
  const { budgetBytes } = parts.settings;
  const { slots, names } = needs.get(pool)!;
  const { preloadCapacity, streamingCapacity } = pool.residency;
  const beside = streamingCapacity - preloadCapacity;
  const others = beside === 0 ? "" : ` beside ${beside} for what tiles are made from`;
  const minimum = sufficientBudget(parts, needs);
  const { sizeBytes, sizeScale } = parts.poolLimits.limitOf(pool.kind);
  const isLimited = sizeBytes !== null || sizeScale < 1;
  const remedy = isLimited
    ? "make the size or the scale larger that is configured for the pool"
    : `make the memory budget >= ${minimum} bytes`;
  const isOne = names.length === 1;
  return new BudgetError(
    budgetBytes,
    minimum,
    `Cannot preload region${isOne ? "" : "s"} of ${listed(names)} as ` +
      `${isOne ? "it needs" : "they need"} ${slots} slots${isOne ? "" : " together"}: ` +
      `${isOne ? "its" : "their"} pool has ${preloadCapacity}${others}. ` +
      `Preload a coarser level or a smaller region, or ${remedy}`,
  );
}

/** A budget with which pools can keep all of it. */
function sufficientBudget(parts: SystemParts, needs: ReadonlyMap<GpuPool, PoolNeed>): number {
  const { settings: { budgetBytes }, device, set } = parts;
  const textures = set.loaded.map(({ pool: { kind }, grid, recorder: { cost }, isDrawn }) => ({
    kind,
    grid,
    cost,
    isDrawn,
  }));
  const slots = new Map<string, number>();
  for (const { kind } of textures) slots.set(poolKey(kind), 0);
  for (const [{ key, residency }, need] of needs) {
    slots.set(key, residency.capacityToKeep(need.slots));
  }
  return budgetForSlots(needsOf(textures, device.limit("maxTextureDimension2D")), {
    slots: [...slots.values()],
    budgetBytes,
  });
}

/** Names in a row: "a", "a and b", "a, b and c". */
function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), names.at(-1)!].filter((part) => part !== "").join(" and ");
}
