/**
 * The limits of uploads, which the scenes of a system share, as it has one set of them.
 *
 * @module
 */

import type { VirtualTextureSystem } from "../../streaming/mod.ts";
import { type CompleteSceneOptions, defaultSceneOptions, drawLimitsOf } from "./scene_options.ts";

/** Options of scenes that hold for all scenes of a system. */
type LimitOptions = Pick<
  CompleteSceneOptions,
  | "maxUploadsPerFrame"
  | "maxUploadsPerFrameInEditor"
  | "maxContinuousUpdatesPerFrame"
  | "maxContinuousUpdatesPerFrameInEditor"
  | "streamingCountsIn"
>;

const limitsOfSystems = new WeakMap<VirtualTextureSystem, LimitOptions>();

/** Options with the limits that the scenes of a system have, if one has set any. */
export function withSharedLimits(
  system: VirtualTextureSystem,
  options: CompleteSceneOptions,
): CompleteSceneOptions {
  return Object.freeze({ ...options, ...limitsOfSystems.get(system) });
}

/** Options of a scene of a system before any was set. */
export function firstSceneOptions(system: VirtualTextureSystem): CompleteSceneOptions {
  return withSharedLimits(system, defaultSceneOptions(system.logger));
}

/** Makes the limits among a scene's options those of its system, and of all its scenes. */
export function applyLimits(system: VirtualTextureSystem, options: CompleteSceneOptions): void {
  system.setDrawLimits(drawLimitsOf(options));
  const {
    maxUploadsPerFrame,
    maxUploadsPerFrameInEditor,
    maxContinuousUpdatesPerFrame,
    maxContinuousUpdatesPerFrameInEditor,
    streamingCountsIn,
  } = options;
  limitsOfSystems.set(system, {
    maxUploadsPerFrame,
    maxUploadsPerFrameInEditor,
    maxContinuousUpdatesPerFrame,
    maxContinuousUpdatesPerFrameInEditor,
    streamingCountsIn,
  });
}
