/**
 * The arithmetic of expression graphs, in float64.
 *
 * @module
 */

import type { OperationName } from "../../../../src/rvt/material/expressions/expression.ts";

/** The components of a value. */
export type Numbers = readonly number[];

/**
 * An operation of some inputs, by the formulas that the builders of expressions document. Inputs of
 * one component stand for as many equal ones as the widest has.
 */
export function evaluateOperation(operation: OperationName, inputs: readonly Numbers[]): Numbers {
  const width = Math.max(...inputs.map(({ length }) => length));
  const wide = inputs.map((input) => broadcast(input, width));
  const vector = VECTOR_OPERATIONS[operation];
  if (vector !== undefined) return vector(...wide);
  const scalar = SCALAR_OPERATIONS[operation];
  if (scalar === undefined) throw new Error(`There is no operation ${operation}`);
  return Array.from({ length: width }, (_, k) => scalar(...wide.map((input) => input[k]!)));
}

/** One number as often as wanted, or as many as there are. */
export function broadcast(values: Numbers, components: number): Numbers {
  if (values.length === components) return values;
  if (values.length !== 1) throw new Error(`${values.length} numbers are not ${components}`);
  return Array(components).fill(values[0]);
}

type ScalarOperation = (...values: number[]) => number;
type VectorOperation = (...values: Numbers[]) => Numbers;

/** Operations on each component alone. */
const SCALAR_OPERATIONS: Readonly<Partial<Record<OperationName, ScalarOperation>>> = {
  absolute: (x) => Math.abs(x!),
  add: (a, b) => a! + b!,
  clamp: (x, min, max) => Math.min(Math.max(x!, min!), max!),
  cosine: (x) => Math.cos(x!),
  divide: (a, b) => b === 0 ? 0 : a! / b!,
  floor: (x) => Math.floor(x!),
  fraction: (x) => x! - Math.floor(x!),
  lerp: (a, b, alpha) => a! * (1 - alpha!) + b! * alpha!,
  maximum: (a, b) => Math.max(a!, b!),
  minimum: (a, b) => Math.min(a!, b!),
  multiply: (a, b) => a! * b!,
  one_minus: (x) => 1 - x!,
  power: (base, exponent) => base! > 0 ? base! ** exponent! : 0,
  saturate: (x) => Math.min(Math.max(x!, 0), 1),
  sine: (x) => Math.sin(x!),
  smoothstep: (x, from, to) => {
    const t = from === to
      ? (x! >= from! ? 1 : 0)
      : Math.min(Math.max((x! - from!) / (to! - from!), 0), 1);
    return t * t * (3 - 2 * t);
  },
  sqrt: (x) => x! > 0 ? Math.sqrt(x!) : 0,
  step: (x, edge) => x! >= edge! ? 1 : 0,
  subtract: (a, b) => a! - b!,
};

/** Operations on all components together. */
const VECTOR_OPERATIONS: Readonly<Partial<Record<OperationName, VectorOperation>>> = {
  blend_normals: (base, detail) => {
    const [bx, by, bz] = unit(base!);
    const [dx, dy, dz] = unit(detail!);
    const t = [bx!, by!, bz! + 1];
    const u = [-dx!, -dy!, dz!];
    const along = dot(t, u) / Math.max(t[2]!, 1e-5);
    return t.map((part, k) => part * along - u[k]!);
  },
  cross: (a, b) =>
    [0, 1, 2].map((k) => {
      const [i, j] = [(k + 1) % 3, (k + 2) % 3];
      return a![i]! * b![j]! - a![j]! * b![i]!;
    }),
  distance: (a, b) => [Math.hypot(...a!.map((part, k) => part - b![k]!))],
  dot: (a, b) => [dot(a!, b!)],
  length: (x) => [Math.hypot(...x!)],
  normalize: (x) => unit(x!),
};

function dot(a: Numbers, b: Numbers): number {
  return a.reduce((sum, part, k) => sum + part * b[k]!, 0);
}

function unit(x: Numbers): Numbers {
  const length = Math.max(Math.hypot(...x), 1e-10);
  return x.map((part) => part / length);
}
