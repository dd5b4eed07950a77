import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import { linearToSrgb8 } from "../../../src/texels/mod.ts";
import { asFilled, packTiles, type TileValues } from "./packed_tiles.ts";
import { decodePlane, packTexel, type Values } from "./plane_reference.ts";
import { randomTile } from "./random_values.ts";
import { roundTripErrors, unpackTile } from "./round_trip.ts";

const EDGE = 24;
const HEIGHT_RANGE = [-10, 110] as const;

for (const materialType of MATERIAL_TYPE_NAMES) {
  const { label } = MATERIAL_TYPES[materialType];
  const kind = { materialType, compressed: false };
  const heights = materialType === "world_height" ? { heightRange: HEIGHT_RANGE } : {};
  const steps = materialType === "world_height" ? 65535 : 255;

  Deno.test(`${label}, uncompressed: random values are stored as the nearest steps`, async () => {
    using device = await requestDevice();
    const tile = randomTile(EDGE, 3).map(asFilled);
    const packed = await packTiles(device, {
      ...kind,
      ...heights,
      slotTexels: EDGE,
      tiles: [tile],
    });
    let differing = 0;
    for (const [plane, format] of packed.formats.entries()) {
      const bytes = packed.tiles[0]![plane]!;
      const stored = decodePlane(bytes, { format, texels: EDGE, isYcocg: false });
      for (const [i, values] of tile.entries()) {
        const wanted = packTexel(kind, values, HEIGHT_RANGE)[plane]!;
        const off = Math.max(...stored[i]!.map((v, c) => Math.abs(v - wanted[c]!) * steps));
        assert.ok(off < 1.01, `texel ${i} of plane ${plane} is ${off} steps off`);
        if (off > 0.01) differing++;
      }
    }
    // Values in the middle between two steps, which floats may round to either.
    assert.ok(differing <= 3, `${differing} of ${tile.length} texels are a step off`);
    const errors = roundTripErrors(tile, unpackTile(packed, 0, { kind, ...heights }), {
      kind,
      ...heights,
    });
    assert.ok(errors.color <= 0.5001 / 255, `colours are off by ${errors.color}`);
    assert.ok(errors.other <= 0.501 / steps, `others are off by ${errors.other}`);
    // Half a step of x and of y, which is much of an angle where the vector is nearly horizontal.
    assert.ok(errors.angle <= 6.1 && errors.angleRms < 1.8, `${errors.angle}° ${errors.angleRms}°`);
  });
}

Deno.test("every number of 16 bits becomes the nearest sRGB value", async () => {
  using device = await requestDevice();
  const halves = new Float16Array(Uint16Array.from({ length: 65536 }, (_, i) => i).buffer);
  // Without NaN, which has no nearest value.
  const tile = Array.from(halves, (v): Values => {
    const light = Number.isNaN(v) ? 0 : v;
    return { baseColor: [light, 0, light] };
  });
  const kind = { materialType: "base_color", compressed: false } as const;
  const packed = await packTiles(device, { ...kind, slotTexels: 256, tiles: [tile] });
  const bytes = packed.tiles[0]![0]!;
  for (const [i, { baseColor }] of tile.entries()) {
    const wanted = linearToSrgb8(baseColor![0]!);
    assert.deepEqual(
      [...bytes.subarray(4 * i, 4 * i + 4)],
      [wanted, 0, wanted, 255],
      `${baseColor}`,
    );
  }
});

Deno.test("a ramp of heights gives all 65,536 values, in order", async () => {
  using device = await requestDevice();
  for (const heightRange of [[0, 1], [-123.5, 4096], [1000, 1064]] as const) {
    const [least, most] = heightRange;
    const tile = Array.from({ length: 65536 }, (_, i) => ({
      worldHeight: [least + (most - least) * i / 65535],
    }));
    const packed = await packTiles(device, {
      materialType: "world_height",
      compressed: true,
      slotTexels: 256,
      tiles: [tile],
      heightRange,
    });
    const heights = new Uint16Array(packed.tiles[0]![0]!.buffer);
    assert.ok(heights.every((height, i) => height === i), `${heightRange}`);
  }
});

Deno.test("heights beyond the range are clamped to it", async () => {
  using device = await requestDevice();
  const z = [-1e30, -51, -50, 0, 50, 51, 1e30];
  const tile = Array.from({ length: 64 }, (_, i) => ({ worldHeight: [z[i % z.length]!] }));
  const packed = await packTiles(device, {
    materialType: "world_height",
    compressed: false,
    slotTexels: 8,
    tiles: [tile],
    heightRange: [-50, 50],
  });
  const heights = new Uint16Array(packed.tiles[0]![0]!.buffer);
  assert.deepEqual([...heights.subarray(0, 7)], [0, 0, 0, 32768, 65535, 65535, 65535]);
});

Deno.test("normals lose their length, and a vector of length 0 is up", async () => {
  using device = await requestDevice();
  const kind = { materialType: "base_color_normal_roughness_specular", compressed: false } as const;
  const vectors = [[0, 0, 0], [0, 0, 1], [0, 0, 1000], [6e-8, 0, 0], [-60000, 0, -60000]];
  const tile = Array.from({ length: 64 }, (_, i) => ({ normal: vectors[i % 5]! }));
  const packed = await packTiles(device, { ...kind, slotTexels: 8, tiles: [tile] });
  const found = unpackTile(packed, 0, { kind });
  assert.deepEqual(found[0], found[1]);
  assert.deepEqual(found[2], found[1]);
  assert.deepEqual(found[3]!.normal.map(Math.round), [1, 0, 0]);
  const [x, , z] = found[4]!.normal;
  assert.ok(Math.abs(x! + Math.SQRT1_2) < 0.004 && Math.abs(z! + Math.SQRT1_2) < 0.004);
});

for (const compressed of [false, true]) {
  Deno.test(`${compressed ? "compressed" : "uncompressed"} tiles are the same alone as in a batch, bit for bit, in every type`, async () => {
    using device = await requestDevice();
    for (const materialType of MATERIAL_TYPE_NAMES) {
      const heights = materialType === "world_height" ? { heightRange: HEIGHT_RANGE } : {};
      const tiles = [5, 6, 7].map((seed) => randomTile(EDGE, seed));
      const pack = (batch: readonly TileValues[]) =>
        packTiles(device, {
          ...{ materialType, compressed, slotTexels: EDGE, quality: "low" as const },
          ...heights,
          ...{ tiles: batch, maxTiles: 4 },
        });
      const together = await pack(tiles);
      for (const [i, tile] of tiles.entries()) {
        assert.deepEqual((await pack([tile])).tiles[0], together.tiles[i], materialType);
      }
      assert.notDeepEqual(together.tiles[0], together.tiles[1], "negative control");
    }
  });
}

Deno.test("negative control: values of another tile, and heights of another range, are found", async () => {
  using device = await requestDevice();
  const kind = { materialType: "mask4", compressed: false } as const;
  const tile = randomTile(EDGE, 3).map(asFilled);
  const packed = await packTiles(device, { ...kind, slotTexels: EDGE, tiles: [tile] });
  const other = randomTile(EDGE, 4).map(asFilled);
  assert.ok(roundTripErrors(other, unpackTile(packed, 0, { kind }), { kind }).other > 0.5);
});
