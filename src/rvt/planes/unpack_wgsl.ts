/**
 * WGSL that makes attributes of the texels of a tile's planes.
 *
 * @module
 */

import { ATTRIBUTE_NAMES, type AttributeName, ATTRIBUTES } from "../asset/attributes.ts";
import { MATERIAL_TYPES } from "../asset/material_type.ts";
import { type PlaneKind, type PlaneLayout, planeLayout } from "./plane_layout.ts";
import { wgslName, wgslType } from "./wgsl_names.ts";

/** Which planes, and names. */
export interface UnpackWgslOptions extends PlaneKind {
  /** Prefix of every name, that of the texture's `virtualTextureWgsl`. */
  readonly prefix: string;
}

/**
 * WGSL that unpacks what `PREFIXsample` and its like return, as `virtualTextureWgsl` of the same
 * prefix declares them, with all planes and the taps of {@linkcode planeTaps}:
 *
 * - `struct PREFIXValues` with a field for each attribute, whatever the material type: `base_color`
 *   (linear), `specular`, `roughness`, `normal`, `world_height`, `mask`, `displacement`, `mask4`;
 * - `fn PREFIXunpack(texels: PREFIXTexels, height_range: vec2<f32>) -> PREFIXValues`, where
 *   `height_range` is the world z that is stored as 0 and as 1; World Height alone uses it;
 * - `const PREFIXhas_ATTRIBUTE: bool` for each attribute. One that the material type lacks has its
 *   clear value.
 *
 * The z of normals is s √max(0, 1 − x² − y²), where s runs from −1 to 1 as the stored sign is
 * filtered: normals turn through the plane z = 0 continuously, and are shorter than 1 there.
 *
 * @throws {InvalidArgumentError} if an option has the wrong type.
 * @throws {OutOfRangeError} if the material type is unknown.
 */
export function unpackWgsl(options: UnpackWgslOptions): string {
  const { materialType, compressed, prefix } = options;
  const planes = planeLayout({ materialType, compressed });
  const { attributes } = MATERIAL_TYPES[materialType];
  const names = ATTRIBUTE_NAMES;
  return [
    ...names.map((name) =>
      `const ${prefix}has_${wgslName(name)}: bool = ${attributes.includes(name)};`
    ),
    "",
    `struct ${prefix}Values {`,
    ...names.map((name) => `  ${wgslName(name)}: ${wgslType(name)},`),
    "}",
    "",
    `fn ${prefix}unpack(texels: ${prefix}Texels, height_range: vec2<f32>) -> ${prefix}Values {`,
    `  var values: ${prefix}Values;`,
    ...names.flatMap((name) =>
      name === "normal" && attributes.includes(name)
        ? normalLines(planes)
        : [`  values.${wgslName(name)} = ${valueOf(name, planes)};`]
    ),
    "  return values;",
    "}",
    "",
  ].join("\n");
}

function valueOf(attribute: AttributeName, planes: readonly PlaneLayout[]): string {
  const { components, clearValue } = ATTRIBUTES[attribute];
  const numbers = Array.from(
    { length: components },
    (_, component) => stored(attribute, component, planes) ?? `${clearValue[component]}`,
  );
  const value = `${wgslType(attribute)}(${numbers.join(", ")})`;
  const isHeight = attribute === "worldHeight" && stored(attribute, 0, planes) !== null;
  return isHeight ? `mix(height_range.x, height_range.y, ${value})` : value;
}

function normalLines(planes: readonly PlaneLayout[]): string[] {
  const [x, y, sign] = [0, 1, 2].map((component) => stored("normal", component, planes));
  return [
    `  let across = 2.0 * vec2<f32>(${x}, ${y}) - 1.0;`,
    "  let upwards = sqrt(max(0.0, 1.0 - dot(across, across)));",
    `  values.normal = vec3<f32>(across, (2.0 * ${sign} - 1.0) * upwards);`,
  ];
}

/** The channel of the texels that holds a number of an attribute; null if none does. */
function stored(
  attribute: AttributeName,
  component: number,
  planes: readonly PlaneLayout[],
): string | null {
  for (const [plane, { channels }] of planes.entries()) {
    const at = channels.findIndex((channel) =>
      typeof channel === "object" && channel.attribute === attribute &&
      channel.component === component
    );
    if (at >= 0) return `texels${planes.length > 1 ? `[${plane}]` : ""}.${"rgba"[at]}`;
  }
  return null;
}
