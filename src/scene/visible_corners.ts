/**
 * The part of a placed texture that a camera sees, as triangles. Pure.
 *
 * Corners are clipped and projected in float64, and say where they are as offsets from a texel near
 * the camera, so that one close to a texture of 2^20 texels does not lose texels to the rounding of
 * far-away numbers.
 *
 * @module
 */

import { describeValue } from "../checks.ts";
import { InvalidArgumentError } from "../errors.ts";
import {
  type Camera,
  type CameraView,
  checkedCamera,
  ClipPolygon,
  type Placement,
  planeView,
} from "../geometry/mod.ts";

/** By how much clipping is wider than the picture, so that no pixel at the edge depends on it. */
const WIDEN = 1.01;

const WHOLE_TEXTURE = Float64Array.of(0, 0, 1, 1);

/** A texture with its placement. */
export interface PlacedTexture {
  /** Where it lies. */
  readonly placement: Placement;
  /** Size of level 0 in texels. */
  readonly grid: { readonly width: number; readonly height: number };
}

/** The visible part of a texture. */
export interface VisiblePart {
  /** Texel of level 0 at the nearest corner. */
  readonly anchor: readonly [number, number];
  /**
   * Triangles: clip x, y and w, then the offset from the anchor's outer corner in texels of level
   * 0, for each of their corners.
   */
  readonly corners: Float32Array<ArrayBuffer>;
}

/**
 * The visible part of a texture; null if nothing is seen.
 *
 * @param camera With a view; without one nothing is seen.
 */
export function visiblePart(camera: Camera, texture: PlacedTexture): VisiblePart | null {
  const { placement, grid } = texture;
  const { width, height } = grid;
  const view = planeView(camera, placement, [width, height]);
  if (view.kind !== "projected") return null;
  const polygon = new ClipPolygon();
  if (!polygon.clip(view, WHOLE_TEXTURE, WIDEN)) return null;
  const { rows } = view;
  const clipRow = (row: number, corner: number) =>
    rows[row]! * polygon.u(corner) + rows[row + 1]! * polygon.v(corner) + rows[row + 2]!;
  let nearest = 0;
  for (let corner = 1; corner < polygon.count; corner++) {
    if (clipRow(6, corner) < clipRow(6, nearest)) nearest = corner;
  }
  const anchor = [
    texelAt(polygon.u(nearest), width),
    texelAt(polygon.v(nearest), height),
  ] as const;
  const corners: number[] = [];
  const push = (corner: number) => {
    for (let row = 0; row < 9; row += 3) corners.push(clipRow(row, corner));
    corners.push(polygon.u(corner) * width - anchor[0], polygon.v(corner) * height - anchor[1]);
  };
  for (let corner = 2; corner < polygon.count; corner++) {
    push(0);
    push(corner - 1);
    push(corner);
  }
  return { anchor, corners: new Float32Array(corners) };
}

/**
 * A texel of level 0 for the vertices of a draw to carry their offset from; see
 * `virtualTextureWgsl`. It is the nearest texel of the texture's plane that the camera sees, or the
 * one below the camera's position if it sees none.
 *
 * @example An offset for a vertex at 0 to 1 of the texture
 * ```ts ignore
 * const anchor = anchorTexel(camera, texture);
 * const offset = [u * texture.width - anchor[0], v * texture.height - anchor[1]];
 * ```
 *
 * @throws {InvalidArgumentError} if the camera has no position, or a value has the wrong type.
 * @throws {OutOfRangeError} if a number is not finite.
 */
export function anchorTexel(
  camera: CameraView,
  texture: PlacedTexture,
): readonly [number, number] {
  const checked = checkedCamera(camera);
  if (typeof texture?.grid !== "object" || typeof texture.placement !== "object") {
    throw new InvalidArgumentError(
      "texture",
      `Cannot find anchor as texture must be a loaded texture: current value is ${
        describeValue(texture)
      }`,
    );
  }
  const part = visiblePart(checked, texture);
  if (part !== null) return part.anchor;
  const { width, height } = texture.grid;
  const around = planeView({ ...checked, viewProjection: null }, texture.placement, [
    width,
    height,
  ]);
  if (around.kind !== "surrounding") return [0, 0];
  return [texelAt(around.footU, width), texelAt(around.footV, height)];
}

/** The texel at a position from 0 to 1 along a side; the nearest one outside of that. */
function texelAt(part: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.floor(part * size)));
}
