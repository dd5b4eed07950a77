/**
 * Cameras, placed planes, clipping, meshes, height fields and boxes. Pure.
 *
 * @module
 */

export * from "./camera.ts";
export * from "./camera_matrices.ts";
export * from "./clip_polygon.ts";
export * from "./height_field.ts";
export * from "./level_probe.ts";
export * from "./make_mesh.ts";
export * from "./matrix_points.ts";
export type * from "./mesh.ts";
export * from "./mesh_checks.ts";
export * from "./mesh_shapes.ts";
export * from "./oriented_box.ts";
export * from "./placement.ts";
export * from "./plane_view.ts";
export * from "./transform.ts";
