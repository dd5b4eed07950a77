import assert from "node:assert/strict";
import { type OrientedBox, orientedBoxOf, rotationAbout } from "../../../src/geometry/mod.ts";
import { transformFrom, transformMatrix } from "../../../src/geometry/mod.ts";
import {
  type Culling,
  isCulled,
  type LodSelection,
  projectedSizeTexels,
  selectLod,
} from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

/** A volume of 100 by 100 by 50 world units with a corner at the origin; v runs against y. */
const VOLUME = [0.01, 0, 0, 0, 0, -0.01, 0, 0, 0, 0, 0.02, 0, 0, 1, 0, 1];
const LEVEL = { width: 1000, height: 1000 };

function boxOf(size: readonly number[], angle: number): OrientedBox {
  const half = size.map((extent) => extent / 2) as unknown as [number, number, number];
  const min = half.map((part) => -part) as unknown as [number, number, number];
  const rotation = rotationAbout([0, 0, 1], angle);
  return orientedBoxOf({ min, max: half }, transformMatrix(transformFrom({ rotation })));
}

Deno.test("a component as large as the tile has LOD 0, and each half of that one LOD more", () => {
  const lodOf = (coverageTexels: number) =>
    selectLod({ coverageTexels, tileSize: 256, lodCount: 6 });
  const sizes = [1e9, 300, 256, 255, 128, 127, 64, 63, 32, 31, 8, 7, 0];
  assert.deepEqual(sizes.map(lodOf), [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 5]);
});

Deno.test("LODs never get finer as components get smaller, and stay among those there are", () => {
  const random = seededRandom(31);
  for (let round = 0; round < 500; round++) {
    const lodCount = 1 + Math.floor(random() * 6);
    const bias = Math.floor(random() * 9) - 4;
    const [small, large] = [random() * 300, random() * 300].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const lodOf = (coverageTexels: number, more = 0) =>
      selectLod({ coverageTexels, tileSize: 128, lodCount, bias: bias + more });
    assert.ok(lodOf(small) >= lodOf(large));
    assert.ok(lodOf(small) >= 0 && lodOf(small) < lodCount);
    assert.equal(lodOf(small, 1) >= lodOf(small), true);
  }
});

Deno.test("the bias is added to the LOD of the coverage, before it is clamped", () => {
  const selection = { coverageTexels: 128, tileSize: 256, lodCount: 4 };
  assert.deepEqual([-9, -1, 0, 1, 2, 9].map((bias) => selectLod({ ...selection, bias })), [
    0,
    0,
    1,
    2,
    3,
    3,
  ]);
});

Deno.test("the projected size is the longest edge as seen along z, at any angle", () => {
  for (const angle of [0, 0.3, Math.PI / 4, 2]) {
    assert.ok(Math.abs(projectedSizeTexels(boxOf([3, 7, 40], angle), VOLUME, LEVEL) - 70) < 1e-9);
  }
  const half = { width: 500, height: 500 };
  assert.ok(Math.abs(projectedSizeTexels(boxOf([3, 7, 40], 1), VOLUME, half) - 35) < 1e-9);
});

Deno.test("Skip Mips leaves out that many of the coarsest levels", () => {
  const rendered = (skipMips: number) =>
    Array.from({ length: 9 }, (_, level) => level).filter((level) =>
      !isCulled({ skipMips, minCoverage: null, level, maxLevel: 8, coveragePixels: 0 })
    );
  assert.equal(rendered(0).length, 9);
  assert.deepEqual(rendered(1), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(rendered(6), [0, 1, 2]);
  assert.deepEqual(rendered(20), []);
});

Deno.test("Min Coverage 3 leaves out what is below 8 pixels, whatever Skip Mips says", () => {
  const culled = (coveragePixels: number, skipMips: number, minCoverage = 3) =>
    isCulled({ skipMips, minCoverage, level: 8, maxLevel: 8, coveragePixels });
  for (const skipMips of [0, 5]) {
    assert.ok(culled(7.999, skipMips));
    assert.ok(!culled(8, skipMips));
    assert.ok(culled(0.5, skipMips, 0));
    assert.ok(!culled(1, skipMips, 0));
  }
});

Deno.test("bad values are refused by name", () => {
  const selection: LodSelection = { coverageTexels: 1, tileSize: 1, lodCount: 1 };
  for (
    const [name, value] of [["coverageTexels", NaN], ["coverageTexels", -1], ["tileSize", 0], [
      "lodCount",
      0,
    ], ["bias", 0.5]] as const
  ) {
    assert.throws(() => selectLod({ ...selection, [name]: value }), { argument: name });
    assert.throws(() => selectLod({ ...selection, [name]: "1" }), { argument: name });
  }
  const culling: Culling = {
    skipMips: 0,
    minCoverage: 0,
    level: 0,
    maxLevel: 1,
    coveragePixels: 1,
  };
  for (
    const [name, value] of [["skipMips", -1], ["minCoverage", -1], ["level", 2], [
      "maxLevel",
      -1,
    ], ["coveragePixels", NaN]] as const
  ) {
    assert.throws(() => isCulled({ ...culling, [name]: value }), { argument: name });
    assert.throws(() => isCulled({ ...culling, [name]: "1" }), { argument: name });
  }
  const box = boxOf([1, 1, 1], 0);
  assert.throws(() => projectedSizeTexels(box, [1], LEVEL), { argument: "worldToVolume" });
  assert.throws(() => projectedSizeTexels(box, VOLUME, { width: 0, height: 1 }), {
    argument: "width",
  });
});
