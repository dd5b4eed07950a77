/**
 * The piece of a spline between two of its control points, as a mesh.
 *
 * @module
 */

import {
  cross,
  inverse4,
  makeMesh,
  type Mesh,
  type OrientedBox,
  transformNormal,
  transformPoint,
  type Vec3,
} from "../../../geometry/mod.ts";
import type { SurfacePoint } from "./landscape_component.ts";
import { curvePoint, type SplineCurve } from "./spline_curve.ts";

/** How segments are made. */
export interface SegmentOptions {
  /** Spline to world, column-major, float64. */
  readonly toWorld: ArrayLike<number>;
  /** Quads along the curve. */
  readonly quadsAlong: number;
  /** Quads across it. */
  readonly quadsAcross: number;
  /** Where a point of the world comes to lie; null where it stays. */
  readonly layDown: (point: Vec3) => SurfacePoint | null;
  /** What cannot be done if a vertex is not finite. */
  readonly failure: string;
}

/** A piece of a spline. */
export interface SplineSegment {
  readonly curve: SplineCurve;
  /** In the spline's space, where the next one begins with the vertices that this one ends with. */
  readonly mesh: Mesh;
  /** Along the straight line between the ends of the curve. */
  readonly box: OrientedBox;
}

/** The mesh of a curve, which is u along it, from 0 to 1, and v across, from its left to its right. */
export function makeSegment(curve: SplineCurve, options: SegmentOptions): SplineSegment {
  const { toWorld, quadsAlong, quadsAcross, layDown, failure } = options;
  const toSpline = inverse4(toWorld);
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= quadsAlong; row++) {
    const section = crossSection(curve, row / quadsAlong);
    for (let column = 0; column <= quadsAcross; column++) {
      const v = column / quadsAcross;
      const at = section.left.map((part, i) => part * (1 - v) + v * section.right[i]!);
      const laid = layDown(transformPoint(toWorld, at));
      positions.push(...(laid === null ? at : transformPoint(toSpline, laid.position)));
      normals.push(...(laid === null ? section.normal : transformNormal(toSpline, laid.normal)));
      uvs.push(row / quadsAlong, v);
      if (row === quadsAlong || column === quadsAcross) continue;
      const here = row * (quadsAcross + 1) + column;
      const ahead = here + quadsAcross + 1;
      indices.push(here, here + 1, ahead + 1, here, ahead + 1, ahead);
    }
  }
  const mesh = makeMesh({ positions, normals, uvs, indices }, failure);
  return { curve, mesh, box: boxAlong(mesh, { toWorld, rowLength: quadsAcross + 1 }) };
}

/** Whether two segments look the same. */
export function sameSegments(a: SplineSegment, b: SplineSegment): boolean {
  const numbers = ({ mesh }: SplineSegment) => [mesh.positions, mesh.normals];
  const others = numbers(b);
  return numbers(a).every((list, i) =>
    list.length === others[i]!.length && list.every((number, k) => number === others[i]![k])
  );
}

/** The left and right ends of a line across a curve, and its normal. */
function crossSection(curve: SplineCurve, t: number): { left: Vec3; right: Vec3; normal: Vec3 } {
  const { position, tangent, width, rollRadians } = curvePoint(curve, t);
  const chord = difference(curve.end.position, curve.start.position);
  const ahead = unit(tangent) ?? unit(chord)!;
  const level = unit(cross([0, 0, 1], ahead)) ?? unit(cross([0, 1, 0], ahead))!;
  const above = cross(ahead, level);
  const [cosine, sine] = [Math.cos(rollRadians), Math.sin(rollRadians)];
  const toLeft = level.map((part, i) => part * cosine + above[i]! * sine) as unknown as Vec3;
  const side = (sign: number) =>
    position.map((part, i) => part + sign * toLeft[i]! * width / 2) as unknown as Vec3;
  return { left: side(1), right: side(-1), normal: cross(ahead, toLeft) };
}

/** The box around a mesh that follows the line from the middle of its first row to that of its last. */
function boxAlong(
  { positions }: Mesh,
  { toWorld, rowLength }: { readonly toWorld: ArrayLike<number>; readonly rowLength: number },
): OrientedBox {
  const points: Vec3[] = [];
  for (let i = 0; i < positions.length; i += 3) {
    points.push(transformPoint(toWorld, positions.subarray(i, i + 3)));
  }
  const middle = (row: readonly Vec3[]) => midpoint(row[0]!, row.at(-1)!);
  const ends = [middle(points.slice(-rowLength)), middle(points.slice(0, rowLength))] as const;
  const along = unit(difference(...ends)) ?? [1, 0, 0];
  const up: Vec3 = [toWorld[8]!, toWorld[9]!, toWorld[10]!];
  const across = unit(cross(up, along)) ?? unit(cross([0, 1, 0], along)) ?? [0, 0, 1];
  const frame: Vec3[] = [along, across, cross(along, across)];
  const center = [0, 0, 0];
  const axes = frame.map((direction) => {
    const reaches = points.map((point) => dot(point, direction));
    const [low, high] = [Math.min(...reaches), Math.max(...reaches)];
    direction.forEach((part, i) => center[i] = center[i]! + part * (low + high) / 2);
    return direction.map((part) => part * (high - low) / 2);
  });
  return { center, axes } as unknown as OrientedBox;
}

function difference(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function midpoint(a: Vec3, b: Vec3): Vec3 {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Null if it has no direction to speak of. */
function unit(vector: Vec3): Vec3 | null {
  const length = Math.hypot(...vector);
  if (!(length > 1e-12)) return null;
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}
