/**
 * Makes choices, puts functions in place of their calls, and finds equal nodes.
 *
 * @module
 */

import { UnsupportedError } from "../../../errors.ts";
import { type AttributeName, ATTRIBUTES } from "../../asset/attributes.ts";
import { MATERIAL_TYPES } from "../../asset/material_type.ts";
import { constant } from "../expressions/constants.ts";
import type {
  ComponentCount,
  Expression,
  FunctionCallExpression,
  RuntimeVirtualTextureLike,
  RuntimeVirtualTextureSampleExpression,
} from "../expressions/expression.ts";
import type { StreamedTexture } from "../../../streaming/mod.ts";
import { reachedBy } from "../expressions/reached_by.ts";
import {
  type OutputPinName,
  pinComponents,
} from "../expressions/runtime_virtual_texture_output.ts";
import { type CompileContext, contextPins } from "../material_graph.ts";
import type { MaterialInterface } from "../material_interface.ts";
import { assetOf } from "./material_layout.ts";
import { keyOfOperation } from "./lowered_key.ts";
import type { LoweredGraph, LoweredNode, LoweredOperation } from "./lowered_graph.ts";

/** Distinct nodes that a material may have, with those of the functions that it calls. */
export const MOST_NODES = 65_536;

/** Whether a virtual texture can be sampled. */
export type HasTexture = (texture: StreamedTexture | RuntimeVirtualTextureLike) => boolean;

/** What a material is lowered for. */
export interface LowerOptions {
  /** Which pass. */
  readonly context: CompileContext;
  /** Which attributes are wanted of those that are connected. */
  readonly wanted: readonly AttributeName[];
  /** Whether virtual texturing is supported and enabled. */
  readonly virtualTexturing: boolean;
  /** Whether samples stay where virtual texturing is not supported, to be found; default false: clear values. */
  readonly keepsSamples?: boolean;
  /** Which virtual textures can be sampled; left out for all. */
  readonly hasTexture?: HasTexture | undefined;
}

/** What of a material is lowered. */
export type MaterialToLower = Pick<MaterialInterface, "name" | "graph" | "overrides">;

/**
 * The nodes that the wanted pins of a material reach, and opacity if there are any.
 *
 * @throws {UnsupportedError} if there are more than 65,536.
 */
export function lowerMaterial(material: MaterialToLower, options: LowerOptions): LoweredGraph {
  const { context, wanted } = options;
  const pins = contextPins(material.graph, context);
  const names: OutputPinName[] = wanted.filter((name) => pins.has(name));
  if (pins.has("opacity") && (names.length > 0 || context === "main_pass")) names.push("opacity");
  const lowering = new Lowering(material, options);
  const outputs = names.map((name) =>
    [name, lowering.lowerTo(pins.get(name)!, pinComponents(name))] as const
  );
  return prune(lowering.nodes, new Map(outputs));
}

/** Values of nodes, by node: outside of functions, or in one call of a function. */
type Scope = Map<Expression, number>;

class Lowering {
  readonly nodes: LoweredNode[] = [];
  readonly #material: MaterialToLower;
  readonly #options: LowerOptions;
  readonly #numberByKey = new Map<string, number>();
  readonly #objects = new Map<object, number>();
  readonly #scope: Scope = new Map();
  /** Values in calls, by the call's function and inputs. */
  readonly #callScopes = new Map<string, Scope>();

  constructor(material: MaterialToLower, options: LowerOptions) {
    this.#material = material;
    this.#options = options;
  }

  /** Number of the node of an expression as so many components. */
  lowerTo(root: Expression, components: ComponentCount): number {
    return this.#splat(this.#lower(root, this.#scope), { components, source: root });
  }

  #lower(root: Expression, scope: Scope): number {
    for (const node of reachedBy([root], (node) => scope.has(node) ? [] : this.#inputsOf(node))) {
      if (!scope.has(node)) scope.set(node, this.#lowerNode(node, scope));
    }
    return scope.get(root)!;
  }

  /** The inputs that a node computes with in this context. */
  #inputsOf(node: Expression): readonly Expression[] {
    switch (node.kind) {
      case "runtime_virtual_texture_replace":
        return [node.inputs[this.#options.context === "virtual_texture" ? 1 : 0]!];
      case "virtual_texture_feature_switch":
        return [node.inputs[this.#options.virtualTexturing ? 0 : 1]!];
      case "runtime_virtual_texture_sample":
        return this.#isSampled(node) ? node.inputs : [];
      case "virtual_texture_sample":
        return this.#hasTexture(node.texture) ? node.inputs : [];
      default:
        return node.inputs;
    }
  }

  #isSampled({ sample, attribute }: RuntimeVirtualTextureSampleExpression): boolean {
    const { attributes } = MATERIAL_TYPES[sample.materialType];
    const { virtualTexturing, keepsSamples = false } = this.#options;
    return (virtualTexturing || keepsSamples) && attributes.includes(attribute) &&
      this.#hasTexture(assetOf(sample, this.#material));
  }

  #hasTexture(texture: StreamedTexture | RuntimeVirtualTextureLike): boolean {
    return this.#options.hasTexture?.(texture) ?? true;
  }

  #lowerNode(node: Expression, scope: Scope): number {
    const inputs = this.#inputsOf(node).map((input) => scope.get(input)!);
    const { components } = node;
    switch (node.kind) {
      case "runtime_virtual_texture_replace":
      case "virtual_texture_feature_switch":
        return this.#splat(inputs[0]!, { components, source: node });
      case "function_call":
        return this.#lowerCall(node, inputs);
      case "function_input":
        // The scope of a call begins with its inputs.
        return scope.get(node)!;
      case "runtime_virtual_texture_sample":
        return this.#lowerSample(node, inputs);
      case "virtual_texture_sample":
        if (!this.#hasTexture(node.texture)) return this.#constant([0, 0, 0, 0], node);
        break;
      case "view_property":
        if (this.#options.context === "main_pass") {
          return this.#constant(new Array(components).fill(0), node);
        }
        break;
    }
    return this.#add({ operation: node as LoweredOperation, inputs, components, source: node });
  }

  #lowerCall(node: FunctionCallExpression, inputs: readonly number[]): number {
    const { outputs, inputs: declared } = node.function;
    const values = Object.values(declared).map((components, i) =>
      this.#splat(inputs[i]!, { components, source: node })
    );
    const output = outputs[node.output]!;
    const key = `${this.#idOf(node.function)}(${values})`;
    let scope = this.#callScopes.get(key);
    if (scope === undefined) this.#callScopes.set(key, scope = new Map());
    const names = Object.keys(declared);
    for (const inner of reachedBy([output])) {
      if (inner.kind === "function_input") scope.set(inner, values[names.indexOf(inner.input)]!);
    }
    return this.#lower(output, scope);
  }

  #lowerSample(node: RuntimeVirtualTextureSampleExpression, inputs: readonly number[]): number {
    const { sample, attribute, components } = node;
    if (!this.#isSampled(node)) return this.#constant(ATTRIBUTES[attribute].clearValue, node);
    const asset = assetOf(sample, this.#material);
    const call = this.#add({
      operation: { kind: "sample_call", settings: sample, asset },
      inputs,
      components: 1,
      source: node,
    });
    const operation = { kind: "sample_output", attribute } as const;
    return this.#add({ operation, inputs: [call], components, source: node });
  }

  #constant(values: readonly number[], source: Expression): number {
    const operation = constant(values);
    return this.#add({ operation, inputs: [], components: operation.components, source });
  }

  #splat(
    input: number,
    { components, source }: { readonly components: ComponentCount; readonly source: Expression },
  ): number {
    if (this.nodes[input]!.components === components) return input;
    return this.#add({ operation: { kind: "splat" }, inputs: [input], components, source });
  }

  #add(node: LoweredNode): number {
    const key = `${
      keyOfOperation(node.operation, (object) => this.#idOf(object))
    }:${node.components}(${node.inputs})`;
    const known = this.#numberByKey.get(key);
    if (known !== undefined) return known;
    if (this.nodes.length >= MOST_NODES) {
      const { name } = this.#material;
      throw new UnsupportedError(
        "nodes",
        `Cannot compile material "${name}": more than ${MOST_NODES} nodes`,
      );
    }
    this.#numberByKey.set(key, this.nodes.length);
    return this.nodes.push(node) - 1;
  }

  #idOf(object: object): number {
    const known = this.#objects.get(object);
    if (known === undefined) this.#objects.set(object, this.#objects.size);
    return known ?? this.#objects.size - 1;
  }
}

/** Leaves out what the outputs do not reach: inputs that a function does not use, for one. */
function prune(
  nodes: readonly LoweredNode[],
  outputs: ReadonlyMap<OutputPinName, number>,
): LoweredGraph {
  const isReached = new Uint8Array(nodes.length);
  for (const output of outputs.values()) isReached[output] = 1;
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (isReached[i] === 1) { for (const input of nodes[i]!.inputs) isReached[input] = 1; }
  }
  const renumbered = new Map<number, number>();
  const kept: LoweredNode[] = [];
  nodes.forEach((node, i) => {
    if (isReached[i] === 0) return;
    renumbered.set(i, kept.length);
    kept.push({ ...node, inputs: node.inputs.map((input) => renumbered.get(input)!) });
  });
  const keptOutputs = [...outputs].map(([name, i]) => [name, renumbered.get(i)!] as const);
  return { nodes: kept, outputs: new Map(keptOutputs) };
}
