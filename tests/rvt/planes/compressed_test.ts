import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES, type MaterialTypeName } from "../../../src/rvt/asset/material_type.ts";
import { YCOCG_SCALES, type YcocgScale } from "../../../src/rvt/planes/mod.ts";
import { asFilled, packTiles, type TileValues } from "./packed_tiles.ts";
import { randomTile, smoothTile } from "./random_values.ts";
import { roundTripErrors, unpackTile } from "./round_trip.ts";

const EDGE = 72;
const HEIGHT_RANGE = [0, 100] as const;

const FORMS: readonly (readonly [MaterialTypeName, YcocgScale])[] = MATERIAL_TYPE_NAMES.flatMap((name) =>
  YCOCG_SCALES.filter((scale) => scale === "tile" || name.startsWith("ycocg"))
    .map((scale) => [name, scale] as const)
);

async function errorsOf(materialType: MaterialTypeName, ycocgScale: YcocgScale, tile: TileValues) {
  using device = await requestDevice();
  const kind = { materialType, compressed: true };
  const heights = materialType === "world_height" ? { heightRange: HEIGHT_RANGE } : {};
  const packed = await packTiles(device, {
    ...{ ...kind, ycocgScale, slotTexels: EDGE, tiles: [tile], ...heights },
  });
  return roundTripErrors(tile, unpackTile(packed, 0, { kind, ...heights }), { kind, ...heights });
}

for (const [materialType, scale] of FORMS) {
  Deno.test(`${materialType} ${scale}`, async () => {
    const smooth = await errorsOf(materialType, scale, smoothTile(EDGE).map(asFilled));
    const random = await errorsOf(materialType, scale, randomTile(EDGE, 3).map(asFilled));
    console.log(materialType, scale);
    for (const e of [smooth, random]) console.log("  ", Object.entries(e).map(([k, v]) => `${k} ${v.toFixed(4)}`).join(" "));
  });
}
