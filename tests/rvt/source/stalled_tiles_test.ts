import assert from "node:assert/strict";
import { StalledTiles } from "../../../src/rvt/source/stalled_tiles.ts";

/** Looks until a tile is due. */
function looksUntilDue(stalls: StalledTiles, tile: number): number {
  for (let looks = 1; looks <= 1000; looks++) if (stalls.lookForDue().includes(tile)) return looks;
  return Infinity;
}

Deno.test("a tile that stalls again and again is looked at after 1, 2, 4 … looks, at most 256", () => {
  const stalls = new StalledTiles();
  const waits = Array.from({ length: 11 }, () => {
    stalls.note(7);
    return looksUntilDue(stalls, 7);
  });
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256]);
  assert.equal(stalls.countOf(7), 11);
  assert.equal(stalls.countOf(8), 0);
});

Deno.test("a tile that is forgotten is due no more, and begins anew", () => {
  const stalls = new StalledTiles();
  for (let i = 0; i < 3; i++) stalls.note(7);
  stalls.note(9);
  stalls.delete(7);
  assert.deepEqual(stalls.lookForDue(), [9]);
  stalls.delete(9);
  assert.equal(looksUntilDue(stalls, 7), Infinity);
  stalls.note(7);
  assert.equal(looksUntilDue(stalls, 7), 1);
});
