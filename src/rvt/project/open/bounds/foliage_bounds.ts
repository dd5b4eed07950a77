/**
 * Bounds of foliage that a project describes, without scattering it.
 *
 * @module
 */

import {
  inverse4,
  type OrientedBox,
  orientedBoxOf,
  type WorldBounds,
  worldBoundsOf,
} from "../../../../geometry/mod.ts";
import type { FoliageJson } from "../../json/component_json.ts";
import type { Place } from "../../schema/mod.ts";
import type { BoundsInputs } from "./bounds_inputs.ts";
import { landscapeSpace } from "./landscape_bounds.ts";
import { meshBounds } from "./mesh_bounds.ts";

const PLANE = { shape: "plane" } as const;

/**
 * One box around all places that meshes may have, larger by the reach of the largest one, however it is
 * turned.
 *
 * @throws As `landscapeSpace` and `meshBounds` do.
 */
export async function scatteredBoxes(
  json: FoliageJson,
  place: Place,
  { toWorld, inputs }: { readonly toWorld: Float64Array; readonly inputs: BoundsInputs },
): Promise<OrientedBox[]> {
  const { mesh = PLANE, scatter: { region, scaleRange = [1, 1], onto = null } } = json;
  const { min, max } = await meshBounds(mesh, place.at("mesh"), inputs.files);
  const farthest = [0, 1, 2].map((axis) => Math.max(Math.abs(min[axis]!), Math.abs(max[axis]!)));
  const reach = Math.hypot(...farthest) * scaleRange[1]!;
  const flat: WorldBounds = {
    min: [region.min[0]!, region.min[1]!, 0],
    max: [region.max[0]!, region.max[1]!, 0],
  };
  const places = onto === null ? flat : await placesOnto(onto, flat, inputs);
  const bounds = {
    min: places.min.map((part) => part - reach),
    max: places.max.map((part) => part + reach),
  } as unknown as WorldBounds;
  return [orientedBoxOf(bounds, toWorld)];
}

/** Where places come to lie that are moved to a landscape along its own z. */
async function placesOnto(
  name: string,
  { min, max }: WorldBounds,
  inputs: BoundsInputs,
): Promise<WorldBounds> {
  const { json, place } = inputs.landscapes.get(name)!;
  if (json.kind !== "landscape") throw new TypeError(`${name} must be a landscape`);
  const { bounds: { min: low, max: high }, toWorld } = await landscapeSpace(json, place, inputs);
  const fromWorld = inverse4(toWorld);
  const z = toWorld[14]!;
  const above = worldBoundsOf([
    orientedBoxOf({ min: [min[0], min[1], z], max: [max[0], max[1], z] }, fromWorld),
  ])!;
  // No place lies beside it.
  const clip = (value: number, axis: 0 | 1) => Math.min(Math.max(value, low[axis]), high[axis]);
  const on: WorldBounds = {
    min: [clip(above.min[0], 0), clip(above.min[1], 1), low[2]],
    max: [clip(above.max[0], 0), clip(above.max[1], 1), high[2]],
  };
  return worldBoundsOf([orientedBoxOf(on, toWorld)])!;
}
