import assert from "node:assert/strict";
import { bakeRows } from "../../src/bake/mod.ts";
import type { RowSource } from "../../src/sources/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";

/** Rows of one colour each, with a mark in every tile, so that no two tiles are the same. */
function markedRows(width: number, height: number): RowSource {
  return {
    name: "marked rows",
    width,
    height,
    format: "rgba8unorm",
    colorSpace: "srgb",
    readRows(firstRow, rowCount) {
      const texels = new Uint32Array(width * rowCount);
      for (let i = 0; i < rowCount; i++) {
        const row = texels.subarray(i * width, (i + 1) * width);
        row.fill(Math.imul(firstRow + i, 2654435761));
        for (let x = 0; x < width; x += 256) row[x] = x;
      }
      return Promise.resolve(new Uint8Array(texels.buffer));
    },
    close: () => Promise.resolve(),
  };
}

/** How much the process grows while it bakes, in MiB. */
async function growthOfBake(width: number, height: number): Promise<number> {
  const output = await Deno.makeTempFile({ suffix: ".pmtiles" });
  try {
    const before = Deno.memoryUsage().rss;
    let most = before;
    await bakeRows(null, [{ level: 0, rows: markedRows(width, height) }], {
      output,
      grid: new TileGrid(width, height, 256),
      firstLevel: 0,
      format: "rgba8",
      identity: { name: "marked rows" },
      onProgress: () => most = Math.max(most, Deno.memoryUsage().rss),
    });
    return (most - before) / 2 ** 20;
  } finally {
    await Deno.remove(output);
  }
}

Deno.test("a picture of 8192×8192, 341 MiB with its mips, is baked in less than 192 MiB", async () => {
  const growth = await growthOfBake(8192, 8192);
  assert.ok(growth < 192, `grew by ${growth} MiB`);
});
