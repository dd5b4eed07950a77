/**
 * The virtual address space: grids of tiles, placements, cameras, footprints. Pure.
 *
 * @module
 */

export * from "./camera.ts";
export * from "./clip_polygon.ts";
export * from "./footprint.ts";
export * from "./level_probe.ts";
export * from "./placement.ts";
export * from "./plane_view.ts";
export * from "./tile_grid.ts";
export * from "./tile_list.ts";
