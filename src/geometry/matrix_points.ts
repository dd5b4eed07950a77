/**
 * Points and normals under affine 4×4 matrices: column-major, in float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import { cross, type Vec3 } from "./placement.ts";

/** The inverse of a matrix that has one. */
export function inverse4(matrix: ArrayLike<number>): Float64Array {
  return mat4d.inverse(Float64Array.from(matrix));
}

/** A point under an affine matrix. */
export function transformPoint(m: ArrayLike<number>, point: ArrayLike<number>): Vec3 {
  const [x, y, z] = [point[0]!, point[1]!, point[2]!];
  return [
    m[0]! * x + m[4]! * y + m[8]! * z + m[12]!,
    m[1]! * x + m[5]! * y + m[9]! * z + m[13]!,
    m[2]! * x + m[6]! * y + m[10]! * z + m[14]!,
  ];
}

/**
 * The unit normal of a surface under a matrix: by the cross products of the matrix's axes, which are
 * its cofactors, with the sign of its determinant.
 */
export function transformNormal(m: ArrayLike<number>, normal: ArrayLike<number>): Vec3 {
  const axis = (column: number): Vec3 => [m[4 * column]!, m[4 * column + 1]!, m[4 * column + 2]!];
  const [x, y, z] = [axis(0), axis(1), axis(2)];
  const faces = [cross(y, z), cross(z, x), cross(x, y)];
  const sign = determinant3(m) < 0 ? -1 : 1;
  const turned = [0, 1, 2].map((row) =>
    sign * faces.reduce((sum, face, column) => sum + face[row]! * normal[column]!, 0)
  );
  const length = Math.hypot(...turned);
  return turned.map((part) => part / length) as unknown as Vec3;
}

/** Determinant of a matrix's upper 3×3 part: below 0 if it mirrors. */
export function determinant3(m: ArrayLike<number>): number {
  return m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) - m[4]! * (m[1]! * m[10]! - m[2]! * m[9]!) +
    m[8]! * (m[1]! * m[6]! - m[2]! * m[5]!);
}
