/**
 * Camera matrices: column-major for column vectors, right-handed (the camera looks along its −z, y
 * is up), clip depth from 0 to 1, in float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import {
  checkedAbove,
  checkedBoolean,
  checkedNumber,
  checkedVector,
  checkOptionNames,
} from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";

/** Options of {@linkcode lookAt}. */
export interface LookAtOptions {
  /** Which way is up in the picture; default `[0, 1, 0]`. Not along the view. */
  readonly up?: ArrayLike<number>;
}

/** Options of {@linkcode perspective}. */
export interface PerspectiveOptions {
  /** Vertical field of view in degrees, between 0 and 180. */
  readonly fovYDegrees: number;
  /** Width over height of the picture. */
  readonly aspect: number;
  /** Distance of the nearest depth, above 0. */
  readonly near: number;
  /** Distance of the farthest depth, above `near`; may be `Infinity`. */
  readonly far: number;
  /** Depth 1 at `near` and 0 at `far`; default `false`. */
  readonly reverseDepth?: boolean;
}

/** Options of {@linkcode orthographic}. */
export interface OrthographicOptions {
  /** View x of the picture's left edge. */
  readonly left: number;
  /** View x of the picture's right edge. */
  readonly right: number;
  /** View y of the picture's bottom edge. */
  readonly bottom: number;
  /** View y of the picture's top edge. */
  readonly top: number;
  /** Distance of the nearest depth; may be negative. */
  readonly near: number;
  /** Distance of the farthest depth, above `near`. */
  readonly far: number;
  /** Depth 1 at `near` and 0 at `far`; default `false`. */
  readonly reverseDepth?: boolean;
}

const PERSPECTIVE_NAMES: readonly (keyof PerspectiveOptions)[] = [
  "fovYDegrees",
  "aspect",
  "near",
  "far",
  "reverseDepth",
];

const ORTHOGRAPHIC_NAMES: readonly (keyof OrthographicOptions)[] = [
  "left",
  "right",
  "bottom",
  "top",
  "near",
  "far",
  "reverseDepth",
];

const FAILURE = "Cannot make camera";

function vector(name: string, value: ArrayLike<number>): [number, number, number] {
  const numbers = checkedVector(value, { name, failure: FAILURE, length: 3 });
  return [numbers[0]!, numbers[1]!, numbers[2]!];
}

function finite(name: string, value: number): number {
  checkedNumber(value, { name, failure: FAILURE, range: [-Number.MAX_VALUE, Number.MAX_VALUE] });
  return value;
}

function positive(name: string, value: number): number {
  return checkedAbove(value, { name, failure: FAILURE, bound: 0 });
}

function assertThat(holds: boolean, name: string, rule: string, value: number): void {
  if (holds) return;
  throw new OutOfRangeError(
    name,
    `${FAILURE} as ${name} must be ${rule}: current value is ${value}`,
  );
}

/**
 * The view matrix of a camera at `eye` that looks at `target`.
 *
 * @example Look straight down on a map with north up
 * ```ts
 * import { lookAt } from "@forge3d/forge3d";
 *
 * // Of a texture that was loaded with `placement: "y_up"`; y is up by default.
 * lookAt([500, 500, 1000], [500, 500, 0]);
 * ```
 *
 * @throws {InvalidArgumentError} if a vector is not 3 numbers.
 * @throws {OutOfRangeError} if a number is not finite, `eye` and `target` are one point, or `up`
 * lies along the view.
 */
export function lookAt(
  eye: ArrayLike<number>,
  target: ArrayLike<number>,
  options: LookAtOptions = {},
): Float64Array {
  checkOptionNames(options, { failure: FAILURE, names: ["up"] });
  const from = vector("eye", eye);
  const to = vector("target", target);
  const up = vector("up", options.up ?? [0, 1, 0]);
  const view = mat4d.lookAt(from, to, up);
  const distance = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  assertThat(distance > 0, "target", "another point than eye", distance);
  // The rows of a rotation have length 1; they vanish where up lies along the view.
  const right = Math.hypot(view[0]!, view[4]!, view[8]!);
  assertThat(Math.abs(right - 1) < 1e-6, "up", "a direction that is not along the view", right);
  return view;
}

/**
 * A perspective projection.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if a value is out of its range.
 */
export function perspective(options: PerspectiveOptions): Float64Array {
  checkOptionNames(options, { failure: FAILURE, names: PERSPECTIVE_NAMES });
  const { fovYDegrees, aspect, near, far, reverseDepth = false } = options;
  positive("fovYDegrees", fovYDegrees);
  assertThat(fovYDegrees < 180, "fovYDegrees", "> 0 and < 180", fovYDegrees);
  positive("aspect", aspect);
  positive("near", near);
  checkedNumber(far, { name: "far", failure: FAILURE, range: [-Infinity, Infinity] });
  assertThat(far > near, "far", `> near (${near})`, far);
  checkedBoolean(reverseDepth, { name: "reverseDepth", failure: FAILURE });
  const fovY = fovYDegrees * Math.PI / 180;
  return reverseDepth
    ? mat4d.perspectiveReverseZ(fovY, aspect, near, far)
    : mat4d.perspective(fovY, aspect, near, far);
}

/**
 * An orthographic projection.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if a value is not finite, the box has no extent, or `far` is not above
 * `near`.
 */
export function orthographic(options: OrthographicOptions): Float64Array {
  checkOptionNames(options, { failure: FAILURE, names: ORTHOGRAPHIC_NAMES });
  const { left, right, bottom, top, near, far, reverseDepth = false } = options;
  for (const [name, value] of Object.entries({ left, right, bottom, top, near, far })) {
    finite(name, value);
  }
  assertThat(right !== left, "right", `other than left (${left})`, right);
  assertThat(top !== bottom, "top", `other than bottom (${bottom})`, top);
  assertThat(far > near, "far", `> near (${near})`, far);
  checkedBoolean(reverseDepth, { name: "reverseDepth", failure: FAILURE });
  return reverseDepth
    ? mat4d.ortho(left, right, bottom, top, far, near)
    : mat4d.ortho(left, right, bottom, top, near, far);
}
