/**
 * Runtime virtual textures: textures whose tiles are rendered on demand from a scene's materials.
 *
 * @module
 */

export * from "./asset/mod.ts";
export * from "./component/mod.ts";
export * from "./draw/mod.ts";
export * from "./material/mod.ts";
export * from "./planes/mod.ts";
export { RenderParts } from "./scene/render_parts.ts";
export { RuntimeVirtualTextureScene } from "./scene/rvt_scene.ts";
export { SCENE_MODES, type SceneMode, type SceneOptions } from "./scene/scene_options.ts";
export {
  runtimeVirtualTextureWgsl,
  type RuntimeVirtualTextureWgslOptions,
  type SampledTexture,
} from "./sample/runtime_virtual_texture_wgsl.ts";
export {
  RuntimeVirtualTextureSampling,
  type SamplingEntryOptions,
} from "./sample/runtime_virtual_texture_sampling.ts";
export * from "./volume/mod.ts";
