/**
 * Boxes that stand at any angle in the world, in float64.
 *
 * @module
 */

import { cross, type Vec3 } from "./placement.ts";

/** A box at any angle: its points are center + a · axes[0] + b · axes[1] + c · axes[2], -1 to 1. */
export interface OrientedBox {
  /** World position of its middle. */
  readonly center: Vec3;
  /** From the middle to the middle of three faces; one of length 0 makes it flat. */
  readonly axes: readonly [Vec3, Vec3, Vec3];
}

/** A box along the world's axes. */
export interface WorldBounds {
  /** The smallest x, y and z. */
  readonly min: Vec3;
  /** The largest x, y and z. */
  readonly max: Vec3;
}

/** The box around bounds in an object's space, brought to the world by a column-major matrix. */
export function orientedBoxOf(
  { min, max }: WorldBounds,
  objectToWorld: ArrayLike<number>,
): OrientedBox {
  const m = objectToWorld;
  const [x, y, z] = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  const center = (row: number) => m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!;
  const axis = (column: 0 | 1 | 2): Vec3 => {
    const half = (max[column] - min[column]) / 2;
    const at = 4 * column;
    return [m[at]! * half, m[at + 1]! * half, m[at + 2]! * half];
  };
  return { center: [center(0), center(1), center(2)], axes: [axis(0), axis(1), axis(2)] };
}

/** The eight corners. */
export function cornersOf({ center, axes: [a, b, c] }: OrientedBox): Vec3[] {
  const corners: Vec3[] = [];
  for (let corner = 0; corner < 8; corner++) {
    const signA = corner & 1 ? 1 : -1;
    const signB = corner & 2 ? 1 : -1;
    const signC = corner & 4 ? 1 : -1;
    corners.push([
      center[0] + signA * a[0] + signB * b[0] + signC * c[0],
      center[1] + signA * a[1] + signB * b[1] + signC * c[1],
      center[2] + signA * a[2] + signB * b[2] + signC * c[2],
    ]);
  }
  return corners;
}

/** The bounds along the world's axes of some boxes; null if there are none. */
export function worldBoundsOf(boxes: Iterable<OrientedBox>): WorldBounds | null {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (const { center, axes } of boxes) {
    for (let i = 0; i < 3; i++) {
      const reach = axes.reduce((sum, axis) => sum + Math.abs(axis[i]!), 0);
      min[i] = Math.min(min[i]!, center[i]! - reach);
      max[i] = Math.max(max[i]!, center[i]! + reach);
    }
  }
  return min[0]! > max[0]! ? null : { min, max } as unknown as WorldBounds;
}

/** Whether two boxes have a point in common, by the fifteen axes that may part them. */
export function boxesOverlap(a: OrientedBox, b: OrientedBox): boolean {
  const between = [0, 1, 2].map((i) => b.center[i]! - a.center[i]!) as unknown as Vec3;
  const all = [...a.axes, ...b.axes];
  const candidates = [
    ...faceNormals(a),
    ...faceNormals(b),
    ...a.axes.flatMap((one) => b.axes.map((other) => cross(one, other))),
  ];
  return !candidates.some((axis) => {
    const reach = all.reduce((sum, part) => sum + Math.abs(dot(part, axis)), 0);
    // Rounding of axes that are almost parallel must not part what touches.
    return Math.abs(dot(between, axis)) > reach * (1 + 1e-12);
  });
}

/** Normals of the faces; a flat box keeps the one that its other two axes span. */
function faceNormals({ axes: [a, b, c] }: OrientedBox): Vec3[] {
  return [cross(a, b), cross(b, c), cross(c, a)];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
