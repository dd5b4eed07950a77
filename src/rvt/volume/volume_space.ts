/**
 * The space of a volume: where a world position lies in its texture. Pure, in float64.
 *
 * u and v run from 0 to 1 along the volume's own x and y, over the width and height of its texture; w
 * from 0 at its top to 1 at its bottom, as tiles are rendered along its −z, whatever its rotation.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import { OutOfRangeError } from "../../errors.ts";
import {
  type OrientedBox,
  orientedBoxOf,
  type Transform,
  transformMatrix,
  type Vec3,
  type WorldBounds,
  worldBoundsOf,
} from "../../geometry/mod.ts";

/** A volume's own space runs from −½ to ½ along each axis. */
const OWN_BOUNDS: WorldBounds = Object.freeze({
  min: [-0.5, -0.5, -0.5] as const,
  max: [0.5, 0.5, 0.5] as const,
});

/** The matrix from the world to u, v and w of a volume: column-major. */
export function worldToVolume(transform: Transform): Float64Array {
  // u = x + ½, v = y + ½, w = ½ − z of the volume's own space.
  const fromOwn = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 0.5, 0.5, 0.5, 1]);
  return mat4d.multiply(fromOwn, mat4d.inverse(transformMatrix(transform))) as Float64Array;
}

/** The matrix from u, v and w of a volume to the world: column-major. */
export function volumeToWorld(transform: Transform): Float64Array {
  const toOwn = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, -0.5, -0.5, 0.5, 1]);
  return mat4d.multiply(transformMatrix(transform), toOwn) as Float64Array;
}

/** Part of a volume's lengths that may be lost by rounding where it lies, in float64. */
const MOST_ROUNDING = 2 ** -20;

/**
 * Checks that shaders can tell where a volume lies, and where in it the world does.
 *
 * @param failure What cannot be done if they cannot.
 * @throws {OutOfRangeError} if a number of the matrix to the world or of its inverse is not finite in 32
 * bits, or the volume is so far away that 64 bits do not tell its sides apart.
 */
export function assertFiniteVolume(transform: Transform, failure: string): void {
  const numbers = [...volumeToWorld(transform), ...worldToVolume(transform)];
  const { position, scale } = transform;
  if (numbers.every((number) => Number.isFinite(Math.fround(number)))) {
    const lost = Math.max(...position.map((at) => Math.abs(at) * Number.EPSILON / 2));
    const least = Math.min(...volumeExtent(transform));
    if (lost <= least * MOST_ROUNDING) return;
    throw new OutOfRangeError(
      "position",
      `${failure} as it is too far away for its size, whose smallest length is ${least}: ` +
        `current position is [${position.join(", ")}]`,
    );
  }
  throw new OutOfRangeError(
    "scale",
    `${failure} as its transform and the inverse of that must be finite in 32 bits: ` +
      `current scale is [${scale.join(", ")}], at position [${position.join(", ")}]`,
  );
}

/** The box of a volume. */
export function volumeBox(transform: Transform): OrientedBox {
  return orientedBoxOf(OWN_BOUNDS, transformMatrix(transform));
}

/** The smallest and the largest world z in a volume: what World Height is normalised by. */
export function volumeHeightRange(transform: Transform): readonly [number, number] {
  const { min, max } = worldBoundsOf([volumeBox(transform)])!;
  return [min[2], max[2]];
}

/** World lengths of a volume along its own x, y and z. */
export function volumeExtent({ scale }: Transform): Vec3 {
  return [Math.abs(scale[0]), Math.abs(scale[1]), Math.abs(scale[2])];
}
