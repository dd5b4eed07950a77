/**
 * Cameras, placed planes and clipping. Pure.
 *
 * @module
 */

export * from "./camera.ts";
export * from "./camera_matrices.ts";
export * from "./clip_polygon.ts";
export * from "./level_probe.ts";
export type * from "./mesh.ts";
export * from "./oriented_box.ts";
export * from "./placement.ts";
export * from "./plane_view.ts";
export * from "./transform.ts";
