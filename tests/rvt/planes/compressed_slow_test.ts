import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  MATERIAL_TYPE_NAMES,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../../../src/rvt/asset/material_type.ts";
import { YCOCG_SCALES, type YcocgScale } from "../../../src/rvt/asset/mod.ts";

import { regionBytes } from "../../../src/texels/mod.ts";
import { asFilled, type PackedTiles, packTiles, type PackTilesOptions } from "./packed_tiles.ts";
import { randomTile, smoothTile } from "./random_values.ts";
import { roundTripErrors, unpackTile } from "./round_trip.ts";

const EDGE = 72;
const HEIGHT_RANGE = [0, 100] as const;

/**
 * Most root-mean-square errors of colours (gamma-encoded, 0 to 1), normals (degrees) and others
 * (0 to 1), a tenth above what was measured: of values that change slowly, through all colours and
 * through z = 0 of normals, and of texels that have nothing in common.
 */
type Bounds = readonly [color: number, angle: number, other: number];

const BOUNDS: Readonly<Record<MaterialTypeName, readonly [smooth: Bounds, random: Bounds]>> = {
  base_color: [[0.0175, 0, 0], [0.236, 0, 0]],
  base_color_normal_roughness_specular: [[0.0175, 1.41, 0.0093], [0.236, 12.4, 0.31]],
  ycocg_base_color_normal_specular: [[0.0143, 1.41, 0.0093], [0.136, 12.4, 0.31]],
  ycocg_base_color_normal_specular_mask: [[0.0143, 1.41, 0.0080], [0.136, 12.4, 0.255]],
  world_height: [[0, 0, 0.00001], [0, 0, 0.00001]],
  displacement: [[0, 0, 0.0038], [0, 0, 0.033]],
  mask4: [[0, 0, 0.0127], [0, 0, 0.196]],
};

function scalesOf(materialType: MaterialTypeName): readonly YcocgScale[] {
  return materialType.startsWith("ycocg") ? YCOCG_SCALES : ["tile"];
}

function heightsOf(materialType: MaterialTypeName) {
  return materialType === "world_height" ? { heightRange: HEIGHT_RANGE } : {};
}

function pack(
  device: ForgeDevice,
  materialType: MaterialTypeName,
  { tiles, ...options }: Pick<PackTilesOptions, "tiles" | "ycocgScale" | "quality">,
): Promise<PackedTiles> {
  return packTiles(device, {
    ...{ materialType, compressed: true, slotTexels: EDGE, tiles },
    ...heightsOf(materialType),
    ...options,
  });
}

for (const materialType of MATERIAL_TYPE_NAMES) {
  const { label } = MATERIAL_TYPES[materialType];
  const options = { kind: { materialType, compressed: true }, ...heightsOf(materialType) };

  for (const scale of scalesOf(materialType)) {
    const scaleText = materialType.startsWith("ycocg") ? `, a scale a ${scale},` : "";
    Deno.test(`${label}${scaleText} brings attributes back within its bounds`, async () => {
      const tiles = [smoothTile(EDGE), randomTile(EDGE, 3)].map((tile) => tile.map(asFilled));
      using device = await requestDevice();
      const packed = await pack(device, materialType, { tiles, ycocgScale: scale });
      for (const [i, bounds] of BOUNDS[materialType].entries()) {
        const found = unpackTile(packed, i, options);
        const { colorRms, angleRms, otherRms } = roundTripErrors(tiles[i]!, found, options);
        const errors = [colorRms, angleRms, otherRms];
        const isWithin = errors.every((error, k) => error <= bounds[k]!);
        assert.ok(isWithin, `${["smooth", "random"][i]}: ${errors} of ${bounds}`);
      }
    });
  }

  Deno.test(`${label}: neighbouring tiles agree in their common texels as well as with their content`, async () => {
    using device = await requestDevice();
    // Payloads of 64 and borders of 4, where blocks are aligned; of 68 and 2, where they are not.
    for (const [border, payload] of [[4, 64], [2, 68]] as const) {
      const columns = [0, payload];
      const tiles = columns.map((column) => smoothTile(EDGE, { column }).map(asFilled));
      const other = smoothTile(EDGE, { column: payload, seed: 2 }).map(asFilled);
      const packed = await pack(device, materialType, {
        tiles: [...tiles, other],
        quality: "low",
      });
      const found = [0, 1, 2].map((tile) => unpackTile(packed, tile, options));
      const [left, right, foreign] = found.map((tile, i) =>
        tile.filter((_, at) => i === 0 ? at % EDGE >= EDGE - 2 * border : at % EDGE < 2 * border)
      );
      const wanted = tiles[1]!.filter((_, at) => at % EDGE < 2 * border);
      const own = roundTripErrors(wanted, right!, options);
      const seam = roundTripErrors(left!, right!, options);
      const broken = roundTripErrors(left!, foreign!, options);
      for (const name of ["colorRms", "angleRms", "otherRms"] as const) {
        // Errors of both add up, as those of independent numbers do.
        const most = 1.5 * own[name] + 1e-5;
        assert.ok(seam[name] <= most, `border ${border}, ${name}: ${seam[name]} of ${most}`);
      }
      const isFound = broken.colorRms > 3 * own.colorRms || broken.otherRms > 3 * own.otherRms;
      assert.ok(isFound, "negative control: a neighbour with another content");
    }
  });
}

Deno.test("aligned blocks that neighbours have in common are the same, bit for bit", async () => {
  using device = await requestDevice();
  const tiles = [0, 64].map((column) => smoothTile(EDGE, { column }));
  for (const materialType of MATERIAL_TYPE_NAMES) {
    // One scale for a tile depends on all of it.
    const options = { tiles, ycocgScale: "block", quality: "low" } as const;
    const { formats, tiles: packed } = await pack(device, materialType, options);
    for (const [plane, format] of formats.entries()) {
      if (!format.startsWith("bc")) continue;
      const [left, right] = packed.map((planes) => planes[plane]!);
      const rowBytes = regionBytes(format, EDGE, 1);
      const shared = regionBytes(format, 8, 1);
      for (let row = 0; row < EDGE / 4; row++) {
        const at = row * rowBytes;
        assert.deepEqual(
          left!.subarray(at + rowBytes - shared, at + rowBytes),
          right!.subarray(at, at + shared),
        );
      }
    }
  }
});
