/**
 * The parts of a texture in which the outlines of many boxes lie. Pure.
 *
 * @module
 */

import type { OrientedBox } from "../../../geometry/mod.ts";

/** Boxes that have an area on a texture, and rectangles around what of their outlines lies on it. */
export interface BoxBounds {
  /** How many there are; arrays may be longer. */
  readonly count: number;
  readonly boxes: readonly OrientedBox[];
  /** For each box the index of the list that it comes from. */
  readonly owners: Uint32Array;
  readonly u0: Float64Array;
  readonly v0: Float64Array;
  readonly u1: Float64Array;
  readonly v1: Float64Array;
}

/**
 * Bounds of the boxes of some lists; what lies beside a texture, above or below its volume, or has no area, is
 * left out.
 *
 * @param toVolume World to volume, affine, column-major.
 */
export function boxBounds(
  lists: readonly (readonly OrientedBox[])[],
  toVolume: ArrayLike<number>,
): BoxBounds {
  const most = lists.reduce((sum, list) => sum + list.length, 0);
  const owners = new Uint32Array(most);
  const [u0, v0, u1, v1] = [0, 1, 2, 3].map(() => new Float64Array(most)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const boxes: OrientedBox[] = [];
  const least = new Float64Array(3);
  const largest = new Float64Array(3);
  for (const [owner, list] of lists.entries()) {
    for (const box of list) {
      spanOf(box, toVolume, { least, largest });
      const at = boxes.length;
      u0[at] = Math.max(0, least[0]!);
      v0[at] = Math.max(0, least[1]!);
      u1[at] = Math.min(1, largest[0]!);
      v1[at] = Math.min(1, largest[1]!);
      const hasArea = u0[at]! < u1[at]! && v0[at]! < v1[at]!;
      if (!hasArea || largest[2]! < 0 || least[2]! > 1) continue;
      owners[at] = owner;
      boxes.push(box);
    }
  }
  return { count: boxes.length, boxes, owners, u0, v0, u1, v1 };
}

/** Writes the least and largest u, v and w of a box. */
export function spanOf(
  { center, axes }: OrientedBox,
  m: ArrayLike<number>,
  { least, largest }: { readonly least: Float64Array; readonly largest: Float64Array },
): void {
  for (let row = 0; row < 3; row++) {
    const [x, y, z] = [m[row]!, m[4 + row]!, m[8 + row]!];
    const middle = x * center[0] + y * center[1] + z * center[2] + m[12 + row]!;
    let reach = 0;
    for (let axis = 0; axis < 3; axis++) {
      const along = axes[axis]!;
      reach += Math.abs(x * along[0]! + y * along[1]! + z * along[2]!);
    }
    least[row] = middle - reach;
    largest[row] = middle + reach;
  }
}
