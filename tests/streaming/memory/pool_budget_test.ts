import assert from "node:assert/strict";
import fc from "fast-check";
import {
  leastPoolBytes,
  type PoolDemand,
  sharePools,
  WORKING_SLOTS,
} from "../../../src/streaming/memory/pool_budget.ts";

const anyTexture = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(9))
  .map(([tiles, pinned]) => ({ tiles: tiles + pinned, pinned }));
const anyPools: fc.Arbitrary<PoolDemand[]> = fc.array(
  fc.record({
    slotBytes: fc.integer({ min: 100, max: 300_000 }),
    textures: fc.array(anyTexture, { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function bytesOf(pools: readonly PoolDemand[], slots: readonly number[]): number {
  return pools.reduce((sum, { slotBytes }, i) => sum + slotBytes * slots[i]!, 0);
}

function leastSlots({ textures }: PoolDemand): number {
  return textures.reduce((sum, t) => sum + Math.min(t.tiles, t.pinned + WORKING_SLOTS), 0);
}

Deno.test("shares fit the bytes, give each pool its least and never more than its tiles", () => {
  fc.assert(fc.property(anyPools, fc.nat(2 ** 30), (pools, more) => {
    const bytes = leastPoolBytes(pools) + more;
    const slots = sharePools(pools, bytes);
    assert.ok(bytesOf(pools, slots) <= bytes);
    for (const [i, pool] of pools.entries()) {
      assert.ok(slots[i]! >= leastSlots(pool));
      assert.ok(slots[i]! <= pool.textures.reduce((sum, { tiles }) => sum + tiles, 0));
    }
  }));
});

Deno.test("more bytes never mean fewer slots in all", () => {
  fc.assert(fc.property(anyPools, fc.nat(2 ** 28), fc.nat(2 ** 24), (pools, more, growth) => {
    const bytes = leastPoolBytes(pools) + more;
    const before = bytesOf(pools, sharePools(pools, bytes));
    const after = bytesOf(pools, sharePools(pools, bytes + growth));
    const largest = Math.max(...pools.map(({ slotBytes }) => slotBytes));
    assert.ok(after > before - largest, `${before} to ${after}`);
  }));
});

Deno.test("equal textures in pools of their own get equal shares, to within what is left over", () => {
  fc.assert(fc.property(
    fc.integer({ min: 100, max: 9000 }),
    fc.integer({ min: 2, max: 5 }),
    fc.nat(2 ** 24),
    (slotBytes, count, more) => {
      const pool = { slotBytes, textures: [{ tiles: 4000, pinned: 7 }] };
      const pools = Array.from({ length: count }, () => pool);
      const slots = sharePools(pools, leastPoolBytes(pools) + more);
      assert.ok(Math.max(...slots) - Math.min(...slots) < count);
    },
  ));
});
