/**
 * What pictures of a scene are drawn with.
 *
 * @module
 */

import type { ComponentDraw } from "../component/component_draw.ts";
import type { MaterialInterface } from "../material/mod.ts";
import type { DrawnMaterial } from "./drawn_material.ts";
import type { SceneGeometry } from "./scene_geometry.ts";

/** How a material is drawn in pictures. */
export interface PictureMaterialOptions {
  /** Which way feature switches go. */
  readonly virtualTexturing: boolean;
  /**
   * Whether virtual textures report the tiles that they want; what the names of the feedback begin with
   * where another virtual texture of the shader binds it.
   */
  readonly feedback: boolean | string;
}

/** Whether a draw has its heights: not if they are streamed of a texture that is not loaded. */
export type HasHeights = (draw: ComponentDraw) => boolean;

/** Geometry and materials of a scene on one device. */
export interface SurfaceParts extends Pick<SceneGeometry, "device" | "meshes" | "landscapes"> {
  /** Whether a draw has its heights; others are left out. */
  readonly hasHeights: HasHeights;
  /**
   * A material for pictures, compiled and bound.
   *
   * @throws {UnsupportedError} if it cannot be compiled.
   * @throws {BudgetError} if its parameters or textures do not fit the budget.
   */
  bindForPictures(material: MaterialInterface, options: PictureMaterialOptions): DrawnMaterial;
}
