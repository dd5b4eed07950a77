/**
 * The shader that packs tiles into planes, by material type.
 *
 * @module
 */

import packCode from "../../../shaders/rvt/pack_planes.wgsl" with { type: "text" };

import { type AttributeName, ATTRIBUTES } from "../asset/attributes.ts";
import { MATERIAL_TYPES } from "../asset/material_type.ts";
import {
  type PlaneChannel,
  type PlaneKind,
  type PlaneLayout,
  planeLayout,
} from "./plane_layout.ts";
import { wordsPerQuad } from "./packed_planes.ts";
import { wgslName, wgslType } from "./wgsl_names.ts";

/** Binding of the first target in the shader. */
export const FIRST_TARGET_BINDING = 2;

/** WGSL of the packing of a material type; its entry point is `pack`. */
export function packPlanesWgsl(kind: PlaneKind): string {
  const { attributes, targets } = MATERIAL_TYPES[kind.materialType];
  const fields = attributes.map((name) => `  ${wgslName(name)}: ${wgslType(name)},`);
  const bindings = targets.map((_, index) =>
    `@group(0) @binding(${FIRST_TARGET_BINDING + index}) ` +
    `var target_${index}: texture_2d_array<f32>;`
  );
  const loads = targets.map((_, index) =>
    `  let filled_${index} = textureLoad(target_${index}, at, tile, 0);`
  );
  const values = attributes.map((name) => {
    const numbers = Array.from({ length: ATTRIBUTES[name].components }, (_, component) => {
      const index = targets.findIndex((target) => channelOf(target, name, component) >= 0);
      return `filled_${index}[${channelOf(targets[index]!, name, component)}]`;
    });
    const value = `${wgslType(name)}(${numbers.join(", ")})`;
    return `    ${storedValue(name, value)},`;
  });
  return `${packCode}
struct Values {
${fields.join("\n")}
}

${bindings.join("\n")}

fn load_values(tile: u32, at: vec2u) -> Values {
${loads.join("\n")}
  return Values(
${values.join("\n")}
  );
}

${packQuadWgsl(planeLayout(kind))}`;
}

function storedValue(name: AttributeName, value: string): string {
  switch (name) {
    case "normal":
      return `stored_normal(${value})`;
    case "baseColor":
      return `tinted(${value})`;
    default:
      return value;
  }
}

function channelOf(
  target: readonly { readonly attribute: string; readonly component: number }[],
  attribute: string,
  component: number,
): number {
  return target.findIndex((channel) =>
    channel.attribute === attribute && channel.component === component
  );
}

/** Packs four texels: a word each of RGBA8, half a word of 16 bits, a quarter of 8 bits. */
function packQuadWgsl(planes: readonly PlaneLayout[]): string {
  const before: string[] = [];
  const inside: string[] = [];
  const after: string[] = [];
  for (const [plane, { format, channels }] of planes.entries()) {
    const words = `words_${plane}`;
    const wordAt = (column: string) => `packed_words[word_at(${plane}u, tile, row, ${column})]`;
    switch (wordsPerQuad(format)) {
      case 4: {
        const word = channels.map((channel, c) => `${code8(channel)} << ${8 * c}u`).join(" | ");
        inside.push(`    ${wordAt("4u * quad + i")} = ${word};`);
        break;
      }
      case 2:
        before.push(`  var ${words} = vec2u(0u);`);
        inside.push(`    ${words}[i / 2u] |= ${code16(channels[0])} << (16u * (i % 2u));`);
        after.push(`  ${wordAt("2u * quad")} = ${words}.x;`);
        after.push(`  ${wordAt("2u * quad + 1u")} = ${words}.y;`);
        break;
      case 1:
        before.push(`  var ${words} = 0u;`);
        inside.push(`    ${words} |= ${code8(channels[0])} << (8u * i);`);
        after.push(`  ${wordAt("quad")} = ${words};`);
    }
  }
  return [
    "fn pack_quad(tile: u32, row: u32, quad: u32) {",
    ...before,
    "  for (var i = 0u; i < 4u; i++) {",
    "    let values = load_values(tile, vec2u(4u * quad + i, row));",
    ...inside,
    "  }",
    ...after,
    "}",
    "",
  ].join("\n");
}

function code8(channel: PlaneChannel): string {
  if (typeof channel === "number") return `${255 * channel}u`;
  const functions = { srgb: "srgb8", unorm: "unorm8", axis: "axis8", sign: "sign8", height: "" };
  return `${functions[channel.encoding]}(${valueOf(channel)})`;
}

function code16(channel: PlaneChannel): string {
  return typeof channel === "number" ? `${65535 * channel}u` : `height16(${valueOf(channel)})`;
}

function valueOf({ attribute, component }: Exclude<PlaneChannel, number>): string {
  const value = `values.${wgslName(attribute)}`;
  return ATTRIBUTES[attribute].components === 1 ? value : `${value}[${component}]`;
}
