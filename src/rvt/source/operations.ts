/**
 * The arithmetic of expressions in float64, by the formulas that their builders document. Pure.
 *
 * @module
 */

import type { OperationName } from "../material/expressions/expression.ts";

/** The components of a value. */
export type Numbers = readonly number[];

/** What divides by less counts as this, in `normalize`. */
const SHORTEST = 1e-10;
/** Least z of a base plus (0, 0, 1), in `blend_normals`. */
const FLATTEST = 1e-5;

/** An operation; inputs of one component stand for as many equal ones as the widest has. */
export function evaluateOperation(operation: OperationName, inputs: readonly Numbers[]): Numbers {
  const widest = inputs.reduce((most, { length }) => Math.max(most, length), 1);
  const [a, b, c] = inputs.map((input) => splat(input, widest)) as [Numbers, Numbers, Numbers];
  const each = (of: (a: number, b: number, c: number) => number) =>
    a.map((x, k) => of(x, b?.[k] ?? 0, c?.[k] ?? 0));
  switch (operation) {
    case "absolute":
      return each(Math.abs);
    case "add":
      return each((x, y) => x + y);
    case "blend_normals":
      return blendNormals(unit(a), unit(b));
    case "clamp":
      return each((x, least, most) => Math.min(Math.max(x, least), most));
    case "cosine":
      return each(Math.cos);
    case "cross":
      return [
        a[1]! * b[2]! - a[2]! * b[1]!,
        a[2]! * b[0]! - a[0]! * b[2]!,
        a[0]! * b[1]! - a[1]! * b[0]!,
      ];
    case "distance":
      return [Math.hypot(...each((x, y) => x - y))];
    case "divide":
      return each((x, y) => y === 0 ? 0 : x / y);
    case "dot":
      return [dot(a, b)];
    case "floor":
      return each(Math.floor);
    case "fraction":
      return each((x) => x - Math.floor(x));
    case "length":
      return [Math.hypot(...a)];
    case "lerp":
      return each((x, y, t) => x * (1 - t) + y * t);
    case "maximum":
      return each((x, y) => Math.max(x, y));
    case "minimum":
      return each((x, y) => Math.min(x, y));
    case "multiply":
      return each((x, y) => x * y);
    case "normalize":
      return unit(a);
    case "one_minus":
      return each((x) => 1 - x);
    case "power":
      return each((x, y) => x <= 0 ? 0 : x ** y);
    case "saturate":
      return each(saturate);
    case "sine":
      return each(Math.sin);
    case "smoothstep":
      return each(smoothstep);
    case "sqrt":
      return each((x) => Math.sqrt(Math.max(x, 0)));
    case "step":
      return each((x, edge) => x >= edge ? 1 : 0);
    case "subtract":
      return each((x, y) => x - y);
  }
}

/** One number as several; as many numbers as are wanted stay. */
export function splat(values: Numbers, components: number): Numbers {
  return values.length === components ? values : new Array(components).fill(values[0]!);
}

function saturate(x: number): number {
  return Math.min(Math.max(x, 0), 1);
}

function smoothstep(x: number, low: number, high: number): number {
  const t = low === high ? Number(x >= low) : saturate((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}

function dot(a: Numbers, b: Numbers): number {
  return a.reduce((sum, x, k) => sum + x * b[k]!, 0);
}

function unit(a: Numbers): Numbers {
  const length = Math.max(Math.hypot(...a), SHORTEST);
  return a.map((x) => x / length);
}

function blendNormals(base: Numbers, detail: Numbers): Numbers {
  const t = [base[0]!, base[1]!, base[2]! + 1];
  const u = [-detail[0]!, -detail[1]!, detail[2]!];
  const scale = dot(t, u) / Math.max(t[2]!, FLATTEST);
  return t.map((x, k) => x * scale - u[k]!);
}
