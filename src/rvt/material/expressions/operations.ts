/**
 * The table of operations, and the one place that makes their nodes.
 *
 * @module
 */

import type {
  ComponentCount,
  ExpressionInput,
  OperationExpression,
  OperationName,
} from "./expression.ts";
import { checkedInput, makeExpression, widestOf } from "./make_expression.ts";

/** What an operation takes and gives. */
export interface OperationInfo {
  /** Names of the inputs, in the order in which nodes hold them. */
  readonly inputs: readonly string[];
  /** Components that each input may have; default any, as long as they agree. */
  readonly inputComponents?: readonly ComponentCount[];
  /** Whether the result has one component; else it has as many as the widest input. */
  readonly isScalar?: boolean;
}

const UNARY: OperationInfo = { inputs: ["x"] };
const BINARY: OperationInfo = { inputs: ["a", "b"] };

/** Every operation. */
export const OPERATIONS: Readonly<Record<OperationName, OperationInfo>> = Object.freeze({
  absolute: UNARY,
  add: BINARY,
  blend_normals: { inputs: ["base", "detail"], inputComponents: [3] },
  clamp: { inputs: ["x", "min", "max"] },
  cosine: UNARY,
  cross: { inputs: ["a", "b"], inputComponents: [3] },
  distance: { inputs: ["a", "b"], isScalar: true },
  divide: BINARY,
  dot: { inputs: ["a", "b"], isScalar: true },
  floor: UNARY,
  fraction: UNARY,
  length: { inputs: ["x"], isScalar: true },
  lerp: { inputs: ["a", "b", "alpha"] },
  maximum: BINARY,
  minimum: BINARY,
  multiply: BINARY,
  normalize: { inputs: ["x"], inputComponents: [2, 3, 4] },
  one_minus: UNARY,
  power: { inputs: ["base", "exponent"] },
  saturate: UNARY,
  sine: UNARY,
  smoothstep: { inputs: ["x", "from", "to"] },
  sqrt: UNARY,
  step: { inputs: ["x", "edge"] },
  subtract: BINARY,
});

/**
 * A node of an operation; the builders below have names for all of them.
 *
 * @param operation Which.
 * @param values The inputs in the order of {@linkcode OPERATIONS}.
 * @throws {InvalidArgumentError} if an input is neither an expression nor numbers.
 * @throws {OutOfRangeError} if the inputs' components do not agree.
 */
export function makeOperation(
  operation: OperationName,
  values: readonly ExpressionInput[],
): OperationExpression {
  const failure = `Cannot make ${operation}`;
  const { inputs, inputComponents, isScalar = false } = OPERATIONS[operation];
  const checked = inputs.map((name, index) =>
    checkedInput(values[index]!, {
      failure,
      name,
      ...(inputComponents === undefined ? {} : { components: inputComponents }),
    })
  );
  const widest = widestOf(
    Object.fromEntries(inputs.map((name, index) => [name, checked[index]!])),
    failure,
  );
  return makeExpression({
    kind: "operation",
    components: isScalar ? 1 : widest,
    inputs: checked,
    name: null,
    operation,
  });
}
