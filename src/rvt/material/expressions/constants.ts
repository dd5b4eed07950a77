/**
 * Constants, and parameters that instances change.
 *
 * @module
 */

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
  return parameter(name, defaultValue, "Cannot make scalar parameter");
}

/**
 * Two to four numbers that instances set by a name.
 *
 * @param name Unique among the parameters of a material; the same name is the same parameter.
 * @param defaultValues Its value where no instance sets it; as many as the parameter has.
 * @throws {InvalidArgumentError} if the name is not a string or the values are not numbers.
 * @throws {OutOfRangeError} if the name is empty or a value not finite in 32 bits.
 */
export function vectorParameter(
  name: string,
  defaultValues: readonly number[],
): ParameterExpression {
  return parameter(name, defaultValues, "Cannot make vector parameter");
}

function parameter(name: string, value: ExpressionInput, failure: string): ParameterExpression {
  checkedName(name, { name: "name", failure });
  const { components, values } = makeConstant(value, {
    name: "defaultValue",
    failure: `${failure} ${name}`,
  }) as ConstantExpression;
  return makeExpression({
    kind: "parameter",
    components,
    inputs: [],
    name: null,
    parameter: name,
    defaultValues: values,
  });
}
