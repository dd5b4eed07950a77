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
export function orientedBoxOf(bounds: WorldBounds, objectToWorld: ArrayLike<number>): OrientedBox {
  const m = objectToWorld;
  const middle = [0, 1, 2].map((i) => (bounds.min[i]! + bounds.max[i]!) / 2);
  const half = [0, 1, 2].map((i) => (bounds.max[i]! - bounds.min[i]!) / 2);
  const center = [0, 1, 2].map((row) =>
    m[row]! * middle[0]! + m[4 + row]! * middle[1]! + m[8 + row]! * middle[2]! + m[12 + row]!
  );
  const axes = [0, 1, 2].map((axis) => [0, 1, 2].map((row) => m[4 * axis + row]! * half[axis]!));
  return { center, axes } as unknown as OrientedBox;
}

/** The eight corners. */
export function cornersOf({ center, axes }: OrientedBox): Vec3[] {
  const corners: Vec3[] = [];
  for (let corner = 0; corner < 8; corner++) {
    const signs = [0, 1, 2].map((axis) => (corner >> axis) & 1 ? 1 : -1);
    const at = [0, 1, 2].map((i) =>
      center[i]! + signs[0]! * axes[0][i]! + signs[1]! * axes[1][i]! + signs[2]! * axes[2][i]!
    );
    corners.push(at as unknown as Vec3);
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
