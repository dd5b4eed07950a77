/**
 * Names for nodes.
 *
 * @module
 */

import { describeValue } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import { checkedName } from "../checked_name.ts";
import type { Expression } from "./expression.ts";
import { isExpression, makeExpression } from "./make_expression.ts";

/**
 * The same node with a name, which messages about it use. Names change nothing else: graphs that differ
 * by them alone are equal.
 *
 * @throws {InvalidArgumentError} if the expression is none, or the name is not a string.
 * @throws {OutOfRangeError} if the name is empty or longer than 120 characters.
 */
export function named<Kind extends Expression>(expression: Kind, name: string): Kind {
  const failure = "Cannot name expression";
  if (!isExpression(expression)) {
    throw new InvalidArgumentError(
      "expression",
      `${failure} as it must be an expression: current value is ${describeValue(expression)}`,
    );
  }
  return makeExpression({ ...expression, name: checkedName(name, { name: "name", failure }) });
}

/** What messages call a node: its name, or its kind. */
export function expressionLabel(expression: Expression): string {
  if (expression.name !== null) return `"${expression.name}"`;
  return expression.kind === "operation" ? expression.operation : expression.kind;
}
