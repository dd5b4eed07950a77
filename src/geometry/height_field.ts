/**
 * Grids of heights, and what lies between their samples.
 *
 * @module
 */

import type { Vec3 } from "./placement.ts";

/** Heights in rows; sample (column, row) lies at x = column, y = row. */
export interface HeightField {
  /** Samples along x, at least 2. */
  readonly width: number;
  /** Samples along y, at least 2. */
  readonly height: number;
  /** `width` · `height` heights (z), row by row. */
  readonly heights: Float32Array;
}

/** A place in a height field's own plane; beyond its edges the nearest edge's values hold. */
export interface HeightFieldPoint {
  /** Column, with a fraction between samples. */
  readonly x: number;
  /** Row, with a fraction between samples. */
  readonly y: number;
}

/** By how many samples around it a sample changes {@linkcode heightAt}. */
export const HEIGHT_REACH_SAMPLES = 1;

/** By how many samples around it a sample changes {@linkcode normalAt}. */
export const NORMAL_REACH_SAMPLES = 2;

/** Height at a point: bilinear between the four samples around it. */
export function heightAt(field: HeightField, point: HeightFieldPoint): number {
  const { heights, width } = field;
  return bilinear(field, point, (column, row) => heights[row * width + column]!);
}

/**
 * Unit normal at a point: that of the slopes along x and y, bilinear between the samples, where they
 * are central differences of the samples beside, one-sided at the edges. In the field's own space,
 * z > 0.
 */
export function normalAt(field: HeightField, point: HeightFieldPoint): Vec3 {
  const { heights, width, height } = field;
  const slopeX = bilinear(field, point, (column, row) => {
    const [left, right] = [Math.max(0, column - 1), Math.min(width - 1, column + 1)];
    return (heights[row * width + right]! - heights[row * width + left]!) / (right - left);
  });
  const slopeY = bilinear(field, point, (column, row) => {
    const [above, below] = [Math.max(0, row - 1), Math.min(height - 1, row + 1)];
    return (heights[below * width + column]! - heights[above * width + column]!) / (below - above);
  });
  const length = Math.hypot(slopeX, slopeY, 1);
  return [-slopeX / length, -slopeY / length, 1 / length];
}

function bilinear(
  { width, height }: HeightField,
  point: HeightFieldPoint,
  sample: (column: number, row: number) => number,
): number {
  const x = Math.min(width - 1, Math.max(0, point.x));
  const y = Math.min(height - 1, Math.max(0, point.y));
  const column = Math.min(width - 2, Math.floor(x));
  const row = Math.min(height - 2, Math.floor(y));
  const [fx, fy] = [x - column, y - row];
  const upper = sample(column, row) * (1 - fx) + sample(column + 1, row) * fx;
  const lower = sample(column, row + 1) * (1 - fx) + sample(column + 1, row + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}
