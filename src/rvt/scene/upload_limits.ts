/**
 * The limits of uploads, which the scenes of a system share, as it has one set of them.
 *
 * @module
 */

import type { VirtualTextureSystem } from "../../streaming/mod.ts";
import { type CompleteSceneOptions, defaultSceneOptions } from "./scene_options.ts";

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

/** Makes the limits among a scene's options those of all scenes of its system. */
export function shareLimits(
  system: VirtualTextureSystem,
  {
    maxUploadsPerFrame,
    maxUploadsPerFrameInEditor,
    maxContinuousUpdatesPerFrame,
    maxContinuousUpdatesPerFrameInEditor,
    streamingCountsIn,
  }: CompleteSceneOptions,
): void {
  limitsOfSystems.set(system, {
    maxUploadsPerFrame,
    maxUploadsPerFrameInEditor,
    maxContinuousUpdatesPerFrame,
    maxContinuousUpdatesPerFrameInEditor,
    streamingCountsIn,
  });
}
