/**
 * Reads expressions from JSON.
 *
 * @module
 */

import { checkedString, describeValue, isError, thrownText } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import type { Expression, FunctionInputExpression } from "../expressions/expression.ts";
import { named } from "../expressions/named.ts";
import { buildNode } from "./build_node.ts";
import { checkedList, checkedObject, type JsonObject } from "./json_fields.ts";
import type { MaterialLookup } from "./material_lookup.ts";

/** What nodes are read with. */
export interface ReadNodesOptions {
  readonly lookup: MaterialLookup;
  /** What cannot be done if a node is not valid. */
  readonly failure: string;
  /** The inputs of the function whose nodes are read. */
  readonly functionInputs?: Readonly<Record<string, FunctionInputExpression>>;
}

/**
 * Reads a list of nodes.
 *
 * @throws {InvalidArgumentError} if a node is not an object, or a field has the wrong type.
 * @throws {OutOfRangeError} if a node is not valid, comes before its inputs, or names something that the
 * lookup does not find; the message names the node.
 */
export function readNodes(json: unknown, options: ReadNodesOptions): Expression[] {
  const { failure } = options;
  const nodes: Expression[] = [];
  checkedList(json, { name: "nodes", failure }).forEach((value, number) => {
    const fields = checkedObject(value, { name: `node ${number}`, failure });
    const label = `node ${number} (${describeValue(fields.name ?? fields.kind)})`;
    try {
      nodes.push(readNode(fields, nodes, options));
    } catch (error) {
      throw withNode(error, { label, failure });
    }
  });
  return nodes;
}

/**
 * The expressions of pins.
 *
 * @throws {InvalidArgumentError} if the pins are not an object.
 * @throws {OutOfRangeError} if a pin's number is not a node's.
 */
export function readPins(
  json: unknown,
  { nodes, name, failure }: {
    readonly nodes: readonly Expression[];
    readonly name: string;
    readonly failure: string;
  },
): Record<string, Expression> {
  const pins = Object.entries(checkedObject(json, { name, failure }));
  return Object.fromEntries(
    pins.map(([pin, number]) => [pin, nodeAt(number, { nodes, name: pin, failure })]),
  );
}

function readNode(
  fields: JsonObject,
  nodes: readonly Expression[],
  { lookup, functionInputs = {} }: ReadNodesOptions,
): Expression {
  const failure = "Cannot make it";
  const inputs = checkedList(fields.inputs, { name: "inputs", failure }).map((number) =>
    nodeAt(number, { nodes, name: "inputs", failure })
  );
  const node = buildNode(fields, { inputs, lookup, functionInputs });
  if (fields.name === undefined) return node;
  return named(node, checkedString(fields.name, { name: "name", failure }));
}

function nodeAt(
  number: unknown,
  { nodes, name, failure }: {
    readonly nodes: readonly Expression[];
    readonly name: string;
    readonly failure: string;
  },
): Expression {
  const node = typeof number === "number" ? nodes[number] : undefined;
  if (node !== undefined) return node;
  throw new OutOfRangeError(
    name,
    `${failure} as ${name} must be the number of an earlier node: current value is ${
      describeValue(number)
    }`,
  );
}

/** The same error with a message that names the node. */
function withNode(
  error: unknown,
  { label, failure }: { readonly label: string; readonly failure: string },
): unknown {
  if (!isError(error)) return error;
  const message = `${failure} as ${label} is not valid: ${thrownText(error)}`;
  if (error instanceof InvalidArgumentError) {
    return new InvalidArgumentError(error.argument, message, { cause: error });
  }
  if (error instanceof OutOfRangeError) {
    return new OutOfRangeError(error.argument, message, { cause: error });
  }
  return error;
}
