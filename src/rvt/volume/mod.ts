/**
 * Volumes, which place runtime virtual textures in the world. Pure.
 *
 * @module
 */

export * from "./fit_volume.ts";
export * from "./runtime_virtual_texture_volume.ts";
export * from "./volume_space.ts";
