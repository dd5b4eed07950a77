/**
 * Layers of runtime virtual textures, evaluated for the pixels of a picture in place of tiles.
 *
 * @module
 */

export type * from "./asset_layers.ts";
export * from "./layer_pipelines.ts";
export * from "./layered_assets.ts";
export * from "./record_layers.ts";
