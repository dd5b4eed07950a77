/**
 * From the picture, in which callers place textures and name regions, to what is stored, whose columns and
 * rows may run the other way. Pure.
 *
 * @module
 */

import type { Placement, Vec3 } from "../geometry/mod.ts";
import { type Appearance, flippedAxes } from "../texels/mod.ts";
import type { TileGrid } from "../tiles/mod.ts";
import type { Region } from "./frame/region.ts";

/** What textures say of that. */
interface Stored {
  readonly grid: TileGrid;
  readonly description: { readonly appearance?: Appearance };
}

/** Where what is stored lies, of a texture whose picture lies at a placement. */
export function storedPlacement(placement: Placement, { description }: Stored): Placement {
  const [flipsU, flipsV] = flippedAxes(description.appearance);
  if (!flipsU && !flipsV) return placement;
  const { origin, axisU, axisV } = placement;
  const along = (axis: Vec3, isFlipped: boolean, i: 0 | 1 | 2) => isFlipped ? axis[i] : 0;
  const moved = ([0, 1, 2] as const).map((i) =>
    origin[i] + along(axisU, flipsU, i) + along(axisV, flipsV, i)
  );
  return {
    origin: moved as unknown as Vec3,
    axisU: flipsU ? opposite(axisU) : axisU,
    axisV: flipsV ? opposite(axisV) : axisV,
  };
}

function opposite([x, y, z]: Vec3): Vec3 {
  return [-x, -y, -z];
}

/** A region of the picture, checked before, in texels that are stored. */
export function storedRegion(region: Region, { grid, description }: Stored): Region {
  const [flipsU, flipsV] = flippedAxes(description.appearance);
  const { x, y, width, height, level = 0 } = region;
  const of = grid.level(level);
  return {
    ...region,
    x: flipsU ? of.width - x - width : x,
    y: flipsV ? of.height - y - height : y,
  };
}
