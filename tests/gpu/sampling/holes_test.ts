import assert from "node:assert/strict";
import type { LevelContents } from "../../scene/level_contents.ts";
import { withResident } from "../../scene/resident_texture.ts";
import { HOLED_SIZE as SIZE, holedFloats } from "./holed_floats.ts";
import { type Point, points, samplePoints } from "./sample_points.ts";

/** What a tap gives, in doubles: values, and the share of what is no hole. */
function filtered(
  { levels }: LevelContents,
  channels: number,
  [u, v, lod]: Point,
): readonly [red: number, share: number] {
  let [sum, share] = [0, 0];
  const bilinear = (level: number, weight: number) => {
    const size = SIZE >> level;
    const values = new Float32Array(levels[level]!.buffer);
    const [x, y] = [u, v].map((c) => Math.min(size - 0.5, Math.max(0.5, c * size)) - 0.5);
    for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
      const [i, j] = [Math.floor(x!) + dx, Math.floor(y!) + dy];
      const part = weight * (1 - Math.abs(x! - i)) * (1 - Math.abs(y! - j));
      const at = channels * (Math.min(j, size - 1) * size + Math.min(i, size - 1));
      if (part === 0 || Number.isNaN(values[at])) continue;
      sum += part * values[at]!;
      share += part;
    }
  };
  const finer = Math.floor(lod);
  bilinear(finer, 1 - (lod - finer));
  bilinear(finer + 1, lod - finer);
  return [share > 0 ? sum / share : 0, share];
}

/** Largest differences: of values that stand for a tenth of a sample or more, and of alpha. */
function misses(found: Float32Array, wanted: readonly (readonly [number, number])[]) {
  let [value, alpha] = [0, 0];
  for (const [i, [red, share]] of wanted.entries()) {
    if (share > 0.1) value = Math.max(value, Math.abs(found[4 * i]! - red));
    alpha = Math.max(alpha, Math.abs(found[4 * i + 3]! - share));
  }
  return { value, alpha };
}

Deno.test("holes count for nothing, and alpha is the share of what is none", async () => {
  for (const [format, channels] of [["r32float", 1], ["rgba32float", 4]] as const) {
    const contents = holedFloats(format, channels, 0.3);
    const whole = holedFloats(format, channels, 0);
    await withResident({ contents, tileSize: 64 }, async (device, texture) => {
      const at = points(6);
      const found = await samplePoints(device, texture, at, "holes");
      assert.ok(found.every(Number.isFinite), "no NaN reaches a sample");
      const wanted = at.map((point) => filtered(contents, channels, point));
      const { value, alpha } = misses(found, wanted);
      // Coordinates in the atlas have 24 bits; values differ by up to 2000, over a tenth of a sample.
      assert.ok(value < 60 && alpha < 4e-3, `${format}: ${value}, ${alpha}`);
      const filled = misses(found, at.map((point) => filtered(whole, channels, point)));
      assert.ok(filled.value > 500 && filled.alpha > 0.5, "negative control: without holes");
      const spread = await samplePoints(device, texture, at, "float32");
      assert.ok(spread.some(Number.isNaN), "negative control: without the tap NaN spreads");
    });
  }
});

Deno.test("a texture without holes is tapped as 32-bit floats are", async () => {
  const contents = holedFloats("r32float", 1, 0);
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const at = points(7);
    const found = await samplePoints(device, texture, at, "holes");
    const plain = await samplePoints(device, texture, at, "float32");
    const most = found.reduce((miss, value, i) => Math.max(miss, Math.abs(value - plain[i]!)), 0);
    assert.ok(most < 1e-2, `${most}`);
  });
});

Deno.test("holes count for nothing in every function that samples", async () => {
  const contents = holedFloats("r32float", 1, 0.3);
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const at = points(8).map(([u, v, lod]): Point => [u, v, Math.floor(lod)]);
    const wanted = at.map((point) => filtered(contents, 1, point));
    const level = "u32(point.z)";
    const texel = "vec2<i32>(64), (point.xy - 0.5) * 128.0";
    const steps = `exp2(point.z) / ${SIZE}.0`;
    for (
      const call of [
        `vt_bilinear(point.xy, ${level})`,
        `vt_bilinear_at(${texel}, ${level})`,
        `vt_trilinear_at(${texel}, point.z)`,
        "sample_virtual_texture(point.xy, point.z, vt_page_table, vt_atlas, vt_sampler)",
        `vt_anisotropic(point.xy, vec2f(${steps}, 0.0), vec2f(0.0, ${steps}))`,
      ]
    ) {
      const { value, alpha } = misses(
        await samplePoints(device, texture, at, "holes", { call }),
        wanted,
      );
      assert.ok(value < 60 && alpha < 4e-3, `${call}: ${value}, ${alpha}`);
    }
  });
});

Deno.test("where nothing is resident, or all is a hole, samples are transparent black", async () => {
  const contents = holedFloats("r32float", 1, 1);
  for (const resident of [() => true, () => false]) {
    await withResident({ contents, tileSize: 64, resident }, async (device, texture) => {
      const found = await samplePoints(device, texture, points(4), "holes");
      assert.ok(found.every((value) => value === 0));
    });
  }
});
