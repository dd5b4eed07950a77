/**
 * Map Check: what keeps runtime virtual textures from working in a scene.
 *
 * @module
 */

import { checkedInstance, describeValue } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import { assertComponent } from "../../scene/scene_checks.ts";
import { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import type { Finding } from "../finding.ts";
import { checkBounds } from "./check_bounds.ts";
import { checkDrawing } from "./check_drawing.ts";
import { checkHeights } from "./check_heights.ts";
import { checkOrder } from "./check_order.ts";
import { checkFallbacks, checkFills, checkTypes } from "./check_samples.ts";
import { CheckedScene, type SceneToCheck } from "./checked_scene.ts";

/**
 * Checks a scene, without rendering anything: samples of other types than their assets', what writes or
 * samples outside of volumes, assets without volumes, components that are never drawn, samples in fills,
 * orders that are left to chance, heights too coarse for 16 bits, baked low mips that are not as they should be,
 * and materials without a fallback.
 *
 * @param scene A `RuntimeVirtualTextureScene`, or lists of components and volumes.
 * @returns What was found, in the order of the checks and of the scene; empty for a scene without fault.
 * @throws {InvalidArgumentError} if it is not a scene, or a list holds something else.
 */
export function checkScene(scene: SceneToCheck): Finding[] {
  const failure = "Cannot check scene";
  const { components, volumes } = (scene ?? {}) as Partial<SceneToCheck>;
  for (const [name, list] of Object.entries({ components, volumes })) {
    if (Array.isArray(list)) continue;
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be a list: current value is ${describeValue(list)}`,
    );
  }
  for (const value of components!) assertComponent(value, failure);
  for (const value of volumes!) {
    checkedInstance(value, { name: "volumes", failure, kind: RuntimeVirtualTextureVolume });
  }
  const checked = new CheckedScene(scene);
  return [
    ...checkTypes(checked),
    ...checkFills(checked),
    ...checkBounds(checked),
    ...checkDrawing(checked),
    ...checkOrder(checked),
    ...checkHeights(checked),
    ...checkFallbacks(checked),
  ];
}
