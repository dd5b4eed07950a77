/**
 * Tiles of values that a function gives, for tests of ranges and regions.
 *
 * @module
 */

import type { TileSource } from "../../src/sources/mod.ts";
import { type DecodedFormat, decodedLayout, makeTexelArray } from "../../src/texels/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";

/** What values are kept as. */
export interface ValueSourceOptions extends Partial<TileSource> {
  readonly width: number;
  readonly height: number;
  /** Default `r32float`. */
  readonly format?: DecodedFormat;
}

/** The value of a texel of a level in a band. */
export type ValueOf = (x: number, y: number, band: number, level: number) => number;

/** A source whose texels are what a function gives. */
export function valueSource(valueOf: ValueOf, options: ValueSourceOptions): TileSource {
  const { width, height, format = "r32float", ...more } = options;
  const [tileSize, border] = [64, 4];
  const layout = decodedLayout(format, "linear");
  const { channels } = layout;
  const grid = new TileGrid(width, height, tileSize);
  return {
    name: "values",
    info: "values of a function",
    colorSpace: "linear",
    counters: { bytesRead: 0, bytesUsed: 0 },
    ...{ format, grid, border },
    // deno-lint-ignore require-await -- errors must come as rejections
    async readTile(level, column, row) {
      const edge = tileSize + 2 * border;
      const values = makeTexelArray(layout, edge * edge);
      const size = grid.level(level);
      for (let at = 0; at < values.length; at++) {
        const texel = Math.floor(at / channels);
        const x = column * tileSize + texel % edge - border;
        const y = row * tileSize + Math.floor(texel / edge) - border;
        const inside = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
        values[at] = valueOf(inside(x, size.width), inside(y, size.height), at % channels, level);
      }
      return new Uint8Array(values.buffer);
    },
    close() {},
    ...more,
  };
}
