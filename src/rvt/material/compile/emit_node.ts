/**
 * WGSL of nodes.
 *
 * @module
 */

import type { RuntimeMipMode } from "../expressions/expression.ts";
import { emitOperation } from "./emit_operation.ts";
import type { LoweredGraph, LoweredNode } from "./lowered_graph.ts";
import { isAtPixel, type MaterialLayout, runtimeVirtualTextureKey } from "./material_layout.ts";
import { wgslConstant, wgslMember, wgslType } from "./wgsl_text.ts";

/** Where nodes find what they use. */
export interface EmitScope {
  readonly graph: LoweredGraph;
  readonly layout: MaterialLayout;
  /** Whether samples at the pixel's own position are taken by that from the picture's origin. */
  readonly relative: boolean;
  /** Name of the function of each custom node, by its number. */
  readonly customFunctions: ReadonlyMap<number, string>;
}

const INPUTS = {
  world_position: "input.world_position",
  texture_coordinate: "input.uv",
  vertex_normal: "input.vertex_normal",
} as const;

const VIEW_PROPERTIES = {
  virtual_texture_output_level: "input.view.output_level",
  virtual_texture_output_derivative: "input.view.output_derivative",
  virtual_texture_max_level: "input.view.max_level",
} as const;

const MIP_SUFFIXES: Readonly<Record<RuntimeMipMode, string>> = {
  none: "",
  level: "_level",
  bias: "_bias",
  derivatives: "_derivatives",
  world_derivatives: "_world_derivatives",
};

/** What WGSL calls the value of a node. */
export function nodeName(number: number): string {
  return `n${number}`;
}

/** The value of a node, in terms of the names of nodes before it. */
export function emitNode(number: number, scope: EmitScope): string {
  const { graph, layout } = scope;
  const { operation, inputs, components } = graph.nodes[number]!;
  const names = inputs.map(nodeName);
  switch (operation.kind) {
    case "constant":
      return wgslConstant(operation.values);
    case "parameter": {
      const index = layout.parameters.findIndex(({ name }) => name === operation.parameter);
      return `material_parameters.values[${index}].${"xyzw".slice(0, components)}`;
    }
    case "input":
      return INPUTS[operation.input];
    case "layer_weight":
      return `material_layer_weight(${layout.layers.indexOf(operation.layer)}u)`;
    case "view_property":
      return VIEW_PROPERTIES[operation.property];
    case "operation":
      return emitOperation(
        operation.operation,
        inputs.map((input, i) => ({
          text: names[i]!,
          components: graph.nodes[input]!.components,
        })),
      );
    case "component_mask": {
      const isNumber = graph.nodes[inputs[0]!]!.components === 1;
      return isNumber
        ? `${wgslType(components)}(${names[0]})`
        : `${names[0]}.${operation.channels}`;
    }
    case "append":
    case "splat":
      return `${wgslType(components)}(${names.join(", ")})`;
    case "noise":
      return emitNoise(graph.nodes[number]!, graph);
    case "custom_wgsl":
      return `${scope.customFunctions.get(number)}(${names.join(", ")})`;
    case "texture_sample": {
      const index = layout.textures.findIndex(({ parameter, texture }) =>
        operation.parameter === null
          ? parameter === null && texture === operation.texture
          : parameter === operation.parameter
      );
      return `textureSample(material_texture${index}, material_sampler${index}, ${names[0]})`;
    }
    case "virtual_texture_sample": {
      const { prefix } = layout.streamedTextures.find((slot) =>
        slot.texture === operation.texture
      )!;
      return `${prefix}material${MIP_SUFFIXES[operation.mipMode]}(${
        [...names, "input.pixel"].join(", ")
      })`;
    }
    case "sample_call": {
      const key = runtimeVirtualTextureKey(operation);
      const { prefix } = layout.runtimeVirtualTextures.find((slot) =>
        (slot.parameter ?? slot.asset) === key
      )!;
      const { by, mipMode, feedback } = operation.settings;
      const isRelative = scope.relative && isAtPixel(operation, graph.nodes[inputs[0]!]!);
      const place = by === "uv" ? "uv" : isRelative ? "relative" : "world";
      const [first, ...rest] = names;
      const at = isRelative ? "input.relative_position" : first;
      return `${prefix}sample_${place}${MIP_SUFFIXES[mipMode]}(${
        [at, ...rest, "input.pixel", `${feedback}`].join(", ")
      })`;
    }
    case "sample_output":
      return `${names[0]}.${wgslMember(operation.attribute)}`;
  }
}

function emitNoise({ operation, inputs }: LoweredNode, graph: LoweredGraph): string {
  if (operation.kind !== "noise") return "";
  const { octaves, seed, noise } = operation;
  const [input] = inputs as [number];
  const isSolid = graph.nodes[input]!.components === 3;
  const place = isSolid ? nodeName(input) : `vec3f(${nodeName(input)}, 0f)`;
  // Of slopes; see material_noise_octave.
  const factors = noise === "value" ? [0, 0, 0] : isSolid ? [2 / 3, 2 / 3, 2 / 3] : [1, 1, 0];
  return `material_noise(${place}, ${isSolid}, ${octaves}u, ${seed}u, ${wgslConstant(factors)})`;
}
