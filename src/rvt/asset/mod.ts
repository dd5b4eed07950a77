/**
 * Runtime virtual textures as assets: settings, attributes and material types. Pure.
 *
 * @module
 */

export * from "./asset_grid.ts";
export * from "./asset_settings.ts";
export * from "./attributes.ts";
export * from "./material_type.ts";
export * from "./runtime_virtual_texture.ts";
export type * from "./runtime_virtual_texture_like.ts";
export * from "./stored_formats.ts";
