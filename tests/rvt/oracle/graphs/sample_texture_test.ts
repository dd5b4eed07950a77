import assert from "node:assert/strict";
import { MaterialTexture } from "../../../../src/rvt/material/material_texture.ts";
import { seededRandom } from "../../../helpers/random.ts";
import {
  levelOfDerivatives,
  linearFromSrgb,
  type LinearLevel,
  linearLevels,
  sampleTrilinear,
} from "./sample_texture.ts";

/** A level whose texels are grey, by column and row. */
function levelOf(width: number, height: number, at: (x: number, y: number) => number): LinearLevel {
  const texels = Float64Array.from(
    { length: 4 * width * height },
    (_, k) => k % 4 === 3 ? 1 : at((k >> 2) % width, Math.floor((k >> 2) / width)),
  );
  return { width, height, texels };
}

function grey(
  levels: readonly LinearLevel[],
  uv: readonly number[],
  { level = 0, addressing = "clamp" }: { level?: number; addressing?: "clamp" | "repeat" } = {},
): number {
  return sampleTrilinear(levels, { uv, level, addressing })[0]!;
}

Deno.test("at its centre, a texel is itself; between two centres, the sample is linear", () => {
  const levels = [levelOf(4, 2, (x, y) => x + 10 * y)];
  assert.equal(grey(levels, [0.5 / 4, 0.5 / 2]), 0);
  assert.equal(grey(levels, [2.5 / 4, 1.5 / 2]), 12);
  assert.equal(grey(levels, [1.75 / 4, 1 / 2]), 1.25 + 5);
});

Deno.test("beyond the edges lies the outermost texel, or the texture again", () => {
  const levels = [levelOf(4, 1, (x) => x)];
  assert.equal(grey(levels, [-3, 0.5]), 0);
  assert.equal(grey(levels, [1, 0.5]), 3);
  assert.equal(grey(levels, [1, 0.5], { addressing: "repeat" }), 1.5);
  assert.equal(grey(levels, [0.5 / 4 - 2, 7], { addressing: "repeat" }), 0);
});

Deno.test("between levels the sample is linear, and levels beyond the chain are its ends", () => {
  const levels = [levelOf(2, 2, () => 8), levelOf(1, 1, () => 4)];
  assert.deepEqual([-1, 0, 0.25, 1, 5].map((level) => grey(levels, [0.3, 0.3], { level })), [
    8,
    8,
    7,
    4,
    4,
  ]);
});

Deno.test("a step of a texel asks for level 0, of four texels for level 2, the longer one decides", () => {
  const size = [64, 32] as const;
  assert.equal(levelOfDerivatives(size, { ddx: [1 / 64, 0], ddy: [0, 1 / 32] }), 0);
  assert.equal(levelOfDerivatives(size, { ddx: [0, 4 / 32], ddy: [1 / 64, 0] }), 2);
  const slanted = levelOfDerivatives(size, { ddx: [1 / 64, 1 / 32], ddy: [0, 0] });
  assert.ok(Math.abs(slanted - 0.5) < 1e-12);
});

Deno.test("colours are decoded from sRGB, alpha and linear textures are not", () => {
  const texels = Uint8Array.of(188, 55, 0, 128);
  const options = { name: "one", width: 1, height: 1, texels };
  const srgb = linearLevels(new MaterialTexture(options))[0]!.texels;
  const expected = [linearFromSrgb(188 / 255), linearFromSrgb(55 / 255), 0, 128 / 255];
  assert.deepEqual(Array.from(srgb), expected);
  assert.ok(Math.abs(srgb[0]! - 0.5) < 0.005);
  const linear = linearLevels(new MaterialTexture({ ...options, colorSpace: "linear" }))[0]!.texels;
  assert.deepEqual(Array.from(linear), [188 / 255, 55 / 255, 0, 128 / 255]);
});

Deno.test("levels are near the means of what they cover", () => {
  const random = seededRandom(2);
  const texels = Uint8Array.from({ length: 4 * 64 }, (_, k) => k % 4 === 3 ? 255 : random() * 256);
  const levels = linearLevels(new MaterialTexture({ name: "noise", width: 8, height: 8, texels }));
  assert.equal(levels.length, 4);
  const mean = (level: LinearLevel) =>
    level.texels.reduce((sum, value, k) => k % 4 === 0 ? sum + value : sum, 0) /
    (level.texels.length / 4);
  // Each level is rounded to bytes of sRGB.
  for (const level of levels) assert.ok(Math.abs(mean(level) - mean(levels[0]!)) < 0.01);
});

Deno.test("negative control: another level, place or addressing gives another value", () => {
  const levels = [levelOf(4, 4, (x, y) => x * y), levelOf(2, 2, () => 2), levelOf(1, 1, () => 3)];
  const value = grey(levels, [0.9, 0.9]);
  assert.notEqual(grey(levels, [0.9, 0.9], { level: 1 }), value);
  assert.notEqual(grey(levels, [0.8, 0.9]), value);
  assert.notEqual(grey(levels, [0.9, 0.9], { addressing: "repeat" }), value);
});
