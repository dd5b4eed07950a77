/**
 * Large pictures, made by streaming, and what baking them takes in memory.
 *
 * @module
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { projectFolder } from "../../src/cli/folders.ts";
import { openFileSource, openTileStore } from "../../src/sources/mod.ts";
import { type MemoryPeak, memoryPeak } from "../helpers/process_memory.ts";
import { seededRandom } from "../helpers/random.ts";

/** How to write a large picture. */
export type WritePicture = (pipeline: Sharp) => Sharp;

/** Edge of the pattern that repeats: no divisor of a tile's, so that no two tiles are the same. */
const PATTERN = 509;

/** Writes a square picture of waves and noise, in little memory. */
export async function writeLargePicture(
  path: string,
  side: number,
  write: WritePicture,
): Promise<void> {
  const random = seededRandom(5);
  const texels = new Uint8Array(PATTERN * PATTERN * 3);
  for (let i = 0; i < texels.length; i++) {
    const x = Math.floor(i / 3) % PATTERN;
    const y = Math.floor(i / 3 / PATTERN);
    const wave = Math.sin((x + 40 * (i % 3)) / 37) * Math.cos(y / 53);
    texels[i] = 120 + 100 * wave + 16 * random();
  }
  const raw = { width: PATTERN, height: PATTERN, channels: 3 } as const;
  const input = await sharp(texels, { raw }).png().toBuffer();
  const create = { width: side, height: side, channels: 3 as const, background: "#000" };
  const pipeline = sharp({ create, limitInputPixels: false })
    .composite([{ input, tile: true }]).removeAlpha();
  await write(pipeline).toFile(path);
}

/** Bakes a large picture as a user does, and checks the store. Returns what it took in memory. */
export async function memoryOfBake(
  ending: string,
  side: number,
  { write, format }: { readonly write: WritePicture; readonly format: string },
): Promise<MemoryPeak> {
  const folder = await Deno.makeTempDir();
  try {
    const picture = join(folder, `large.${ending}`);
    await writeLargePicture(picture, side, write);
    const output = join(folder, "large.pmtiles");
    const config = join(projectFolder(), "deno.json");
    const task = ["task", "--quiet", `--config=${config}`, "vt", "bake", picture, "-o", output];
    const child = new Deno.Command(Deno.execPath(), {
      args: [...task, "--format", format],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).spawn();
    const peak = await memoryPeak(child);
    assert.equal((await child.status).code, 0);
    await checkStore(output, side);
    return peak;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Checks that a store has every tile, with content. */
async function checkStore(path: string, side: number): Promise<void> {
  const store = await openTileStore(await openFileSource(path));
  try {
    assert.deepEqual([store.grid.width, store.grid.height], [side, side]);
    const last = store.grid.level(0).tilesX - 1;
    for (const [x, y] of [[0, 0], [last, 0], [0, last], [last, last]] as const) {
      const tile = await store.readTile(0, x, y);
      assert.ok(new Set(tile.subarray(0, 4096)).size > 16, `tile ${x}, ${y} is empty`);
    }
  } finally {
    store.close();
  }
}
