import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BudgetNeeds,
  missingBudget,
  planBudget,
} from "../../../src/streaming/memory/budget_plan.ts";
import { leastPoolBytes } from "../../../src/streaming/memory/pool_budget.ts";

const texture = fc.record({ tiles: fc.integer({ min: 12, max: 100_000 }), pinned: fc.nat(11) });
const anyNeeds: fc.Arbitrary<BudgetNeeds> = fc.record({
  pools: fc.array(
    fc.record({
      slotBytes: fc.integer({ min: 1000, max: 4_300_000 }),
      textures: fc.array(texture, { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 4 },
  ),
  tableBytes: fc.nat(4_000_000),
  largestTileBytes: fc.nat(5_000_000),
  scratchBytes: fc.nat(5_000_000),
});

Deno.test("the parts of a plan fit into the budget, and what no atlas may have is little", () => {
  fc.assert(fc.property(anyNeeds, fc.integer({ min: 1, max: 2 ** 31 }), (needs, budget) => {
    const plan = planBudget(budget, needs);
    const { feedbackBytes, stagingBytes, scratchBytes, inFlightBytes, slackBytes, atlasBytes } =
      plan;
    const sum = feedbackBytes + stagingBytes + scratchBytes + inFlightBytes + slackBytes +
      atlasBytes + needs.tableBytes;
    assert.ok(sum <= budget && sum >= budget - budget / 32, `${sum} of ${budget}`);
    assert.equal(scratchBytes, needs.scratchBytes);
    assert.ok(plan.feedbackKeys >= 256 && Number.isInteger(Math.log2(plan.feedbackKeys)));
    assert.ok(stagingBytes >= needs.largestTileBytes);
    assert.ok(inFlightBytes >= needs.largestTileBytes);
    for (const { slotBytes, textures } of needs.pools) {
      const pinned = textures.reduce((sum, { pinned }) => sum + pinned, 0);
      const free = stagingBytes + inFlightBytes;
      assert.ok(free >= pinned * slotBytes, "pinned tiles can be moved through what is left");
    }
  }));
});

Deno.test("the minimum that is named fits, and one byte less does not", () => {
  fc.assert(fc.property(anyNeeds, fc.integer({ min: 1, max: 2 ** 31 }), (needs, budget) => {
    const minimum = missingBudget(budget, needs);
    const least = leastPoolBytes(needs.pools);
    if (minimum === null) {
      assert.ok(planBudget(budget, needs).atlasBytes >= least);
      return;
    }
    assert.ok(minimum > budget);
    assert.equal(missingBudget(minimum, needs), null);
    assert.ok(planBudget(minimum, needs).atlasBytes >= least);
    const oneLess = missingBudget(minimum - 1, needs);
    assert.equal(oneLess, minimum);
  }));
});

Deno.test("a larger budget never has less for atlases", () => {
  fc.assert(
    fc.property(
      anyNeeds,
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.nat(2 ** 24),
      (needs, a, more) => {
        const small = planBudget(a, needs).atlasBytes;
        for (const larger of [a + 1, a + more]) {
          assert.ok(planBudget(larger, needs).atlasBytes >= small, `${a} ${larger}`);
        }
      },
    ),
  );
});

Deno.test("two formats with tiles of 1024 texels have a minimum, though their tails are large", () => {
  const slotBytes = 1032 * 1032 * 4 + 148;
  const pool = { slotBytes, textures: [{ tiles: 5000, pinned: 11 }] };
  const needs = {
    pools: [pool, pool],
    tableBytes: 100_000,
    largestTileBytes: slotBytes,
    scratchBytes: 0,
  };
  const minimum = missingBudget(2 ** 20, needs);
  assert.ok(minimum !== null && minimum < 2 ** 29, `${minimum} bytes`);
});
