import assert from "node:assert/strict";
import { StalledTiles } from "../../../src/rvt/source/stalled_tiles.ts";

/** Looks until a tile is due. */
function looksUntilDue(stalls: StalledTiles, tile: number): number {
  for (let looks = 1; looks <= 2000; looks++) {
    if (stalls.lookForDue().includes(tile)) return looks;
  }
  return Infinity;
}

Deno.test("a tile that stalls again and again is looked at after 1, 2, 4 … looks, at most 256", () => {
  const stalls = new StalledTiles();
  const waits = Array.from({ length: 11 }, () => {
    stalls.note(7);
    return looksUntilDue(stalls, 7);
  });
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256]);
});

Deno.test("a tile that stalls and is rendered whole in turn waits longer each time, too", () => {
  const stalls = new StalledTiles();
  const waits = Array.from({ length: 6 }, () => {
    stalls.note(7);
    const waited = looksUntilDue(stalls, 7);
    stalls.noteWhole(7);
    return waited;
  });
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32]);
  assert.equal(looksUntilDue(stalls, 7), Infinity, "what is whole is not due");
  stalls.note(7);
  assert.equal(looksUntilDue(stalls, 7), 1, "stalls of long ago do not count");
});

Deno.test("a tile is tried soon until it has stalled four times, and must wait from the eighth on", () => {
  const stalls = new StalledTiles();
  for (let count = 1; count <= 10; count++) {
    stalls.note(7);
    assert.equal(stalls.isTriedSoon(7), count < 4);
    assert.equal(stalls.mustWait(7), count >= 8);
  }
  stalls.noteWhole(7);
  assert.ok(stalls.mustWait(7), "stalls count on");
  assert.ok(!stalls.isTriedSoon(7), "nothing better is to come");
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

Deno.test("a tile that lacks what cannot be read is due only once it was tried too often", () => {
  const stalls = new StalledTiles();
  for (let count = 1; count <= 10; count++) {
    stalls.noteUnread(7);
    assert.equal(stalls.mustWait(7), count >= 8);
    assert.ok(!stalls.isTriedSoon(7), "nothing comes of it by itself");
    assert.equal(stalls.isScheduled(7), count >= 8);
    if (count < 8) assert.ok(!stalls.lookForDue().includes(7));
  }
  assert.ok(looksUntilDue(stalls, 7) <= 256);
});
