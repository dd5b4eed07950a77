/**
 * A tile's outline clipped to what the camera sees.
 *
 * Only the four side planes and w > 0 clip, so that either depth convention and reverse depth give
 * the same answer (Sutherland and Hodgman, "Reentrant Polygon Clipping", 1974, in homogeneous
 * coordinates). All memory is allocated once.
 *
 * @module
 */

import type { ProjectedPlane } from "./plane_view.ts";

const STRIDE = 5;
/** A quadrilateral cut by five planes has at most nine corners. */
const MAX_CORNERS = 10;
const PLANES = 5;
/** Index of the constant of the plane w > 0. */
const NEAR_OFFSET = 3;

/** A convex polygon in (clip x, clip y, clip w, u, v). */
export class ClipPolygon {
  /** Number of corners; 0 if nothing is seen. */
  count = 0;
  /**
   * Four coefficients of each plane: w > 0, then the sides. In an array, as plain arguments would
   * be boxed.
   */
  readonly #planes = Float64Array.of(0, 0, 1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 0, 1, 1, 0, 0, -1, 1, 0);
  #corners = new Float64Array(MAX_CORNERS * STRIDE);
  #spare = new Float64Array(MAX_CORNERS * STRIDE);

  /**
   * Writes corners, middles of edges and the middle of all corners to an array, u and v in turn.
   *
   * @returns How many numbers were written.
   */
  copyPoints(to: Float64Array): number {
    const { count } = this;
    const c = this.#corners;
    let length = 0;
    let sumU = 0;
    let sumV = 0;
    for (let i = 0; i < count; i++) {
      const here = i * STRIDE + 3;
      const next = (i + 1 === count ? 0 : i + 1) * STRIDE + 3;
      const u = c[here]!;
      const v = c[here + 1]!;
      to[length++] = u;
      to[length++] = v;
      to[length++] = (u + c[next]!) / 2;
      to[length++] = (v + c[next + 1]!) / 2;
      sumU += u;
      sumV += v;
    }
    to[length++] = sumU / count;
    to[length++] = sumV / count;
    return length;
  }

  /** Writes u0, v0, u1, v1 of the smallest rectangle around it to an array. */
  copyBounds(to: Float64Array): void {
    const c = this.#corners;
    to.fill(Infinity, 0, 2).fill(-Infinity, 2, 4);
    for (let at = 3; at < this.count * STRIDE; at += STRIDE) {
      to[0] = Math.min(to[0]!, c[at]!);
      to[1] = Math.min(to[1]!, c[at + 1]!);
      to[2] = Math.max(to[2]!, c[at]!);
      to[3] = Math.max(to[3]!, c[at + 1]!);
    }
  }

  /** Texture coordinate u of a corner. */
  u(corner: number): number {
    return this.#corners[corner * STRIDE + 3]!;
  }

  /** Texture coordinate v of a corner. */
  v(corner: number): number {
    return this.#corners[corner * STRIDE + 4]!;
  }

  /**
   * Sets the polygon to the visible part of a rectangle of texture coordinates.
   *
   * @param rect u0, v0, u1, v1.
   * @param widen Width and height of the frustum against the true one; 1 is exact.
   * @returns Whether anything is seen.
   */
  clip(view: ProjectedPlane, rect: Float64Array, widen: number): boolean {
    const corners = this.#corners;
    corners[3] = corners[18] = rect[0]!;
    corners[8] = corners[13] = rect[2]!;
    corners[4] = corners[9] = rect[1]!;
    corners[14] = corners[19] = rect[3]!;
    const { rows } = view;
    for (let at = 0; at < 4 * STRIDE; at += STRIDE) {
      const u = corners[at + 3]!;
      const v = corners[at + 4]!;
      corners[at] = rows[0]! * u + rows[1]! * v + rows[2]!;
      corners[at + 1] = rows[3]! * u + rows[4]! * v + rows[5]!;
      corners[at + 2] = rows[6]! * u + rows[7]! * v + rows[8]!;
    }
    this.count = 4;
    const scale = Math.abs(rows[6]!) + Math.abs(rows[7]!) + Math.abs(rows[8]!);
    const planes = this.#planes;
    planes[NEAR_OFFSET] = -1e-9 * scale;
    for (let side = 1; side < PLANES; side++) planes[4 * side + 2] = widen;
    for (let plane = 0; plane < PLANES && this.count > 0; plane++) this.#cut(4 * plane);
    return this.count > 0;
  }

  /** Writes the area on the screen in pixels to the first element of an array. */
  measureArea(view: ProjectedPlane, to: Float64Array): void {
    const c = this.#corners;
    let twice = 0;
    for (let i = 0; i < this.count; i++) {
      const a = i * STRIDE;
      const b = (i + 1 === this.count ? 0 : i + 1) * STRIDE;
      const aw = 1 / c[a + 2]!;
      const bw = 1 / c[b + 2]!;
      twice += (c[a]! * c[b + 1]! - c[b]! * c[a + 1]!) * aw * bw;
    }
    to[0] = Math.abs(twice) / 2 * view.halfWidth * view.halfHeight;
  }

  /** Clips to a·x + b·y + c·w + d > 0, for the plane at an index. */
  #cut(plane: number): void {
    const a = this.#planes[plane]!;
    const b = this.#planes[plane + 1]!;
    const c = this.#planes[plane + 2]!;
    const d = this.#planes[plane + 3]!;
    const from = this.#corners;
    const n = this.count;
    let outside = 0;
    for (let i = 0, at = 0; i < n; i++, at += STRIDE) {
      if (!(a * from[at]! + b * from[at + 1]! + c * from[at + 2]! + d > 0)) outside++;
    }
    if (outside === 0) return;
    if (outside === n) {
      this.count = 0;
      return;
    }
    const to = this.#spare;
    let out = 0;
    let before = (n - 1) * STRIDE;
    let distanceBefore = a * from[before]! + b * from[before + 1]! + c * from[before + 2]! + d;
    for (let i = 0, at = 0; i < n; i++, at += STRIDE) {
      const distance = a * from[at]! + b * from[at + 1]! + c * from[at + 2]! + d;
      if ((distance > 0) !== (distanceBefore > 0)) {
        const t = distanceBefore / (distanceBefore - distance);
        for (let k = 0; k < STRIDE; k++) {
          to[out + k] = from[before + k]! + t * (from[at + k]! - from[before + k]!);
        }
        out += STRIDE;
      }
      if (distance > 0) {
        for (let k = 0; k < STRIDE; k++) to[out + k] = from[at + k]!;
        out += STRIDE;
      }
      before = at;
      distanceBefore = distance;
    }
    this.#corners = to;
    this.#spare = from;
    this.count = out / STRIDE;
  }
}
