/**
 * A texture whose every texel is known at any time: a function of its place, its level, and how often
 * its tile was changed.
 *
 * @module
 */

import { forEachTileTouching, type TexelRect, type TileGrid } from "../../../src/tiles/mod.ts";

/** Texels around the payload of a drawn tile. */
export const DRAWN_BORDER = 4;
/** Changes that a texel tells apart. */
export const CHANGES_TOLD = 60;

/** Red of the first plane: the level. */
export function redOfLevel(level: number): number {
  return 8 + 16 * level;
}

/** Red of the second plane: how often the tile was changed. */
export function redOfChanges(changes: number): number {
  return 8 + 4 * (changes % CHANGES_TOLD);
}

/** Green of the second plane, where it has one: which tile it is. */
export function greenOfTile(tile: number): number {
  return 8 + 16 * (tile % 16);
}

/** The functions above as a shader writes them, for a texel of a level. */
export const DRAWN_WGSL = `
  fn drawn_color(tile: DrawnTile, texel: vec2f) -> vec4f {
    let place = (texel + 0.5) / vec2f(tile.size);
    return vec4f((8.0 + 16.0 * f32(tile.level)) / 255.0, place, 1.0);
  }
  fn drawn_data(tile: DrawnTile) -> vec4f {
    let changes = 8.0 + 4.0 * f32(tile.changes % ${CHANGES_TOLD}u);
    return vec4f(changes, 8.0 + 16.0 * f32(tile.index % 16u), 0.0, 255.0) / 255.0;
  }`;

/** How often each tile of a texture was changed. */
export class DrawnWorld {
  readonly grid: TileGrid;
  /** Changes of each tile. */
  readonly changes: Uint32Array;

  constructor(grid: TileGrid) {
    this.grid = grid;
    this.changes = new Uint32Array(grid.tileCount);
  }

  /** Changes one tile. */
  changeTile(tile: number): void {
    this.changes[tile]!++;
  }

  /** Changes every tile that depends on a rectangle of level 0. */
  changeRect(rect: TexelRect): void {
    forEachTileTouching(this.grid, rect, { borderTexels: DRAWN_BORDER }, (tile) => {
      this.changes[tile]!++;
    });
  }

  /** Changes every tile. */
  changeAll(): void {
    for (let tile = 0; tile < this.changes.length; tile++) this.changes[tile]!++;
  }
}
