/**
 * What pictures of a scene are drawn with.
 *
 * @module
 */

import type { MaterialInterface } from "../material/mod.ts";
import type { DrawnMaterial } from "./drawn_material.ts";
import type { SceneGeometry } from "./scene_geometry.ts";

/** How a material is drawn in pictures. */
export interface PictureMaterialOptions {
  /** Which way feature switches go. */
  readonly virtualTexturing: boolean;
  /** Whether virtual textures report the tiles that they want. */
  readonly feedback: boolean;
}

/** Geometry and materials of a scene on one device. */
export interface SurfaceParts extends Pick<SceneGeometry, "device" | "meshes" | "landscapes"> {
  /**
   * A material for pictures, compiled and bound.
   *
   * @throws {UnsupportedError} if it cannot be compiled.
   * @throws {BudgetError} if its parameters or textures do not fit the budget.
   */
  bindForPictures(material: MaterialInterface, options: PictureMaterialOptions): DrawnMaterial;
}
