/**
 * A tile that is seen and missing is one miss, however many updates it takes to come.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { MissCount } from "../../src/residency/miss_count.ts";
import { TileList, TileReason } from "../../src/tiles/mod.ts";
import { budgetOf, landAsked, makeWorld, type World } from "./world.ts";

const SIDE = 320;
/** Tiles of level 0 that a walk is among. */
const TILES = 24;

/** What an update did to one tile. */
interface TileRecord {
  readonly isSeen: boolean;
  /** Whether it was resident when the update began. */
  readonly wasResident: boolean;
  /** Whether it was resident at any time since the update before. */
  wasEverResident: boolean;
  /** Whether it was in flight when the update said what is seen. */
  readonly isInFlight: boolean;
}

interface Step {
  readonly first: number;
  readonly count: number;
  readonly reason: 0 | 1 | 2;
  readonly asks: number;
  readonly lands: number;
  readonly evictsAll: boolean;
}

const STEP = fc.record<Step>({
  first: fc.integer({ min: 0, max: TILES - 1 }),
  count: fc.integer({ min: 0, max: 12 }),
  reason: fc.constantFrom(TileReason.visible, TileReason.visible, TileReason.margin),
  asks: fc.integer({ min: 0, max: 6 }),
  lands: fc.integer({ min: 0, max: 6 }),
  evictsAll: fc.boolean(),
});

function listOf({ first, count, reason }: Step): TileList {
  const list = new TileList();
  for (let i = 0; i < count; i++) list.push((first + i) % TILES, 100, reason);
  return list;
}

/** Walks, and records what became of each tile in every update. */
function walk(world: World, steps: readonly Step[]): TileRecord[][] {
  const { residency } = world.textures[0]!;
  return steps.map((step) => {
    world.residency.beginFrame();
    const wanted = listOf(step);
    const seen = new Set(
      step.reason === TileReason.visible ? wanted.tiles.subarray(0, wanted.count) : [],
    );
    const records = Array.from({ length: TILES }, (_, tile) => ({
      isSeen: seen.has(tile),
      wasResident: residency.slotOf.has(tile),
      wasEverResident: residency.slotOf.has(tile),
      isInFlight: residency.isPending(tile),
    }));
    world.residency.want(residency, wanted);
    world.residency.admit(budgetOf({ tiles: step.asks }));
    for (const ticket of world.requests.asked.slice(0, step.lands)) {
      world.requests.asked.splice(world.requests.asked.indexOf(ticket), 1);
      if (landAsked(world, ticket) !== null) records[ticket.tile]!.wasEverResident = true;
    }
    if (step.evictsAll && step.first % 5 === 0) world.residency.evictAll(residency);
    return records;
  });
}

/** Whether a miss was counted in an earlier update and lasts: looks back for it. */
function lasts(history: readonly TileRecord[][], update: number, tile: number): boolean {
  for (let at = update - 1; at >= 0; at--) {
    const { isSeen, wasResident, wasEverResident, isInFlight } = history[at]![tile]!;
    if (wasEverResident) return false;
    if (isSeen && !wasResident) return true;
    if (!isInFlight) return false;
  }
  return false;
}

/** Hits and misses by the definition alone. */
function countByDefinition(history: readonly TileRecord[][]): { hits: number; misses: number } {
  let hits = 0;
  let misses = 0;
  for (const [update, records] of history.entries()) {
    for (const [tile, { isSeen, wasResident }] of records.entries()) {
      if (isSeen && wasResident) hits++;
      if (isSeen && !wasResident && !lasts(history, update, tile)) misses++;
    }
  }
  return { hits, misses };
}

function checkWalk(steps: readonly Step[], capacity: number): void {
  const world = makeWorld([[SIDE, SIDE]], capacity);
  const { hits, misses } = countByDefinition(walk(world, steps));
  const { cacheHits, cacheMisses } = world.residency.counters;
  assert.deepEqual([cacheHits, cacheMisses], [hits, misses]);
}

const WALKS = fc.property(
  fc.array(STEP, { maxLength: 40 }),
  fc.integer({ min: 12, max: 60 }),
  checkWalk,
);

Deno.test("hits and misses of random walks are those that the definition gives", () => {
  fc.assert(WALKS, { numRuns: 150 });
});

Deno.test("negative control: misses that are counted at every update are noticed", () => {
  const { noteMiss } = MissCount.prototype;
  MissCount.prototype.noteMiss = function (tile) {
    noteMiss.call(this, tile);
    return true;
  };
  try {
    assert.throws(() => fc.assert(WALKS, { numRuns: 150, seed: 1 }));
  } finally {
    MissCount.prototype.noteMiss = noteMiss;
  }
});

Deno.test("nothing is kept of misses that are over", () => {
  const world = makeWorld([[SIDE, SIDE]], 60);
  const { residency } = world.textures[0]!;
  const step = { first: 0, count: 12, reason: TileReason.visible, evictsAll: false };
  walk(world, [{ ...step, asks: 0, lands: 0 }]);
  assert.equal(residency.misses.size, 12);
  walk(world, [{ ...step, asks: 12, lands: 12 }]);
  assert.equal(residency.misses.size, 6, "the producer takes six at a time");
  walk(world, [{ ...step, count: 0, asks: 0, lands: 0 }]);
  assert.equal(residency.misses.size, 0);
});
