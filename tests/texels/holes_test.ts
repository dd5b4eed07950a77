import assert from "node:assert/strict";
import { buildMipChain, reductionTaps, type TexelLayout } from "../../src/texels/mod.ts";
import { seededRandom } from "../helpers/random.ts";

/** Levels of values that may be NaN, by the definition, in double precision. */
function naiveChain(
  texels: ArrayLike<number>,
  { width, height, channels }: { width: number; height: number; channels: number },
): Float64Array[] {
  // Value · weight and weight of each channel of each texel; colours weigh as much as their alpha.
  let sums = Array.from(texels, (value, k) => {
    const alpha = channels < 4 || k % 4 === 3 ? 1 : (texels[k - k % 4 + 3]! || 0) + 2 ** -20;
    return Number.isNaN(value) ? [0, 0] : [value * alpha, alpha];
  });
  const levels = [];
  for (let [w, h] = [width, height]; w > 1 || h > 1;) {
    const [columns, rows] = [reductionTaps(w), reductionTaps(h)];
    const next: number[][] = [];
    for (let y = 0; y < rows.size; y++) {
      for (let x = 0; x < columns.size; x++) {
        for (let c = 0; c < channels; c++) {
          const sum = [0, 0];
          for (let j = 0; j < rows.count; j++) {
            for (let i = 0; i < columns.count; i++) {
              const weight = rows.weights[y * rows.count + j]! *
                columns.weights[x * columns.count + i]!;
              const at = sums[((2 * y + j) * w + 2 * x + i) * channels + c]!;
              sum[0]! += weight * at[0]!;
              sum[1]! += weight * at[1]!;
            }
          }
          next.push(sum);
        }
      }
    }
    sums = next;
    [w, h] = [columns.size, rows.size];
    levels.push(Float64Array.from(sums, ([value, weight]) => value! / weight!));
  }
  return levels;
}

function floats(channels: 1 | 2 | 4): TexelLayout {
  return { storage: "float32", channels, colorSpace: "linear" };
}

/** The largest difference of levels, infinite where only one of them has no value. */
function largestDifference(levels: readonly ArrayLike<number>[], wanted: readonly Float64Array[]) {
  let largest = 0;
  for (const [level, values] of wanted.entries()) {
    for (const [k, value] of values.entries()) {
      const found = levels[level]![k]!;
      if (Number.isNaN(value) && Number.isNaN(found)) continue;
      const difference = Math.abs(found - value);
      largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
    }
  }
  return largest;
}

Deno.test("values that are NaN never enter a coarser level, and are missing only where all are", () => {
  const random = seededRandom(17);
  for (const channels of [1, 2, 4] as const) {
    for (const [width, height] of [[16, 16], [13, 7], [5, 21], [1, 9], [33, 2]] as const) {
      for (const share of [0, 0.1, 0.6, 0.97]) {
        const texels = Float32Array.from({ length: width * height * channels }, (_, k) => {
          const value = random();
          // Most often whole texels are missing, sometimes single channels.
          return k % channels === 3 ? value : value * 200 - 100;
        });
        for (let k = 0; k < texels.length; k += channels) {
          if (random() < share) texels.fill(NaN, k, k + channels);
          if (random() < share / 4) texels[k] = NaN;
        }
        const chain = buildMipChain(texels, { width, height, layout: floats(channels) });
        const levels = chain.slice(1).map((level) => level.texels);
        const wanted = naiveChain(texels, { width, height, channels });
        const difference = largestDifference(levels, wanted);
        assert.ok(difference < 2e-4, `${channels} channels, ${width} × ${height}: ${difference}`);
        // Control: a filter that takes NaN for 0 is far away.
        if (share !== 0.6 || width < 5) continue;
        const zeros = texels.map((value) => Number.isNaN(value) ? 0 : value);
        const broken = buildMipChain(zeros, { width, height, layout: floats(channels) });
        assert.ok(largestDifference(broken.slice(1).map((l) => l.texels), wanted) > 1);
      }
    }
  }
});

Deno.test("one NaN in 128² leaves 0.5 at every coarser level of a picture of 0.5", () => {
  const texels = new Float32Array(128 * 128).fill(0.5);
  texels[77 * 128 + 50] = NaN;
  const [finest, ...coarser] = buildMipChain(texels, {
    width: 128,
    height: 128,
    layout: floats(1),
  });
  assert.ok(Number.isNaN(finest!.texels[77 * 128 + 50]!));
  assert.equal(coarser.length, 7);
  for (const level of coarser) assert.ok(level.texels.every((value) => value === 0.5));
});

Deno.test("floats beyond 0 to 1 and negative alpha are filtered as they are", () => {
  const texels = Float32Array.of(1000, -4, 0.5, 1, 2000, 8, 0.5, 1);
  const layout = floats(4);
  const [, opaque] = buildMipChain(texels, { width: 2, height: 1, layout });
  assert.deepEqual([...opaque!.texels].map((value) => Math.round(value * 1e3) / 1e3), [
    ...[1500, 2, 0.5, 1],
  ]);
  const data = Float32Array.of(3, 3, 3, -0.5, 5, 5, 5, -0.5);
  const [, mixed] = buildMipChain(data, { width: 2, height: 1, layout });
  assert.deepEqual([...mixed!.texels], [4, 4, 4, -0.5]);
});

Deno.test("two channels are filtered each by itself", () => {
  const layout = { storage: "unorm8", channels: 2, colorSpace: "linear" } as const;
  const [, level] = buildMipChain(Uint8Array.of(10, 0, 20, 255, 30, 0, 40, 255), {
    ...{ width: 2, height: 2, layout },
  });
  assert.deepEqual([...level!.texels], [25, 128]);
});
