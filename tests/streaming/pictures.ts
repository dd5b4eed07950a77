/**
 * What pictures of a `mapSource` must show.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Picture } from "../../src/scene/mod.ts";
import type { TileGrid } from "../../src/tiles/mod.ts";
import { levelOfRed } from "./sources.ts";
import type { TestCamera } from "./cameras.ts";

/** What rounding may change, in steps of 255. */
const ROUNDING = 2;

/** Mean red of the pixels that show something. */
export function meanRed(picture: Picture): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < picture.data.length; at += 4) {
    if (picture.data[at + 3] === 0) continue;
    sum += picture.data[at]!;
    count++;
  }
  return sum / count;
}

/** The largest and least red of a picture. */
export function redRange(picture: Picture): { least: number; most: number } {
  let least = 255;
  let most = 0;
  for (let at = 0; at < picture.data.length; at += 4) {
    least = Math.min(least, picture.data[at]!);
    most = Math.max(most, picture.data[at]!);
  }
  return { least, most };
}

/**
 * Checks that every pixel shows its place in a texture of a `mapSource`, at whatever level, to within
 * a texel of the level that its red tells.
 */
export function checkPlaces(
  picture: Picture,
  camera: TestCamera,
  texture: { readonly grid: TileGrid },
): void {
  const { grid } = texture;
  const { width, height } = grid;
  const [x0, y0, z] = camera.position;
  const perPixel = 2 * Math.tan(Math.PI / 6) * z / picture.height;
  for (let row = 0; row < picture.height; row++) {
    for (let column = 0; column < picture.width; column++) {
      const x = x0 - (column + 0.5 - picture.width / 2) * perPixel;
      const y = y0 + (row + 0.5 - picture.height / 2) * perPixel;
      const inside = x > 0 && y > 0 && x < width && y < height;
      // Rasterizers place corners on a grid of at least 1/16 of a pixel.
      const edge = Math.min(...[x, y, x - width, y - height].map(Math.abs)) / perPixel;
      if (edge < 1 / 16) continue;
      const at = 4 * (row * picture.width + column);
      const [red, green, blue, alpha] = picture.data.subarray(at, at + 4);
      const where = `at ${column}, ${row}`;
      assert.equal(alpha, inside ? 255 : 0, where);
      if (!inside) continue;
      // Edges are off by half a texel, and a level that lost a column in halving by up to one.
      const texel = 2 ** Math.max(grid.tailLevel, Math.ceil(levelOfRed(red!)));
      const [u, v] = [Math.abs(green! - 255 * x / width), Math.abs(blue! - 255 * y / height)];
      assert.ok(u <= ROUNDING + 255 * texel / width, `green ${where}`);
      assert.ok(v <= ROUNDING + 255 * texel / height, `blue ${where}`);
    }
  }
}
