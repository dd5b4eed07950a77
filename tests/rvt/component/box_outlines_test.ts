import assert from "node:assert/strict";
import { orientedBoxOf, transformFrom, transformMatrix } from "../../../src/geometry/mod.ts";
import {
  BoxOutlines,
  footprintBounds,
  footprintOf,
  footprintRects,
  footprintTouchesTile,
  type KnownOutlines,
  projectedSizeTexels,
} from "../../../src/rvt/component/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

const GRID = new TileGrid(1024, 512, 64);
/** A volume of 200 by 100 by 20 world units around the origin, tilted a little. */
const TO_VOLUME = [0.005, 0, 0.002, 0, 0, -0.01, 0, 0, 0.001, 0, 0.05, 0, 0.5, 0.5, 0.5, 1];

/** Boxes of all sizes, many of them outside of the volume in part or as a whole. */
function randomBoxes(count: number, seed: number) {
  const random = seededRandom(seed);
  const between = (least: number, most: number) => least + (most - least) * random();
  return Array.from({ length: count }, () => {
    const extent = Math.exp(between(-4, random() < 0.03 ? 5 : 1));
    const transform = transformFrom({
      position: [between(-130, 130), between(-70, 70), between(-14, 14)],
      rotation: [between(-1, 1), between(-1, 1), between(-1, 1), 1.2],
      scale: [extent, extent * between(0.2, 2), between(0, 2)],
    });
    const unit = { min: [-1, -1, -1], max: [1, 1, 1] } as const;
    return orientedBoxOf(unit, transformMatrix(transform));
  });
}

for (const count of [0, 1, 7, 31, 32, 33, 700]) {
  Deno.test(`of ${count} boxes, tiles find those that they would find one by one`, () => {
    for (let seed = 1; seed <= (count > 100 ? 2 : 12); seed++) {
      const boxes = randomBoxes(count, seed);
      const outlines = new BoxOutlines(boxes, TO_VOLUME);
      const footprints = boxes.map((box) => footprintOf(box, TO_VOLUME));
      let found = 0;
      for (let tile = 0; tile < GRID.tileCount; tile++) {
        const reach = { grid: GRID, borderTexels: 4 };
        const touched = footprints.flatMap((outline, index) =>
          outline.length > 0 && footprintTouchesTile(outline, tile, reach) ? [index] : []
        );
        assert.deepEqual(outlines.touchedBy(tile, reach), touched);
        assert.equal(outlines.someTouchedBy(tile, reach), touched.length > 0);
        found += touched.length;
        const level = GRID.level(GRID.levelOf(tile));
        const sizes = touched.map((index) => projectedSizeTexels(boxes[index]!, TO_VOLUME, level));
        assert.equal(outlines.largestSizeTexels(touched, level), Math.max(0, ...sizes));
      }
      assert.ok(count < 30 || found > count / 2, `${found} of ${count} are seen`);
    }
  });
}

Deno.test("rectangles around outlines are those of the outlines, to the bit", () => {
  const boxes = randomBoxes(2000, 3);
  const rects = footprintRects(boxes, TO_VOLUME);
  let empty = 0;
  boxes.forEach((box, index) => {
    const outline = footprintOf(box, TO_VOLUME);
    const { u0, v0, u1, v1 } = outline.length === 0
      ? { u0: NaN, v0: NaN, u1: NaN, v1: NaN }
      : footprintBounds(outline);
    if (outline.length === 0) empty++;
    assert.deepEqual([...rects.subarray(4 * index, 4 * index + 4)], [u0, v0, u1, v1]);
  });
  assert.ok(empty > 0 && empty < boxes.length);
});

Deno.test("outlines that are known are not found anew, and those of other boxes are", () => {
  const boxes = randomBoxes(50, 5);
  const known: KnownOutlines = new WeakMap();
  const look = (list: typeof boxes) => {
    const outlines = new BoxOutlines(list, TO_VOLUME, known);
    for (let tile = 0; tile < GRID.tileCount; tile++) {
      outlines.touchedBy(tile, { grid: GRID, borderTexels: 4 });
    }
  };
  look(boxes);
  const first = boxes.find((box) => known.has(box))!;
  const outline = known.get(first);
  const others = randomBoxes(20, 6);
  look([...boxes.slice(0, 20), ...others, ...boxes.slice(20)]);
  assert.equal(known.get(first), outline);
  const other = others.find((box) => known.has(box))!;
  assert.deepEqual(known.get(other), footprintOf(other, TO_VOLUME));
});

Deno.test("of 20,000 boxes a fine tile finds its few in a small part of the time that all take", () => {
  const boxes = randomBoxes(20_000, 8);
  const outlines = new BoxOutlines(boxes, TO_VOLUME);
  const footprints = boxes.map((box) => footprintOf(box, TO_VOLUME));
  const reach = { grid: GRID, borderTexels: 4 };
  const tiles = [0, 1, 2, 3, 4].map((x) => GRID.tileIndexOf(0, 3 * x, x));
  const leastMs = (find: (tile: number) => number) =>
    Math.min(...tiles.map((tile) => {
      const start = performance.now();
      assert.ok(find(tile) > 0);
      return performance.now() - start;
    }));
  const all = leastMs((tile) =>
    footprints.filter((outline) => footprintTouchesTile(outline, tile, reach)).length
  );
  const near = leastMs((tile) => outlines.touchedBy(tile, reach).length);
  assert.ok(near < all / 5, `${near} ms against ${all} ms`);
});
