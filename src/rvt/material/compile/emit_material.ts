/**
 * Writes a lowered material as WGSL.
 *
 * @module
 */

import noiseCode from "../../../../shaders/material/noise.wgsl" with { type: "text" };
import { type AttributeName, ATTRIBUTES } from "../../asset/attributes.ts";
import type { CustomWgslExpression } from "../expressions/expression.ts";
import { expressionLabel } from "../expressions/named.ts";
import { CodeLines } from "./code_lines.ts";
import { emitNode, nodeName } from "./emit_node.ts";
import { operationFunctions } from "./emit_operation.ts";
import type { LoweredGraph, LoweredNode } from "./lowered_graph.ts";
import type { MaterialLayout } from "./material_layout.ts";
import { wgslConstant, wgslMember, wgslType } from "./wgsl_text.ts";

/** What is written besides the nodes. */
export interface EmitOptions {
  readonly graph: LoweredGraph;
  readonly layout: MaterialLayout;
  /** Whether samples at the pixel's own position are taken by that from the picture's origin. */
  readonly relative: boolean;
  /** Attributes that the output has; those that no node computes have their clear value. */
  readonly members: readonly AttributeName[];
  /** World heights between which a pixel is written; null for all. */
  readonly heightRange: readonly [number, number] | null;
  /** WGSL of virtual textures. */
  readonly textureCode: readonly string[];
}

/** World heights for no range: the lowest and the highest 32-bit numbers, nearly. */
const ALL_HEIGHTS = [-3e38, 3e38] as const;

/** World heights as 32-bit numbers. */
function wgslHeights(range: readonly number[]): string {
  const [least, most] = ALL_HEIGHTS;
  return wgslConstant(range.map((height) => Math.min(most, Math.max(least, height))));
}

/** The WGSL of a material, and which node each of its lines is of. */
export function emitMaterial(options: EmitOptions): CodeLines {
  const { graph, layout, relative } = options;
  const lines = new CodeLines();
  lines.add(bindingsCode(layout));
  for (const code of options.textureCode) lines.add(code);
  lines.add(structsCode(options.members));
  for (const code of usedFunctions(graph)) lines.add(code);
  const customFunctions = emitCustomFunctions(graph, lines);
  lines.add("fn material_evaluate(input: MaterialInput) -> MaterialOutput {");
  graph.nodes.forEach((node, number) => {
    const value = emitNode(number, { graph, layout, relative, customFunctions });
    lines.add(`  let ${nodeName(number)} = ${value};`, labelOf(node, number));
  });
  lines.add(`  var output: MaterialOutput;\n${outputsCode(options)}\n  return output;\n}`);
  return lines;
}

/** What messages call a node. */
function labelOf({ source }: LoweredNode, number: number): string {
  const label = expressionLabel(source);
  return source.name === null ? `node ${number} (${label})` : `node ${label}`;
}

function bindingsCode({ group, parameters, textures }: MaterialLayout): string {
  const lines: string[] = [];
  if (parameters.length > 0) {
    lines.push(
      `struct material_Parameters { values: array<vec4f, ${parameters.length}> }`,
      `@group(${group}) @binding(0) var<uniform> material_parameters: material_Parameters;`,
    );
  }
  textures.forEach(({ binding }, i) => {
    lines.push(
      `@group(${group}) @binding(${binding}) var material_texture${i}: texture_2d<f32>;`,
      `@group(${group}) @binding(${binding + 1}) var material_sampler${i}: sampler;`,
    );
  });
  return lines.join("\n");
}

function structsCode(members: readonly AttributeName[]): string {
  const attributes = members.map((member) =>
    `  ${wgslMember(member)}: ${wgslType(ATTRIBUTES[member].components)},`
  );
  return `
struct MaterialView {
  output_level: f32,
  max_level: f32,
  output_derivative: vec2f,
}

struct MaterialInput {
  world_position: vec3f,
  relative_position: vec3f,
  uv: vec2f,
  vertex_normal: vec3f,
  pixel: vec2f,
  view: MaterialView,
}

struct MaterialOutput {
${[...attributes, "  opacity: f32,", "  height_range: vec2f,"].join("\n")}
}
`;
}

/** Functions that nodes call, each once. */
function usedFunctions({ nodes }: LoweredGraph): Set<string> {
  const functions = new Set<string>();
  for (const { operation, inputs } of nodes) {
    if (operation.kind === "noise") functions.add(noiseCode);
    if (operation.kind !== "operation") continue;
    const widths = inputs.map((input) => nodes[input]!.components);
    const widest = widths.reduce((a, b) => a > b ? a : b);
    functions.add(operationFunctions(operation.operation, widest));
  }
  functions.delete("");
  return functions;
}

/** Writes a function for each custom node; equal ones share it. */
function emitCustomFunctions({ nodes }: LoweredGraph, lines: CodeLines): Map<number, string> {
  const names = new Map<number, string>();
  const nameByText = new Map<string, string>();
  nodes.forEach((node, number) => {
    const { operation } = node;
    if (operation.kind !== "custom_wgsl") return;
    const signature = customSignature(operation, node, nodes);
    const text = `${signature} {\n${operation.code}\n}`;
    const name = nameByText.get(text) ?? `material_custom${nameByText.size}`;
    names.set(number, name);
    if (nameByText.has(text)) return;
    nameByText.set(text, name);
    lines.add(`fn ${name}${text}`, labelOf(node, number));
  });
  return names;
}

function customSignature(
  { inputNames }: CustomWgslExpression,
  { inputs, components }: LoweredNode,
  nodes: readonly LoweredNode[],
): string {
  const parameters = inputNames.map((name, i) =>
    `${name}: ${wgslType(nodes[inputs[i]!]!.components)}`
  );
  return `(${parameters.join(", ")}) -> ${wgslType(components)}`;
}

function outputsCode({ graph: { outputs }, members, heightRange }: EmitOptions): string {
  const values = members.map((member) => {
    const output = outputs.get(member);
    return [wgslMember(member), output === undefined ? defaultOf(member) : nodeName(output)];
  });
  const opacity = outputs.get("opacity");
  values.push(["opacity", opacity === undefined ? "1f" : nodeName(opacity)]);
  values.push(["height_range", wgslHeights(heightRange ?? ALL_HEIGHTS)]);
  return values.map(([member, value]) => `  output.${member} = ${value};`).join("\n");
}

function defaultOf(attribute: AttributeName): string {
  if (attribute === "normal") return "input.vertex_normal";
  return wgslConstant(ATTRIBUTES[attribute].clearValue);
}
