/**
 * The WGSL of a runtime virtual texture whose layers are evaluated where it is sampled.
 *
 * @module
 */

import layeredCode from "../../../shaders/rvt/layered_values.wgsl" with { type: "text" };
import relativeValuesCode from "../../../shaders/rvt/layered_relative.wgsl" with { type: "text" };
import relativeCode from "../../../shaders/rvt/sample_relative.wgsl" with { type: "text" };
import modesCode from "../../../shaders/rvt/sample_modes.wgsl" with { type: "text" };
import placementCode from "../../../shaders/rvt/sample_placement.wgsl" with { type: "text" };
import { ATTRIBUTE_NAMES, type AttributeName, ATTRIBUTES } from "../asset/attributes.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "../asset/material_type.ts";
import { wgslName, wgslType } from "../planes/wgsl_names.ts";
import { PLACE_BINDING } from "../sample/runtime_virtual_texture_wgsl.ts";

/** Number of the binding of a texture's size and number, from the first binding on. */
export const LAYERS_BINDING = 7;

/** What its names begin with, and where it is bound. */
export interface LayeredWgslOptions {
  readonly prefix: string;
  readonly group: number;
  readonly firstBinding: number;
}

/**
 * The same functions as those of `runtimeVirtualTextureWgsl`, with a mip mode that says how large the
 * footprint is that layers are evaluated for.
 */
export function layeredWgsl(materialType: MaterialTypeName, options: LayeredWgslOptions): string {
  const { prefix, group, firstBinding } = options;
  const { targets } = MATERIAL_TYPES[materialType];
  return [
    "struct rvt_Values {",
    ...ATTRIBUTE_NAMES.map((name) => `  ${wgslName(name)}: ${wgslType(name)},`),
    "}",
    ...targets.map((_, i) =>
      `@group(0) @binding(${i}) var rvt_layers_${i}: texture_2d_array<f32>;`
    ),
    placementCode,
    clearedCode(),
    loadedCode(materialType),
    layeredCode,
    modesCode,
    relativeValuesCode,
    relativeCode,
  ]
    .join("\n")
    .replaceAll(
      /@group\(0\) @binding\((\d)\)/g,
      (_, binding) => `@group(${group}) @binding(${firstBinding + Number(binding)})`,
    )
    .replaceAll(/\brvt_(\w+)/g, (_, name) => prefix + name);
}

/** Numbers of the bindings, from the first binding on. */
export function layeredBindings(
  materialType: MaterialTypeName,
): { readonly targets: readonly number[]; readonly uniforms: readonly number[] } {
  const targets = MATERIAL_TYPES[materialType].targets.map((_, i) => i);
  return { targets, uniforms: [LAYERS_BINDING, PLACE_BINDING] };
}

function clearedCode(): string {
  const values = ATTRIBUTE_NAMES.map((name) =>
    `${wgslType(name)}(${ATTRIBUTES[name].clearValue.join(", ")})`
  );
  return `fn rvt_cleared() -> rvt_Values {\n  return rvt_Values(${values.join(", ")});\n}`;
}

/** What layers have left, as it would be stored: clamped, and normals of length 1. */
function loadedCode(materialType: MaterialTypeName): string {
  const { attributes, targets } = MATERIAL_TYPES[materialType];
  const texels = targets.map((_, i) =>
    `  let texel_${i} = textureLoad(rvt_layers_${i}, texel, site, 0);`
  );
  const members = attributes.map((name) =>
    `  values.${wgslName(name)} = ${storedValue(name, materialType)};`
  );
  return [
    "fn rvt_loaded(texel: vec2i, site: u32, height_range: vec2f) -> rvt_Values {",
    ...texels,
    "  var values = rvt_cleared();",
    ...members,
    "  return values;",
    "}",
    "fn rvt_unit_normal(vector: vec3f) -> vec3f {",
    "  let squared = dot(vector, vector);",
    "  return select(vec3f(0.0, 0.0, 1.0), vector * inverseSqrt(squared), squared > 0.0);",
    "}",
  ].join("\n");
}

function storedValue(attribute: AttributeName, materialType: MaterialTypeName): string {
  const numbers = Array.from({ length: ATTRIBUTES[attribute].components }, (_, component) => {
    const { targets } = MATERIAL_TYPES[materialType];
    const at = (target: (typeof targets)[number]) =>
      target.findIndex((one) => one.attribute === attribute && one.component === component);
    const i = targets.findIndex((target) => at(target) >= 0);
    return `texel_${i}.${"xyz"[at(targets[i]!)]}`;
  });
  const value = `${wgslType(attribute)}(${numbers.join(", ")})`;
  if (attribute === "normal") return `rvt_unit_normal(${value})`;
  if (attribute === "worldHeight") return `clamp(${value}, height_range.x, height_range.y)`;
  return `saturate(${value})`;
}
