/**
 * Numbers of planes that a virtual texture may have. Pure.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";

/** How many planes a virtual texture has. */
export type PlaneCount = 1 | 2 | 3;

/** Most planes of a virtual texture. */
export const MAX_PLANES = 3;

/**
 * Checks a number of planes.
 *
 * @throws {InvalidArgumentError} if it is not a number.
 * @throws {OutOfRangeError} if it is not an integer from 1 to {@linkcode MAX_PLANES}, or `most`.
 */
export function checkedPlanes(
  value: unknown,
  options: { readonly failure: string; readonly most?: PlaneCount },
): PlaneCount {
  const { failure, most = MAX_PLANES } = options;
  return checkedInteger(value, { name: "planes", failure, range: [1, most] }) as PlaneCount;
}
