/**
 * Vectors: their components, products, lengths, and normals.
 *
 * Every builder raises `InvalidArgumentError` for an input that is neither an expression nor one to
 * four numbers, and `OutOfRangeError` for a number of components that it does not take.
 *
 * @module
 */

import { checkedString } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import type {
  AppendExpression,
  ComponentCount,
  ComponentMaskExpression,
  ExpressionInput,
  OperationExpression,
} from "./expression.ts";
import { checkedInput, makeExpression } from "./make_expression.ts";
import { makeOperation } from "./operations.ts";

/**
 * Some components of a value, in any order: `componentMask(color, "x")`, `componentMask(p, "yx")`.
 *
 * @param x Whose.
 * @param channels One to four of x, y, z and w, of those that the value has.
 */
export function componentMask(x: ExpressionInput, channels: string): ComponentMaskExpression {
  const failure = "Cannot make component mask";
  const input = checkedInput(x, { name: "x", failure });
  checkedString(channels, { name: "channels", failure });
  const existing = "xyzw".slice(0, input.components);
  const isValid = [...channels].every((channel) => existing.includes(channel));
  if (!isValid || channels.length < 1 || channels.length > 4) {
    throw new OutOfRangeError(
      "channels",
      `${failure} as channels must be 1 to 4 of ${existing}: current value is "${channels}"`,
    );
  }
  return makeExpression({
    kind: "component_mask",
    components: channels.length as ComponentCount,
    inputs: [input],
    name: null,
    channels,
  });
}

/**
 * The components of two to four values, one after the other.
 *
 * @throws {OutOfRangeError} if they are fewer than two values or more than four components.
 */
export function append(...values: ExpressionInput[]): AppendExpression {
  const failure = "Cannot make append";
  const inputs = values.map((value, i) => checkedInput(value, { name: `input ${i}`, failure }));
  const components = inputs.reduce((sum, input) => sum + input.components, 0);
  if (inputs.length < 2 || components > 4) {
    throw new OutOfRangeError(
      "values",
      `${failure} as it must have at least 2 inputs and at most 4 components: ` +
        `current values are ${inputs.length} and ${components}`,
    );
  }
  return makeExpression({
    kind: "append",
    components: components as ComponentCount,
    inputs,
    name: null,
  });
}

/** Scalar product, of one component. */
export function dot(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("dot", [a, b]);
}

/** Vector product of two values of three components. */
export function cross(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("cross", [a, b]);
}

/** x / max(|x|, 10⁻¹⁰): of length 1, and 0 for 0. Two to four components. */
export function normalize(x: ExpressionInput): OperationExpression {
  return makeOperation("normalize", [x]);
}

/** Length of a vector, of one component. */
export function length(x: ExpressionInput): OperationExpression {
  return makeOperation("length", [x]);
}

/** Length of the difference of two values. */
export function distance(a: ExpressionInput, b: ExpressionInput): OperationExpression {
  return makeOperation("distance", [a, b]);
}

/**
 * A detail's normal on a surface that has a normal of its own: the detail, turned by the shortest
 * rotation that takes (0, 0, 1) to the base. In world space for a base in world space and a detail
 * around +z; (0, 0, 1) changes nothing. Both are normalised first.
 *
 * With t = base + (0, 0, 1) and u = detail · (−1, −1, 1): t · dot(t, u) / max(t.z, 10⁻⁵) − u, which is
 * reoriented normal mapping (Barré-Brisebois and Hill, "Blending in Detail", 2012). Bases that point
 * straight down have no such rotation, and no meaning here.
 */
export function blendNormals(
  base: ExpressionInput,
  detail: ExpressionInput,
): OperationExpression {
  return makeOperation("blend_normals", [base, detail]);
}
