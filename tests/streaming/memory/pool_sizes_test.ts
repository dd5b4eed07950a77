import assert from "node:assert/strict";
import fc from "fast-check";
import { type BudgetNeeds, planBudget } from "../../../src/streaming/memory/budget_plan.ts";
import {
  leastPoolBytes,
  leastPoolSlots,
  type PoolDemand,
  sharePools,
  type TextureDemand,
} from "../../../src/streaming/memory/pool_budget.ts";
import {
  type AtlasMemory,
  chooseSizes,
  type SizedPool,
} from "../../../src/streaming/memory/pool_sizes.ts";

const anyTexture = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(9))
  .map(([tiles, pinned]) => ({ tiles: tiles + pinned, pinned }));
const anyPools = fc.array(
  fc.record({
    slotBytes: fc.integer({ min: 100, max: 300_000 }),
    textures: fc.array(anyTexture, { minLength: 1, maxLength: 4 }),
    current: fc.nat(20_000),
  }),
  { minLength: 1, maxLength: 4 },
);

type Choose = (pools: readonly SizedPool[], memory: AtlasMemory) => number[];

function mostSlots({ textures }: PoolDemand): number {
  return textures.reduce((sum, { tiles }) => sum + tiles, 0);
}

function sizedPools(
  pools: readonly PoolDemand[],
  currents: readonly number[],
  atlasBytes: number,
): SizedPool[] {
  const shares = sharePools(pools, atlasBytes);
  return pools.map((pool, i) => ({
    slotBytes: pool.slotBytes,
    least: leastPoolSlots(pool),
    share: shares[i]!,
    most: mostSlots(pool),
    cap: Infinity,
    current: currents[i]!,
  }));
}

function bytesOf(pools: readonly { slotBytes: number }[], sizes: readonly number[]): number {
  return sizes.reduce((sum, slots, i) => sum + slots * pools[i]!.slotBytes, 0);
}

Deno.test("sizes fit the memory, give each pool its least, and hold whole what fits whole", () => {
  fc.assert(
    fc.property(anyPools, fc.nat(2 ** 29), fc.nat(2 ** 24), (demands, more, beyond) => {
      const atlasBytes = leastPoolBytes(demands) + more;
      const memory = { atlasBytes, mostAtlasBytes: atlasBytes + beyond };
      const pools = sizedPools(demands, demands.map(({ current }) => current), atlasBytes);
      const sizes = chooseSizes(pools, memory);
      assert.ok(bytesOf(pools, sizes) <= memory.mostAtlasBytes);
      const fitsWhole = bytesOf(pools, pools.map(({ most }) => most)) <= atlasBytes;
      for (const [i, { least, most, current }] of pools.entries()) {
        assert.ok(sizes[i]! >= least, `${sizes[i]} of ${least}`);
        if (fitsWhole) assert.ok(sizes[i]! >= most);
        if (current > 0) {
          assert.ok(sizes[i]! <= Math.max(current, pools[i]!.share, Math.ceil(1.5 * current)));
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("no pool exceeds its cap, whatever it has now and however it would grow", () => {
  fc.assert(fc.property(anyPools, fc.nat(2 ** 29), fc.nat(100), (demands, more, beyond) => {
    const atlasBytes = leastPoolBytes(demands) + more;
    const memory = { atlasBytes, mostAtlasBytes: atlasBytes };
    const currents = demands.map(({ current }) => current);
    const pools = sizedPools(demands, currents, atlasBytes)
      .map((pool) => ({ ...pool, cap: pool.share + beyond }));
    for (const [i, slots] of chooseSizes(pools, memory).entries()) {
      assert.ok(slots <= pools[i]!.cap && slots >= pools[i]!.least);
    }
  }));
});

Deno.test("a pool that is sized moves no more: the same needs leave it as it is", () => {
  fc.assert(fc.property(anyPools, fc.nat(2 ** 29), (demands, more) => {
    const atlasBytes = leastPoolBytes(demands) + more;
    const memory = { atlasBytes, mostAtlasBytes: atlasBytes };
    const currents = demands.map(({ current }) => current);
    const once = chooseSizes(sizedPools(demands, currents, atlasBytes), memory);
    const twice = chooseSizes(sizedPools(demands, once, atlasBytes), memory);
    assert.deepEqual(twice, once);
  }));
});

/** Pools that textures are added to and removed from, and what their moves cost. */
class SimulatedPools {
  moves = 0;
  movedBytes = 0;
  readonly #budget: number;
  readonly #choose: Choose;
  readonly #pools = new Map<number, { demand: TextureDemand[]; current: number }>();

  constructor(budget: number, choose: Choose) {
    this.#budget = budget;
    this.#choose = choose;
  }

  /** Adds a texture to the pool of a kind, or takes one away. */
  change(slotBytes: number, texture: TextureDemand | null): void {
    const pool = this.#pools.get(slotBytes) ?? { demand: [], current: 0 };
    this.#pools.set(slotBytes, pool);
    if (texture) pool.demand.push(texture);
    else pool.demand.shift();
    if (pool.demand.length === 0) this.#pools.delete(slotBytes);
    this.#resize();
  }

  #resize(): void {
    const kinds = [...this.#pools];
    const demands = kinds.map(([slotBytes, { demand }]) => ({ slotBytes, textures: demand }));
    const count = demands.reduce((sum, { textures }) => sum + textures.length, 0);
    const needs: BudgetNeeds = {
      pools: demands,
      tableBytes: 26_000 * count,
      largestTileBytes: Math.max(0, ...demands.map(({ slotBytes }) => slotBytes)),
      scratchBytes: 0,
    };
    const plan = planBudget(this.#budget, needs);
    assert.ok(plan.atlasBytes >= leastPoolBytes(demands), "the budget is large enough");
    const currents = kinds.map(([, { current }]) => current);
    const sizes = this.#choose(sizedPools(demands, currents, plan.atlasBytes), plan);
    assert.ok(bytesOf(demands, sizes) <= plan.mostAtlasBytes);
    for (const [i, [slotBytes, pool]] of kinds.entries()) {
      const size = sizes[i]!;
      if (pool.current > 0 && size !== pool.current) {
        this.moves++;
        // As if every slot were in use.
        this.movedBytes += Math.min(size, pool.current) * slotBytes;
      }
      pool.current = size;
    }
  }
}

const MIB = 2 ** 20;
const SMALL_TEXTURE = { tiles: 349, pinned: 9 };

/** Moves of n textures that come, in turn into pools of several kinds. */
function movesOfLoads(
  n: number,
  options: { budget: number; kinds: readonly number[]; choose?: Choose },
): SimulatedPools {
  const { budget, kinds, choose = chooseSizes } = options;
  const pools = new SimulatedPools(budget, choose);
  for (let i = 0; i < n; i++) pools.change(kinds[i % kinds.length]!, SMALL_TEXTURE);
  return pools;
}

function withoutGrowth(pools: readonly SizedPool[]): number[] {
  return pools.map(({ share }) => share);
}

Deno.test("what n loads move grows as n, with memory to spare and without, in one pool or three", () => {
  for (const kinds of [[70_000], [70_000, 279_000, 140_000]]) {
    for (const budget of [4096 * MIB, 1024 * MIB]) {
      const least = movesOfLoads(40, { budget, kinds });
      const most = movesOfLoads(160, { budget, kinds });
      assert.ok(most.moves <= 34 * kinds.length, `${most.moves} moves of ${kinds.length} pools`);
      const added = most.movedBytes - least.movedBytes;
      // Each step of the plan moves at most the budget.
      assert.ok(added <= 4 * least.movedBytes + 16 * budget, `${added} bytes`);
    }
  }
});

Deno.test("pools without growth move with every load, which the same bound sees", () => {
  const options = { budget: 4096 * MIB, kinds: [70_000], choose: withoutGrowth };
  assert.ok(movesOfLoads(160, options).moves > 100);
  const { moves } = movesOfLoads(160, { ...options, choose: chooseSizes });
  assert.ok(moves <= 20);
});

Deno.test("loads into a budget that is nearly full move pools seldom", () => {
  const kinds = [70_000];
  let loads = 0;
  const pools = new SimulatedPools(256 * MIB, chooseSizes);
  assert.throws(() => {
    for (;; loads++) pools.change(kinds[0]!, SMALL_TEXTURE);
  }, /large enough/);
  assert.ok(loads > 100, `${loads} loads fit`);
  assert.ok(pools.moves <= loads / 4, `${pools.moves} moves of ${loads} loads`);
});

Deno.test("textures that come and go in any order move pools seldom", () => {
  const anyOrder = fc.array(fc.nat(2 ** 16), { minLength: 400, maxLength: 400 });
  fc.assert(
    fc.property(anyOrder, fc.constantFrom(512 * MIB, 2048 * MIB), (order, budget) => {
      const kinds = [70_000, 140_000];
      const counts = [0, 0];
      const pools = new SimulatedPools(budget, chooseSizes);
      for (const [i, random] of order.entries()) {
        const kind = random % 2;
        // More come than go at first, and more go at the end.
        const goes = (random >> 1) % 8 < (i < 200 ? 2 : 6);
        if (goes && counts[kind] === 0) continue;
        counts[kind]! += goes ? -1 : 1;
        pools.change(kinds[kind]!, goes ? null : SMALL_TEXTURE);
      }
      assert.ok(pools.moves <= 110, `${pools.moves} moves`);
    }),
    { numRuns: 30 },
  );
});
