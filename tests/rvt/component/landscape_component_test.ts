import assert from "node:assert/strict";
import {
  heightAt,
  normalAt,
  type OrientedBox,
  rotationAbout,
  type TransformOptions,
  type Vec3,
} from "../../../src/geometry/mod.ts";
import {
  LandscapeComponent,
  type LandscapeOptions,
  type LandscapeSurface,
  type SampleRegion,
} from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { changesDuring, coordinatesIn, FakeMaterial, holdsPoint } from "./scene_helpers.ts";

const WIDTH = 40;
const HEIGHT = 30;
const COUNT = WIDTH * HEIGHT;
const STEP = 0.25;

function makeLandscape(options: Partial<LandscapeOptions> = {}): LandscapeComponent {
  const random = seededRandom(5);
  return new LandscapeComponent({
    material: new FakeMaterial(),
    width: WIDTH,
    height: HEIGHT,
    heights: Float32Array.from({ length: COUNT }, () => random() * 4),
    layers: { grass: new Uint8Array(COUNT).fill(7), sand: new Uint8Array(COUNT) },
    sectionQuads: 16,
    ...options,
  });
}

/** Height, normal and weights at points between samples, to be compared later. */
function looks(surface: LandscapeSurface): Map<string, number[]> {
  const all = new Map<string, number[]>();
  const layers = [...surface.layers.values()].map((layer) => ({
    ...surface,
    heights: Float32Array.from(layer),
  }));
  for (let y = 0; y <= HEIGHT - 1; y += STEP) {
    for (let x = 0; x <= WIDTH - 1; x += STEP) {
      const weights = layers.map((layer) => heightAt(layer, { x, y }));
      const values = [heightAt(surface, { x, y }), ...normalAt(surface, { x, y }), ...weights];
      all.set(`${x},${y}`, values);
    }
  }
  return all;
}

/** Points of a landscape's own space that look different, as they were and as they are. */
function differingPoints(before: Map<string, number[]>, after: Map<string, number[]>): Vec3[] {
  return [...before].flatMap(([key, old]) => {
    const now = after.get(key)!;
    if (old.every((value, i) => value === now[i])) return [];
    const [x, y] = key.split(",").map(Number) as [number, number];
    return [[x, y, old[0]!], [x, y, now[0]!]] as Vec3[];
  });
}

/** What is wrong with the boxes of a brush in an untransformed landscape. */
function brushComplaints(boxes: readonly OrientedBox[], points: readonly Vec3[]): string[] {
  const missed = points.filter((point) => !boxes.some((box) => holdsPoint(box, point)));
  // A face further out than a step from anything that differs is too far.
  const loose = boxes.filter(({ center, axes }) =>
    [0, 1].some((i) => {
      const parts = points.map((point) => point[i]!);
      const reach = axes.reduce((sum, axis) => sum + Math.abs(axis[i]!), 0);
      return center[i]! - reach < Math.min(...parts) - STEP ||
        center[i]! + reach > Math.max(...parts) + STEP;
    })
  );
  return [...missed.map(String), ...loose.map((box) => `nothing differs at ${box.center}`)];
}

function randomRegion(random: () => number): SampleRegion {
  const x = Math.floor(random() * WIDTH);
  const y = Math.floor(random() * HEIGHT);
  const width = 1 + Math.floor(random() * Math.min(6, WIDTH - x));
  const height = 1 + Math.floor(random() * Math.min(6, HEIGHT - y));
  return { x, y, width, height };
}

Deno.test("sections cover every quad once, and each lies in its box, touching all sides", () => {
  const landscape = makeLandscape();
  const quads = new Uint8Array(COUNT);
  const draws = landscape.draws();
  assert.equal(draws.length, 3 * 2);
  assert.equal(landscape.boxes().length, draws.length);
  draws.forEach((draw, index) => {
    assert.ok(draw.kind === "landscape");
    const { x0, y0, x1, y1 } = draw.section;
    const reach = [0, 0, 0];
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const z = landscape.surface.heights[y * WIDTH + x]!;
        const at = coordinatesIn(landscape.boxes()[index]!, [x, y, z]);
        at.forEach((part, i) => reach[i] = Math.max(reach[i]!, Math.abs(part)));
        if (x < x1 && y < y1) quads[y * WIDTH + x]!++;
      }
    }
    reach.forEach((most) => assert.ok(Math.abs(most - 1) < 1e-5));
  });
  quads.forEach((count, i) => {
    const isQuad = i % WIDTH < WIDTH - 1 && i < COUNT - WIDTH;
    assert.equal(count, Number(isQuad));
  });
});

Deno.test("random brushes: the boxes hold exactly what looks different", () => {
  const landscape = makeLandscape();
  const random = seededRandom(6);
  let before = looks(landscape.surface);
  for (let round = 0; round < 24; round++) {
    const region = randomRegion(random);
    const count = region.width * region.height;
    const { version } = landscape.surface;
    const changes = changesDuring(landscape, () => {
      if (random() < 0.5) {
        const heights = Float32Array.from({ length: count }, () => random() * 20);
        landscape.setHeights(region, heights);
      } else {
        const weights = Uint8Array.from({ length: count }, () => 8 + random() * 247);
        landscape.setWeights(random() < 0.5 ? "grass" : "sand", region, weights);
      }
    });
    const after = looks(landscape.surface);
    const points = differingPoints(before, after);
    assert.deepEqual(brushComplaints(changes[0]!.boxes, points), []);
    assert.equal(landscape.surface.version, version + 1);
    before = after;
  }
  const fresh = makeLandscape({ heights: landscape.surface.heights });
  assert.deepEqual(landscape.boxes(), fresh.boxes());
});

Deno.test("negative control: a brush without its reach, or with one sample more, is found", () => {
  const landscape = makeLandscape();
  const before = looks(landscape.surface);
  const changes = changesDuring(landscape, () => {
    landscape.setHeights({ x: 10, y: 12, width: 3, height: 2 }, [9, 8, 9, 8, 9, 8]);
  });
  const points = differingPoints(before, looks(landscape.surface));
  const { boxes } = changes[0]!;
  assert.deepEqual(brushComplaints(boxes, points), []);
  for (const by of [-1, 1]) {
    const wrong = boxes.map(({ center, axes: [a, b, c] }): OrientedBox => ({
      center,
      axes: [[a[0] + by, a[1], a[2]], b, c],
    }));
    assert.ok(brushComplaints(wrong, points).length > 0);
  }
});

Deno.test("samples that stay equal are no change, and narrow the one around them", () => {
  const landscape = makeLandscape();
  const { heights } = landscape.surface;
  const everything = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  assert.deepEqual(changesDuring(landscape, () => landscape.setHeights(everything, heights)), []);
  assert.equal(landscape.surface.version, 0);
  const changed = heights.slice();
  changed[20 * WIDTH + 20] = 50;
  const whole = changesDuring(landscape, () => landscape.setHeights(everything, changed));
  const [box] = whole[0]!.boxes;
  assert.deepEqual(box!.center.slice(0, 2), [20, 20]);
  assert.deepEqual([box!.axes[0][0], box!.axes[1][1]], [2, 2]);
});

Deno.test("brushes of a tilted and scaled landscape tell of places in the world", () => {
  const transform: TransformOptions = {
    position: [5000, -200, 30],
    rotation: rotationAbout([1, 2, 0.5], 0.7),
    scale: [2, 2, 0.5],
  };
  const landscape = makeLandscape({ transform });
  const [change] = changesDuring(landscape, () => {
    landscape.setHeights({ x: 5, y: 5, width: 1, height: 1 }, [30]);
  });
  const m = landscape.toWorld;
  const world = [0, 1, 2].map((row) =>
    m[row]! * 5 + m[4 + row]! * 5 + m[8 + row]! * 30 + m[12 + row]!
  ) as unknown as Vec3;
  assert.ok(holdsPoint(change!.boxes[1]!, world));
  assert.ok(!holdsPoint(change!.boxes[0]!, world));
});

Deno.test("Num LODs 0 is one quad a section; more are finer, down from at most one per sample", () => {
  const quadsOf = (numLods: number) => {
    const landscape = makeLandscape({ virtualTextureNumLods: numLods });
    return Array.from({ length: landscape.lodCount }, (_, lod) => {
      const [draw] = landscape.draws(lod);
      assert.ok(draw?.kind === "landscape");
      return draw.quads;
    });
  };
  assert.deepEqual(quadsOf(0), [1]);
  assert.deepEqual(quadsOf(2), [4, 2, 1]);
  assert.deepEqual(quadsOf(4), [16, 8, 4, 2, 1]);
  assert.deepEqual(quadsOf(12), [16, 8, 4, 2, 1]);
  const landscape = makeLandscape();
  const changes = changesDuring(landscape, () => landscape.virtualTextureNumLods = 3);
  assert.deepEqual(changes.map(({ boxes }) => boxes), [landscape.boxes()]);
  assert.deepEqual(changesDuring(landscape, () => landscape.virtualTextureNumLods = 3), []);
});

Deno.test("a grey picture's values are scaled and offset to heights", () => {
  const picture = { width: 2, height: 2, data: Uint16Array.of(0, 1, 2, 65535), scale: 0.5 };
  const of = (offset?: number) =>
    new LandscapeComponent({
      material: new FakeMaterial(),
      picture: offset === undefined ? picture : { ...picture, offset },
    });
  assert.deepEqual([...of().surface.heights], [0, 0.5, 1, 32767.5]);
  assert.deepEqual([...of(-1).surface.heights], [-1, -0.5, 0, 32766.5]);
});

Deno.test("a point is laid on the surface along the landscape's own z, and none beside it", () => {
  const transform = { position: [100, 0, 7], scale: [2, 2, 3] };
  const heights = Float32Array.from({ length: COUNT }, (_, i) => i % WIDTH);
  const landscape = makeLandscape({ transform, heights });
  const found = landscape.surfaceAt([110.5, 8, 9999])!;
  [110.5, 8, 7 + 3 * 5.25].forEach((part, i) =>
    assert.ok(Math.abs(found.position[i]! - part) < 1e-4)
  );
  const length = Math.hypot(1.5, 1);
  [-1.5 / length, 0, 1 / length].forEach((part, i) =>
    assert.ok(Math.abs(found.normal[i]! - part) < 1e-5)
  );
  assert.equal(landscape.surfaceAt([99, 8, 0]), null);
  assert.throws(() => landscape.surfaceAt([1, 2]), { argument: "point" });
});

Deno.test("lists that were given are copied", () => {
  const heights = new Float32Array(COUNT);
  const landscape = makeLandscape({ heights });
  heights.fill(NaN);
  assert.ok(landscape.surface.heights.every(Number.isFinite));
});

Deno.test("bad options are refused by name", () => {
  const picture = { width: 2, height: 2, data: new Uint8Array(4), scale: 1 };
  const alone = { heights: undefined, width: undefined, height: undefined, layers: {} };
  const cases: readonly [Record<string, unknown>, string, string][] = [
    [{ width: 1 }, "width", "out-of-range"],
    [{ height: "9" }, "height", "invalid-argument"],
    [{ heights: new Float32Array(3) }, "heights", "invalid-argument"],
    [{ heights: Array(COUNT).fill("1") }, "heights", "invalid-argument"],
    [{ heights: new Float32Array(COUNT).fill(NaN) }, "heights", "out-of-range"],
    [{ heights: new Float64Array(COUNT).fill(1e39) }, "heights", "out-of-range"],
    [{ heights: undefined }, "heights", "invalid-argument"],
    [{ picture }, "heights", "invalid-argument"],
    [{ ...alone, picture, width: 2 }, "width", "invalid-argument"],
    [{ ...alone, picture: { ...picture, scale: 0 } }, "scale", "out-of-range"],
    [{ ...alone, picture: { ...picture, data: [1, 2, 3, 4] } }, "data", "invalid-argument"],
    [{ ...alone, picture: { ...picture, offset: NaN } }, "offset", "out-of-range"],
    [{ ...alone, picture: { ...picture, bits: 8 } }, "bits", "invalid-argument"],
    [{ layers: { grass: new Uint8Array(2) } }, "weights", "invalid-argument"],
    [{ layers: 3 }, "layers", "invalid-argument"],
    [{ layers: { "": new Uint8Array(COUNT) } }, "layers", "out-of-range"],
    [{ sectionQuads: 0 }, "sectionQuads", "out-of-range"],
    [{ virtualTextureNumLods: 13 }, "virtualTextureNumLods", "out-of-range"],
    [{ moon: 1 }, "moon", "invalid-argument"],
  ];
  for (const [options, argument, code] of cases) {
    const make = () => makeLandscape({ name: "hills", ...options } as Partial<LandscapeOptions>);
    const said = { argument, code, message: /^Cannot make landscape/ };
    assert.throws(make, said, JSON.stringify([argument, code]));
  }
});

Deno.test("bad brushes are refused by name, and change nothing", () => {
  const landscape = makeLandscape({ name: "hills", transform: { scale: [1, 1, 1e20] } });
  const before = looks(landscape.surface);
  const boxes = landscape.boxes();
  const region = { x: 38, y: 28, width: 2, height: 1 };
  const weights = new Uint8Array(2);
  const acts: readonly [() => void, string][] = [
    [() => landscape.setHeights({ ...region, width: 3 }, [1, 2, 3]), "region.width"],
    [() => landscape.setHeights({ ...region, x: -1 }, [1, 2]), "region.x"],
    [() => landscape.setHeights({ ...region, y: 0.5 }, [1, 2]), "region.y"],
    [() => landscape.setHeights({ ...region, height: 0 }, []), "region.height"],
    [() => landscape.setHeights({ ...region, z: 0 } as SampleRegion, [1, 2]), "z"],
    [() => landscape.setHeights(region, [1]), "heights"],
    [() => landscape.setHeights(region, [1, NaN]), "heights"],
    // In float32, but not with the landscape's scale.
    [() => landscape.setHeights(region, [1, 1e30]), "transform"],
    [() => landscape.setWeights("snow", region, weights), "layer"],
    [() => landscape.setWeights("sand", region, weights.subarray(1)), "weights"],
    [() => landscape.setWeights("sand", region, [1, 2] as unknown as Uint8Array), "weights"],
    [() => landscape.virtualTextureNumLods = -1, "virtualTextureNumLods"],
  ];
  const changes = changesDuring(landscape, () => {
    for (const [act, argument] of acts) {
      assert.throws(act, { argument, message: /^Cannot change landscape "hills" as / }, argument);
    }
  });
  assert.deepEqual(changes, []);
  assert.deepEqual(looks(landscape.surface), before);
  assert.deepEqual(landscape.boxes(), boxes);
  assert.equal(landscape.surface.version, 0);
});

Deno.test("weights of a landscape without layers are refused in words that say so", () => {
  const landscape = new LandscapeComponent({
    name: "bare",
    material: new FakeMaterial("bare"),
    width: 3,
    height: 3,
    heights: new Float32Array(9),
  });
  const region = { x: 0, y: 0, width: 1, height: 1 };
  assert.throws(() => landscape.setWeights("snow", region, new Uint8Array(1)), {
    argument: "layer",
    message: 'Cannot change landscape "bare" as it has no layer "snow", nor any other',
  });
});
