/**
 * The reference renderer, its pictures, and debug views.
 *
 * @module
 */

export { DEBUG_VIEWS, type DebugView } from "./scene_pipelines.ts";
export { Picture } from "./picture.ts";
export { encodePng, type RgbaPixels } from "./png.ts";
export {
  render,
  type RenderableSystem,
  type RenderableTexture,
  type RenderCamera,
  type RenderOptions,
} from "./render.ts";
export { anchorTexel, type PlacedTexture } from "./visible_corners.ts";
