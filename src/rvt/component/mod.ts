/**
 * What stands in a scene and is rendered into runtime virtual textures. Pure, apart from the readers
 * of files.
 *
 * @module
 */

export { boundsBeyond, checkedBounds } from "./checked_bounds.ts";
export * from "./component_change.ts";
export * from "./component_draw.ts";
export type * from "./component_holder.ts";
export * from "./component_options.ts";
export * from "./deferred_component.ts";
export type * from "./deferred_holder.ts";
export * from "./draw_in_main_pass.ts";
export * from "./foliage/foliage_component.ts";
export { type ScatterOptions, scatterTransforms } from "./foliage/scatter.ts";
export type { HeightTexture, TextureChannel } from "./landscape/height_texture.ts";
export * from "./landscape/landscape_component.ts";
export { landscapePositionAt } from "./landscape/landscape_position.ts";
export * from "./landscape/landscape_spline_component.ts";
export {
  loadHeightPicture,
  type LoadHeightPictureOptions,
} from "./landscape/load_height_picture.ts";
export type { HeightPicture, SampleRegion } from "./landscape/landscape_samples.ts";
export type { SampleList, SampleRect } from "./landscape/sample_rect.ts";
export type { SplinePoint, SplinePointOptions } from "./landscape/spline_curve.ts";
export * from "./mesh/animated_mesh_component.ts";
export * from "./mesh/decal_component.ts";
export { encodeGlb } from "./mesh/glb/encode_glb.ts";
export { type GlbMeshBounds, readGlbBounds } from "./mesh/glb/glb_bounds.ts";
export * from "./mesh/glb/load_glb.ts";
export * from "./mesh/instanced_static_mesh_component.ts";
export * from "./mesh/mesh_component.ts";
export * from "./mesh/simplify_mesh.ts";
export * from "./mesh/skeletal_mesh_component.ts";
export * from "./mesh/static_mesh_component.ts";
export * from "./primitive_component.ts";
export * from "./sort_order.ts";
export * from "./tile/box_outlines.ts";
export * from "./tile/covers_tile.ts";
export * from "./tile/facing.ts";
export * from "./tile/footprint.ts";
export * from "./tile/lod_selection.ts";
export * from "./tile/outline_cells.ts";
export * from "./tile/polygons.ts";
export * from "./tile/touched_tiles.ts";
