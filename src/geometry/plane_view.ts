/**
 * How a placed texture is seen: where a texture coordinate lands on the screen, and how many
 * texels of level 0 a pixel covers there.
 *
 * A view answers for points in texture coordinates (u, v from 0 to 1). Two kinds exist: through a
 * projection, and in every direction around a position.
 *
 * @module
 */

import type { Camera } from "./camera.ts";
import { cross, type Placement, type Vec3 } from "./placement.ts";

/** A texture seen through a projection. All rows are (du, dv, constant). */
export interface ProjectedPlane {
  /** Distinguishes it from a {@linkcode SurroundingPlane}. */
  readonly kind: "projected";
  /** Clip x, y and w as linear functions of u and v: 9 numbers. */
  readonly rows: Float64Array;
  /** Half the viewport's width in pixels. */
  readonly halfWidth: number;
  /** Half the viewport's height in pixels. */
  readonly halfHeight: number;
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
}

/** A texture around a camera whose direction is not known. */
export interface SurroundingPlane {
  /** Distinguishes it from a {@linkcode ProjectedPlane}. */
  readonly kind: "surrounding";
  /** u of the camera's foot on the plane, 0 to 1 over the texture. */
  readonly footU: number;
  /** v of the camera's foot on the plane, 0 to 1 over the texture. */
  readonly footV: number;
  /** Camera's distance from the plane in world units. */
  readonly distance: number;
  /** Gram matrix of the axes: |U|². */
  readonly uu: number;
  /** Gram matrix of the axes: U·V. */
  readonly uv: number;
  /** Gram matrix of the axes: |V|². */
  readonly vv: number;
  /** Angle of a pixel in radians. */
  readonly pixelAngle: number;
  /** World size of a texel of level 0, the smaller side. */
  readonly texelWorld: number;
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
}

/** Either kind of view. */
export type PlaneView = ProjectedPlane | SurroundingPlane;

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function projected(
  placement: Placement,
  size: readonly [number, number],
  options: { camera: Camera; viewProjection: Float64Array },
): ProjectedPlane {
  const { camera, viewProjection: m } = options;
  const rows = new Float64Array(9);
  const { axisU, axisV, origin } = placement;
  for (const [i, row] of [0, 1, 3].entries()) {
    const r: Vec3 = [m[row]!, m[4 + row]!, m[8 + row]!];
    rows[3 * i] = dot(r, axisU);
    rows[3 * i + 1] = dot(r, axisV);
    rows[3 * i + 2] = dot(r, origin) + m[12 + row]!;
  }
  return {
    kind: "projected",
    rows,
    halfWidth: camera.width / 2,
    halfHeight: camera.height / 2,
    width: size[0],
    height: size[1],
  };
}

function surrounding(
  camera: Camera,
  placement: Placement,
  size: readonly [number, number],
): SurroundingPlane {
  const { axisU, axisV, origin } = placement;
  const normal = cross(axisU, axisV);
  const area = Math.hypot(...normal);
  const p = camera.position;
  const q: Vec3 = [p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]];
  const uu = dot(axisU, axisU);
  const uv = dot(axisU, axisV);
  const vv = dot(axisV, axisV);
  const qu = dot(q, axisU);
  const qv = dot(q, axisV);
  const det = uu * vv - uv * uv;
  return {
    kind: "surrounding",
    footU: (qu * vv - qv * uv) / det,
    footV: (qv * uu - qu * uv) / det,
    distance: Math.abs(dot(q, normal)) / area,
    uu,
    uv,
    vv,
    pixelAngle: 2 * camera.tanHalfFov / camera.height,
    texelWorld: Math.min(Math.sqrt(uu) / size[0], Math.sqrt(vv) / size[1]),
    width: size[0],
    height: size[1],
  };
}

/** How a texture of `size` = [width, height] texels at `placement` is seen by a camera. */
export function planeView(
  camera: Camera,
  placement: Placement,
  size: readonly [number, number],
): PlaneView {
  return camera.viewProjection
    ? projected(placement, size, { camera, viewProjection: camera.viewProjection })
    : surrounding(camera, placement, size);
}
