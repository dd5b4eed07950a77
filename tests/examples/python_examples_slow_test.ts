import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { runPy } from "../python/run_py.ts";
import { withFolder } from "../helpers/temporary_folder.ts";
import { PROJECT } from "../python/shared_host.ts";

const script = (name: string) => join(PROJECT, "examples", name);

Deno.test("seed_snippets.py makes every documented call and leaves nothing behind", async () => {
  await withFolder(async (folder) => {
    const { code, stdout, stderr } = await runPy([script("seed_snippets.py")], { folder });
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    assert.match(stdout, /^Loaded \d+ new tiles\nEvicted \d+ old tiles\n/);
    for (
      const line of [
        "Virtual texture: 300×200 pixels",
        "Tile grid: 2×1 tiles",
        "Prefetched: True",
        "Total budget: 256 MB",
        "Total tiles: 1024",
        "Recommended cache: 64 MB",
        "  Cache capacity: 1024 tiles",
        "Uploads through rings: True",
        "total_budget: 268435456",
      ]
    ) assert.ok(stdout.split("\n").includes(line), line);
    assert.match(stdout, /\nAll snippets ran\n$/);
    assert.deepEqual(readdirSync(folder), []);
  });
});

Deno.test("first_flight.py draws its rings from far and from near", async () => {
  await withFolder(async (folder) => {
    const { code, stdout, stderr } = await runPy([script("first_flight.py")], { folder });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /700 x 500 texels in \(11, 8\) tiles/);
    assert.deepEqual(readdirSync(folder).sort(), ["far.png", "near.png"]);
    for (const [name, covered] of [["far.png", [0.2, 0.9]], ["near.png", [1, 1]]] as const) {
      const { data, info } = await sharp(join(folder, name)).raw()
        .toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height, info.channels], [320, 180, 4]);
      let opaque = 0;
      for (let i = 3; i < data.length; i += 4) opaque += data[i] === 255 ? 1 : 0;
      const share = opaque / (320 * 180);
      assert.ok(share >= covered[0] && share <= covered[1], `${name} covers ${share}`);
    }
    // Redder to the right, greener towards the bottom: north is up.
    const { data } = await sharp(join(folder, "near.png")).raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => (y * 320 + x) * 4;
    assert.ok(data[at(310, 90)]! > data[at(10, 90)]!);
    assert.ok(data[at(160, 170) + 1]! > data[at(160, 10) + 1]!);
  });
});
