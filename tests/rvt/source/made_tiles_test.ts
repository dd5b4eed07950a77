import assert from "node:assert/strict";
import { MadeTiles } from "../../../src/rvt/source/made_tiles.ts";

const SOURCE = { name: "source", materialType: "mask4" } as const;
const MADE = {
  objects: new Set([SOURCE]),
  used: new Map([[SOURCE, [4]]]),
  lacking: new Map(),
  coarser: 0,
  isUnheld: false,
};
const LACKING = { ...MADE, lacking: new Map([[SOURCE, [4]]]) };

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

Deno.test("a tile is better than before if it is finer, lacks less, or what it needs was kept", () => {
  const levels = [MADE, { ...MADE, coarser: 1 }, { ...MADE, coarser: 2 }];
  const ladders = [levels, [MADE, LACKING], [MADE, { ...MADE, isUnheld: true }]];
  for (const ladder of ladders) {
    for (const [i, after] of ladder.entries()) {
      for (const [j, before] of ladder.entries()) {
        const made = new MadeTiles();
        assert.equal(made.set(7, before), false, "nothing was made from it before");
        assert.equal(made.set(7, after), i < j);
        assert.equal(made.improvable.has(7), i > 0);
        assert.deepEqual(made.takeStale(), [], "it is up to date");
      }
    }
  }
  const made = new MadeTiles();
  made.set(7, LACKING);
  assert.ok(made.set(7, { ...MADE, objects: new Set() }), "what samples nothing lacks nothing");
});

Deno.test("what was made with a tile is found, but for what lacked it", () => {
  const made = new MadeTiles();
  made.set(7, MADE);
  made.set(8, LACKING);
  made.set(9, { ...MADE, used: new Map([[SOURCE, [5]]]) });
  assert.deepEqual(made.madeWith(SOURCE, 4), [7]);
  assert.deepEqual(made.madeWith(SOURCE, 6), []);
  made.noteImprovable(7);
  assert.ok(made.improvable.has(7));
  made.noteImprovable(6);
  assert.ok(!made.improvable.has(6), "there is no such tile");
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
    made.set(7, LACKING);
    made.noteLanded(SOURCE, 4, () => mustWait);
    assert.deepEqual(made.takeStale(), mustWait ? [] : [7]);
  }
});
