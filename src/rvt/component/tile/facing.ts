/**
 * Which sides of what is drawn are seen from the top of a volume. Pure.
 *
 * @module
 */

import { cross, type Mesh, type Vec3 } from "../../../geometry/mod.ts";
import type { ComponentDraw, LandscapeDraw, MeshDraw } from "../component_draw.ts";

/** Triangles that are looked at; of more it is not known that all of them are turned away. */
const MOST_TRIANGLES = 1_000_000;
/** A side that is seen at an angle whose sine is below this is seen edge-on: nothing of it is drawn. */
const EDGE_ON = 1e-9;

/**
 * The direction in an object's space in which it is seen from the top of a volume: triangles are seen from
 * their front if their normal, the cross product of their edges, has a negative product with it. Mirrored
 * objects turn their triangles, so that the front stays the front. Its length has no meaning.
 *
 * @param toWorld Object to world, column-major.
 * @param toVolume World to volume, column-major.
 */
export function viewInObject(toWorld: ArrayLike<number>, toVolume: ArrayLike<number>): Vec3 {
  const [x, y, z] = [0, 1, 2].map((axis) =>
    [0, 1, 2].map((row) => toWorld[4 * axis + row]!) as unknown as Vec3
  ) as [Vec3, Vec3, Vec3];
  const down: Vec3 = [toVolume[2]!, toVolume[6]!, toVolume[10]!];
  const mirror = Math.sign(dot(cross(x, y), z)) || 1;
  return [cross(y, z), cross(z, x), cross(x, y)].map((normal) =>
    mirror * dot(normal, down)
  ) as unknown as Vec3;
}

/** The normal of a triangle of a mesh, as long as twice its area. */
export function triangleNormal({ positions, indices }: Mesh, triangle: number): Vec3 {
  const [a, b, c] = [0, 1, 2].map((corner) => 3 * indices[3 * triangle + corner]!) as [
    number,
    number,
    number,
  ];
  const edge = (from: number, to: number): Vec3 => [
    positions[to]! - positions[from]!,
    positions[to + 1]! - positions[from + 1]!,
    positions[to + 2]! - positions[from + 2]!,
  ];
  return cross(edge(a, b), edge(a, c));
}

/**
 * Whether a triangle is drawn, seen along a direction of its mesh's space: its front is seen, or, of a
 * material with two sides, its back.
 */
export function isTriangleDrawn(normal: Vec3, view: Vec3, twoSided: boolean): boolean {
  const along = dot(normal, view);
  if (Math.abs(along) <= EDGE_ON * Math.hypot(...normal) * Math.hypot(...view)) return false;
  return twoSided || along < 0;
}

/**
 * Whether draws are certain to show nothing to a volume, as only the backs of their triangles are seen from its
 * top, or all of them edge-on.
 *
 * @param toVolume World to volume, column-major.
 */
export function isTurnedAway(
  draws: readonly ComponentDraw[],
  toVolume: ArrayLike<number>,
): boolean {
  let left = MOST_TRIANGLES;
  return draws.every((draw) => {
    if (draw.kind === "landscape") return isLandscapeTurnedAway(draw, toVolume);
    return draw.instances.every((toWorld) => {
      left -= draw.mesh.indices.length / 3;
      return left >= 0 && isMeshTurnedAway(draw, viewInObject(toWorld, toVolume));
    });
  });
}

function isMeshTurnedAway({ mesh, material }: MeshDraw, view: Vec3): boolean {
  const { twoSided } = material.graph;
  for (let triangle = 0; 3 * triangle < mesh.indices.length; triangle++) {
    if (isTriangleDrawn(triangleNormal(mesh, triangle), view, twoSided)) return false;
  }
  return true;
}

/** One whose slopes may be steeper than the angle at which it is seen is not certain to be. */
function isLandscapeTurnedAway(
  { material, toWorld }: LandscapeDraw,
  toVolume: ArrayLike<number>,
): boolean {
  const view = viewInObject(toWorld, toVolume);
  const isStraight = Math.hypot(view[0], view[1]) <= EDGE_ON * Math.abs(view[2]);
  return isStraight && !isTriangleDrawn([0, 0, 1], view, material.graph.twoSided);
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
