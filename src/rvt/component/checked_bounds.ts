/**
 * Bounds in the world, checked.
 *
 * @module
 */

import { checkedVector } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import {
  type OrientedBox,
  orientedBoxOf,
  type Vec3,
  type WorldBounds,
  worldBoundsOf,
} from "../../geometry/mod.ts";

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Part of the bounds' size by which boxes may reach beyond them: 32-bit numbers are not exact. */
const TOLERANCE = 1e-6;

/** The bounds of boxes that reach beyond others; null if they lie in them. */
export function boundsBeyond(
  { min, max }: WorldBounds,
  boxes: readonly OrientedBox[],
): WorldBounds | null {
  const own = worldBoundsOf(boxes);
  const slack = TOLERANCE * Math.hypot(...max.map((most, axis) => most - min[axis]!));
  const isInside = own === null ||
    [0, 1, 2].every((axis) =>
      own.min[axis]! >= min[axis]! - slack && own.max[axis]! <= max[axis]! + slack
    );
  return isInside ? null : own;
}

/**
 * Bounds in the world as a box.
 *
 * @throws {InvalidArgumentError} if they are not two vectors.
 * @throws {OutOfRangeError} if a number is not finite, or a smallest one is above the largest.
 */
export function checkedBounds(bounds: WorldBounds, failure: string): OrientedBox {
  const [min, max] = (["min", "max"] as const).map((name) =>
    Array.from(checkedVector(bounds?.[name], { name, failure, length: 3 })) as unknown as Vec3
  ) as [Vec3, Vec3];
  for (const [i, axis] of ["x", "y", "z"].entries()) {
    if (min[i]! <= max[i]!) continue;
    throw new OutOfRangeError(
      "bounds",
      `${failure} as min ${axis} must be <= max ${axis}: current values are ${min[i]} and ${
        max[i]
      }`,
    );
  }
  return orientedBoxOf({ min, max }, IDENTITY);
}
