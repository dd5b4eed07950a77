/**
 * Everything that is done in a soak.
 *
 * @module
 */

import type { TextureKind } from "../textures/texture_maker.ts";
import type { Step } from "../world/schedule.ts";
import type { SoakWorld } from "../world/world.ts";
import { CAMERA_STEPS, UPDATE_STEPS } from "./camera_steps.ts";
import { CONTENT_STEPS } from "./content_steps.ts";
import { faultSteps } from "./fault_steps.ts";
import { loadSteps } from "./load_steps.ts";

/** Every step; textures are loaded of each of some kinds. */
export function allSteps(kinds: readonly TextureKind[]): Step<SoakWorld>[] {
  return [
    ...CAMERA_STEPS,
    ...UPDATE_STEPS,
    ...CONTENT_STEPS,
    ...loadSteps(kinds),
    ...faultSteps(),
  ];
}
