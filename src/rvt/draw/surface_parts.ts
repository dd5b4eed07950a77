/**
 * What pictures of a scene are drawn with.
 *
 * @module
 */

import type { Vec3 } from "../../geometry/mod.ts";
import type { ComponentDraw } from "../component/component_draw.ts";
import type { AssetLayers } from "../layers/asset_layers.ts";
import type { LayeredAssets } from "../layers/layered_assets.ts";
import type { MaterialInterface } from "../material/mod.ts";
import type { DrawnMaterial } from "./drawn_material.ts";
import type { MaterialDraw } from "./record_draws.ts";
import type { SceneGeometry } from "./scene_geometry.ts";

/** What samples of runtime virtual textures may give: what tiles hold, or layers evaluated for each pixel. */
export const SURFACE_LAYERS = ["sampled", "direct"] as const;

/** One of {@linkcode SURFACE_LAYERS}. */
export type SurfaceLayers = typeof SURFACE_LAYERS[number];

/** How a material is drawn in pictures. */
export interface PictureMaterialOptions {
  /** Which way feature switches go. */
  readonly virtualTexturing: boolean;
  /**
   * Whether virtual textures report the tiles that they want; what the names of the feedback begin with
   * where another virtual texture of the shader binds it.
   */
  readonly feedback: boolean | string;
  /** What samples of runtime virtual textures give. */
  readonly layers: SurfaceLayers;
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
  /**
   * Calls a function that submits, with positions from an origin where materials sample runtime virtual
   * textures at their pixels' own.
   *
   * @internal
   */
  withOrigin<T>(origin: Vec3, submit: () => T): T;
  /**
   * The runtime virtual textures whose layers are evaluated for a picture.
   *
   * @internal
   */
  readonly layered: LayeredAssets;
  /**
   * The layers of an asset, with their materials compiled and bound.
   *
   * @internal
   * @param feedback Whether streamed textures report the tiles that they want.
   * @throws {UnsupportedError} if a material cannot be compiled, or samples another runtime virtual texture.
   * @throws {BudgetError} if parameters or textures do not fit the budget.
   */
  bindLayers(layers: AssetLayers, feedback: boolean): MaterialDraw[];
}
