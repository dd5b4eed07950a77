import assert from "node:assert/strict";
import fc from "fast-check";
import { budgetForSlots } from "../../../src/streaming/memory/budget_for_slots.ts";
import {
  ATLAS_ROUNDING,
  type BudgetNeeds,
  planBudget,
} from "../../../src/streaming/memory/budget_plan.ts";
import { leastPoolSlots, sharePools } from "../../../src/streaming/memory/pool_budget.ts";
import { chooseSizes } from "../../../src/streaming/memory/pool_sizes.ts";

const anyTexture = fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.nat(9))
  .map(([tiles, pinned]) => ({ tiles: tiles + pinned, pinned }));
const anyPools = fc.array(
  fc.record({
    slotBytes: fc.integer({ min: 100, max: 300_000 }),
    textures: fc.array(anyTexture, { minLength: 1, maxLength: 4 }),
    current: fc.oneof(fc.constant(0), fc.nat(10_000)),
    /** Hundredths of its tiles that are to have slots. */
    percent: fc.nat(100),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Slots that a pool's atlas has at least if so many are asked for. */
const atlasSlots = (size: number) => Math.floor(size / ATLAS_ROUNDING);

/** A system's needs, the slots that pools are to have, and whether they have them in a budget. */
function setUp(pools: typeof anyPools extends fc.Arbitrary<infer T> ? T : never) {
  const needs: BudgetNeeds = {
    pools,
    tableBytes: 26_000 * pools.length,
    largestTileBytes: Math.max(...pools.map(({ slotBytes }) => slotBytes)),
    scratchBytes: 0,
  };
  const most = pools.map(({ textures }) => textures.reduce((sum, { tiles }) => sum + tiles, 0));
  const slots = pools.map(({ percent }, i) => atlasSlots(percent / 100 * most[i]!));
  function isEnough(budgetBytes: number): boolean {
    const plan = planBudget(budgetBytes, needs);
    const shares = sharePools(pools, plan.atlasBytes);
    const sized = pools.map((pool, i) => ({
      slotBytes: pool.slotBytes,
      least: leastPoolSlots(pool),
      share: shares[i]!,
      most: most[i]!,
      current: pool.current,
      cap: Infinity,
    }));
    return chooseSizes(sized, plan).every((size, i) => atlasSlots(size) >= slots[i]!);
  }
  return { needs, slots, isEnough };
}

Deno.test("the budget that is named for slots has them, and so has any larger, whatever there was", () => {
  let mostTooFew = 0;
  fc.assert(
    fc.property(anyPools, fc.double({ min: 1, max: 8, noNaN: true }), (pools, factor) => {
      const { needs, slots, isEnough } = setUp(pools);
      const enough = budgetForSlots(needs, { slots, budgetBytes: 2 ** 20 });
      assert.ok(isEnough(enough) && isEnough(Math.floor(enough * factor)));
      if (!isEnough(Math.floor(enough * 0.7))) mostTooFew++;
    }),
    { numRuns: 200 },
  );
  // Negative control: it is not named for being large.
  assert.ok(mostTooFew > 150, `${mostTooFew}`);
});
