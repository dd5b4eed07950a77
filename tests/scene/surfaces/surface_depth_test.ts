import assert from "node:assert/strict";
import {
  lookAt,
  type OrientedBox,
  orientedBoxOf,
  orthographic,
  rotationAbout,
  transformFrom,
  transformMatrix,
} from "../../../src/geometry/mod.ts";
import { cornersOf } from "../../../src/geometry/oriented_box.ts";
import { withDepthOfBoxes } from "../../../src/scene/surfaces/surface_depth.ts";
import { seededRandom } from "../../helpers/random.ts";
import { multiplied, transformedPoint, type Vec3 } from "../../rvt/oracle/affine.ts";

const UNIT = { min: [-1, -1, -1], max: [1, 1, 1] } as const;

function randomBoxes(random: () => number): OrientedBox[] {
  const between = (low: number, high: number) => low + (high - low) * random();
  return Array.from({ length: 1 + Math.floor(4 * random()) }, () => {
    const transform = transformFrom({
      position: [between(-500, 500), between(-500, 500), between(-500, 500)],
      rotation: rotationAbout([between(-1, 1), 1, between(-1, 1)], between(-3, 3)),
      scale: [between(0.1, 90), between(0.1, 90), between(0.1, 90)],
    });
    return orientedBoxOf(UNIT, transformMatrix(transform));
  });
}

Deno.test("depth falls from 1 to 0 with the distance over all boxes, in either convention, and x and y stay", () => {
  const random = seededRandom(3);
  for (let run = 0; run < 200; run++) {
    const boxes = randomBoxes(random);
    const reverseDepth = run % 2 === 1;
    const view = lookAt([random(), 5, random() - 0.5], [0, -random(), 0], { up: [0, 0, 1] });
    const box = { left: -1, right: 1, bottom: -1, top: 1, near: 0.1, far: 0.1 + 100 * random() };
    const toClip = multiplied(orthographic({ ...box, reverseDepth }), view);
    const changed = withDepthOfBoxes(toClip, reverseDepth ? 1 : -1, boxes);
    const points = boxes.flatMap(cornersOf).map((corner) => {
      const [x, y] = transformedPoint(toClip, corner);
      const [newX, newY, depth] = transformedPoint(changed, corner);
      assert.deepEqual([newX, newY], [x, y]);
      return { depth, nearness: transformedPoint(view, corner)[2] };
    });
    for (const { depth } of points) assert.ok(depth > 0 && depth < 1, `${depth}`);
    points.sort((a, b) => a.nearness - b.nearness);
    points.forEach(({ depth, nearness }, i) => {
      const next = points[i + 1];
      if (next && next.nearness - nearness > 1e-6) assert.ok(next.depth > depth);
    });
    const wrong = withDepthOfBoxes(toClip, reverseDepth ? -1 : 1, boxes);
    const [first, last] = [boxes[0]!.center, cornersOf(boxes[0]!)[0]!].map((point) =>
      transformedPoint(wrong, point)[2] - transformedPoint(changed, point)[2]
    );
    assert.ok(first !== last, "negative control: the other convention gives another depth");
  }
});

Deno.test("no boxes, and one point alone, have a finite depth", () => {
  const toClip = orthographic({ left: -1, right: 1, bottom: -1, top: 1, near: 0, far: 1 });
  assert.ok(withDepthOfBoxes(toClip, -1, []).every(Number.isFinite));
  const at: Vec3 = [3, 4, 5];
  const point = orientedBoxOf({ min: at, max: at }, multiplied(toClip, toClip).fill(0));
  assert.ok(withDepthOfBoxes(toClip, 1, [point]).every(Number.isFinite));
});
