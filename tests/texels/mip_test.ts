import assert from "node:assert/strict";
import {
  buildMipChain,
  linearToSrgb8,
  MipPyramid,
  reductionTaps,
  RowReducer,
  type TexelLayout,
} from "../../src/texels/mod.ts";
import { OutOfRangeError } from "../../src/errors.ts";
import { randomBytes, seededRandom } from "../helpers/random.ts";

const GREY: TexelLayout = { storage: "unorm8", channels: 1, colorSpace: "linear" };
const FLOAT: TexelLayout = { storage: "float32", channels: 1, colorSpace: "linear" };
const SRGBA: TexelLayout = { storage: "unorm8", channels: 4, colorSpace: "srgb" };

Deno.test("weights of a texel sum to 1, and every source texel counts the same", () => {
  for (let size = 1; size < 70; size++) {
    const taps = reductionTaps(size);
    const totals = new Float64Array(size);
    for (let i = 0; i < taps.size; i++) {
      let sum = 0;
      for (let tap = 0; tap < taps.count; tap++) {
        const weight = taps.weights[taps.count * i + tap]!;
        assert.ok(weight > 0);
        sum += weight;
        totals[2 * i + tap]! += weight;
      }
      assert.ok(Math.abs(sum - 1) < 1e-6, `size ${size}, texel ${i}: ${sum}`);
    }
    for (const total of totals) assert.ok(Math.abs(total - taps.size / size) < 1e-6);
  }
});

/** Area average by definition: each reduced texel is the integral over its share of the source. */
function areaAverage(source: Float32Array, width: number, height: number): Float64Array {
  const w = Math.max(1, width >> 1);
  const h = Math.max(1, height >> 1);
  const out = new Float64Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let sy = 0; sy < height; sy++) {
        const wy = overlap(sy, y * height / h, (y + 1) * height / h);
        if (wy <= 0) continue;
        for (let sx = 0; sx < width; sx++) {
          const wx = overlap(sx, x * width / w, (x + 1) * width / w);
          if (wx > 0) sum += wx * wy * source[sy * width + sx]!;
        }
      }
      out[y * w + x] = sum * w * h / (width * height);
    }
  }
  return out;
}

function overlap(texel: number, from: number, to: number): number {
  return Math.min(texel + 1, to) - Math.max(texel, from);
}

Deno.test("a reduced level is the area average of the one before, for even and odd sizes", () => {
  const random = seededRandom(3);
  for (const [width, height] of [[8, 8], [7, 5], [5, 8], [9, 1], [1, 6], [3, 3], [1, 1], [2, 13]]) {
    const source = Float32Array.from({ length: width! * height! }, () => random());
    const [, level] = buildMipChain(source, {
      width: width!,
      height: height!,
      layout: FLOAT,
      levelCount: Math.max(width!, height!) > 1 ? 2 : 1,
    });
    if (level === undefined) continue;
    const expected = areaAverage(source, width!, height!);
    assert.equal(level.texels.length, expected.length);
    for (const [k, value] of expected.entries()) {
      assert.ok(Math.abs(level.texels[k]! - value) < 1e-6);
    }
    // Control: a plain box of two, as for even sizes, is not the area average of odd ones.
    const boxed = (source[0]! + source[1]!) / 2;
    if (height === 1) assert.ok(Math.abs(boxed - expected[0]!) > 1e-3);
  }
});

Deno.test("levels halve by floor to 1×1 and keep the mean of the picture", () => {
  const [width, height] = [37, 100];
  const random = seededRandom(4);
  const levels = buildMipChain(Float32Array.from({ length: width * height }, () => random()), {
    width,
    height,
    layout: FLOAT,
  });
  const sizes = levels.map((level) => [level.width, level.height]);
  assert.deepEqual(sizes, [[37, 100], [18, 50], [9, 25], [4, 12], [2, 6], [1, 3], [1, 1]]);
  const means = levels.map(({ texels }) => {
    let sum = 0;
    for (const value of texels) sum += value;
    return sum / texels.length;
  });
  for (const mean of means) assert.ok(Math.abs(mean - means[0]!) < 1e-5);
});

Deno.test("sRGB texels are filtered in linear light", () => {
  const levels = buildMipChain(Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255), {
    width: 2,
    height: 1,
    layout: SRGBA,
  });
  const grey = linearToSrgb8(0.5);
  assert.equal(grey, 188);
  assert.deepEqual([...levels[1]!.texels], [grey, grey, grey, 255]);
});

Deno.test("a transparent texel gives no colour to its neighbours, but keeps its own", () => {
  const red = [255, 0, 0, 255];
  const clearGreen = [0, 255, 0, 0];
  const mixed = buildMipChain(Uint8Array.of(...red, ...clearGreen), {
    width: 2,
    height: 1,
    layout: SRGBA,
  });
  assert.deepEqual([...mixed[1]!.texels], [255, 0, 0, 128]);
  const clear = buildMipChain(Uint8Array.of(...clearGreen, ...clearGreen), {
    width: 2,
    height: 1,
    layout: SRGBA,
  });
  assert.deepEqual([...clear[1]!.texels], [0, 255, 0, 0]);
});

Deno.test("a picture of one colour stays that colour on every level, in every layout", () => {
  const layouts: readonly [TexelLayout, readonly number[]][] = [
    [SRGBA, [13, 200, 77, 99]],
    [{ ...SRGBA, colorSpace: "linear" }, [1, 2, 254, 3]],
    [GREY, [201]],
    [{ ...GREY, colorSpace: "srgb" }, [5]],
    [{ storage: "unorm16", channels: 1, colorSpace: "linear" }, [40_001]],
    [FLOAT, [-12.5]],
  ];
  for (const [layout, texel] of layouts) {
    const picture = Array.from({ length: 11 * 6 }, () => texel).flat();
    const texels = layout.storage === "unorm8"
      ? Uint8Array.from(picture)
      : layout.storage === "unorm16"
      ? Uint16Array.from(picture)
      : Float32Array.from(picture);
    for (const level of buildMipChain(texels, { width: 11, height: 6, layout })) {
      for (const [k, value] of level.texels.entries()) {
        assert.ok(Math.abs(value - texel[k % layout.channels]!) < 1e-5, `${layout.storage} ${k}`);
      }
    }
  }
});

Deno.test("values stay floats between levels: nothing is rounded twice", () => {
  // Each 2×2 average is x.5 and would round up at every level.
  const texels = Uint8Array.of(0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0);
  const levels = buildMipChain(texels, { width: 4, height: 4, layout: GREY });
  assert.equal(levels[2]!.texels[0], 0);
});

Deno.test("rows of every level come in order, and only once", () => {
  const seen = new Map<number, number>();
  const pyramid = new MipPyramid(10, 7, {
    layout: GREY,
    onRow: (level, y, row) => {
      assert.equal(y, seen.get(level) ?? 0);
      assert.equal(row.length, Math.max(1, 10 >> level));
      seen.set(level, y + 1);
    },
  });
  const texels = randomBytes(70, 5);
  for (let y = 0; y < 7; y++) pyramid.pushRow(texels.subarray(10 * y, 10 * y + 10));
  assert.deepEqual([...seen].sort(), [[1, 3], [2, 1], [3, 1]]);
});

Deno.test("bad sizes, counts, row lengths and surplus rows are errors", () => {
  assert.throws(() => reductionTaps(0), OutOfRangeError);
  assert.throws(() => reductionTaps(2.5), OutOfRangeError);
  const onRow = () => {};
  assert.throws(
    () => new MipPyramid(4, 4, { layout: GREY, levelCount: 4, onRow }),
    OutOfRangeError,
  );
  assert.throws(
    () => new MipPyramid(4, 4, { layout: GREY, levelCount: 0, onRow }),
    OutOfRangeError,
  );
  const pyramid = new MipPyramid(2, 1, { layout: GREY, onRow });
  assert.throws(() => pyramid.pushRow(new Uint8Array(3)), OutOfRangeError);
  const reducer = new RowReducer(2, 1, { channels: 1 });
  assert.throws(() => reducer.pushRow(new Float32Array(3)), OutOfRangeError);
  reducer.pushRow(new Float32Array(2));
  assert.throws(() => reducer.pushRow(new Float32Array(2)), OutOfRangeError);
  assert.throws(
    () => buildMipChain(new Uint8Array(3), { width: 2, height: 2, layout: GREY }),
    OutOfRangeError,
  );
});
