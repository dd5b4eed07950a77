/**
 * Drawing components, whatever they are drawn to.
 *
 * @module
 */

export * from "./draw_code.ts";
export { type DrawKind, drawKindOf, materialFeedback } from "./draw_kind.ts";
export * from "./draw_records.ts";
export * from "./drawn_material.ts";
export { landscapeLayout, LandscapeTextureCache } from "./landscape_textures.ts";
export { MESH_VERTEX_LAYOUT, MeshBufferCache, type MeshBuffers } from "./mesh_buffers.ts";
export * from "./record_draws.ts";
export * from "./scene_geometry.ts";
export * from "./shader_modules.ts";
export * from "./surface_parts.ts";
