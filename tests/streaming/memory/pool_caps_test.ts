import assert from "node:assert/strict";
import fc from "fast-check";
import {
  leastPoolBytes,
  leastPoolSlots,
  type PoolDemand,
  sharePools,
} from "../../../src/streaming/memory/pool_budget.ts";
import { poolCaps, scaledShare } from "../../../src/streaming/memory/pool_caps.ts";

const anyTexture = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(9))
  .map(([tiles, pinned]) => ({ tiles: tiles + pinned, pinned }));
const anyPools = fc.array(
  fc.record({
    slotBytes: fc.integer({ min: 100, max: 300_000 }),
    textures: fc.array(anyTexture, { minLength: 1, maxLength: 4 }),
    sizeBytes: fc.option(fc.integer({ min: 1, max: 2 ** 30 })),
    sizeScale: fc.double({ min: 0, max: 4, noNaN: true }),
  }),
  { minLength: 1, maxLength: 4 },
);

function slotsOf(pools: readonly PoolDemand[], caps: readonly number[], bytes: number): number[] {
  return sharePools(pools, bytes, caps);
}

Deno.test("no pool exceeds its size but for what it needs, and all of them fit the memory", () => {
  fc.assert(fc.property(anyPools, fc.nat(2 ** 30), (pools, more) => {
    const bytes = leastPoolBytes(pools) + more;
    const slots = slotsOf(pools, poolCaps(pools, pools, bytes), bytes);
    let total = 0;
    for (const [i, pool] of pools.entries()) {
      const { sizeBytes, sizeScale, slotBytes } = pool;
      const least = leastPoolSlots(pool);
      assert.ok(slots[i]! >= least);
      if (sizeBytes !== null) {
        assert.ok(slots[i]! <= Math.max(least, sizeBytes * sizeScale / slotBytes));
      }
      const share = scaledShare(pool, pool, slots[i]!);
      assert.ok(share >= least && share <= slots[i]!);
      if (sizeBytes === null && sizeScale < 1) {
        assert.ok(share <= Math.max(least, slots[i]! * sizeScale));
      }
      total += slots[i]! * slotBytes;
    }
    assert.ok(total <= bytes);
  }));
});

Deno.test("sizes that exceed the memory together shrink by one factor, others stay as they are", () => {
  const textures = [{ tiles: 100_000, pinned: 5 }];
  const sizes = [64, 32, 16].map((mb) => ({ sizeBytes: mb * 2 ** 20, sizeScale: 1 }));
  const pools = sizes.map(() => ({ slotBytes: 1024, textures }));
  const factorsAt = (bytes: number) =>
    poolCaps(pools, sizes, bytes).map((slots, i) => slots * 1024 / sizes[i]!.sizeBytes);
  for (const [bytes, factor] of [[56 * 2 ** 20, 0.5], [112 * 2 ** 20, 1], [2 ** 30, 1]] as const) {
    for (const one of factorsAt(bytes)) assert.ok(Math.abs(one - factor) < 1e-3, `${one}`);
  }
  const scaled = sizes.map((size, i) => ({ ...size, sizeScale: i === 0 ? 0.5 : 1 }));
  const slots = poolCaps(pools, scaled, 40 * 2 ** 20);
  assert.ok(Math.abs(slots[0]! / slots[1]! - 1) < 1e-3, "what is scaled is the size");
  assert.ok(Math.abs(slots[1]! / slots[2]! - 2) < 1e-3);
});

Deno.test("negative control: without caps the same pools exceed their sizes", () => {
  const pools = [{ slotBytes: 1024, textures: [{ tiles: 100_000, pinned: 5 }] }];
  const caps = poolCaps(pools, [{ sizeBytes: 2 ** 20, sizeScale: 1 }], 2 ** 26);
  assert.deepEqual(slotsOf(pools, caps, 2 ** 26), [1024]);
  assert.deepEqual(slotsOf(pools, [Infinity], 2 ** 26), [65536]);
});
