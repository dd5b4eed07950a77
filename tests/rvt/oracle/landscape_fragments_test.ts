import assert from "node:assert/strict";
import type { LandscapeDraw, LandscapeSurface } from "../../../src/rvt/component/component_draw.ts";
import { seededRandom } from "../../helpers/random.ts";
import { inverted, multiplied, normalized, transformedPoint, type Vec3 } from "./affine.ts";
import { composeTile } from "./compose_tile.ts";
import { evaluateFormula, FormulaMaterial } from "./formula_material.ts";
import { type Fragment, UNCERTAIN } from "./fragment.ts";
import { heightAt, layerWeightAt, normalAt } from "./height_field.ts";
import { affineOf, landscapeOf, volumeOf } from "./shapes.ts";

/** Draws sections of a landscape into 8 by 8 texels of a volume; what each texel showed, by texel. */
function shown(
  surface: LandscapeSurface,
  { toWorld, volume, sections }: {
    readonly toWorld: Float64Array;
    readonly volume: Float64Array;
    readonly sections?: readonly LandscapeDraw["section"][];
  },
) {
  const fragments: Fragment[] = [];
  const material = new FormulaMaterial((fragment) => {
    fragments.push(fragment);
    return { opacity: 1, values: {} };
  });
  const whole = { x0: 0, y0: 0, x1: surface.width - 1, y1: surface.height - 1 };
  const draws = (sections ?? [whole]).map((section): LandscapeDraw => ({
    kind: "landscape",
    surface,
    material,
    toWorld,
    section,
    quads: 1,
  }));
  const size = { level: 0, levelCount: 1, levelWidth: 8, levelHeight: 8, x: 0, y: 0 };
  const tile = composeTile({
    tile: { worldToVolume: volume, ...size, width: 8, height: 8 },
    draws,
    attributes: [],
    evaluate: evaluateFormula,
  });
  return { fragments, tile };
}

/** A volume of 8 by 8 around a landscape of 9 by 9 samples, both with their corner at the origin. */
const VOLUME = volumeOf(affineOf({ scale: [8, 8, 8], position: [4, 4, 0] }));

function assertNear(actual: readonly number[], expected: readonly number[], bound = 1e-9) {
  expected.forEach((value, k) => assert.ok(Math.abs(actual[k]! - value) < bound, `${actual}`));
}

Deno.test("between samples heights, weights and the samples' slopes are bilinear", () => {
  const surface = landscapeOf([3, 2], {
    heightAt: (x, y) => [[0, 2, 0], [4, 2, 8]][y]![x]!,
    layers: { grass: (x, y) => x === 1 && y === 0 ? 1 : 0 },
  });
  assert.equal(heightAt(surface, [0.5, 0]), 1);
  assert.equal(heightAt(surface, [0.5, 0.5]), 2);
  assert.equal(heightAt(surface, [2, 1]), 8);
  assertNear(normalAt(surface, [0.5, 0.5]), [-0.5, -2, 1]);
  assertNear(normalAt(surface, [0.5, 0.25]), [-0.75, -2, 1]);
  assert.equal(layerWeightAt(surface, { layer: "grass", place: [0.5, 0.5] }), 0.25);
  assert.equal(layerWeightAt(surface, { layer: "snow", place: [0.5, 0.5] }), 0);
});

Deno.test("normals are those of central differences at samples, and do not jump between cells", () => {
  const random = seededRandom(5);
  const surface = landscapeOf([6, 6], { heightAt: () => random() });
  for (let y = 1; y < 5; y++) {
    for (let x = 1; x < 5; x++) {
      const slope = (dx: number, dy: number) =>
        (heightAt(surface, [x + dx, y + dy]) - heightAt(surface, [x - dx, y - dy])) / 2;
      assertNear(normalAt(surface, [x, y]), [-slope(1, 0), -slope(0, 1), 1]);
      const [along, step] = [random(), 1e-9];
      const [before, after] = [-step, step].map((d) => normalAt(surface, [x + d, y - along]));
      assertNear(before!, after!, 1e-7);
    }
  }
});

Deno.test("looked at from above, each texel shows the point above its centre", () => {
  const surface = landscapeOf([9, 9], { heightAt: (x, y) => x / 8 + y / 4 });
  const { fragments, tile } = shown(surface, { toWorld: affineOf({}), volume: VOLUME });
  assert.equal(fragments.length, 64);
  assert.ok(tile.layers.every((count) => count === 1));
  for (const { worldPosition: [x, y, z], uv, vertexNormal } of fragments) {
    assert.ok(x % 1 === 0.5 && y % 1 === 0.5);
    assertNear([z], [x / 8 + y / 4]);
    assertNear(uv, [x / 8, y / 8]);
    assertNear(vertexNormal, normalized([-1 / 8, -1 / 4, 1]));
  }
});

Deno.test("normals come to the world by the inverse transpose", () => {
  const surface = landscapeOf([9, 9], { heightAt: (x) => x / 8 });
  // Sixteen times as high: the slope in the world is 2.
  const toWorld = affineOf({ scale: [1, 1, 16], position: [0, 0, -8] });
  const volume = volumeOf(affineOf({ scale: [8, 8, 40], position: [4, 4, 0] }));
  for (const { vertexNormal } of shown(surface, { toWorld, volume }).fragments) {
    assertNear(vertexNormal, normalized([-2, 0, 1]));
  }
});

Deno.test("sections draw each texel of the landscape once, at their common edges too", () => {
  const surface = landscapeOf([9, 9], { heightAt: () => 0 });
  // Yawed by a right angle and moved by half a texel, so that centres lie on the lines between samples.
  const toWorld = Float64Array.of(0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 8.5, 0.5, 0, 1);
  const quarter = (x0: number, y0: number) => ({ x0, y0, x1: x0 + 4, y1: y0 + 4 });
  const sections = [quarter(0, 0), quarter(4, 0), quarter(0, 4), quarter(4, 4)];
  const { tile } = shown(surface, { toWorld, volume: VOLUME, sections });
  assert.ok(tile.layers.every((count) => count === 1), `${tile.layers}`);
  assert.ok(tile.uncertain.every((bits) => (bits & UNCERTAIN.crease) !== 0));
  assert.ok(tile.uncertain.some((bits) => (bits & UNCERTAIN.edge) === 0));
});

Deno.test("negative control: sections with a row in common draw it twice", () => {
  const surface = landscapeOf([9, 9], { heightAt: () => 0 });
  const sections = [{ x0: 0, y0: 0, x1: 5, y1: 8 }, { x0: 4, y0: 0, x1: 8, y1: 8 }];
  const { tile } = shown(surface, { toWorld: affineOf({}), volume: VOLUME, sections });
  assert.ok(tile.layers.includes(2));
});

Deno.test("seen at an angle, a texel shows the first point of the surface on its ray", () => {
  const random = seededRandom(6);
  for (let run = 0; run < 5; run++) {
    const surface = landscapeOf([9, 9], { heightAt: () => random() * 3 });
    const angles: Vec3 = [random() - 0.5, random() - 0.5, random() * 6];
    const box = affineOf({ scale: [6, 6, 20], position: [4, 4, 0], angles });
    const volume = volumeOf(box);
    const { fragments, tile } = shown(surface, { toWorld: affineOf({}), volume });
    let next = 0;
    tile.layers.forEach((count, texel) => {
      const hit = firstBySteps(surface, volume, [(texel % 8 + 0.5) / 8, (texel >> 3) / 8 + 1 / 16]);
      const fragment = count === 1 ? fragments[next++]! : null;
      // Steps may pass by where a ray only grazes a ridge or the landscape's edge.
      if (fragment === null || hit === null) return;
      const [u, v, w] = transformedPoint(volume, fragment.worldPosition);
      assertNear([u, v], [(texel % 8 + 0.5) / 8, (texel >> 3) / 8 + 1 / 16]);
      assert.ok(w <= hit + 1e-9);
      const [x, y, z] = fragment.worldPosition;
      assertNear([z], [heightAt(surface, [x, y])]);
    });
    assert.ok(next > 40, `${next}`);
  }
});

/** The w after which the ray down a texel is first below the surface, in 2,000 steps. */
function firstBySteps(
  surface: LandscapeSurface,
  volume: Float64Array,
  [u, v]: readonly [number, number],
): number | null {
  const toWorld = inverted(volume);
  for (let step = 0; step <= 2000; step++) {
    const [x, y, z] = transformedPoint(toWorld, [u, v, step / 2000]);
    if (x < 0 || y < 0 || x >= 8 || y >= 8) continue;
    if (z <= heightAt(surface, [x, y])) return step / 2000;
  }
  return null;
}

Deno.test("turned together, a landscape and its volume show what they show upright", () => {
  const random = seededRandom(7);
  const surface = landscapeOf([9, 9], { heightAt: () => random() });
  const turn = affineOf({ angles: [0.3, -0.5, 2], position: [50, -20, 3] });
  const upright = shown(surface, { toWorld: affineOf({}), volume: VOLUME });
  const turned = shown(surface, { toWorld: turn, volume: multiplied(VOLUME, inverted(turn)) });
  assert.equal(turned.fragments.length, 64);
  turned.fragments.forEach((fragment, k) => {
    const expected = upright.fragments[k]!;
    assertNear(fragment.uv, expected.uv);
    assertNear(fragment.worldPosition, transformedPoint(turn, expected.worldPosition));
  });
});
