/**
 * Writes expressions as JSON.
 *
 * @module
 */

import { OutOfRangeError } from "../../../errors.ts";
import type { Expression } from "../expressions/expression.ts";
import { reachedBy } from "../expressions/reached_by.ts";

/** A node: its kind, the numbers of its inputs, its name if it has one, and what its kind has. */
export interface NodeJson {
  /** The kind of the expression. */
  readonly kind: string;
  /** Numbers of the nodes that it computes with, all below its own. */
  readonly inputs: readonly number[];
  /** What messages call it. */
  readonly name?: string;
  /** What its kind has. */
  readonly [property: string]: unknown;
}

/** A list of nodes, each after its inputs, and a way to find a node in it. */
export interface WrittenNodes {
  /** The nodes. Textures, assets and functions are named. */
  readonly nodes: readonly NodeJson[];
  /** Number of each node. */
  readonly numbers: ReadonlyMap<Expression, number>;
}

/**
 * Writes all that some expressions reach, without the functions that they call.
 *
 * @param failure What cannot be done if names are ambiguous.
 * @throws {OutOfRangeError} if two textures, assets or functions share a name.
 */
export function writeNodes(roots: Iterable<Expression>, failure: string): WrittenNodes {
  const numbers = new Map<Expression, number>();
  const names = new UniqueNames(failure);
  const nodes = reachedBy(roots).map((node, number): NodeJson => {
    numbers.set(node, number);
    if (node.kind === "texture_sample") names.add("textures", node.texture);
    if (node.kind === "virtual_texture_sample") names.add("streaming textures", node.texture);
    if (node.kind === "runtime_virtual_texture_sample") names.add("assets", node.sample.asset);
    if (node.kind === "function_call") names.add("functions", node.function);
    return {
      kind: node.kind,
      inputs: node.inputs.map((input) => numbers.get(input)!),
      ...(node.name === null ? {} : { name: node.name }),
      ...propertiesOf(node),
    };
  });
  return { nodes, numbers };
}

/** Finds different things of one name, which a file cannot tell apart. */
export class UniqueNames {
  readonly #failure: string;
  readonly #known = new Map<string, object>();

  /** @param failure What cannot be done if there are any. */
  constructor(failure: string) {
    this.#failure = failure;
  }

  /**
   * Notes that something is named.
   *
   * @param kind In the plural; names of different kinds may be equal.
   * @throws {OutOfRangeError} if another one of the kind has the name.
   */
  add(kind: string, thing: { readonly name: string }): void {
    const key = `${kind} ${thing.name}`;
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, thing);
    else if (known !== thing) {
      throw new OutOfRangeError(
        "name",
        `${this.#failure} as two of its ${kind} are called "${thing.name}"`,
      );
    }
  }
}

/** Numbers of named expressions, as an object. */
export function writePins(
  pins: Iterable<readonly [string, Expression]>,
  { numbers }: WrittenNodes,
): Record<string, number> {
  return Object.fromEntries([...pins].map(([name, node]) => [name, numbers.get(node)!]));
}

function propertiesOf(node: Expression): Record<string, unknown> {
  switch (node.kind) {
    case "constant":
      return { values: node.values };
    case "parameter":
      return { parameter: node.parameter, defaultValues: node.defaultValues };
    case "input":
    case "function_input":
      return { input: node.input };
    case "layer_weight":
      return { layer: node.layer };
    case "operation":
      return { operation: node.operation };
    case "component_mask":
      return { channels: node.channels };
    case "noise":
      return { noise: node.noise, octaves: node.octaves, seed: node.seed };
    case "custom_wgsl":
      return { code: node.code, inputNames: node.inputNames, components: node.components };
    case "texture_sample":
      return { texture: node.texture.name, ...parameterOf(node) };
    case "virtual_texture_sample":
      return { texture: node.texture.name, mipMode: node.mipMode };
    case "runtime_virtual_texture_sample": {
      const { asset, materialType, mipMode, by, feedback } = node.sample;
      const parameter = parameterOf(node.sample);
      const { attribute } = node;
      return { asset: asset.name, materialType, mipMode, by, feedback, attribute, ...parameter };
    }
    case "view_property":
      return { property: node.property };
    case "function_call":
      return {
        function: node.function.name,
        inputNames: Object.keys(node.function.inputs),
        output: node.output,
      };
    case "append":
    case "runtime_virtual_texture_replace":
    case "virtual_texture_feature_switch":
      return {};
  }
}

function parameterOf({ parameter }: { readonly parameter: string | null }): { parameter?: string } {
  return parameter === null ? {} : { parameter };
}
