/**
 * What the fill shaders know of a tile, as `FillTile` in `shaders/rvt/fill_tile.wgsl`.
 *
 * @module
 */

import type { TileView } from "./tile_view.ts";

/** Bytes of it. */
export const TILE_BYTES = 32;

/** Writes what is the same all over a tile. */
export function writeTile(
  words: Float32Array,
  at: number,
  tile: {
    readonly view: TileView;
    readonly maxLevel: number;
    readonly heightRange: readonly [number, number];
  },
): void {
  const { view, maxLevel, heightRange: [least, most] } = tile;
  words.set([...view.texelSize, view.level, maxLevel, least, most - least], at);
}
