import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../helpers/temporary_folder.ts";
import { runPy } from "../python/run_py.ts";
import { PROJECT } from "../python/shared_host.ts";

const WIDTH = 480;
const HEIGHT = 270;

/** Shares of a picture's pixels that look like something. */
interface Shares {
  readonly grass: number;
  readonly snow: number;
  readonly water: number;
  readonly nothing: number;
}

async function pixelsOf(folder: string, name: string): Promise<Uint8Array> {
  const { data, info } = await sharp(join(folder, name)).ensureAlpha().raw()
    .toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [WIDTH, HEIGHT], name);
  return data;
}

function sharesOf(pixels: Uint8Array): Shares {
  const count = { grass: 0, snow: 0, water: 0, nothing: 0 };
  for (let i = 0; i < pixels.length; i += 4) {
    const [r, g, b, alpha] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!, pixels[i + 3]!];
    if (alpha === 0) count.nothing++;
    else if (Math.min(r, g, b) > 190) count.snow++;
    else if (g > r && g > b + 30) count.grass++;
    else if (b > 100 && b > 2 * r) count.water++;
  }
  const share = (name: keyof Shares) => count[name] / (WIDTH * HEIGHT);
  return {
    grass: share("grass"),
    snow: share("snow"),
    water: share("water"),
    nothing: share("nothing"),
  };
}

/** Share of the pixels that differ in a channel by more than a tenth of its range. */
function changedShare(a: Uint8Array, b: Uint8Array): number {
  let changed = 0;
  for (let i = 0; i < a.length; i += 4) {
    const differs = [0, 1, 2].some((channel) => Math.abs(a[i + channel]! - b[i + channel]!) > 25);
    changed += differs ? 1 : 0;
  }
  return changed / (WIDTH * HEIGHT);
}

Deno.test("first_landscape.py draws a landscape and a pond in two places, in under 40 lines", async () => {
  const path = join(PROJECT, "examples", "first_landscape.py");
  assert.ok(readFileSync(path, "utf8").trimEnd().split("\n").length < 40);
  await withFolder(async (folder) => {
    const { code, stdout, stderr } = await runPy([path], { folder });
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    const [, first, then] = stdout.match(
      /^Wrote pond_near\.png: (\d+) tiles rendered so far\nWrote pond_far\.png: (\d+) tiles .*\n$/,
    ) ?? [];
    assert.ok(Number(first) > 0 && Number(then) > Number(first), stdout);
    assert.deepEqual(readdirSync(folder).sort(), ["pond_far.png", "pond_near.png"]);
    const near = await pixelsOf(folder, "pond_near.png");
    const far = await pixelsOf(folder, "pond_far.png");
    for (const pixels of [near, far]) {
      const { grass, snow, water, nothing } = sharesOf(pixels);
      assert.ok(grass > 0.15 && snow > 0.05 && water > 0.003, `${grass} ${snow} ${water}`);
      assert.ok(nothing > 0.2 && nothing < 0.6, `${nothing}`);
    }
    assert.ok(sharesOf(near).water > 1.5 * sharesOf(far).water);
    const changed = changedShare(near, far);
    assert.ok(changed > 0.01 && changed < 0.1, `${changed}`);
  });
});

Deno.test("the guide rvt_quick_start.md runs as it stands, step by step", async () => {
  const guide = readFileSync(join(PROJECT, "examples", "rvt_quick_start.md"), "utf8");
  const blocks = [...guide.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code]) => code);
  assert.ok(blocks.length >= 9);
  await withFolder(async (folder) => {
    writeFileSync(join(folder, "guide.py"), blocks.join("\n"));
    const { code, stdout, stderr } = await runPy(["guide.py"], { folder });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^1024 texels a side, [\d.]+ MiB at most\nThe volume is \[128, 128, /);
    assert.match(stdout, /\nMilliseconds of an update /);
    assert.match(stdout, /\nTile 5, 1 is written by land, .*foliage/);
    assert.match(stdout, /\nSaved .*project\.json\n/);
    assert.ok(readdirSync(folder).includes("first_landscape"));
    const names = ["1_landscape", "2_road_and_leaves", "3_edited", "5_directly"];
    const [landscape, road, edited, direct] = await Promise.all(
      names.map((name) => pixelsOf(folder, `${name}.png`)),
    );
    for (const pixels of [landscape!, road!, edited!]) {
      const { grass, snow } = sharesOf(pixels);
      assert.ok(grass > 0.1 && snow > 0.02, `${grass} ${snow}`);
    }
    // Road and leaves, and then a hill, are seen; the rest stays.
    for (const [before, after] of [[landscape!, road!], [road!, edited!]] as const) {
      const changed = changedShare(before, after);
      assert.ok(changed > 0.01 && changed < 0.25, `${changed}`);
    }
    // The texture shows what is written to it, but for the edges of leaves, which are finer than texels.
    const [now, before] = [changedShare(edited!, direct!), changedShare(landscape!, direct!)];
    assert.ok(now < 0.042 && before > 0.045, `${now} ${before}`);
  });
});
