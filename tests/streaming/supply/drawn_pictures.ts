/**
 * What pictures of a `DrawnWorld` must show.
 *
 * @module
 */

import assert from "node:assert/strict";
import { render } from "../../../src/scene/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { PICTURE, type TestCamera } from "../cameras.ts";
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
  /** Pixels at each level. */
  readonly levels = new Map<number, number>();

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
  const perPixel = 2 * Math.tan(Math.PI / 6) * z / PICTURE[1];
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
      checkChanges(data.data.subarray(at, at + 2), `${where}, level ${level}`);
      shown.pixels++;
      shown.levels.set(level, 1 + (shown.levels.get(level) ?? 0));

      function checkChanges([value, second]: Uint8Array, place: string): void {
        const told = Math.round((value! - 8) / 4);
        assert.equal(redOfChanges(told), value, `${place}: red ${value} tells changes`);
        if (texture.formats[1] !== "r8unorm") {
          assert.equal(second, greenOfTile(tile), `${place}: content of another tile`);
        }
        const now = changes[tile]!;
        assert.ok(now < CHANGES_TOLD, "the world has not changed more than texels can tell");
        assert.ok(told <= now, `${place}: ${told} of ${now} changes is no time yet`);
        assert.ok(told >= shown.least[tile]!, `${place}: older than what was shown before`);
        if (isSettled) assert.equal(told, now, `${place}: stale once settled`);
        shown.least[tile] = told;
      }
    }
  }
}

function fromSeam(at: number, tileSize: number): number {
  const inTile = at % tileSize;
  return Math.min(inTile, tileSize - inTile);
}
