import assert from "node:assert/strict";
import { type AttributeName, ATTRIBUTES } from "../../../src/rvt/asset/attributes.ts";
import {
  MATERIAL_TYPE_NAMES,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../../../src/rvt/asset/material_type.ts";
import { seededRandom } from "../../helpers/random.ts";
import type { ComposedTile } from "./compose_tile.ts";
import { encodePlanes, quantized, srgbFromLinear } from "./encode_planes.ts";

/** A row of texels with these values, and clear values for all other attributes. */
function tileOf(
  values: Partial<Record<AttributeName, readonly number[]>>,
  width = 1,
): ComposedTile {
  const all = Object.entries(ATTRIBUTES).map(([key, { clearValue }]) => {
    const name = key as AttributeName;
    const numbers = values[name] ?? Array.from({ length: width }, () => clearValue).flat();
    return [name, Float64Array.from(numbers)] as const;
  });
  const counts = { uncertain: new Uint8Array(width), layers: new Uint16Array(width) };
  return { width, height: 1, values: new Map(all), ...counts };
}

function bytes(
  materialType: MaterialTypeName,
  values: Partial<Record<AttributeName, readonly number[]>>,
  width = 1,
): number[][] {
  return encodePlanes(tileOf(values, width), { materialType, heightRange: [-10, 30] })
    .map(({ data }) => Array.from(data));
}

Deno.test("sRGB is that of the standard", () => {
  assert.equal(srgbFromLinear(0), 0);
  assert.ok(Math.abs(srgbFromLinear(1) - 1) < 1e-12);
  // Continuous where its two parts meet, to the constants' own rounding.
  assert.ok(Math.abs(srgbFromLinear(0.0031308) - srgbFromLinear(0.00313081)) < 1e-6);
  assert.equal(quantized(srgbFromLinear(0.5), 255), 188);
  assert.ok(Math.abs(srgbFromLinear(0.2140411) - 0.5) < 1e-6);
});

Deno.test("numbers are rounded to the nearest, and what is outside is clamped", () => {
  assert.deepEqual([-1, 0, 0.5 / 255, 0.49 / 255, 1, 7].map((x) => quantized(x, 255)), [
    0,
    0,
    1,
    0,
    255,
    255,
  ]);
});

Deno.test("each type fills the planes that it has without compression", () => {
  const channels = { "rgba8unorm-srgb": 4, rgba8unorm: 4, r8unorm: 1, r16unorm: 1 } as const;
  for (const materialType of MATERIAL_TYPE_NAMES) {
    const planes = encodePlanes(tileOf({}), { materialType, heightRange: [0, 1] });
    const formats = MATERIAL_TYPES[materialType].uncompressedFormats;
    assert.deepEqual(
      planes.map((plane) => plane.channels),
      formats.map((format) => channels[format as keyof typeof channels]),
      materialType,
    );
    const bits = formats.map((format) => format === "r16unorm" ? 65_535 : 255);
    assert.deepEqual(planes.map(({ largest }) => largest), bits);
  }
});

Deno.test("the layout is that of the documentation", () => {
  const values = {
    baseColor: [1, 0.5, 0],
    normal: [3, 0, -4],
    roughness: [0.2],
    specular: [0.6],
    mask: [0.4],
  };
  assert.deepEqual(bytes("base_color", values), [[255, 188, 0, 255]]);
  const surface = [[255, 188, 0, 204], [51, 153, 0, 128]];
  assert.deepEqual(bytes("base_color_normal_roughness_specular", values), surface);
  assert.deepEqual(bytes("ycocg_base_color_normal_specular", values), surface);
  assert.deepEqual(bytes("ycocg_base_color_normal_specular_mask", values), [...surface, [102]]);
  assert.deepEqual(bytes("displacement", { displacement: [0.8] }), [[204]]);
  assert.deepEqual(bytes("mask4", { mask4: [0, 0.2, 0.4, 2] }), [[0, 51, 102, 255]]);
});

Deno.test("normals are normalised after blending; one without length points upwards", () => {
  const encode = (normal: readonly number[]) => {
    const [color, rest] = bytes("base_color_normal_roughness_specular", { normal });
    return [color![3], rest![3], rest![2]];
  };
  assert.deepEqual(encode([0, 0, 0]), [128, 128, 255]);
  assert.deepEqual(encode([0.1, 0, 0]), [255, 128, 255]);
  assert.deepEqual(encode([0, -9, 0]), [128, 0, 255]);
  assert.deepEqual(encode([0.3, 0.4, -1e-9]), [204, 230, 0]);
});

Deno.test("world heights are stored by their part of the range, in 65,536 steps", () => {
  const worldHeight = Array.from({ length: 65_536 }, (_, k) => -10 + 40 * (k / 65_535));
  const [plane] = bytes("world_height", { worldHeight }, worldHeight.length);
  assert.ok(plane!.every((value, k) => value === k));
  assert.deepEqual(bytes("world_height", { worldHeight: [-11, 31] }, 2), [[0, 65_535]]);
});

Deno.test("decoded again, random attributes are within half a step", () => {
  const random = seededRandom(8);
  const linear = (s: number) => s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  for (let run = 0; run < 500; run++) {
    const baseColor = [random() ** 3, random(), random()];
    const roughness = [random()];
    const z = random() * 2 - 1;
    const turn = random() * 6.3;
    const side = Math.sqrt(1 - z * z);
    const normal = [side * Math.cos(turn), side * Math.sin(turn), z];
    const length = random() + 0.1;
    const [color, rest] = bytes("base_color_normal_roughness_specular", {
      baseColor,
      roughness,
      normal: normal.map((part) => part * length),
    }) as [number[], number[]];
    baseColor.forEach((value, k) => {
      const step = 0.5001 / 255;
      assert.ok(linear(color[k]! / 255 - step) <= value && value <= linear(color[k]! / 255 + step));
    });
    assert.ok(Math.abs(rest[0]! / 255 - roughness[0]!) < 0.5001 / 255);
    assert.ok(Math.abs(color[3]! / 127.5 - 1 - normal[0]!) < 0.5001 / 127.5);
    assert.ok(Math.abs(rest[3]! / 127.5 - 1 - normal[1]!) < 0.5001 / 127.5);
    assert.equal(rest[2], z >= 0 ? 255 : 0);
  }
});

Deno.test("negative control: colours stored as they are differ from sRGB", () => {
  const [[red]] = bytes("base_color", { baseColor: [0.2, 0, 0] }) as [number[]];
  assert.ok(Math.abs(red! - quantized(0.2, 255)) > 50);
});
