/**
 * Expressions whose values lie between known bounds, and which float32 cannot move by more than a known
 * error: random graphs are put together from them.
 *
 * @module
 */

import * as make from "../../../../src/rvt/material/expressions.ts";
import type {
  ComponentCount,
  Expression,
} from "../../../../src/rvt/material/expressions/expression.ts";

/** An expression, and what is known of each of its components. */
export interface Bounded {
  readonly node: Expression;
  /** The least that a component can be. */
  readonly low: number;
  /** The most that a component can be. */
  readonly high: number;
  /** How far from float64 a careful evaluation in float32 may be. */
  readonly error: number;
}

/** The largest size of a component. */
export function sizeOf({ low, high }: Bounded): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** Rounding of a result of that size: a unit in the last place of float32. */
function rounding(size: number): number {
  return size * 2 ** -23;
}

/** An expression with the error of its own rounding added. */
export function bounded(
  node: Expression,
  [low, high]: readonly [number, number],
  error: number,
): Bounded {
  return { node, low, high, error: error + rounding(Math.max(Math.abs(low), Math.abs(high))) };
}

/** A number that is the same everywhere. */
export function boundedConstant(value: number): Bounded {
  return bounded(make.constant(value), [value, value], 0);
}

/** a + b. */
export function sum(a: Bounded, b: Bounded): Bounded {
  return bounded(make.add(a.node, b.node), [a.low + b.low, a.high + b.high], a.error + b.error);
}

/** a − b. */
export function differenceOf(a: Bounded, b: Bounded): Bounded {
  const range = [a.low - b.high, a.high - b.low] as const;
  return bounded(make.subtract(a.node, b.node), range, a.error + b.error);
}

/** a · b. */
export function product(a: Bounded, b: Bounded): Bounded {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  const range = [Math.min(...corners), Math.max(...corners)] as const;
  return bounded(make.multiply(a.node, b.node), range, a.error * sizeOf(b) + b.error * sizeOf(a));
}

/** The value without its sign, plus an offset: away from 0 for what must be. */
export function offsetSize(x: Bounded, offset: number): Bounded {
  const node = make.add(make.absolute(x.node), offset);
  return bounded(node, [offset, sizeOf(x) + offset], x.error);
}

/** Brought between two bounds, if it is not there already. */
export function clampedTo(x: Bounded, [low, high]: readonly [number, number]): Bounded {
  if (x.low >= low && x.high <= high) return x;
  const node = make.clamp(x.node, { min: low, max: high });
  return bounded(node, [
    Math.max(low, Math.min(x.low, high)),
    Math.min(high, Math.max(x.high, low)),
  ], x.error);
}

/** An expression of as many components: one is repeated, others are left out or repeated in turn. */
export function withComponents(x: Bounded, components: ComponentCount): Bounded {
  if (x.node.components === components) return x;
  const channels = Array.from({ length: components }, (_, k) => "xyzw"[k % x.node.components]);
  return { ...x, node: make.componentMask(x.node, channels.join("")) };
}
