/**
 * A tile's outline clipped to what the camera sees.
 *
 * Only the four side planes and w > 0 clip, so that either depth convention and reverse depth give
 * the same answer (Sutherland and Hodgman, "Reentrant Polygon Clipping", 1974, in homogeneous
 * coordinates). All memory is taken once.
 *
 * @module
 */

import type { ProjectedPlane } from "./plane_view.ts";

const STRIDE = 5;
/** A quadrilateral cut by five planes has at most nine corners. */
const MAX_CORNERS = 10;

/** A convex polygon in (clip x, clip y, clip w, u, v). */
export class ClipPolygon {
  /** Number of corners; 0 if nothing is seen. */
  count = 0;
  #corners = new Float64Array(MAX_CORNERS * STRIDE);
  #spare = new Float64Array(MAX_CORNERS * STRIDE);

  /** Texture coordinate u of a corner. */
  u(corner: number): number {
    return this.#corners[corner * STRIDE + 3]!;
  }

  /** Texture coordinate v of a corner. */
  v(corner: number): number {
    return this.#corners[corner * STRIDE + 4]!;
  }

  /**
   * Becomes the part of the rectangle [u0, u1] × [v0, v1] that is seen.
   *
   * @param widen Width and height of the frustum against the true one; 1 is exact.
   * @returns Whether anything is seen.
   */
  clip(
    view: ProjectedPlane,
    rect: { u0: number; v0: number; u1: number; v1: number },
    widen: number,
  ): boolean {
    this.#set(view.rows, 0, rect.u0, rect.v0);
    this.#set(view.rows, 1, rect.u1, rect.v0);
    this.#set(view.rows, 2, rect.u1, rect.v1);
    this.#set(view.rows, 3, rect.u0, rect.v1);
    this.count = 4;
    const scale = Math.abs(view.rows[6]!) + Math.abs(view.rows[7]!) + Math.abs(view.rows[8]!);
    this.#cut(0, 0, 1, -1e-9 * scale);
    this.#cut(1, 0, widen, 0);
    this.#cut(-1, 0, widen, 0);
    this.#cut(0, 1, widen, 0);
    this.#cut(0, -1, widen, 0);
    return this.count > 0;
  }

  /** Area on the screen in pixels. */
  screenArea(view: ProjectedPlane): number {
    const c = this.#corners;
    let twice = 0;
    for (let i = 0; i < this.count; i++) {
      const a = i * STRIDE;
      const b = (i + 1 === this.count ? 0 : i + 1) * STRIDE;
      const aw = 1 / c[a + 2]!;
      const bw = 1 / c[b + 2]!;
      twice += (c[a]! * c[b + 1]! - c[b]! * c[a + 1]!) * aw * bw;
    }
    return Math.abs(twice) / 2 * view.halfWidth * view.halfHeight;
  }

  #set(rows: Float64Array, corner: number, u: number, v: number): void {
    const c = this.#corners;
    const at = corner * STRIDE;
    c[at] = rows[0]! * u + rows[1]! * v + rows[2]!;
    c[at + 1] = rows[3]! * u + rows[4]! * v + rows[5]!;
    c[at + 2] = rows[6]! * u + rows[7]! * v + rows[8]!;
    c[at + 3] = u;
    c[at + 4] = v;
  }

  /** Keeps what has a·x + b·y + c·w + d > 0. */
  #cut(a: number, b: number, c: number, d: number): void {
    const from = this.#corners;
    const n = this.count;
    if (n === 0) return;
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
