/**
 * Where an object stands in the world: position, rotation and scale, in float64.
 *
 * @module
 */

import { mat4d, quatd } from "npm:wgpu-matrix@3.4.2";
import { checkedNumber, checkedVector, checkOptionNames } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";
import type { Vec3 } from "./placement.ts";

/** Options of {@linkcode transformFrom}. */
export interface TransformOptions {
  /** World position of the object's origin; default 0, 0, 0. */
  readonly position?: ArrayLike<number>;
  /** Unit quaternion x, y, z, w; default none: 0, 0, 0, 1. One of another length is normalised. */
  readonly rotation?: ArrayLike<number>;
  /** Scale along the object's own axes, none of them 0; default 1, 1, 1. */
  readonly scale?: ArrayLike<number>;
}

/** Position, rotation and scale. Scale comes first, then rotation, then position. */
export interface Transform {
  /** World position of the object's origin. */
  readonly position: Vec3;
  /** Unit quaternion x, y, z, w. */
  readonly rotation: readonly [number, number, number, number];
  /** Scale along the object's own axes. */
  readonly scale: Vec3;
}

/** By how much a quaternion's length may differ from 1 once it was divided by it. */
const UNIT_SLACK = 1e-14;

const OPTION_NAMES = ["position", "rotation", "scale"] as const;

/** What is left out, which all transforms share: there may be a million of them. */
const NO_POSITION: Vec3 = Object.freeze([0, 0, 0] as const);
const NO_ROTATION: Transform["rotation"] = Object.freeze([0, 0, 0, 1] as const);
const NO_SCALE: Vec3 = Object.freeze([1, 1, 1] as const);

/**
 * A transform from its parts.
 *
 * @param failure What cannot be done if a part is wrong, such as `Cannot make volume "Land"`.
 * @throws {InvalidArgumentError} if a part has the wrong type or length.
 * @throws {OutOfRangeError} if a number is not finite, a scale is 0, or the rotation is all zero.
 */
export function transformFrom(
  options: TransformOptions = {},
  failure = "Cannot make transform",
): Transform {
  checkOptionNames(options, { failure, names: OPTION_NAMES, name: "transform" });
  const position = options.position ?? NO_POSITION;
  const rotation = options.rotation ?? NO_ROTATION;
  const scale = options.scale ?? NO_SCALE;
  return Object.freeze({
    position: position === NO_POSITION ? NO_POSITION : vectorFrom(position, "position", failure),
    rotation: rotation === NO_ROTATION ? NO_ROTATION : rotationFrom(rotation, failure),
    scale: scale === NO_SCALE ? NO_SCALE : scaleFrom(scale, failure),
  });
}

function vectorFrom(value: ArrayLike<number>, name: keyof Transform, failure: string): Vec3 {
  const list = checkedVector(value, { name, failure, length: 3 });
  return Object.freeze([list[0]!, list[1]!, list[2]!] as const);
}

function rotationFrom(value: ArrayLike<number>, failure: string): Transform["rotation"] {
  const rotation = Array.from(checkedVector(value, { name: "rotation", failure, length: 4 }));
  const length = Math.hypot(...rotation);
  if (length > 0 && Number.isFinite(length)) return Object.freeze(unitRotation(rotation, length));
  throw new OutOfRangeError(
    "rotation",
    `${failure} as rotation must be a quaternion of a length above 0: current value is ` +
      `[${rotation.join(", ")}]`,
  );
}

function scaleFrom(value: ArrayLike<number>, failure: string): Vec3 {
  const scale = vectorFrom(value, "scale", failure);
  if (!scale.includes(0)) return scale;
  throw new OutOfRangeError(
    "scale",
    `${failure} as no scale may be 0: current value is [${scale.join(", ")}]`,
  );
}

/** Not divided again if it is as good as a unit: a transform of a transform's parts is the same. */
function unitRotation(rotation: readonly number[], length: number): Transform["rotation"] {
  const isUnit = Math.abs(length - 1) < UNIT_SLACK;
  return (isUnit ? rotation : rotation.map((part) => part / length)) as unknown as Transform[
    "rotation"
  ];
}

/**
 * Object to world, a column-major matrix in float64.
 *
 * @param matrix Takes it; default a new one.
 */
export function transformMatrix(
  { position, rotation, scale }: Transform,
  matrix: Float64Array = new Float64Array(16),
): Float64Array {
  mat4d.fromQuat(rotation as unknown as number[], matrix);
  mat4d.scale(matrix, scale as unknown as number[], matrix);
  matrix.set(position, 12);
  return matrix;
}

/** Whether all numbers of two transforms are the same. */
export function sameTransforms(a: Transform, b: Transform): boolean {
  for (let i = 0; i < 3; i++) {
    if (a.position[i] !== b.position[i] || a.scale[i] !== b.scale[i]) return false;
  }
  return a.rotation.every((part, i) => part === b.rotation[i]);
}

/**
 * The rotation by an angle about an axis, as a unit quaternion x, y, z, w. Right-handed.
 *
 * @param axis Of any length above 0.
 * @throws {InvalidArgumentError} if the axis is not three numbers, or the angle not a number.
 * @throws {OutOfRangeError} if a number is not finite, or the axis has no length.
 */
export function rotationAbout(
  axis: ArrayLike<number>,
  angleRadians: number,
): Transform["rotation"] {
  const failure = "Cannot make rotation";
  const parts = Array.from(checkedVector(axis, { name: "axis", failure, length: 3 }));
  const range = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
  checkedNumber(angleRadians, { name: "angleRadians", failure, range });
  const length = Math.hypot(...parts);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new OutOfRangeError(
      "axis",
      `${failure} as axis must have a length above 0: current value is [${parts.join(", ")}]`,
    );
  }
  const unit = parts.map((part) => part / length);
  return Array.from(quatd.fromAxisAngle(unit, angleRadians)) as unknown as Transform["rotation"];
}
