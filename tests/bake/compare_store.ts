/** Tile stores against a reference. */

import type { TileStore } from "../../src/sources/mod.ts";
import type { WrapMode } from "../../src/tiles/mod.ts";
import type { RowFormat } from "../../src/sources/mod.ts";
import type { ReferenceLevel } from "./reference_mips.ts";

function valuesOf(bytes: Uint8Array, format: RowFormat): ArrayLike<number> {
  const copy = bytes.slice().buffer;
  if (format === "r16unorm") return new Uint16Array(copy);
  return format === "r32float" ? new Float32Array(copy) : new Uint8Array(copy);
}

/** The texel that stands at a place of an axis. */
function inside(at: number, size: number, mode: WrapMode): number {
  return mode === "clamp" ? Math.min(Math.max(at, 0), size - 1) : ((at % size) + size) % size;
}

/**
 * Largest difference of any stored value of any tile of any level, borders included. Colours of
 * fully transparent texels do not count.
 */
export async function largestDifference(
  store: TileStore,
  levels: readonly ReferenceLevel[],
  format: RowFormat,
): Promise<number> {
  const { grid, border, description: { wrap } } = store;
  const channels = format === "rgba8unorm" ? 4 : 1;
  const edge = grid.tileSize + 2 * border;
  let largest = 0;
  for (
    let tile = grid.level(store.description.firstLevel).firstTile;
    tile < grid.tileCount;
    tile++
  ) {
    const { level, x, y } = grid.addressOf(tile);
    const values = valuesOf(await store.readTile(level, x, y), format);
    const wanted = levels[level]!;
    for (let j = 0; j < edge; j++) {
      const row = inside(y * grid.tileSize - border + j, wanted.height, wrap.y);
      for (let i = 0; i < edge; i++) {
        const column = inside(x * grid.tileSize - border + i, wanted.width, wrap.x);
        const at = (j * edge + i) * channels;
        const from = (row * wanted.width + column) * channels;
        const isTransparent = channels === 4 && values[at + 3] === 0;
        for (let c = isTransparent ? 3 : 0; c < channels; c++) {
          largest = Math.max(largest, Math.abs(values[at + c]! - wanted.values[from + c]!));
        }
      }
    }
  }
  return largest;
}
