/**
 * Which components cover the whole of a tile.
 *
 * @module
 */

import {
  type Mesh,
  type OrientedBox,
  planeMesh,
  transformPoint,
  type Vec3,
} from "../../../geometry/mod.ts";
import type { TileGrid } from "../../../tiles/mod.ts";
import { LandscapeComponent } from "../landscape/landscape_component.ts";
import { DecalComponent } from "../mesh/decal_component.ts";
import type { PrimitiveComponent } from "../primitive_component.ts";
import { viewInObject } from "./facing.ts";
import type { FootprintRect } from "./footprint.ts";
import { type TileReach, tileReachRect } from "./touched_tiles.ts";

/** How a tile sees components. */
export interface CoverView extends TileReach {
  readonly grid: TileGrid;
  /** World to volume, affine, column-major. */
  readonly toVolume: ArrayLike<number>;
}

/** What of a component is looked at, and how. */
export interface CoverOptions {
  /** Those of its boxes that the tile shows. */
  readonly boxes: readonly OrientedBox[];
  readonly view: CoverView;
}

/** How near to the top or the bottom of a volume nothing is certain to be inside, as a part of its depth. */
const DEPTH_MARGIN = 1e-4;
/** A unit of height that moves a landscape by less than this on its texture is not seen at an angle. */
const STRAIGHT_TEXELS = 1e-6;

/**
 * Whether a component is certain to draw each texel of a tile, its border included, if its material hides
 * nothing: it is a decal or a landscape that shows its upper side, is wholly inside of the volume, and
 * reaches beyond the tile on all sides. Of other components that is not known.
 */
export function coversTile(
  component: PrimitiveComponent,
  tile: number,
  options: CoverOptions,
): boolean {
  const { view } = options;
  return coversRect(component, tileReachRect(view.grid, tile, view), options);
}

/** As {@linkcode coversTile}, of a part of a tile. */
export function coversRect(
  component: PrimitiveComponent,
  { u0, v0, u1, v1 }: FootprintRect,
  { boxes, view }: CoverOptions,
): boolean {
  const { toVolume } = view;
  const corners = cornersOfSheet(component);
  if (corners === null || !showsUpperSide(component, toVolume)) return false;
  if (component instanceof LandscapeComponent && tiltTexels(component.toWorld, view) > 0) {
    return false;
  }
  if (!isInDepth(boxes, toVolume)) return false;
  const outline = corners.map((corner) =>
    transformPoint(toVolume, transformPoint(component.toWorld, corner))
  );
  return [[u0, v0], [u1, v0], [u1, v1], [u0, v1]].every((point) => isInside(point, outline));
}

/**
 * Whether boxes are certain to lie below the top of a volume and above its bottom.
 *
 * @param toVolume World to volume, affine, column-major.
 */
export function isInDepth(
  boxes: readonly OrientedBox[],
  toVolume: ArrayLike<number>,
): boolean {
  const along = ([x, y, z]: Vec3) => toVolume[2]! * x + toVolume[6]! * y + toVolume[10]! * z;
  return boxes.every(({ center, axes }) => {
    const middle = along(center) + toVolume[14]!;
    const half = Math.abs(along(axes[0])) + Math.abs(along(axes[1])) + Math.abs(along(axes[2]));
    return middle - half >= DEPTH_MARGIN && middle + half <= 1 - DEPTH_MARGIN;
  });
}

/**
 * How far a unit of a landscape's height moves it sideways on a texture, in texels; 0 if it is seen along
 * its own z.
 */
export function tiltTexels(
  toWorld: ArrayLike<number>,
  { toVolume, grid }: Pick<CoverView, "toVolume" | "grid">,
): number {
  const up = [0, 1, 2].map((row) => toWorld[8 + row]!);
  const sideways = [0, 1].map((row) =>
    toVolume[row]! * up[0]! + toVolume[4 + row]! * up[1]! + toVolume[8 + row]! * up[2]!
  );
  const texels = Math.hypot(sideways[0]! * grid.width, sideways[1]! * grid.height);
  return texels < STRAIGHT_TEXELS ? 0 : texels;
}

/** The corners of a component that is a rectangle in its own space, in order around it. */
function cornersOfSheet(component: PrimitiveComponent): readonly Vec3[] | null {
  if (component instanceof LandscapeComponent) {
    const { width, height, streamedHeights } = component.surface;
    // How high it is depends on which tiles are there.
    if (streamedHeights !== undefined) return null;
    const [x, y] = [width - 1, height - 1];
    return [[0, 0, 0], [x, 0, 0], [x, y, 0], [0, y, 0]];
  }
  if (!(component instanceof DecalComponent)) return null;
  const { size, lods } = component;
  if (!lods.every((mesh) => isSameMesh(mesh, planeMesh({ size })))) return null;
  const [x, y] = [size[0] / 2, size[1] / 2];
  return [[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]];
}

function isSameMesh(a: Mesh, b: Mesh): boolean {
  return a.positions.join() === b.positions.join() && a.indices.join() === b.indices.join();
}

/** Whether the side to which a component's own z points is seen from a volume's top, or both are. */
function showsUpperSide({ material, toWorld }: PrimitiveComponent, toVolume: ArrayLike<number>) {
  return material.graph.twoSided || viewInObject(toWorld, toVolume)[2] < 0;
}

/** Whether a point lies in a convex polygon. */
function isInside(point: readonly number[], outline: readonly (readonly number[])[]): boolean {
  const turns = outline.map(([u, v], i) => {
    const [nextU, nextV] = outline[(i + 1) % outline.length]!;
    return Math.sign((nextU! - u!) * (point[1]! - v!) - (nextV! - v!) * (point[0]! - u!));
  });
  return turns.every((turn) => turn === turns[0] && turn !== 0);
}
