import assert from "node:assert/strict";
import { type OrientedBox, worldBoundsOf } from "../../../src/geometry/mod.ts";
import { StaleRegions } from "../../../src/rvt/low_mips/stale_regions.ts";
import { seededRandom } from "../../helpers/random.ts";

function boxAt(center: readonly number[], half: number): OrientedBox {
  const axes = [[half, 0, 0], [0, half, 0], [0, 0, 0]];
  return { center, axes } as unknown as OrientedBox;
}

/** Whether one of some boxes holds another box. */
function isHeld(boxes: readonly OrientedBox[], box: OrientedBox): boolean {
  const { min, max } = worldBoundsOf([box])!;
  return boxes.some((one) => {
    const outer = worldBoundsOf([one])!;
    return min.every((value, axis) => outer.min[axis]! <= value + 1e-9) &&
      max.every((value, axis) => outer.max[axis]! >= value - 1e-9);
  });
}

Deno.test("stale regions hold every box that was added, in bounded memory", () => {
  const random = seededRandom(5);
  const regions = new StaleRegions();
  const added: OrientedBox[] = [];
  for (let i = 0; i < 2000; i++) {
    const box = boxAt([100 * random(), 100 * random(), 0], random());
    regions.add(box);
    added.push(box);
    assert.ok(regions.boxes.length <= 64);
  }
  assert.ok(added.every((box) => isHeld(regions.boxes, box)));
  assert.ok(!isHeld(regions.boxes, boxAt([200, 0, 0], 1)), "and not everything");
});

Deno.test("boxes inside of others are none of their own, and those that came later are not forgotten", () => {
  const regions = new StaleRegions();
  regions.add(boxAt([0, 0, 0], 1));
  regions.add(boxAt([5, 0, 0], 1));
  const { boxes } = regions;
  regions.add(boxAt([0, 0, 0], 0.5));
  assert.equal(regions.boxes, boxes);
  const around = boxAt([0, 0, 0], 2);
  regions.add(around);
  assert.deepEqual(regions.boxes, [boxes[1], around]);
  regions.forget(boxes);
  assert.deepEqual(regions.boxes, [around]);
});
