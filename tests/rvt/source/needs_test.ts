import assert from "node:assert/strict";
import { fitNeeds, type Needs } from "../../../src/rvt/source/needs.ts";
import type { SourceTexture } from "../../../src/streaming/mod.ts";

const POOL = {};
const OBJECT = { name: "texture", materialType: "mask4" } as const;

/** Needs of some tiles of a pool. */
function needs(
  count: number,
  pool: { readonly room: number; readonly neededCount: number; readonly poolDepth: number },
): Needs {
  const grid = { tailFirstTile: 1000 };
  const source = { ...pool, grid, pool: POOL } as unknown as SourceTexture;
  const tiles = new Set(Array.from({ length: count }, (_, tile) => tile));
  return new Map([[OBJECT, { source, tiles }]]);
}

/** Most tiles that fit. */
function mostFitting(
  pool: { readonly room: number; readonly neededCount: number; readonly poolDepth: number },
  { isNeeded, below }: { readonly isNeeded: boolean; readonly below: number },
): number {
  let most = 0;
  for (let count = 1; count <= 2 * pool.room; count++) {
    if (fitNeeds(needs(count, pool), { isNeeded, depthBelow: () => below }).isFitting) most = count;
  }
  return most;
}

Deno.test("tiles that are made from what is read may need all the room", () => {
  const pool = { room: 12, neededCount: 0, poolDepth: 1 };
  for (const isNeeded of [false, true]) assert.equal(mostFitting(pool, { isNeeded, below: 0 }), 12);
  assert.equal(mostFitting({ ...pool, neededCount: 5 }, { isNeeded: false, below: 0 }), 7);
});

Deno.test("whatever is held above, one tile of each texture below finds room", () => {
  for (let poolDepth = 1; poolDepth <= 5; poolDepth++) {
    for (let room = poolDepth; room <= 40; room++) {
      let neededCount = 0;
      for (let below = poolDepth - 1; below >= 0; below--) {
        const isTop = below === poolDepth - 1;
        const most = mostFitting({ room, neededCount, poolDepth }, { isNeeded: !isTop, below });
        assert.ok(most >= 1, `depth ${poolDepth}, room ${room}, ${below} below`);
        neededCount += most;
      }
      assert.ok(neededCount <= room);
    }
  }
});

Deno.test("what would fit if nothing else was needed waits; what never fits does not", () => {
  const options = { isNeeded: false, depthBelow: () => 1 };
  const pool = { room: 12, neededCount: 3, poolDepth: 3 };
  assert.deepEqual(fitNeeds(needs(5, pool), options), { isFitting: true, isAlone: true });
  assert.deepEqual(fitNeeds(needs(8, pool), options), { isFitting: false, isAlone: false });
  assert.deepEqual(fitNeeds(needs(9, pool), options), { isFitting: false, isAlone: true });
});

Deno.test("tiles of tails take no room, and in a pool that holds everything all fit", () => {
  const full = { room: 2, neededCount: 2, poolDepth: 2 };
  const options = { isNeeded: true, depthBelow: () => 1 };
  const tail = [...needs(1, full).values()][0]!;
  const ofTail: Needs = new Map([[OBJECT, { ...tail, tiles: new Set([1000, 1001]) }]]);
  assert.ok(fitNeeds(ofTail, options).isFitting);
  const everything = { room: Infinity, neededCount: 5, poolDepth: 2 };
  assert.ok(fitNeeds(needs(500, everything), options).isFitting);
});
