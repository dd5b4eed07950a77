/**
 * WGSL that samples the streaming virtual textures of a material.
 *
 * @module
 */

import { virtualTextureWgsl } from "../../../gpu/mod.ts";
import type { StreamedTextureSlot } from "./material_layout.ts";

/**
 * WGSL of one texture: that of `virtualTextureWgsl`, and a function for each mip mode.
 *
 * @param options `feedback`: false, or what the names of the feedback begin with.
 */
export function emitVirtualTexture(
  slot: StreamedTextureSlot,
  options: {
    readonly group: number;
    readonly feedback: string | false;
    /** Whether new tiles fade in. */
    readonly fade: boolean;
  },
): string {
  const { firstBinding, prefix, bindsFeedback } = slot;
  const { group, fade } = options;
  const feedback = bindsFeedback ? true : options.feedback;
  const names = MIP_FUNCTIONS.replaceAll("vt_", prefix);
  return virtualTextureWgsl({ group, firstBinding, prefix, feedback, fade }) + names;
}

/** A footprint that is given leaves the texture's own bias as it is; a level that is given does not use it. */
const MIP_FUNCTIONS = `
fn vt_material(uv: vec2f, pixel: vec2f) -> vec4f {
  return vt_sample(uv, pixel);
}

fn vt_material_level(uv: vec2f, level: f32, pixel: vec2f) -> vec4f {
  let shape = vt_shape();
  let wanted = i32(clamp(level, 0f, f32(shape.last_level)));
  let anywhere = vt_Footprint(vec2f(1f), vec2f(1f));
  vt_report(vt_texel_at(vt_from_uv(uv), shape).texel, pixel, wanted, anywhere);
  return vt_trilinear(uv, level);
}

fn vt_material_derivatives(uv: vec2f, ddx: vec2f, ddy: vec2f, pixel: vec2f) -> vec4f {
  return vt_trilinear_of(vt_from_uv(uv), vt_Footprint(ddx, ddy), pixel, vt_shape());
}

fn vt_material_bias(uv: vec2f, bias: f32, pixel: vec2f) -> vec4f {
  let scale = exp2(bias);
  return vt_material_derivatives(uv, dpdx(uv) * scale, dpdy(uv) * scale, pixel);
}
`;
