import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../src/errors.ts";
import { lookAt, orthographic } from "../../src/geometry/mod.ts";
import { render, type RenderOptions } from "../../src/scene/mod.ts";
import { COLOR_MAPS, type ColorMap, colorStops, type TexelFormat } from "../../src/texels/mod.ts";
import type { LevelContents } from "./level_contents.ts";
import { randomContents } from "./level_contents.ts";
import { withResident } from "./resident_texture.ts";

const SIZE = 64;
const CAMERA = {
  view: lookAt([0, 0, 1], [0, 0, 0]),
  projection: orthographic({ left: 0, right: SIZE, bottom: SIZE, top: 0, near: 0, far: 2 }),
  width: SIZE,
  height: SIZE,
};

/** Floats of one band in level 0: from -500 to 1500, row by row. */
function ramp(): LevelContents {
  const contents = randomContents(SIZE, SIZE, "r32float");
  for (const { buffer } of contents.levels) {
    const values = new Float32Array(buffer);
    values.set(values.map((_, i) => -500 + 2000 * i / (values.length - 1)));
  }
  return contents;
}

/** The pixels of a picture of contents. */
async function pixels(contents: LevelContents, options: RenderOptions): Promise<Uint8Array> {
  let data = new Uint8Array();
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const { binding, grid, format, placement } = texture;
    const taps = format.endsWith("32float") ? ["holes"] as const : ["filtered"] as const;
    const drawn = { binding, grid, format, placement, taps };
    data = (await render({ device, textures: [drawn] }, CAMERA, options)).data;
  });
  return data;
}

/** The colour of a number from 0 to 1, in doubles. */
function colorAt(map: ColorMap, at: number): readonly number[] {
  const stops = colorStops(map);
  const next = Math.max(1, stops.findIndex((stop) => stop.at >= at));
  const [before, after] = [stops[next - 1]!, stops[next]!];
  const weight = (at - before.at) / (after.at - before.at);
  return before.color.map((part, c) => 255 * (part + weight * (after.color[c]! - part)));
}

function largestMiss(data: Uint8Array, colorOf: (texel: number) => readonly number[]): number {
  let most = 0;
  for (let i = 0; i < SIZE * SIZE; i++) {
    colorOf(i).forEach((part, c) => most = Math.max(most, Math.abs(part - data[4 * i + c]!)));
  }
  return most;
}

Deno.test("a range of values is shown in the colours of each map, and what is beyond by its ends", async () => {
  const contents = ramp();
  const values = new Float32Array(contents.levels[0]!.buffer);
  for (const colorMap of COLOR_MAPS) {
    const data = await pixels(contents, { colorMap, valueRange: [0, 1000] });
    const wanted = (shift: number) => (texel: number) => {
      const at = Math.min(1, Math.max(0, values[texel]! / 1000 + shift));
      return [...colorAt(colorMap, at), 255];
    };
    const miss = largestMiss(data, wanted(0));
    ok(miss < 0.6, `${colorMap}: ${miss}`);
    ok(largestMiss(data, wanted(0.05)) > 3, "negative control: a twentieth beside");
  }
});

Deno.test("colours of a map agree with the published ones", () => {
  const published: readonly (readonly [ColorMap, number, readonly number[]])[] = [
    ["viridis", 0, [0.267004, 0.004874, 0.329415]],
    ["viridis", 128, [0.127568, 0.566949, 0.550556]],
    ["viridis", 255, [0.993248, 0.906157, 0.143936]],
    ["magma", 128, [0.716387, 0.214982, 0.47529]],
    ["inferno", 255, [0.988362, 0.998364, 0.644924]],
    ["plasma", 0, [0.050383, 0.029803, 0.527975]],
    ["cividis", 255, [0.995737, 0.909344, 0.217772]],
    ["turbo", 128, [0.64362, 0.98999, 0.23356]],
    ["terrain", 255, [1, 1, 1]],
    ["grey", 128, [128 / 255, 128 / 255, 128 / 255]],
  ];
  for (const [map, index, color] of published) {
    const found = colorAt(map, index / 255);
    color.forEach((part, c) =>
      ok(Math.abs(255 * part - found[c]!) < 3.2, `${map} ${index} ${found}`)
    );
  }
});

Deno.test("a range turned around, and one without extent, are what they say", async () => {
  const contents = ramp();
  const upward = await pixels(contents, { valueRange: [-500, 1500] });
  const downward = await pixels(contents, { valueRange: [1500, -500] });
  for (let i = 0; i < upward.length; i++) {
    if (i % 4 === 3) equal(downward[i], 255);
    else ok(Math.abs(upward[i]! + downward[i]! - 255) <= 1);
  }
  const step = await pixels(contents, { valueRange: [500, 500] });
  const values = new Float32Array(contents.levels[0]!.buffer);
  equal(largestMiss(step, (texel) => [values[texel]! > 500 ? 255 : 0]), 0);
});

Deno.test("each band has its own range, in units of the file, and alpha is as stored", async () => {
  for (const format of ["rgba8unorm", "rgba8unorm-srgb"] as const) {
    const contents = randomContents(SIZE, SIZE, format);
    const ranges = [[100, 200], [0, 255], [250, 0]] as const;
    const data = await pixels(contents, { valueRange: ranges });
    const stored = contents.levels[0]!;
    const miss = largestMiss(data, (texel) =>
      [0, 1, 2, 3].map((c) => {
        const value = stored[4 * texel + c]!;
        const [low, high] = ranges[c] ?? [0, 255];
        return 255 * Math.min(1, Math.max(0, (value - low) / (high - low)));
      }));
    // Decoding and encoding sRGB cost up to a tenth of a step, times the slope.
    ok(miss < 1.6, `${format}: ${miss}`);
  }
});

Deno.test("without a range nothing changes, and holes are transparent", async () => {
  const contents = randomContents(SIZE, SIZE, "r32float");
  const values = new Float32Array(contents.levels[0]!.buffer);
  values.set(values.map((_, i) => i % 3 === 0 ? NaN : (i % 200) / 255));
  const plain = await pixels(contents, {});
  const mapped = await pixels(contents, { colorMap: "grey", valueRange: [0, 1] });
  for (let i = 0; i < values.length; i++) {
    const alpha = i % 3 === 0 ? 0 : 255;
    deepEqual([plain[4 * i + 3], mapped[4 * i + 3]], [alpha, alpha]);
    if (alpha > 0) deepEqual([plain[4 * i], mapped[4 * i]], [i % 200, i % 200]);
  }
});

Deno.test("ranges and maps that cannot be are typed errors", async () => {
  const refused: readonly (readonly [unknown, TexelFormat, new (...args: never[]) => Error])[] = [
    [{ valueRange: "all" }, "r32float", OutOfRangeError],
    [{ valueRange: 5 }, "r32float", InvalidArgumentError],
    [{ valueRange: null }, "r32float", InvalidArgumentError],
    [{ valueRange: [0] }, "r32float", InvalidArgumentError],
    [{ valueRange: [0, "1"] }, "r32float", InvalidArgumentError],
    [{ valueRange: [0, NaN] }, "r32float", OutOfRangeError],
    [{ valueRange: [0, 1e39] }, "r32float", OutOfRangeError],
    [{ valueRange: [] }, "r32float", OutOfRangeError],
    [{ valueRange: [[0, 1], [0, 1]] }, "r32float", OutOfRangeError],
    [{ valueRange: { percentiles: [2, 101] } }, "r32float", OutOfRangeError],
    [{ valueRange: { percentiles: [98, 2] } }, "r32float", OutOfRangeError],
    [{ valueRange: { percentiles: 2 } }, "r32float", InvalidArgumentError],
    [{ valueRange: { percent: [2, 98] } }, "r32float", InvalidArgumentError],
    // What is drawn here has no values that could be read.
    [{ valueRange: "minmax" }, "r32float", UnsupportedError],
    [{ colorMap: "viridis" }, "r32float", UnsupportedError],
    [{ colorMap: "jet", valueRange: [0, 1] }, "r32float", OutOfRangeError],
    [{ colorMap: 3 }, "r32float", InvalidArgumentError],
    [{ colorMap: "viridis", valueRange: [0, 1] }, "rgba8unorm", UnsupportedError],
  ];
  for (const [options, format, kind] of refused) {
    const contents = randomContents(SIZE, SIZE, format);
    await rejects(pixels(contents, options as RenderOptions), kind, JSON.stringify(options));
  }
});
