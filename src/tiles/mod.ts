/**
 * The virtual address space: grids of tiles, and the footprints of cameras in them. Pure.
 *
 * @module
 */

export * from "./footprint.ts";
export * from "./tile_grid.ts";
export * from "./tile_list.ts";
export * from "./touched_tiles.ts";
export * from "./wrap.ts";
