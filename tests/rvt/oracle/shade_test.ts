import assert from "node:assert/strict";
import { seededRandom } from "../../helpers/random.ts";
import { normalized, type Vec3 } from "./affine.ts";
import {
  LEAST_ROUGHNESS,
  type LightAndView,
  shadeSurface,
  type SurfaceAttributes,
} from "./shade.ts";

const UP: Vec3 = [0, 0, 1];
const FROM_ABOVE: LightAndView = { towardsViewer: UP, towardsLight: UP, lightColor: [1, 1, 1] };
const MATTE: SurfaceAttributes = { baseColor: [1, 1, 1], roughness: 1, specular: 0, normal: UP };

function assertNear(actual: readonly number[], expected: readonly number[], bound = 1e-9) {
  expected.forEach((value, k) => assert.ok(Math.abs(actual[k]! - value) < bound, `${actual}`));
}

/** A direction of the upper half, evenly spread over it. */
function randomDirection(random: () => number): Vec3 {
  const z = random();
  const turn = 2 * Math.PI * random();
  const side = Math.sqrt(1 - z * z);
  return [side * Math.cos(turn), side * Math.sin(turn), z];
}

Deno.test("a white matte surface that faces the light has the light's colour", () => {
  const lightColor: Vec3 = [0.5, 2, 3];
  assertNear(shadeSurface(MATTE, { ...FROM_ABOVE, lightColor }), lightColor);
  const slanted = { ...FROM_ABOVE, lightColor, towardsLight: [2, 0, 2] as const };
  // And a few millionths, which Fresnel's law adds where light comes at an angle.
  assertNear(shadeSurface(MATTE, slanted), lightColor.map((part) => part * Math.SQRT1_2), 1e-4);
});

Deno.test("without specular, only the grazing part of Fresnel's law is left", () => {
  const seen = shadeSurface({ ...MATTE, baseColor: [0, 0, 0] }, FROM_ABOVE);
  assertNear(seen, [0, 0, 0]);
});

Deno.test("straight from above, the highlight is F0 / (4 α²) of the light", () => {
  // D = 1 / (π α²), V = 1/4, F = F0, times π.
  for (const [roughness, specular] of [[1, 0.5], [0.5, 0.5], [0.3, 1]] as const) {
    const seen = shadeSurface({ ...MATTE, baseColor: [0, 0, 0], roughness, specular }, FROM_ABOVE);
    const expected = 0.08 * specular / (4 * roughness ** 4);
    assertNear(seen, [expected, expected, expected]);
  }
});

Deno.test("light from behind gives nothing, and a normal's length does not count", () => {
  const behind = { ...FROM_ABOVE, towardsLight: [0.3, 0, -1] as const };
  assertNear(shadeSurface(MATTE, behind), [0, 0, 0]);
  const under = {
    ...FROM_ABOVE,
    towardsLight: [1, 2, 3] as const,
    towardsViewer: [0, -1, 1] as const,
  };
  const shiny = { ...MATTE, roughness: 0.3, specular: 0.8 };
  assertNear(
    shadeSurface({ ...shiny, normal: [0, 0.2, 0.4] }, under),
    shadeSurface({ ...shiny, normal: [0, 1, 2] }, under),
  );
  assertNear(
    shadeSurface({ ...shiny, normal: [0, 0, 0] }, under),
    shadeSurface({ ...shiny, normal: [0, 0, 1] }, under),
  );
});

Deno.test("the highlight is the same from the light and from the viewer", () => {
  const random = seededRandom(9);
  const black: SurfaceAttributes = { ...MATTE, baseColor: [0, 0, 0], roughness: 0.4, specular: 1 };
  for (let run = 0; run < 200; run++) {
    const [one, other] = [randomDirection(random), randomDirection(random)];
    if (one[2] < 0.01 || other[2] < 0.01) continue;
    const there = shadeSurface(black, { ...FROM_ABOVE, towardsViewer: one, towardsLight: other });
    const back = shadeSurface(black, { ...FROM_ABOVE, towardsViewer: other, towardsLight: one });
    // Radiance over n·l is the reflectance, and that is mutual (Helmholtz).
    assertNear([there[0] / other[2]], [back[0] / one[2]], 1e-9 * (1 + there[0] / other[2]));
  }
});

/** What part of the light from everywhere a surface reflects to a viewer, by a lattice of directions. */
function reflected(attributes: SurfaceAttributes, towardsViewer: Vec3): number {
  const steps = 400;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) {
      const z = (i + 0.5) / steps;
      const turn = 2 * Math.PI * (j + 0.5) / steps;
      const side = Math.sqrt(1 - z * z);
      const towardsLight: Vec3 = [side * Math.cos(turn), side * Math.sin(turn), z];
      // A light of radiance 1 from a solid angle ω has irradiance ω, and the colour ω / π.
      const color = 2 * Math.PI / steps ** 2 / Math.PI;
      const lightColor: Vec3 = [color, color, color];
      sum += shadeSurface(attributes, { towardsViewer, towardsLight, lightColor })[0];
    }
  }
  return sum;
}

Deno.test("a matte surface reflects its base colour's part of the light from everywhere", () => {
  // Specular 0 still leaves the grazing part, some hundredths.
  const matte = { ...MATTE, baseColor: [0.5, 0, 0] as const };
  assertNear([reflected(matte, UP)], [0.5], 0.02);
});

Deno.test("a highlight reflects no more light than falls on it", () => {
  const black = { ...MATTE, baseColor: [0, 0, 0] as const };
  // Specular 12.5 makes F0 1: all is reflected but what masking takes.
  for (const roughness of [0.3, 0.6, 1]) {
    for (const viewer of [UP, [1, 0, 1]] as const) {
      const part = reflected({ ...black, roughness, specular: 12.5 }, viewer);
      assert.ok(part < 1.005, `${roughness}: ${part}`);
      if (roughness < 0.5) assert.ok(part > 0.97, `${roughness}: ${part}`);
    }
  }
});

Deno.test("negative control: without masking, a highlight would reflect more than falls on it", () => {
  const [steps, alpha2, viewer] = [400, 0.6 ** 4, normalized([1, 0, 0.15])];
  let sum = 0;
  for (let k = 0; k < steps * steps; k++) {
    const [z, turn] = [(k % steps + 0.5) / steps, 2 * Math.PI * Math.floor(k / steps) / steps];
    const side = Math.sqrt(1 - z * z);
    const [x, y] = [side * Math.cos(turn), side * Math.sin(turn)];
    const h = normalized([x + viewer[0], y + viewer[1], z + viewer[2]]);
    const d = alpha2 / (Math.PI * (h[2] * h[2] * (alpha2 - 1) + 1) ** 2);
    // D / (4 n·l n·v) times n·l, over the solid angle of one direction.
    sum += d / (4 * viewer[2]) * 2 * Math.PI / steps ** 2;
  }
  assert.ok(sum > 1.5, `${sum}`);
  const black = { ...MATTE, baseColor: [0, 0, 0] as const, specular: 12.5, roughness: 0.6 };
  assert.ok(reflected(black, viewer) < 1.005);
});

Deno.test("roughness below the least is shaded as the least, above 1 as 1", () => {
  const under = { ...FROM_ABOVE, towardsLight: [0.05, 0, 1] as const };
  const seen = (roughness: number) => shadeSurface({ ...MATTE, specular: 1, roughness }, under);
  assert.deepEqual(seen(0), seen(LEAST_ROUGHNESS));
  assert.deepEqual(seen(2), seen(1));
  assert.notDeepEqual(seen(0.2), seen(LEAST_ROUGHNESS));
});

Deno.test("the result is finite and not negative, whatever the directions", () => {
  const random = seededRandom(10);
  const any = (): Vec3 => [random() * 2 - 1, random() * 2 - 1, random() * 2 - 1];
  for (let run = 0; run < 2000; run++) {
    const v = any();
    const under = {
      ...FROM_ABOVE,
      towardsViewer: v,
      towardsLight: run % 5 === 0 ? opposite(v) : any(),
    };
    const normal = run % 7 === 0 ? normalized(v) : any();
    const attributes = { ...MATTE, normal, roughness: random(), specular: random() };
    for (const part of shadeSurface(attributes, under)) {
      assert.ok(part >= 0 && Number.isFinite(part));
    }
  }
});

function opposite(v: Vec3): Vec3 {
  return [-v[0], -v[1], -v[2]];
}
