import assert from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import {
  type AtlasSampleType,
  ReadbackBatch,
  requestDevice,
  TEXEL_TAPS,
  type TexelTap,
  virtualTextureLayoutEntries,
  virtualTextureWgsl,
} from "../../../src/gpu/mod.ts";
import { tapsWgsl } from "../../../src/gpu/sampling/texel_taps.ts";
import { linearToSrgb, srgbToLinear } from "../../../src/texels/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import type { LevelContents } from "../../scene/level_contents.ts";
import { randomContents } from "../../scene/level_contents.ts";
import { withResident } from "../../scene/resident_texture.ts";
import { type Point, points, samplePoints } from "./sample_points.ts";

const SIZE = 128;

type Numbers = readonly number[];

/** A texel of a level as numbers that are filtered. */
type Fetch = (level: number, x: number, y: number) => Numbers;

/** Filters and mixes levels in doubles; `decode` is what happens between the two. */
function trilinear(
  [u, v, lod]: Point,
  { levels, fetch, decode }: {
    readonly levels: number;
    readonly fetch: Fetch;
    readonly decode: (texel: Numbers) => Numbers;
  },
): Numbers {
  const bilinear = (level: number): Numbers => {
    const size = SIZE >> level;
    const [x, y] = [u, v].map((c) => Math.min(size - 0.5, Math.max(0.5, c * size)) - 0.5);
    const [i, j] = [Math.floor(x!), Math.floor(y!)];
    const [fx, fy] = [x! - i, y! - j];
    const [right, below] = [Math.min(i + 1, size - 1), Math.min(j + 1, size - 1)];
    const corners: readonly (readonly [Numbers, number])[] = [
      [fetch(level, i, j), (1 - fx) * (1 - fy)],
      [fetch(level, right, j), fx * (1 - fy)],
      [fetch(level, i, below), (1 - fx) * fy],
      [fetch(level, right, below), fx * fy],
    ];
    return decode(mix(corners));
  };
  const finer = Math.floor(lod);
  const coarser = Math.min(finer + 1, levels - 1);
  return mix([[bilinear(finer), 1 - (lod - finer)], [bilinear(coarser), lod - finer]]);
}

function mix(parts: readonly (readonly [Numbers, number])[]): Numbers {
  return parts[0]![0].map((_, c) => parts.reduce((sum, [value, w]) => sum + w * value[c]!, 0));
}

function largestMiss(found: Float32Array, wanted: readonly Numbers[]): number {
  return wanted.reduce(
    (most, value, i) =>
      value.reduce((m, v, c) => Math.max(m, Math.abs(v - found[4 * i + c]!)), most),
    0,
  );
}

/** Blocks of BC3 of one colour each, which every device decodes to the same, with random scales. */
function ycocgBlocks(scaleOf: (level: number, random: () => number) => number): LevelContents {
  const random = seededRandom(5);
  const levels = Array.from({ length: 8 }, (_, level) => {
    const columns = Math.max(1, (SIZE >> level) / 4);
    const blocks = new Uint8Array(columns * columns * 16);
    for (let at = 0; at < blocks.length; at += 16) {
      const luma = 40 + Math.floor(160 * random());
      blocks[at] = blocks[at + 1] = luma;
      const [co, cg] = [Math.floor(32 * random()), Math.floor(64 * random())];
      const color = (co << 11) | (cg << 5) | scaleOf(level, random);
      blocks[at + 8] = blocks[at + 10] = color & 255;
      blocks[at + 9] = blocks[at + 11] = color >> 8;
    }
    return blocks;
  });
  return { width: SIZE, height: SIZE, format: "bc3-rgba-unorm", levels };
}

/** A stored texel of contents that {@linkcode ycocgBlocks} made, 0 to 1. */
function fetchYcocg({ levels }: LevelContents): Fetch {
  return (level, x, y) => {
    const columns = Math.max(1, (SIZE >> level) / 4);
    const at = 16 * ((y >> 2) * columns + (x >> 2));
    const blocks = levels[level]!;
    const color = blocks[at + 8]! | (blocks[at + 9]! << 8);
    const [r, g, b] = [color >> 11, (color >> 5) & 63, color & 31];
    const wide = [(r << 3) | (r >> 2), (g << 2) | (g >> 4), (b << 3) | (b >> 2), blocks[at]!];
    return wide.map((value) => value / 255);
  };
}

/** Linear light of a stored texel, by the published formula. */
function lightOf([red, green, blue, y]: Numbers): Numbers {
  const scale = 1 + 255 * blue! / 8;
  const [co, cg] = [(red! - 128 / 255) / scale, (green! - 128 / 255) / scale];
  return [...[y! + co - cg, y! + cg, y! - co - cg].map(srgbToLinear), 1];
}

const same = (texel: Numbers) => texel;

Deno.test("32-bit floats are filtered without a sampler, through tiles and levels", async () => {
  for (
    const [format, channels] of [["rg32float", 2], ["rgba32float", 4]] as const
  ) {
    const random = seededRandom(3);
    // Values beyond 0 to 1, and of both signs.
    const contents = randomContents(SIZE, SIZE, format);
    const levels = contents.levels.map((bytes) => {
      const values = new Float32Array(bytes.buffer);
      values.set(values.map(() => 8 * random() - 4));
      return values;
    });
    const fetch: Fetch = (level, x, y) => {
      const at = channels * (y * (SIZE >> level) + x);
      const stored = levels[level]!.subarray(at, at + channels);
      return [0, 1, 2, 3].map((c) => stored[c] ?? (c === 3 ? 1 : 0));
    };
    await withResident({ contents, tileSize: 64 }, async (device, texture) => {
      const at = points(1);
      const found = await samplePoints(device, texture, at, "float32");
      const read = { levels: levels.length, fetch, decode: same };
      const wanted = at.map((point) => trilinear(point, read));
      assert.ok(largestMiss(found, wanted) < 16e-3, `${format} ${largestMiss(found, wanted)}`);
      const moved = at.map(([u, v, lod]) => trilinear([u + 0.2 / SIZE, v, lod], read));
      assert.ok(largestMiss(found, moved) > 0.8, "negative control: a fifth of a texel beside");
    });
  }
});

Deno.test("16-bit integers are filtered as normalised ones, through tiles and levels", async () => {
  const contents = randomContents(SIZE, SIZE, "r16uint");
  const levels = contents.levels.map((bytes) => new Uint16Array(bytes.buffer));
  const fetch: Fetch = (level, x, y) => [levels[level]![y * (SIZE >> level) + x]! / 65535, 0, 0, 1];
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const at = points(1);
    const found = await samplePoints(device, texture, at, "uint16");
    const read = { levels: levels.length, fetch, decode: same };
    const wanted = at.map((point) => trilinear(point, read));
    // Coordinates in the atlas have 24 bits.
    assert.ok(largestMiss(found, wanted) < 2e-3, `${largestMiss(found, wanted)}`);
    const moved = at.map(([u, v, lod]) => trilinear([u + 0.2 / SIZE, v, lod], read));
    assert.ok(largestMiss(found, moved) > 0.1, "negative control: a fifth of a texel beside");
  });
});

Deno.test("YCoCg with a scale a block is decoded before texels are mixed, in linear light", async () => {
  const contents = ycocgBlocks((_, random) => Math.floor(32 * random()));
  const fetch = fetchYcocg(contents);
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const at = points(2);
    const wanted = at.map((point) =>
      trilinear(point, { levels: 8, fetch: (...texel) => lightOf(fetch(...texel)), decode: same })
    );
    const found = await samplePoints(device, texture, at, "ycocg_block_scale");
    assert.ok(largestMiss(found, wanted) < 3e-3, `${largestMiss(found, wanted)}`);
    const filtered = await samplePoints(device, texture, at, "ycocg");
    assert.ok(largestMiss(filtered, wanted) > 0.1, "negative control: decoded after filtering");
  });
});

Deno.test("YCoCg with a scale a tile is decoded after each tap, before levels are mixed", async () => {
  // Every level has a scale of its own.
  const contents = ycocgBlocks((level) => [0, 9, 31, 4, 1, 2, 3, 5][level]!);
  const fetch = fetchYcocg(contents);
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const at = points(3);
    const wanted = at.map((point) => trilinear(point, { levels: 8, fetch, decode: lightOf }));
    const found = await samplePoints(device, texture, at, "ycocg");
    // Weights of samplers have 8 bits.
    assert.ok(largestMiss(found, wanted) < 0.02, `${largestMiss(found, wanted)}`);
    const late = at.map((point) => lightOf(trilinear(point, { levels: 8, fetch, decode: same })));
    assert.ok(largestMiss(found, late) > 0.1, "negative control: levels mixed before");
  });
});

Deno.test("YCoCg of greys is decoded by the curve of sRGB, within a fiftieth of a step of 8 bits", async () => {
  using device = await requestDevice();
  const { gpu } = device;
  const count = 4096;
  const code = tapsWgsl(["ycocg"]).replaceAll(/fn vt_tap\w*\([^]*?\n}\n/g, "") + `
    @group(0) @binding(0) var<storage, read_write> light: array<f32>;
    @compute @workgroup_size(64) fn decode(@builtin(global_invocation_id) id: vec3u) {
      let grey = f32(id.x) / ${count - 1}.0;
      light[id.x] = vt_ycocg_color(vec4f(128.0 / 255.0, 128.0 / 255.0, 1.0, grey)).g;
    }`;
  const compute = { module: gpu.createShaderModule({ code }) };
  const pipeline = gpu.createComputePipeline({ layout: "auto", compute });
  const size = 4 * count;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const buffer = gpu.createBuffer({ size, usage });
  const layout = pipeline.getBindGroupLayout(0);
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] }),
  );
  pass.dispatchWorkgroups(count / 64);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addBuffer(buffer);
  const [bytes] = await readback.read();
  buffer.destroy();
  const light = new Float32Array(bytes!.buffer);
  const steps = (change: (light: number) => number) =>
    light.reduce(
      (most, found, i) =>
        Math.max(most, Math.abs(255 * (linearToSrgb(change(found)) - i / (count - 1)))),
      0,
    );
  assert.ok(steps((found) => found) < 0.02, `${steps((found) => found)} steps`);
  assert.ok(steps((found) => 1.001 * found) > 0.05, "negative control: a thousandth more light");
  assert.deepEqual([light[0], Math.round(1e6 * light.at(-1)!)], [0, 1e6]);
});

Deno.test("where nothing is resident every tap gives transparent black", async () => {
  for (const [tap, format] of [["uint16", "r16uint"], ["ycocg", "bc3-rgba-unorm"]] as const) {
    const contents = randomContents(SIZE, SIZE, format);
    await withResident(
      { contents, tileSize: 64, resident: () => false },
      async (device, texture) => {
        const taps = tap === "uint16" ? [tap] : [tap, "ycocg_block_scale"] as const;
        for (const each of taps) {
          assert.ok(
            (await samplePoints(device, texture, points(4), each)).every((value) => value === 0),
          );
        }
      },
    );
  }
});

Deno.test("filtered taps make the same shader as none, and each plane has its own", () => {
  const plain = virtualTextureWgsl({ group: 0, planes: 3 });
  const taps = ["filtered", "filtered", "filtered"] as const;
  assert.equal(virtualTextureWgsl({ group: 0, planes: 3, taps }), plain);
  const mixed = virtualTextureWgsl({
    group: 0,
    planes: 3,
    taps: ["ycocg", "filtered", "ycocg_block_scale"],
  });
  const calls = [...mixed.matchAll(/ (vt_tap\w*)\(place, shape\.without_alpha\.([xyz])/g)];
  assert.deepEqual(calls.map(([, name, plane]) => `${plane}: ${name}`), [
    "x: vt_tap_ycocg",
    "y: vt_tap",
    "z: vt_tap_ycocg_block_scale",
    // The debug view shows plane 0.
    "x: vt_tap_ycocg",
  ]);
});

Deno.test("atlases of integers and of unfiltered floats have their type in layouts", () => {
  const types = (atlasType?: AtlasSampleType) =>
    virtualTextureLayoutEntries({ feedback: false, ...(atlasType ? { atlasType } : {}) })
      .flatMap(({ texture }) => texture?.viewDimension === "2d-array" ? [texture.sampleType] : []);
  assert.deepEqual(types(), ["float"]);
  const kinds = ["float", "unfilterable-float", "uint"] as const;
  for (const kind of kinds) assert.deepEqual(types(kind), [kind]);
});

Deno.test("taps that do not exist, or not for these planes, are errors", () => {
  const make = (taps: unknown, planes: 1 | 2 = 1) => () =>
    virtualTextureWgsl({ group: 0, planes, taps: taps as TexelTap[] });
  assert.throws(make(["nearest"]), OutOfRangeError);
  assert.throws(make([]), OutOfRangeError);
  assert.throws(make(["filtered"], 2), OutOfRangeError);
  assert.throws(make("filtered"), InvalidArgumentError);
  assert.throws(make([1]), InvalidArgumentError);
  assert.throws(make(["uint16", "filtered"], 2), UnsupportedError);
  assert.throws(make(["filtered", "float32"], 2), UnsupportedError);
  assert.ok(TEXEL_TAPS.every((tap) => make([tap])().length > 0));
  const layout = (atlasType: unknown) => () =>
    virtualTextureLayoutEntries({ feedback: false, atlasType: atlasType as "uint" });
  assert.throws(layout("sint"), OutOfRangeError);
  assert.throws(layout(1), InvalidArgumentError);
});
