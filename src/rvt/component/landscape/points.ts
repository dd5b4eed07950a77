/**
 * Points and normals under object-to-world matrices: column-major, float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import { cross, type Vec3 } from "../../../geometry/mod.ts";

/** World to object. */
export function inverseOf(toWorld: ArrayLike<number>): Float64Array {
  return mat4d.inverse(Float64Array.from(toWorld));
}

/** A point under a matrix. */
export function pointBy(m: ArrayLike<number>, point: ArrayLike<number>): Vec3 {
  const [x, y, z] = [point[0]!, point[1]!, point[2]!];
  return [0, 1, 2].map((row) =>
    m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!
  ) as unknown as Vec3;
}

/** A unit normal under a matrix: by the cross products of its axes, which are its cofactors. */
export function normalToWorld(m: ArrayLike<number>, normal: Vec3): Vec3 {
  const axis = (column: number): Vec3 => [m[4 * column]!, m[4 * column + 1]!, m[4 * column + 2]!];
  const [x, y, z] = [axis(0), axis(1), axis(2)];
  const faces = [cross(y, z), cross(z, x), cross(x, y)];
  // A mirroring matrix turns the cross products around.
  const volume = [0, 1, 2].reduce((sum, i) => sum + z[i]! * faces[2]![i]!, 0);
  const world = [0, 1, 2].map((row) =>
    Math.sign(volume) * faces.reduce((sum, face, column) => sum + face[row]! * normal[column]!, 0)
  );
  const length = Math.hypot(...world);
  return world.map((part) => part / length) as unknown as Vec3;
}
