import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { bakePicture } from "../../../src/bake/mod.ts";
import { contactSheet } from "../../../src/cli/demo/contact_sheet.ts";
import { demoPicture } from "../../../src/cli/demo/demo_picture.ts";
import { numberOf, parseRecords } from "../../../src/cli/demo/demo_records.ts";
import { projectFolder } from "../../../src/cli/folders.ts";
import { IS_LAVAPIPE } from "../../helpers/filter_precision.ts";
import { runTask } from "../run_task.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

const GOLDEN = join(projectFolder(), "tests", "golden", "demo_flight.png");
const SCRIPT = join(projectFolder(), "examples", "demo_flight.py");
const SIZE = { width: 320, height: 180 };
const FRAMES = 4;

/** How far two PNG pictures of one size are from each other, in steps of 1/255. */
async function difference(a: Uint8Array, b: Uint8Array) {
  const [first, second] = await Promise.all(
    [a, b].map((png) => sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })),
  );
  assert.deepEqual(first!.info, second!.info);
  let sum = 0;
  let far = 0;
  for (let at = 0; at < first!.data.length; at++) {
    const step = Math.abs(first!.data[at]! - second!.data[at]!);
    sum += step;
    if (step > 8) far++;
  }
  const count = first!.data.length;
  return { mean: sum / count, farShare: far / count };
}

/** Flies over the demo's picture, small, and answers the sheet of its frames. */
async function fly(folder: string): Promise<Uint8Array> {
  const texture = join(folder, "earth.pmtiles");
  await bakePicture(null, await demoPicture(), { output: texture, format: "rgba8", tileSize: 128 });
  const { code, stderr } = await runTask("py", [
    SCRIPT,
    texture,
    "frames",
    `--frames=${FRAMES}`,
    "--size",
    String(SIZE.width),
    String(SIZE.height),
    "--memory-mb=12",
  ], { folder });
  assert.equal(code, 0, stderr);
  const frames = readdirSync(join(folder, "frames")).filter((name) => name.endsWith(".png")).sort();
  assert.equal(frames.length, FRAMES);
  const pictures = frames.map((name) => readFileSync(join(folder, "frames", name)));
  return await contactSheet(pictures, { columns: 2, pictureWidth: SIZE.width, gap: 0 });
}

Deno.test("the demo's flight keeps within its memory", async () => {
  await withFolder(async (folder) => {
    await fly(folder);
    const path = join(folder, "frames", "stats.json");
    const records = parseRecords(path, readFileSync(path, "utf8"));
    assert.equal(records.length, FRAMES);
    for (const { frame, update_streaming: update, get_memory_info: memory } of records) {
      assert.equal(numberOf(memory, "total_budget"), 12 * 1024 * 1024);
      assert.ok(numberOf(memory, "used_memory") <= numberOf(memory, "total_budget"), `${frame}`);
      assert.equal(numberOf(update, "tiles_pending"), 0, "the flight waits for its tiles");
    }
  });
});

Deno.test({
  name: "the demo's flight gives the golden pictures (needs lavapipe)",
  ignore: !IS_LAVAPIPE,
  fn: async () => {
    await withFolder(async (folder) => {
      const sheet = await fly(folder);
      if (Deno.env.get("FORGE3D_UPDATE_GOLDENS") === "1") writeFileSync(GOLDEN, sheet);
      const golden = readFileSync(GOLDEN);
      const { mean, farShare } = await difference(sheet, golden);
      assert.ok(mean < 0.2 && farShare < 0.001, `mean ${mean}, far ${farShare}`);
      // Negative control: the same pictures mirrored, as a left-handed view would show them.
      const mirrored = new Uint8Array(await sharp(sheet).flop().png().toBuffer());
      assert.ok((await difference(mirrored, golden)).farShare > 0.1);
    });
  },
});

Deno.test("deno task demo leaves frames, a contact sheet, records and a report", async () => {
  const { code, stdout, stderr } = await runTask("demo", []);
  assert.equal(code, 0, stderr);
  const folder = join(projectFolder(), "out", "demo");
  const records = parseRecords("stats.json", readFileSync(join(folder, "stats.json"), "utf8"));
  const frames = readdirSync(folder).filter((name) => /^frame_\d{3}\.png$/.test(name));
  assert.equal(frames.length, records.length);
  assert.match(stderr, /Baking: .* 100 %|Baking: .*tiles/);
  assert.match(stderr, /Flying: .*frames in/);
  assert.match(
    stdout,
    /frame +height +loaded in all +evicted in all +resident +frame's hits +memory +budget/,
  );
  assert.match(stdout, /Loaded \d+ tiles: \d+ with the texture, \d+ for the frames\. Hit rate /);
  for (const name of ["contact_sheet.png", "report.html"]) {
    assert.ok(existsSync(join(folder, name)) && statSync(join(folder, name)).size > 10_000, name);
  }
  for (const { get_memory_info: memory } of records) {
    assert.ok(numberOf(memory, "used_memory") <= numberOf(memory, "total_budget"));
  }
  // The texture with all its levels is more than the budget, tiles came and went.
  const last = records.at(-1)!;
  const texture = 4096 * 2048 * 4 / 3;
  assert.ok(numberOf(last.get_memory_info, "total_budget") < texture / 2);
  assert.ok(numberOf(last.get_statistics, "tiles_evicted") > 0);
});
