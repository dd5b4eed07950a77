/**
 * The budget with which pools have as many slots as something needs.
 *
 * @module
 */

import { ATLAS_ROUNDING, type BudgetNeeds, missingBudget, planBudget } from "./budget_plan.ts";
import { equalShares } from "./pool_budget.ts";
import { leastSize } from "./pool_sizes.ts";

/**
 * A budget, larger than the one in force, in which each pool has at least so many slots, and in every
 * larger one: whatever sizes it had before, and whichever textures were loaded first. A system may have as
 * many with a little less.
 *
 * @param needs What the budget has to hold.
 * @param options Slots of each pool, in the order of the needs, which its textures have tiles for.
 */
export function budgetForSlots(
  needs: BudgetNeeds,
  options: { readonly slots: readonly number[]; readonly budgetBytes: number },
): number {
  const { slots, budgetBytes } = options;
  const isEnough = (bytes: number) => {
    if (missingBudget(bytes, needs) !== null) return false;
    const shares = equalShares(needs.pools, planBudget(bytes, needs).atlasBytes);
    return needs.pools.every(({ textures }, i) => {
      const most = textures.reduce((sum, { tiles }) => sum + tiles, 0);
      const share = shares[i]!;
      return share >= most || Math.floor(leastSize(share) / ATLAS_ROUNDING) >= slots[i]!;
    });
  };
  let low = budgetBytes;
  let high = 2 * budgetBytes;
  while (!isEnough(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
