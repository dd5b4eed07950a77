/**
 * Control points of splines, and the curve between two of them.
 *
 * @module
 */

import { checkedAbove, checkedNumber, checkedVector, checkOptionNames } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import type { Vec3 } from "../../../geometry/mod.ts";

/** A control point of a spline as a caller gives it, in the spline's own space. */
export interface SplinePointOptions {
  /** Where the spline passes. */
  readonly position: ArrayLike<number>;
  /** How wide it is there, above 0; linear between points. */
  readonly width: number;
  /** How far it is turned about its direction there, in radians; default 0, linear between points. */
  readonly rollRadians?: number;
  /**
   * Derivative of the position, with 1 from one point to the next; default that of a Catmull-Rom
   * spline: half of what lies between the points before and after, at an end all of what lies
   * between it and the next.
   */
  readonly tangent?: ArrayLike<number>;
}

/** A control point. */
export interface SplinePoint {
  /** Where the spline passes, in its own space. */
  readonly position: Vec3;
  /** How wide it is there. */
  readonly width: number;
  /** How far it is turned about its direction there, in radians. */
  readonly rollRadians: number;
  /** Derivative of the position; without, that of a Catmull-Rom spline. */
  readonly tangent?: Vec3;
}

/** One end of a segment. */
export interface SegmentEnd extends SplinePoint {
  readonly tangent: Vec3;
}

/** The curve from one control point to the next. */
export interface SplineCurve {
  readonly start: SegmentEnd;
  readonly end: SegmentEnd;
}

/** A point of a curve. */
export interface CurvePoint {
  readonly position: Vec3;
  /** Derivative of the position. */
  readonly tangent: Vec3;
  readonly width: number;
  readonly rollRadians: number;
}

const POINT_NAMES: readonly (keyof SplinePointOptions)[] = [
  "position",
  "width",
  "rollRadians",
  "tangent",
];

/**
 * Checks the control points of a spline.
 *
 * @throws {InvalidArgumentError} if it is not a list of points, or a value has the wrong type.
 * @throws {OutOfRangeError} if there are fewer than two, a number is not allowed, or two points that
 * follow each other lie at one place.
 */
export function checkedSplinePoints(value: unknown, failure: string): readonly SplinePoint[] {
  if (!Array.isArray(value)) {
    throw new InvalidArgumentError("points", `${failure} as points must be a list`);
  }
  if (value.length < 2) {
    throw new OutOfRangeError(
      "points",
      `${failure} as there must be 2 or more points: current number is ${value.length}`,
    );
  }
  const points = value.map((point, index) => checkedPoint(point, `${failure} at point ${index}`));
  points.forEach(({ position }, index) => {
    const next = points[index + 1];
    if (next === undefined || position.some((part, i) => part !== next.position[i])) return;
    throw new OutOfRangeError(
      "points",
      `${failure} as points ${index} and ${index + 1} must lie at two places`,
    );
  });
  return Object.freeze(points);
}

function checkedPoint(point: SplinePointOptions, failure: string): SplinePoint {
  checkOptionNames(point, {
    failure,
    names: POINT_NAMES,
    what: "property of a point",
    name: "point",
  });
  const { rollRadians = 0, tangent } = point;
  const vector = (name: string, value: unknown) =>
    Object.freeze(
      Array.from(checkedVector(value, { name, failure, length: 3 })),
    ) as unknown as Vec3;
  const finite = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
  return Object.freeze({
    position: vector("position", point.position),
    width: checkedAbove(point.width, { name: "width", failure, bound: 0 }),
    rollRadians: checkedNumber(rollRadians, { name: "rollRadians", failure, range: finite }),
    ...(tangent === undefined ? {} : { tangent: vector("tangent", tangent) }),
  });
}

/** The curves between control points, one fewer than there are points. */
export function curvesOf(points: readonly SplinePoint[]): SplineCurve[] {
  const ends = points.map((point, index): SegmentEnd => {
    if (point.tangent !== undefined) return { ...point, tangent: point.tangent };
    const before = points[index - 1] ?? point;
    const after = points[index + 1] ?? point;
    const share = before === point || after === point ? 1 : 0.5;
    const tangent = after.position.map((part, i) => share * (part - before.position[i]!));
    return { ...point, tangent: tangent as unknown as Vec3 };
  });
  return ends.slice(1).map((end, index) => ({ start: ends[index]!, end }));
}

/** Whether two curves are the same. */
export function sameCurves(a: SplineCurve, b: SplineCurve): boolean {
  const numbers = ({ start, end }: SplineCurve) =>
    [start, end].flatMap((point) => [
      ...point.position,
      ...point.tangent,
      point.width,
      point.rollRadians,
    ]);
  const others = numbers(b);
  return numbers(a).every((number, index) => number === others[index]);
}

/** The point of a curve at a parameter from 0 to 1: cubic Hermite. */
export function curvePoint({ start, end }: SplineCurve, t: number): CurvePoint {
  const blend = (p0: number, m0: number, p1: number, m1: number, axis: number) =>
    p0 * start.position[axis]! + m0 * start.tangent[axis]! +
    p1 * end.position[axis]! + m1 * end.tangent[axis]!;
  const [t2, t3] = [t * t, t * t * t];
  const position = [0, 1, 2].map((axis) =>
    blend(2 * t3 - 3 * t2 + 1, t3 - 2 * t2 + t, 3 * t2 - 2 * t3, t3 - t2, axis)
  );
  const tangent = [0, 1, 2].map((axis) =>
    blend(6 * t2 - 6 * t, 3 * t2 - 4 * t + 1, 6 * t - 6 * t2, 3 * t2 - 2 * t, axis)
  );
  return {
    position: position as unknown as Vec3,
    tangent: tangent as unknown as Vec3,
    width: start.width * (1 - t) + end.width * t,
    rollRadians: start.rollRadians * (1 - t) + end.rollRadians * t,
  };
}
