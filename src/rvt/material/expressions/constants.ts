/**
 * Constants, and parameters that instances change.
 *
 * @module
 */

import { describeValue } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import type { ConstantExpression, ExpressionInput, ParameterExpression } from "./expression.ts";
import { checkedName } from "../checked_name.ts";
import { makeConstant, makeExpression } from "./make_expression.ts";

/**
 * One to four numbers. Builders make a constant of every number that they are given.
 *
 * @throws {InvalidArgumentError} if they are not numbers, or not as many.
 * @throws {OutOfRangeError} if one is not finite in 32 bits.
 */
export function constant(values: number | readonly number[]): ConstantExpression {
  const failure = "Cannot make constant";
  return makeConstant(values, { name: "values", failure }) as ConstantExpression;
}

/**
 * A number that instances set by a name.
 *
 * @param name Unique among the parameters of a material; the same name is the same parameter.
 * @param defaultValue Its value where no instance sets it.
 * @throws {InvalidArgumentError} if the name is not a string or the value not a number.
 * @throws {OutOfRangeError} if the name is empty or the value not finite in 32 bits.
 */
export function scalarParameter(name: string, defaultValue: number): ParameterExpression {
  return parameter(name, defaultValue, { failure: "Cannot make scalar parameter", range: [1, 1] });
}

/**
 * Two to four numbers that instances set by a name.
 *
 * @param name Unique among the parameters of a material; the same name is the same parameter.
 * @param defaultValues Its value where no instance sets it; as many as the parameter has.
 * @throws {InvalidArgumentError} if the name is not a string or the values are not two to four numbers.
 * @throws {OutOfRangeError} if the name is empty or a value not finite in 32 bits.
 */
export function vectorParameter(
  name: string,
  defaultValues: readonly number[],
): ParameterExpression {
  return parameter(name, defaultValues, { failure: "Cannot make vector parameter", range: [2, 4] });
}

function parameter(
  name: string,
  value: ExpressionInput,
  { failure, range: [least, most] }: {
    readonly failure: string;
    /** How many numbers it may have. */
    readonly range: readonly [number, number];
  },
): ParameterExpression {
  checkedName(name, { name: "name", failure });
  const { components, values } = makeConstant(value, {
    name: "defaultValue",
    failure: `${failure} ${name}`,
  }) as ConstantExpression;
  if (components < least || components > most) {
    throw new InvalidArgumentError(
      "defaultValue",
      `${failure} ${name} as defaultValue must be ${
        most === 1 ? "one number" : "2 to 4 numbers"
      }: ` +
        `current value is ${describeValue(value)}`,
    );
  }
  return makeExpression({
    kind: "parameter",
    components,
    inputs: [],
    name: null,
    parameter: name,
    defaultValues: values,
  });
}
