import assert from "node:assert/strict";
import fc from "fast-check";
import { FeedbackWants } from "../../../src/streaming/frame/feedback_wants.ts";
import { TileGrid, TileList } from "../../../src/tiles/mod.ts";

const grid = new TileGrid(2048, 1500, 64);

function listed(wants: FeedbackWants, lodBias = 0): number[] {
  const list = new TileList();
  wants.list(grid, list, { lodBias });
  return [...list.tiles.subarray(0, list.count)];
}

function add(wants: FeedbackWants, entries: number[], lodBias = 0): void {
  const sorted = Int32Array.from(new Set(entries)).sort();
  wants.add({ tiles: sorted, counts: new Uint32Array(sorted.length).fill(2), lodBias, view: 0 });
}

Deno.test("late or missing feedback leaves the same tiles wanted for 30 updates", () => {
  const wants = new FeedbackWants();
  add(wants, [3, 4, 40, 1000]);
  const first = listed(wants);
  for (let update = 0; update < 30; update++) assert.deepEqual(listed(wants), first);
});

Deno.test("what was sampled is wanted with all above it, parents first, and no tile twice", () => {
  const tail = grid.levels[grid.tailLevel]!.firstTile;
  const anyFrame = fc.array(fc.nat(grid.tileCount - 1), { maxLength: 40 });
  fc.assert(fc.property(fc.array(anyFrame, { minLength: 1, maxLength: 4 }), (frames) => {
    const wants = new FeedbackWants();
    for (const frame of frames) add(wants, frame);
    const list = listed(wants);
    const wanted = new Set<number>();
    for (const tile of frames.flat()) {
      for (let one = tile; one < tail; one = grid.parentOf(one)) wanted.add(one);
    }
    assert.deepEqual([...list].sort((a, b) => a - b), [...wanted].sort((a, b) => a - b));
    for (const [i, tile] of list.entries()) {
      const parent = list.indexOf(grid.parentOf(tile));
      assert.ok(parent < i, "a parent stands before its child");
    }
  }));
});

Deno.test("four frames of feedback are kept, the newest ones", () => {
  const wants = new FeedbackWants();
  for (const tile of [1, 2, 3, 4, 5]) add(wants, [tile]);
  const list = listed(wants);
  assert.ok(!list.includes(1));
  for (const tile of [2, 3, 4, 5]) assert.ok(list.includes(tile));
  wants.clear();
  assert.deepEqual(listed(wants), []);
});

Deno.test("frames that were drawn with a smaller bias than now ask for too much: they are passed over", () => {
  const wants = new FeedbackWants();
  add(wants, [1], 0);
  add(wants, [70], 1);
  assert.ok(listed(wants, 0).includes(1) && listed(wants, 0).includes(70));
  assert.ok(!listed(wants, 0.5).includes(1) && listed(wants, 0.5).includes(70));
  assert.deepEqual(listed(wants, 1.5), []);
});

Deno.test("what was drawn for other views is forgotten", () => {
  const wants = new FeedbackWants();
  for (const [view, tile] of [[1, 5], [2, 6], [2, 7]] as const) {
    wants.add({ tiles: Int32Array.of(tile), counts: Uint32Array.of(1), lodBias: 0, view });
  }
  wants.keepView(2);
  assert.equal(wants.size, 2);
  wants.keepView(3);
  assert.deepEqual([wants.size, wants.lodBias], [0, -Infinity]);
});
