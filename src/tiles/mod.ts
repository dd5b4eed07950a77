/**
 * The virtual address space: grids of tiles, footprints, camera visibility. Pure.
 *
 * @module
 */

export * from "./tile_grid.ts";
