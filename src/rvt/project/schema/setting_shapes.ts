/**
 * Shapes of what a project sets for systems and consoles.
 *
 * @module
 */

import { MOST_SCALABILITY_GROUP } from "../../../streaming/mod.ts";
import { TEXEL_FORMATS } from "../../../texels/mod.ts";
import { listShape, objectShape, recordShape } from "./nested_shapes.ts";
import { choiceShape, integerShape, numberShape } from "./plain_shapes.ts";
import { described, type Shape } from "./shape.ts";

const SIZE_MB = numberShape({ above: 0 });
const TILE_SIZE = integerShape({ least: 0, most: Number.MAX_SAFE_INTEGER });

const POOL = objectShape({
  required: { formats: listShape(choiceShape(TEXEL_FORMATS), { least: 1, most: 3 }) },
  optional: {
    minTileSize: TILE_SIZE,
    maxTileSize: TILE_SIZE,
    sizeMb: SIZE_MB,
    scalabilityGroup: integerShape({ least: 0, most: MOST_SCALABILITY_GROUP }),
  },
});

/** Settings beside the lists of a project, in the order in which they are written. */
export const SETTING_SHAPES: Readonly<Record<"pools" | "scalability", Shape>> = Object.freeze({
  pools: described(
    "Sizes of pools by formats and tile size.",
    objectShape({ optional: { pools: listShape(POOL, { most: 1000 }), defaultSizeMb: SIZE_MB } }),
  ),
  scalability: described(
    "Values of console variables by scalability level.",
    recordShape(recordShape(numberShape(), { most: 1000 }), { most: 100 }),
  ),
});

/** A setting of a project. */
export type SettingName = keyof typeof SETTING_SHAPES;

/** Every {@linkcode SettingName}. */
export const SETTING_NAMES: readonly SettingName[] = Object.freeze(
  Object.keys(SETTING_SHAPES) as SettingName[],
);
