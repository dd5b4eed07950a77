/**
 * Whether draws replace all that a tile holds.
 *
 * @module
 */

import { MATERIAL_TYPES, type MaterialTypeName } from "../asset/mod.ts";
import type { MaterialDraw } from "../draw/record_draws.ts";

/**
 * Whether the draws of a component that covers a tile leave nothing of what was there before: they write
 * every attribute of the type, opaquely, and at every height. Of World Height, the highest stays.
 *
 * @param draws Of one component, so that they have one material.
 */
export function replacesTile(
  draws: readonly MaterialDraw[],
  materialType: MaterialTypeName,
): boolean {
  const [first] = draws;
  if (first === undefined || materialType === "world_height") return false;
  const { code, writes } = first.material;
  const { output } = first.draw.material.graph;
  if (output === null || output.heightRange !== null) return false;
  const opacity = output.pins.get("opacity");
  const isOpaque = opacity === undefined ||
    (opacity.kind === "constant" && opacity.values[0]! >= 1);
  return isOpaque && haveEqualQuads(draws) &&
    MATERIAL_TYPES[materialType].attributes.every((attribute) => writes.includes(attribute)) &&
    // WGSL of the user's own may discard pixels.
    !/\bdiscard\b/.test(code);
}

/** Sections of a landscape whose edges are cut alike meet without gaps. */
function haveEqualQuads(draws: readonly MaterialDraw[]): boolean {
  const quads = draws.map(({ draw }) => draw.kind === "landscape" ? draw.quads : 1);
  return quads.every((count) => count === quads[0]);
}
