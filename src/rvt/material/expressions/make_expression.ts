/**
 * What all builders of expressions share: making nodes, and checking what they are given.
 *
 * @module
 */

import { describeValue } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import type { ComponentCount, Expression, ExpressionInput } from "./expression.ts";

/** The largest 32-bit floating-point number. */
const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** The nodes that builders have made: an object that looks like one is none. */
const made = new WeakSet<object>();

/** Makes a node of its fields. */
export function makeExpression<Kind extends Expression>(fields: Kind): Kind {
  const expression: Kind = { ...fields, inputs: Object.freeze([...fields.inputs]) };
  made.add(Object.freeze(expression));
  return expression;
}

/** Whether a value is a node that a builder made. */
export function isExpression(value: unknown): value is Expression {
  return typeof value === "object" && value !== null && made.has(value);
}

/** Which input is checked, and what for. */
export interface InputCheck {
  /** What cannot be done, such as `Cannot make lerp`. */
  readonly failure: string;
  /** Name of the input. */
  readonly name: string;
  /** How many components it may have; default any. */
  readonly components?: readonly ComponentCount[];
}

/**
 * The node that a builder was given, or a constant of the numbers.
 *
 * @throws {InvalidArgumentError} if it is neither an expression nor one to four numbers.
 * @throws {OutOfRangeError} if a number is not finite in 32 bits, or the components are not as many
 * as they may be.
 */
export function checkedInput(value: ExpressionInput, check: InputCheck): Expression {
  const expression = isExpression(value) ? value : makeConstant(value, check);
  const { components } = check;
  if (components === undefined || components.includes(expression.components)) return expression;
  throw new OutOfRangeError(
    check.name,
    `${check.failure} as ${check.name} must have ${components.join(" or ")} ` +
      `component${
        components.join() === "1" ? "" : "s"
      }: current value has ${expression.components}`,
  );
}

/**
 * A constant of one to four numbers.
 *
 * @throws {InvalidArgumentError} if they are not numbers, or not as many.
 * @throws {OutOfRangeError} if one is not finite in 32 bits.
 */
export function makeConstant(
  value: unknown,
  { failure, name }: Pick<InputCheck, "failure" | "name">,
): Expression {
  const values: unknown[] = typeof value === "number"
    ? [value]
    : Array.isArray(value)
    ? [...value]
    : [];
  const isNumbers = values.every((number) => typeof number === "number");
  if (!isNumbers || values.length < 1 || values.length > 4) {
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be an expression, a number or 1 to 4 numbers: ` +
        `current value is ${describeValue(value)}`,
    );
  }
  const numbers = values as number[];
  if (!numbers.every((number) => Math.abs(number) <= LARGEST_FLOAT)) {
    throw new OutOfRangeError(
      name,
      `${failure} as ${name} must be finite in 32 bits: current value is ${describeValue(value)}`,
    );
  }
  return makeExpression({
    kind: "constant",
    components: numbers.length as ComponentCount,
    inputs: [],
    name: null,
    values: Object.freeze(numbers),
  });
}

/**
 * How many components inputs have together: those of the widest, where all others have as many, or
 * one that stands for as many.
 *
 * @throws {OutOfRangeError} if two inputs differ otherwise.
 */
export function widestOf(
  inputs: Readonly<Record<string, Expression>>,
  failure: string,
): ComponentCount {
  let widest: [string, ComponentCount] = ["", 1];
  for (const [name, { components }] of Object.entries(inputs)) {
    if (components === 1) continue;
    if (widest[1] === 1) widest = [name, components];
    if (components === widest[1]) continue;
    throw new OutOfRangeError(
      name,
      `${failure} as ${name} must have 1 or ${widest[1]} components, like ${widest[0]}: ` +
        `current value has ${components}`,
    );
  }
  return widest[1];
}
