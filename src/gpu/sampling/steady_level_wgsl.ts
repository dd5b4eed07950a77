/**
 * WGSL that samples a virtual texture for content that is kept.
 *
 * @module
 */

import steadyLevelCode from "../../../shaders/sampling/sample_steady_level.wgsl" with {
  type: "text",
};

/**
 * What levels of detail within this distance of an integer count as, in the WGSL of
 * {@linkcode steadyLevelWgsl}.
 */
export const STEADY_REACH = 0.02;

/**
 * Functions that sample at a level which depends neither on the pool's bias nor on rounding, after the
 * WGSL of `virtualTextureWgsl` with the same prefix: `vt_unbiased_level(footprint: vt_Footprint) -> f32`
 * and `vt_steady_taps(uv: vec2f, level: f32) -> vt_Texels`.
 */
export function steadyLevelWgsl(prefix: string): string {
  return steadyLevelCode.replaceAll("vt_", prefix);
}
