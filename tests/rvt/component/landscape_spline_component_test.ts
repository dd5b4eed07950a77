import assert from "node:assert/strict";
import { heightAt, rotationAbout } from "../../../src/geometry/mod.ts";
import {
  LandscapeComponent,
  LandscapeSplineComponent,
  type LandscapeSplineOptions,
  type SplinePointOptions,
} from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import {
  boxComplaints,
  changesDuring,
  coordinatesIn,
  differingThings,
  drawnVertices,
  FakeMaterial,
  holdsPoint,
} from "./scene_helpers.ts";

const POINTS: readonly SplinePointOptions[] = Array.from({ length: 9 }, (_, i) => ({
  position: [10 * i, 4 * Math.sin(i), 0.3 * i],
  width: 2 + 0.2 * i,
}));

function makeSpline(options: Partial<LandscapeSplineOptions> = {}): LandscapeSplineComponent {
  return new LandscapeSplineComponent({
    name: "road",
    material: new FakeMaterial(),
    points: POINTS,
    quadsAlong: 6,
    ...options,
  });
}

function makeGround(): LandscapeComponent {
  const random = seededRandom(21);
  return new LandscapeComponent({
    material: new FakeMaterial(),
    width: 100,
    height: 40,
    heights: Float32Array.from({ length: 4000 }, () => random() * 3),
    transform: { position: [-5, -20, 1] },
  });
}

function randomPoint(random: () => number): SplinePointOptions {
  const number = () => (random() - 0.5) * 60;
  return {
    position: [number(), number(), number() / 10],
    width: 1 + random() * 3,
    ...(random() < 0.3 ? { rollRadians: random() } : {}),
    ...(random() < 0.3 ? { tangent: [number(), number(), 0] } : {}),
  };
}

Deno.test("the spline passes through its points, as wide as they say", () => {
  const spline = makeSpline();
  const segments = drawnVertices(spline.draws());
  assert.equal(segments.length, POINTS.length - 1);
  segments.forEach((vertices, index) => {
    for (const [at, point] of [[0, POINTS[index]!], [-1, POINTS[index + 1]!]] as const) {
      const [left, right] = at === 0 ? vertices : vertices.slice(-2);
      const middle = left!.map((part, i) => (part + right![i]!) / 2);
      const width = Math.hypot(...left!.map((part, i) => part - right![i]!));
      middle.forEach((part, i) => assert.ok(Math.abs(part - point.position[i]!) < 1e-4));
      assert.ok(Math.abs(width - point.width) < 1e-4);
    }
  });
});

Deno.test("a segment ends with the very vertices that the next one begins with", () => {
  const random = seededRandom(22);
  const points = Array.from({ length: 30 }, () => randomPoint(random));
  const segments = drawnVertices(makeSpline({ points, quadsAcross: 3 }).draws());
  segments.slice(1).forEach((vertices, index) =>
    assert.deepEqual(vertices.slice(0, 4), segments[index]!.slice(-4))
  );
});

Deno.test("u runs along each segment and v from left to right, and triangles look up", () => {
  const spline = makeSpline({ quadsAcross: 2 });
  for (const draw of spline.draws()) {
    assert.ok(draw.kind === "mesh");
    const { uvs, positions: p, indices, normals } = draw.mesh;
    assert.deepEqual([...uvs.subarray(0, 6)], [0, 0, 0, 0.5, 0, 1]);
    assert.deepEqual([...uvs.subarray(-6)], [1, 0, 1, 0.5, 1, 1]);
    // The spline runs along x, so its left has the larger y.
    assert.ok(p[1]! > p[7]!);
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, c] = [3 * indices[i]!, 3 * indices[i + 1]!, 3 * indices[i + 2]!];
      const area = (p[b]! - p[a]!) * (p[c + 1]! - p[a + 1]!) -
        (p[b + 1]! - p[a + 1]!) * (p[c]! - p[a]!);
      assert.ok(area > 0);
    }
    for (let i = 2; i < normals.length; i += 3) assert.ok(normals[i]! > 0.9);
  }
});

Deno.test("a straight spline is straight, and rolls by its angle", () => {
  const points = [
    { position: [0, 0, 0], width: 2 },
    { position: [8, 0, 0], width: 2, rollRadians: Math.PI / 2 },
  ];
  const [vertices] = drawnVertices(makeSpline({ points, quadsAlong: 4 }).draws());
  assert.deepEqual(vertices!.map(([x]) => x), [0, 0, 2, 2, 4, 4, 6, 6, 8, 8]);
  const [left, right] = vertices!.slice(-2);
  [0, 1].forEach((i) => assert.ok(Math.abs(left![i]! - right![i]!) < 1e-6));
  assert.ok(Math.abs(left![2]! - right![2]! - 2) < 1e-6);
});

Deno.test("each segment lies in its box, touches all sides, and a long road's boxes are slender", () => {
  const transform = { position: [3e4, 7, 2], rotation: rotationAbout([0, 0, 1], Math.PI / 4) };
  const points = Array.from({ length: 11 }, (_, i) => ({ position: [100 * i, 0, 0], width: 8 }));
  const road = makeSpline({ points, transform });
  assert.deepEqual(boxComplaints(road.boxes(), drawnVertices(road.draws())), []);
  for (const { axes } of road.boxes()) {
    const lengths = axes.map((axis) => Math.hypot(...axis)).sort((a, b) => a - b);
    assert.ok(lengths[0]! < 0.01 && Math.abs(lengths[1]! - 4) < 0.01 && lengths[2]! > 49);
  }
});

Deno.test("random edits: the boxes hold exactly the segments that differ", () => {
  const random = seededRandom(23);
  const spline = makeSpline();
  let model: SplinePointOptions[] = [...POINTS];
  for (let round = 0; round < 80; round++) {
    const before = drawnVertices(spline.draws());
    const index = Math.floor(random() * model.length);
    const point = randomPoint(random);
    const changes = changesDuring(spline, () => {
      const kind = random();
      if (kind < 0.5) {
        spline.updatePoint(index, point);
        model = model.with(index, point);
      } else if (kind < 0.7) {
        spline.insertPoint(index, point);
        model = model.toSpliced(index, 0, point);
      } else if (kind < 0.9 && model.length > 3) {
        spline.removePoint(index);
        model = model.toSpliced(index, 1);
      } else {
        const rotation = rotationAbout([random(), random(), 1], random());
        spline.transform = { position: [random(), 0, 0], rotation };
      }
    });
    const things = differingThings(before, drawnVertices(spline.draws()));
    assert.deepEqual(boxComplaints(changes.flatMap(({ boxes }) => boxes), things), []);
  }
  const fresh = makeSpline({ points: model, transform: spline.transform });
  assert.deepEqual(drawnVertices(spline.draws()), drawnVertices(fresh.draws()));
  assert.deepEqual(spline.boxes(), fresh.boxes());
});

Deno.test("a moved point changes two segments to each side, one with tangents of its neighbours", () => {
  const moved = { position: [41, 9, 0], width: 3 };
  const count = (points: readonly SplinePointOptions[]) => {
    const road = makeSpline({ points });
    return changesDuring(road, () => road.updatePoint(4, moved))[0]!.boxes.length;
  };
  assert.equal(count(POINTS), 2 * 4);
  assert.equal(count(POINTS.map((point) => ({ ...point, tangent: [10, 0, 0] }))), 2 * 2);
  const spline = makeSpline();
  assert.deepEqual(changesDuring(spline, () => spline.updatePoint(4, POINTS[4]!)), []);
});

Deno.test("negative control: telling of the moved point's own two segments alone is found", () => {
  const spline = makeSpline();
  const before = drawnVertices(spline.draws());
  const [change] = changesDuring(spline, () => {
    spline.updatePoint(4, { position: [41, 9, 0], width: 3 });
  });
  const things = differingThings(before, drawnVertices(spline.draws()));
  assert.deepEqual(boxComplaints(change!.boxes, things), []);
  const own = change!.boxes.filter((box) => holdsPoint(box, [41, 9, 0]));
  assert.ok(boxComplaints(own, things).length > 0);
});

Deno.test("on a landscape every vertex lies on its surface, by the offset above it", () => {
  const ground = makeGround();
  const spline = makeSpline({ landscape: ground, landscapeOffset: 0.25, quadsAcross: 3 });
  for (const point of drawnVertices(spline.draws()).flat()) {
    const found = ground.surfaceAt(point)!;
    const way = point.map((part, i) => part - found.position[i]!);
    // Straight up, it is at least the offset away along a normal that leans.
    assert.ok(way[2]! > 0 && way[2]! < 2, String(way));
  }
  const flat = makeSpline({ landscape: ground });
  for (const [x, y, z] of drawnVertices(flat.draws()).flat()) {
    const height = heightAt(ground.surface, { x: x + 5, y: y + 20 });
    assert.ok(Math.abs(z - 1 - height) < 1e-4);
  }
});

for (const landscapeOffset of [0, 0.25]) {
  Deno.test(`brushes change the segments ${landscapeOffset} above them, and no others`, () =>
    checkBrushes(landscapeOffset));
}

function checkBrushes(landscapeOffset: number): void {
  const ground = makeGround();
  const spline = makeSpline({ landscape: ground, landscapeOffset });
  const random = seededRandom(24);
  let told = 0;
  for (let round = 0; round < 30; round++) {
    const before = drawnVertices(spline.draws());
    const region = { x: Math.floor(random() * 90), y: 15 + Math.floor(random() * 15) };
    const changes = changesDuring(spline, () => {
      const heights = Float32Array.from({ length: 16 }, () => random() * 9);
      ground.setHeights({ ...region, width: 4, height: 4 }, heights);
    });
    const boxes = changes.flatMap((change) => change.boxes);
    const things = differingThings(before, drawnVertices(spline.draws()));
    // A normal may change where no vertex moves.
    const idle = boxComplaints(boxes, things).filter((text) => text.startsWith("nothing told"));
    assert.deepEqual(idle, []);
    assert.ok(boxes.length <= 6);
    told += boxes.length;
  }
  assert.ok(told > 0);
  const fresh = makeSpline({ landscape: ground, landscapeOffset });
  assert.deepEqual(drawnVertices(spline.draws()), drawnVertices(fresh.draws()));
}

Deno.test("a spline follows its landscape's moves, until it is taken off it", () => {
  const ground = makeGround();
  const spline = makeSpline({ landscape: ground });
  const count = (act: () => void) => changesDuring(spline, act).flatMap((c) => c.boxes).length;
  assert.equal(count(() => ground.transform = { position: [-5, -20, 6] }), 2 * 8);
  assert.equal(count(() => ground.translucencySortPriority = 3), 0);
  assert.equal(count(() => spline.landscape = null), 2 * 8);
  assert.equal(count(() => ground.transform = { position: [-5, -20, 9] }), 0);
  assert.deepEqual(
    drawnVertices(spline.draws()),
    drawnVertices(
      makeSpline({
        quadsAcross: spline.quadsAcross,
      }).draws(),
    ),
  );
});

Deno.test("splines that rise straight up, or come back to where they began, are whole", () => {
  const points = [
    { position: [0, 0, 0], width: 1 },
    { position: [0, 0, 9], width: 1 },
    { position: [0, 5, 9], width: 1, tangent: [0, 0, 0] },
    { position: [0, 0, 0], width: 1 },
  ];
  const spline = makeSpline({ points });
  const all = drawnVertices(spline.draws());
  assert.ok(all.flat(2).every(Number.isFinite));
  spline.boxes().forEach((box, index) =>
    all[index]!.forEach((point) =>
      assert.ok(coordinatesIn(box, point).every((part) => Math.abs(part) < 1.001))
    )
  );
});

Deno.test("bad points and options are refused by name, and change nothing", () => {
  const good = POINTS[0]!;
  const lists: readonly [unknown, string, string][] = [
    [3, "points", "invalid-argument"],
    [[good], "points", "out-of-range"],
    [[good, good], "points", "out-of-range"],
    [[good, { ...good, position: [1, 2] }], "position", "invalid-argument"],
    [[good, { ...good, position: [1, 2, NaN] }], "position", "out-of-range"],
    [[good, { position: [1, 2, 3] }], "width", "invalid-argument"],
    [[good, { position: [1, 2, 3], width: 0 }], "width", "out-of-range"],
    [
      [good, { position: [1, 2, 3], width: 1, rollRadians: "1" }],
      "rollRadians",
      "invalid-argument",
    ],
    [[good, { position: [1, 2, 3], width: 1, tangent: [1] }], "tangent", "invalid-argument"],
    [[good, { position: [1, 2, 3], width: 1, colour: 1 }], "colour", "invalid-argument"],
    [[good, { position: [1e39, 2, 3], width: 1 }], "positions", "out-of-range"],
  ];
  const spline = makeSpline();
  const before = structuredClone([spline.points, drawnVertices(spline.draws()), spline.boxes()]);
  for (const [points, argument, code] of lists) {
    const said = { argument, code, message: /landscape spline "road"/ };
    assert.throws(() => makeSpline({ points: points as never }), said);
    assert.throws(() => spline.points = points as never, said);
  }
  const acts: readonly [() => void, string][] = [
    [() => spline.updatePoint(9, good), "index"],
    [() => spline.insertPoint(10, good), "index"],
    [() => spline.removePoint(-1), "index"],
    [() => spline.landscape = {} as never, "landscape"],
    [() => void makeSpline({ landscape: 1 as never }), "landscape"],
    [() => void makeSpline({ quadsAlong: 0 }), "quadsAlong"],
    [() => void makeSpline({ quadsAcross: 65 }), "quadsAcross"],
    [() => void makeSpline({ landscapeOffset: NaN }), "landscapeOffset"],
    [() => void makeSpline({ uvLength: 2 } as object), "uvLength"],
  ];
  for (const [act, argument] of acts) assert.throws(act, { argument }, argument);
  assert.deepEqual([spline.points, drawnVertices(spline.draws()), spline.boxes()], before);
});
