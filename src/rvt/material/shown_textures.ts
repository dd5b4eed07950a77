/**
 * Which runtime virtual textures materials show in pictures, and how.
 *
 * @module
 */

import { ATTRIBUTE_NAMES } from "../asset/attributes.ts";
import { lowerMaterial } from "./compile/lower_material.ts";
import type { LoweredNode } from "./compile/lowered_graph.ts";
import type { RuntimeVirtualTextureLike } from "./expressions/expression.ts";
import type { MaterialInterface } from "./material_interface.ts";

/**
 * The textures that a material shows at places that depend on where it is drawn in the world: not those that it
 * samples by texture coordinates.
 *
 * @throws {UnsupportedError} if it has more than 65,536 nodes.
 */
export function shownByPlace(material: MaterialInterface): Set<RuntimeVirtualTextureLike> {
  const { nodes } = lowerMaterial(material, {
    context: "main_pass",
    wanted: ATTRIBUTE_NAMES,
    virtualTexturing: true,
  });
  // Inputs stand before what computes with them.
  const dependsOnPlace: boolean[] = [];
  for (const { operation, inputs } of nodes) {
    const isPlace = operation.kind === "input" && operation.input === "world_position";
    dependsOnPlace.push(isPlace || inputs.some((input) => dependsOnPlace[input]));
  }
  return sampledBy(
    nodes.filter(({ operation, inputs }) =>
      operation.kind === "sample_call" && operation.settings.by === "world_position" &&
      dependsOnPlace[inputs[0]!]
    ),
  );
}

/**
 * The textures that a material samples where virtual texturing is not supported: pictures show their clear
 * values then.
 *
 * @throws {UnsupportedError} if it has more than 65,536 nodes.
 */
export function shownWithoutSupport(material: MaterialInterface): Set<RuntimeVirtualTextureLike> {
  const { nodes } = lowerMaterial(material, {
    context: "main_pass",
    wanted: ATTRIBUTE_NAMES,
    virtualTexturing: false,
    keepsSamples: true,
  });
  return sampledBy(nodes);
}

function sampledBy(nodes: readonly LoweredNode[]): Set<RuntimeVirtualTextureLike> {
  return new Set(
    nodes.flatMap(({ operation }) => operation.kind === "sample_call" ? [operation.asset] : []),
  );
}
