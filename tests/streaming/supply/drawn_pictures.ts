/**
 * What pictures of a `DrawnWorld` must show.
 *
 * @module
 */

import assert from "node:assert/strict";
import { render } from "../../../src/scene/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TestCamera } from "../cameras.ts";
import { CHANGES_TOLD, type DrawnWorld, greenOfTile, redOfChanges } from "./drawn_world.ts";

/** What rounding, and what encoding to BC1, may change, in steps of 255. */
const ROUNDING = 2;
const ENCODING = 6;
/** Parts of a texel from a seam within which a pixel may show either tile. */
const SEAM = 0.05;

/** What is known of the tiles that pictures have shown. */
export class ShownChanges {
  /** Least changes that each tile may show from now on: content never becomes older. */
  readonly least: Uint32Array;
  /** Pixels that were looked at. */
  pixels = 0;

  constructor(world: DrawnWorld) {
    this.least = new Uint32Array(world.grid.tileCount);
  }
}

/**
 * Checks that every pixel shows its place, and a state of its tile that was valid at some time and no
 * older than what was shown of it before; or, if settled, the state that is valid now.
 */
export async function checkDrawn(
  system: VirtualTextureSystem,
  texture: StreamedTexture,
  options: {
    readonly world: DrawnWorld;
    readonly camera: TestCamera;
    readonly shown: ShownChanges;
    readonly isSettled: boolean;
  },
): Promise<void> {
  const { world, camera, shown, isSettled } = options;
  const { grid, changes } = world;
  // Of one level, so that what a pixel shows lies in one slot.
  const how = { texture, filter: "bilinear" } as const;
  const color = await render(system, camera, { ...how, plane: 0 });
  const data = await render(system, camera, { ...how, plane: 1 });
  const isEncoded = texture.format.startsWith("bc");
  const tolerance = isEncoded ? ENCODING : ROUNDING;
  const [x0, y0, z] = camera.position;
  const perPixel = 2 * Math.tan(Math.PI / 6) * z / color.height;
  for (let row = 0; row < color.height; row++) {
    for (let column = 0; column < color.width; column++) {
      const x = x0 - (column + 0.5 - color.width / 2) * perPixel;
      const y = y0 + (row + 0.5 - color.height / 2) * perPixel;
      const isInside = x > 1 && y > 1 && x < grid.width - 1 && y < grid.height - 1;
      if (!isInside) continue;
      const at = 4 * (row * color.width + column);
      const [red, green, blue, alpha] = color.data.subarray(at, at + 4);
      const where = `at ${column}, ${row}`;
      assert.equal(alpha, 255, `${where}: something is shown`);
      const level = Math.round((red! - 8) / 16);
      assert.ok(Math.abs(red! - 8 - 16 * level) <= tolerance, `${where}: red ${red} is a level`);
      const of = grid.level(level);
      const [u, v] = [x * of.width / grid.width, y * of.height / grid.height];
      // Half a texel at an edge; and the colours of a block lie on a line, the places do not.
      const slack = tolerance + (isEncoded ? 4 : 1) * 255 / of.width;
      assert.ok(Math.abs(green! - 255 * u / of.width) <= slack, `${where}: green ${green}`);
      assert.ok(Math.abs(blue! - 255 * v / of.height) <= slack, `${where}: blue ${blue}`);
      const { tileSize } = grid;
      if (fromSeam(u, tileSize) < SEAM || fromSeam(v, tileSize) < SEAM) continue;
      const tile = grid.tileIndexOf(level, Math.floor(u / tileSize), Math.floor(v / tileSize));
      const now = changes[tile]!;
      const told = toldChanges(data.data.subarray(at, at + 2), {
        tile: texture.formats[1] === "r8unorm" ? null : tile,
        now,
        where: `${where}, level ${level}`,
      });
      assert.ok(told >= shown.least[tile]!, `${where}: older than what was shown before`);
      if (isSettled) assert.equal(told, now, `${where}: stale once settled`);
      shown.least[tile] = told;
      shown.pixels++;
    }
  }
}

/** Changes that a pixel of the second plane tells, which must have been made by now. */
function toldChanges(
  [red, green]: Uint8Array,
  options: { readonly tile: number | null; readonly now: number; readonly where: string },
): number {
  const { tile, now, where } = options;
  const told = Math.round((red! - 8) / 4);
  assert.equal(redOfChanges(told), red, `${where}: red ${red} tells changes`);
  if (tile !== null) assert.equal(green, greenOfTile(tile), `${where}: content of another tile`);
  assert.ok(now < CHANGES_TOLD, "the world has not changed more than texels can tell");
  assert.ok(told <= now, `${where}: ${told} of ${now} changes is no time yet`);
  return told;
}

function fromSeam(at: number, tileSize: number): number {
  const inTile = at % tileSize;
  return Math.min(inTile, tileSize - inTile);
}
