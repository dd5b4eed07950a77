/**
 * The WGSL that renders a component to the targets of a tile.
 *
 * @module
 */

import tileCode from "../../../shaders/rvt/fill_tile.wgsl" with { type: "text" };
import { type AttributeName, ATTRIBUTES } from "../asset/attributes.ts";
import {
  MATERIAL_TYPES,
  type MaterialTypeName,
  type TargetChannel,
} from "../asset/material_type.ts";
import { drawCode, type ShaderCode, shaderCode } from "../draw/draw_code.ts";
import type { DrawnMaterial } from "../draw/drawn_material.ts";
import type { DrawKind } from "../draw/draw_kind.ts";

/** Which shader it is. */
export interface FillShaderOptions {
  readonly kind: DrawKind;
  readonly materialType: MaterialTypeName;
  readonly material: Pick<DrawnMaterial, "code" | "writes">;
  /** Whether the highest of several heights is found by a test of depth, as targets cannot blend. */
  readonly testsDepth: boolean;
}

/** Channels of a target that a material writes, as the bits of `GPUColorWrite`. */
export function writeMaskOf(
  target: readonly TargetChannel[],
  writes: readonly AttributeName[],
): number {
  let mask = 0;
  for (const [channel, { attribute }] of target.entries()) {
    if (writes.includes(attribute)) mask |= 1 << channel;
  }
  return mask;
}

/** The WGSL of a fill shader: entry points `draw_vertex` and `fill_fragment`. */
export function fillWgsl(options: FillShaderOptions): ShaderCode {
  const { kind, material } = options;
  const before = [drawCode(kind), tileCode, ""].join("\n");
  return shaderCode(before, material, `${fillValuesWgsl(options)}${FRAGMENT_CODE}`);
}

const FRAGMENT_CODE = `
@fragment fn fill_fragment(
  vertex: DrawVertex, @builtin(front_facing) is_front: bool,
) -> FillOutput {
  let view = MaterialView(
    fill_tile.output_level, fill_tile.max_level, fill_tile.output_derivative,
  );
  return fill_values(vertex, is_front, view, fill_tile.height_range);
}
`;

/**
 * WGSL with `fn fill_values(vertex: DrawVertex, is_front: bool, view: MaterialView, height_range: vec2f) ->
 * FillOutput`: what a material writes to the targets of a type, for fragment shaders. `height_range` is
 * that of `FillTile`.
 */
export function fillValuesWgsl(
  { materialType, material, testsDepth }: Omit<FillShaderOptions, "kind">,
): string {
  const { targets } = MATERIAL_TYPES[materialType];
  const isHeight = materialType === "world_height";
  const members = targets.map((_, i) => `@location(${i}) target_${i}: vec4f,`);
  if (testsDepth) members.push("@builtin(frag_depth) depth: f32,");
  const values = targets.map((target) => {
    const channels = target.map((channel) => channelOf(channel, material.writes));
    while (channels.length < 3) channels.push("0.0");
    const value = channels.join(", ");
    if (isHeight) return `vec4f(${value}, 1.0)`;
    return `vec4f(fill_limited(vec3f(${value})), saturate(material.opacity))`;
  });
  if (testsDepth) {
    values.push("saturate((material.world_height - height_range.x) / height_range.y)");
  }
  return `
struct FillOutput {
  ${members.join("\n  ")}
}

// What targets of 16 bits hold: infinite values would blend to no number, even with an opacity of 0.
fn fill_limited(value: vec3f) -> vec3f {
  return clamp(value, vec3f(-65504.0), vec3f(65504.0));
}

fn fill_values(
  vertex: DrawVertex, is_front: bool, view: MaterialView, height_range: vec2f,
) -> FillOutput {
  let surface = draw_surface(vertex);
  let material = material_evaluate(MaterialInput(
    surface.world_position, surface.relative, surface.uv, draw_seen_normal(surface, is_front), vertex.position.xy, view,
  ));
  let height = surface.world_position.z;
  let is_inside = surface.depth >= 0.0 && surface.depth <= 1.0 &&
    height >= material.height_range.x && height <= material.height_range.y;
  if (!is_inside) {
    discard;
  }
  return FillOutput(${values.join(", ")});
}
`;
}

/** Name of an attribute in `MaterialOutput`. */
export function outputMember(attribute: AttributeName): string {
  return attribute.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function channelOf(
  { attribute, component }: TargetChannel,
  writes: readonly AttributeName[],
): string {
  if (!writes.includes(attribute)) return "0.0";
  const member = `material.${outputMember(attribute)}`;
  return ATTRIBUTES[attribute].components === 1 ? member : `${member}[${component}]`;
}
