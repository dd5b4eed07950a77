/**
 * Names for nodes.
 *
 * @module
 */

import { checkedString } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import type { Expression } from "./expression.ts";
import { checkedInput, makeExpression } from "./make_expression.ts";

const LONGEST_NAME = 120;

/**
 * The same node with a name, which messages about it use. Names change nothing else: graphs that differ
 * by them alone are equal.
 *
 * @throws {InvalidArgumentError} if the expression is none, or the name is not a string.
 * @throws {OutOfRangeError} if the name is empty or longer than 120 characters.
 */
export function named<Kind extends Expression>(expression: Kind, name: string): Kind {
  const failure = "Cannot name expression";
  checkedInput(expression, { name: "expression", failure });
  return makeExpression({ ...expression, name: checkedName(name, { name: "name", failure }) });
}

/**
 * Checks a name of a node, parameter, layer or function.
 *
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {OutOfRangeError} if it is empty or longer than 120 characters.
 */
export function checkedName(
  value: unknown,
  check: { readonly name: string; readonly failure: string },
): string {
  const text = checkedString(value, check);
  if (text.length >= 1 && text.length <= LONGEST_NAME) return text;
  throw new OutOfRangeError(
    check.name,
    `${check.failure} as ${check.name} must have 1 to ${LONGEST_NAME} characters: ` +
      `current value has ${text.length}`,
  );
}

/** What messages call a node: its name, or its kind. */
export function expressionLabel(expression: Expression): string {
  if (expression.name !== null) return `"${expression.name}"`;
  return expression.kind === "operation" ? expression.operation : expression.kind;
}
