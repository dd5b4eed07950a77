import assert from "node:assert/strict";
import { MadeTiles } from "../../../src/rvt/source/made_tiles.ts";

const SOURCE = { name: "source", materialType: "mask4" } as const;
const MADE = {
  objects: new Set([SOURCE]),
  used: new Map([[SOURCE, [4]]]),
  lacking: new Map(),
  coarser: 0,
};

Deno.test("a tile that is made anew while it is stale stays stale until it was handed out", () => {
  const made = new MadeTiles();
  made.set(7, MADE);
  assert.deepEqual(made.takeStale(), []);
  made.noteInvalidated(SOURCE, (tile) => tile === 4);
  made.set(7, MADE);
  assert.deepEqual(made.takeStale(), [7]);
  made.set(7, MADE);
  assert.deepEqual(made.takeStale(), []);
});

Deno.test("a tile that is made finer than before is stale, for what was made from it", () => {
  const made = new MadeTiles();
  made.set(7, { ...MADE, coarser: 2 });
  made.set(7, { ...MADE, coarser: 2 });
  assert.deepEqual(made.takeStale(), []);
  made.set(7, { ...MADE, coarser: 2 });
  made.set(7, { ...MADE, coarser: 1 });
  assert.deepEqual(made.takeStale(), [7]);
});

Deno.test("a tile that is forgotten is not stale any more", () => {
  const made = new MadeTiles();
  made.set(7, MADE);
  made.noteReplaced(SOURCE);
  made.delete(7);
  assert.deepEqual(made.takeStale(), []);
});

Deno.test("what a tile lacked makes it stale when it comes, unless the tile must wait", () => {
  const made = new MadeTiles();
  for (const mustWait of [true, false]) {
    made.set(7, { ...MADE, lacking: new Map([[SOURCE, [4]]]) });
    made.noteLanded(SOURCE, 4, () => mustWait);
    assert.deepEqual(made.takeStale(), mustWait ? [] : [7]);
  }
});
