/**
 * The reference renderer, its pictures, and debug views.
 *
 * @module
 */

export { DEBUG_VIEWS, type DebugView } from "./scene_pipelines.ts";
export { Picture } from "./picture.ts";
export { render } from "./render.ts";
export { renderScene } from "./surfaces/render_scene.ts";
export type { RenderSceneOptions } from "./surfaces/surface_options.ts";
export type {
  RenderableSystem,
  RenderableTexture,
  RenderCamera,
  RenderOptions,
} from "./render_types.ts";
export { anchorTexel, type PlacedTexture } from "./visible_corners.ts";
