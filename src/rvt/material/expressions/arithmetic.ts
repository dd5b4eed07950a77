/**
 * Arithmetic on each component. Inputs have as many components as each other, or one, which stands
 * for as many equal ones.
 *
 * Every builder raises `InvalidArgumentError` for an input that is neither an expression nor one to
 * four numbers, and `OutOfRangeError` for components that do not agree, or numbers that are not
 * finite in 32 bits.
 *
 * @module
 */

import { checkOptionNames } from "../../../checks.ts";
import type { ExpressionInput, OperationExpression } from "./expression.ts";
import { makeOperation } from "./operations.ts";

/** a + b. */
export function add(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("add", [a, b]);
}

/** a − b. */
export function subtract(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("subtract", [a, b]);
}

/** a · b. */
export function multiply(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("multiply", [a, b]);
}

/** a / b, and 0 where b is 0. */
export function divide(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("divide", [a, b]);
}

/** The lesser of two values. */
export function minimum(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("minimum", [a, b]);
}

/** The greater of two values. */
export function maximum(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("maximum", [a, b]);
}

/** The base to the power of the exponent where the base is above 0, else 0. */
export function power(base: ExpressionInput, exponent: ExpressionInput): OperationExpression {
  return makeOperation("power", [base, exponent]);
}

/** The value without its sign. */
export function absolute(x: ExpressionInput): OperationExpression {
  return makeOperation("absolute", [x]);
}

/** The greatest integer that is not above the value. */
export function floor(x: ExpressionInput): OperationExpression {
  return makeOperation("floor", [x]);
}

/** x − floor(x), from 0 to 1. */
export function fraction(x: ExpressionInput): OperationExpression {
  return makeOperation("fraction", [x]);
}

/** The square root where the value is above 0, else 0. */
export function sqrt(x: ExpressionInput): OperationExpression {
  return makeOperation("sqrt", [x]);
}

/** Sine of an angle in radians. */
export function sine(x: ExpressionInput): OperationExpression {
  return makeOperation("sine", [x]);
}

/** Cosine of an angle in radians. */
export function cosine(x: ExpressionInput): OperationExpression {
  return makeOperation("cosine", [x]);
}

/** 1 − x. */
export function oneMinus(x: ExpressionInput): OperationExpression {
  return makeOperation("one_minus", [x]);
}

/** min(max(x, 0), 1). */
export function saturate(x: ExpressionInput): OperationExpression {
  return makeOperation("saturate", [x]);
}

/** min(max(x, min), max). */
export function clamp(
  x: ExpressionInput,
  range: { readonly min: ExpressionInput; readonly max: ExpressionInput },
): OperationExpression {
  checkOptionNames(range, { failure: "Cannot make clamp", names: ["min", "max"] });
  return makeOperation("clamp", [x, range.min, range.max]);
}

/** a · (1 − alpha) + b · alpha; alpha is not clamped. */
export function lerp(
  a: ExpressionInput,
  b: ExpressionInput,
  options: { readonly alpha: ExpressionInput },
): OperationExpression {
  checkOptionNames(options, { failure: "Cannot make lerp", names: ["alpha"] });
  return makeOperation("lerp", [a, b, options.alpha]);
}

/**
 * t² · (3 − 2t) with t = saturate((x − from) / (to − from)); where from and to are equal, t is 1 from
 * there on and 0 before. Falls where to is below from.
 */
export function smoothstep(
  x: ExpressionInput,
  range: { readonly from: ExpressionInput; readonly to: ExpressionInput },
): OperationExpression {
  checkOptionNames(range, { failure: "Cannot make smoothstep", names: ["from", "to"] });
  return makeOperation("smoothstep", [x, range.from, range.to]);
}

/** 1 where x is at least the edge, else 0. */
export function step(
  x: ExpressionInput,
  options: { readonly edge: ExpressionInput },
): OperationExpression {
  checkOptionNames(options, { failure: "Cannot make step", names: ["edge"] });
  return makeOperation("step", [x, options.edge]);
}
