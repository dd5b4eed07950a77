/**
 * WGSL that samples the streaming virtual textures of a material.
 *
 * @module
 */

import { steadyLevelWgsl, virtualTextureWgsl } from "../../../gpu/mod.ts";
import type { CompileContext } from "../material_graph.ts";
import type { StreamedTextureSlot } from "./material_layout.ts";

/** Options of {@linkcode emitVirtualTexture}. */
export interface VirtualTextureCodeOptions {
  readonly group: number;
  /** False, or what the names of the feedback begin with. */
  readonly feedback: string | false;
  /** Whether tiles are filled with it, or pictures drawn, in which new tiles fade in. */
  readonly context: CompileContext;
}

/** WGSL of one texture: that of `virtualTextureWgsl`, and a function for each mip mode. */
export function emitVirtualTexture(
  slot: StreamedTextureSlot,
  options: VirtualTextureCodeOptions,
): string {
  const { firstBinding, prefix, bindsFeedback } = slot;
  const { group, context } = options;
  const feedback = bindsFeedback ? true : options.feedback;
  const fade = context === "main_pass";
  const names = (fade ? PICTURE_FUNCTIONS : TILE_FUNCTIONS).replaceAll("vt_", prefix);
  const code = virtualTextureWgsl({ group, firstBinding, prefix, feedback, fade });
  return code + (fade ? "" : steadyLevelWgsl(prefix)) + names;
}

/** A footprint that is given leaves the texture's own bias as it is; a level that is given does not use it. */
const PICTURE_FUNCTIONS = `
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

/** All by way of a level, without the texture's bias: tiles outlive it. */
const TILE_FUNCTIONS = `
fn vt_material_level(uv: vec2f, level: f32, pixel: vec2f) -> vec4f {
  let shape = vt_shape();
  let wanted = i32(clamp(level, 0f, f32(shape.last_level)));
  let anywhere = vt_Footprint(vec2f(1f), vec2f(1f));
  vt_report(vt_texel_at(vt_from_uv(uv), shape).texel, pixel, wanted, anywhere);
  return vt_steady_taps(uv, level);
}

fn vt_material(uv: vec2f, pixel: vec2f) -> vec4f {
  return vt_material_derivatives(uv, dpdx(uv), dpdy(uv), pixel);
}

fn vt_material_derivatives(uv: vec2f, ddx: vec2f, ddy: vec2f, pixel: vec2f) -> vec4f {
  return vt_material_level(uv, vt_unbiased_level(vt_Footprint(ddx, ddy)), pixel);
}

fn vt_material_bias(uv: vec2f, bias: f32, pixel: vec2f) -> vec4f {
  return vt_material_level(uv, vt_unbiased_level(vt_Footprint(dpdx(uv), dpdy(uv))) + bias, pixel);
}
`;
