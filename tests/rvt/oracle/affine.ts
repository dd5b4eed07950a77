/**
 * Affine maps of space in float64, as column-major 4×4 matrices, written out by hand: the oracle shares
 * no code with what it judges.
 *
 * @module
 */

/** A point, a vector or a colour. */
export type Vec3 = readonly [number, number, number];

/** A column-major 4×4 matrix whose last row is 0, 0, 0, 1. */
export type Affine = ArrayLike<number>;

/** a · b: first b, then a. */
export function multiplied(a: Affine, b: Affine): Float64Array {
  const product = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * k + row]! * b[4 * column + k]!;
      product[4 * column + row] = sum;
    }
  }
  return product;
}

/** The determinant of the upper left 3×3. */
export function determinant(m: Affine): number {
  return m[0]! * (m[5]! * m[10]! - m[9]! * m[6]!) -
    m[4]! * (m[1]! * m[10]! - m[9]! * m[2]!) +
    m[8]! * (m[1]! * m[6]! - m[5]! * m[2]!);
}

/** The inverse, by cofactors. */
export function inverted(m: Affine): Float64Array {
  const d = determinant(m);
  if (d === 0 || !Number.isFinite(d)) throw new Error("The matrix has no inverse");
  const inverse = new Float64Array(16);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      // Cyclic neighbours of the transposed place carry the cofactor's sign with them.
      const [r1, r2] = [(column + 1) % 3, (column + 2) % 3];
      const [c1, c2] = [(row + 1) % 3, (row + 2) % 3];
      inverse[4 * column + row] =
        (m[4 * c1 + r1]! * m[4 * c2 + r2]! - m[4 * c2 + r1]! * m[4 * c1 + r2]!) / d;
    }
  }
  const [x, y, z] = transformedVector(inverse, [m[12]!, m[13]!, m[14]!]);
  inverse.set([-x, -y, -z, 1], 12);
  return inverse;
}

/** A point brought through the map. */
export function transformedPoint(m: Affine, [x, y, z]: Vec3): Vec3 {
  return [
    m[0]! * x + m[4]! * y + m[8]! * z + m[12]!,
    m[1]! * x + m[5]! * y + m[9]! * z + m[13]!,
    m[2]! * x + m[6]! * y + m[10]! * z + m[14]!,
  ];
}

/** A difference of points brought through the map. */
export function transformedVector(m: Affine, [x, y, z]: Vec3): Vec3 {
  return [
    m[0]! * x + m[4]! * y + m[8]! * z,
    m[1]! * x + m[5]! * y + m[9]! * z,
    m[2]! * x + m[6]! * y + m[10]! * z,
  ];
}

/**
 * A surface's normal brought through the map whose inverse is given: by the inverse's transpose, so
 * that it stays perpendicular to the surface and on its side, mirrored or not. Not normalised.
 */
export function transformedNormal(inverse: Affine, [x, y, z]: Vec3): Vec3 {
  return [
    inverse[0]! * x + inverse[1]! * y + inverse[2]! * z,
    inverse[4]! * x + inverse[5]! * y + inverse[6]! * z,
    inverse[8]! * x + inverse[9]! * y + inverse[10]! * z,
  ];
}

/** The sum of the products. */
export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The cross product. */
export function crossed(a: Vec3, b: Vec3): Vec3 {
  return [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
}

/** a − b. */
export function difference(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** The vector at length 1; one of length 0 becomes 0, 0, 1. */
export function normalized(v: Vec3): Vec3 {
  const length = Math.hypot(...v);
  return length > 0 ? [v[0] / length, v[1] / length, v[2] / length] : [0, 0, 1];
}

/** The mean of three vectors by weights that sum to 1. */
export function weighted(weights: Vec3, [a, b, c]: readonly [Vec3, Vec3, Vec3]): Vec3 {
  return [0, 1, 2].map((i) =>
    weights[0] * a[i]! + weights[1] * b[i]! + weights[2] * c[i]!
  ) as unknown as Vec3;
}
