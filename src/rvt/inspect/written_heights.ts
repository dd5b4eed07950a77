/**
 * Which world heights a component writes. Pure.
 *
 * @module
 */

import { worldBoundsOf } from "../../geometry/mod.ts";
import type { PrimitiveComponent } from "../component/mod.ts";
import type { Expression } from "../material/mod.ts";

/** The least and the largest height that a component may write; null if that is not known. */
export function writtenHeights(component: PrimitiveComponent): readonly [number, number] | null {
  const pin = component.material.graph.output?.pins.get("worldHeight");
  if (pin?.kind === "constant") return [pin.values[0]!, pin.values[0]!];
  if (pin === undefined || !isHeightOfPlace(pin)) return null;
  const bounds = worldBoundsOf(component.boxes());
  return bounds && [bounds.min[2]!, bounds.max[2]!];
}

/** Whether an expression is the z of the world position. */
function isHeightOfPlace(expression: Expression): boolean {
  const [place] = expression.inputs;
  return expression.kind === "component_mask" && expression.channels === "z" &&
    place?.kind === "input" && place.input === "world_position";
}
