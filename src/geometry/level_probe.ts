/**
 * Measures the level of detail at some points of a placed texture.
 *
 * All numbers are in typed arrays, so that no call allocates.
 *
 * @module
 */

import type { PlaneView, ProjectedPlane, SurroundingPlane } from "./plane_view.ts";

/** Points that a probe has room for: corners, edge middles and the middle of a clipped outline. */
const MAX_POINTS = 24;
/** Level for points that no pixel sees: 64, coarser than any. */
const MOST_SQUARED_TEXELS = 2 ** 128;

/** Points, and the range of the level of detail at them. */
export class LevelProbe {
  /** Texture coordinates of the points: u and v in turn. */
  readonly points: Float64Array = new Float64Array(2 * MAX_POINTS);
  /** Numbers in {@linkcode points} that are in use. */
  length = 0;
  /** Lowest and highest level of detail that were measured. */
  readonly range: Float64Array = new Float64Array(2);

  /**
   * Measures the level of detail at the points, before any bias: log2 of the texels of level 0 that
   * a pixel covers along the longer screen axis (WebGPU leaves the formula to the implementation;
   * this is the isotropic one of the Vulkan specification, 16.5.7 "Scale Factor Operation"). With
   * anisotropy n the longer length is divided by min(n, longer / shorter).
   */
  measure(view: PlaneView, maxAnisotropy: number): void {
    if (view.kind === "projected") this.#measureProjected(view, maxAnisotropy);
    else this.#measureSurrounding(view, maxAnisotropy);
    // Squares up to here: the logarithm is monotonic, so it is taken only of the extremes.
    for (let i = 0; i < 2; i++) {
      const squared = this.range[i]!;
      const bounded = squared > 0
        ? Math.min(squared, MOST_SQUARED_TEXELS)
        : 1 / MOST_SQUARED_TEXELS;
      this.range[i] = 0.5 * Math.log2(bounded);
    }
  }

  /**
   * With clip coordinates x, y, w linear in u and v, screen derivatives by u and v are linear over
   * w², and their determinant is that of the rows over w³.
   */
  #measureProjected(view: ProjectedPlane, maxAnisotropy: number): void {
    const { rows: r, halfWidth, halfHeight, width, height } = view;
    const scaleXU = halfWidth / width;
    const scaleXV = halfWidth / height;
    const scaleYU = halfHeight / width;
    const scaleYV = halfHeight / height;
    const xuV = (r[0]! * r[7]! - r[1]! * r[6]!) * scaleXU;
    const xu1 = (r[0]! * r[8]! - r[2]! * r[6]!) * scaleXU;
    const xvU = (r[1]! * r[6]! - r[0]! * r[7]!) * scaleXV;
    const xv1 = (r[1]! * r[8]! - r[2]! * r[7]!) * scaleXV;
    const yuV = (r[3]! * r[7]! - r[4]! * r[6]!) * scaleYU;
    const yu1 = (r[3]! * r[8]! - r[5]! * r[6]!) * scaleYU;
    const yvU = (r[4]! * r[6]! - r[3]! * r[7]!) * scaleYV;
    const yv1 = (r[4]! * r[8]! - r[5]! * r[7]!) * scaleYV;
    const determinant = (r[0]! * (r[4]! * r[8]! - r[5]! * r[7]!) -
      r[1]! * (r[3]! * r[8]! - r[5]! * r[6]!) +
      r[2]! * (r[3]! * r[7]! - r[4]! * r[6]!)) * scaleXU * scaleYV;
    const inverse = 1 / (determinant * determinant);
    const shrink = 1 / (maxAnisotropy * maxAnisotropy);
    const { points, length } = this;
    let least = Infinity;
    let most = 0;
    for (let i = 0; i < length; i += 2) {
      const u = points[i]!;
      const v = points[i + 1]!;
      const w = r[6]! * u + r[7]! * v + r[8]!;
      const xu = xuV * v + xu1;
      const xv = xvU * u + xv1;
      const yu = yuV * v + yu1;
      const yv = yvU * u + yv1;
      // Inverse of the matrix of derivatives: texels by pixels.
      const alongX = yv * yv + yu * yu;
      const alongY = xv * xv + xu * xu;
      const longer = Math.max(alongX, alongY) * shrink;
      const squared = Math.max(longer, Math.min(alongX, alongY)) * w * w * inverse;
      if (squared < least) least = squared;
      if (squared > most) most = squared;
    }
    this.range[0] = least;
    this.range[1] = most;
  }

  #measureSurrounding(view: SurroundingPlane, maxAnisotropy: number): void {
    const { points, length } = this;
    const { footU, footV, distance, uu, uv, vv } = view;
    const texels = view.pixelAngle / view.texelWorld;
    let least = Infinity;
    let most = 0;
    for (let i = 0; i < length; i += 2) {
      const du = points[i]! - footU;
      const dv = points[i + 1]! - footV;
      const squaredWay = du * du * uu + 2 * du * dv * uv + dv * dv * vv + distance * distance;
      const shorter = squaredWay * texels * texels;
      const stretched = squaredWay / Math.max(distance, 1e-30) * texels / maxAnisotropy;
      const squared = Math.max(shorter, stretched * stretched);
      if (squared < least) least = squared;
      if (squared > most) most = squared;
    }
    this.range[0] = least;
    this.range[1] = most;
  }
}

/** Level of detail at one point; see {@linkcode LevelProbe.measure}. */
export function levelOfDetail(
  view: PlaneView,
  point: { readonly u: number; readonly v: number },
  maxAnisotropy = 1,
): number {
  const probe = new LevelProbe();
  probe.points[0] = point.u;
  probe.points[1] = point.v;
  probe.length = 2;
  probe.measure(view, maxAnisotropy);
  return probe.range[0]!;
}
