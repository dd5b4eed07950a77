import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { demoPicture } from "../../../src/cli/demo/demo_picture.ts";
import { erupt, ERUPTION_REGION } from "../../../src/cli/demo_rvt/eruption.ts";
import { EDIT_AT, flightCamera } from "../../../src/cli/demo_rvt/flight_path.ts";
import { SAMPLE_METRES } from "../../../src/cli/demo_rvt/island_heights.ts";
import { buildIsland } from "../../../src/cli/demo_rvt/island_world.ts";
import { levelColor } from "../../../src/cli/demo_rvt/level_legend.ts";
import { viewLevels } from "../../../src/cli/demo_rvt/texture_views.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES } from "../../../src/rvt/mod.ts";
import type { Picture } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { srgbToLinear } from "../../../src/texels/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { insideOf } from "../../streaming/inside.ts";
import { runTask } from "../run_task.ts";

const BORDER = 4;
/** Samples around those that change, between which slopes change with them. */
const REACH_SAMPLES = 2;

Deno.test("the demo's edit renders the tiles again that show it, and no others", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 128 });
  const world = await buildIsland(system, await demoPicture("topology"));
  await using scene = world.scene;
  const camera = flightCamera(world.land, EDIT_AT, [320, 180]);
  for (const seen of [flightCamera(world.land, 0, [640, 360]), camera]) {
    await system.update(seen, { timeBudgetMs: null });
  }
  const countTiles = (reach: number) =>
    MATERIAL_TYPE_NAMES.reduce((sum, type) => {
      const texture = scene.textureOf(world.textures[type])!;
      const { residency, grid } = insideOf(texture);
      const { origin, axisU, axisV } = texture.placement;
      const { x, y, width, height } = ERUPTION_REGION;
      const [x0, x1] = [x - reach, x + width - 1 + reach].map((at) => at * SAMPLE_METRES);
      const [y0, y1] = [y - reach, y + height - 1 + reach].map((at) => at * SAMPLE_METRES);
      const touched = Array.from({ length: grid.tileCount }, (_, tile) => tile)
        .filter((tile) => residency.slotOf.has(tile))
        .filter((tile) => {
          const { level, x, y } = grid.addressOf(tile);
          const size = grid.level(level);
          const span = (at: number, texels: number, from: number, length: number) =>
            [at * grid.tileSize - BORDER - 1, (at + 1) * grid.tileSize + BORDER + 1]
              .map((texel) => from + texel / texels * length).sort((a, b) => a - b);
          const [left, right] = span(x, size.width, origin[0], axisU[0]);
          const [low, high] = span(y, size.height, origin[1], axisV[1]);
          return left! < x1! && right! > x0! && low! < y1! && high! > y0!;
        });
      return sum + touched.length;
    }, 0);
  const exact = countTiles(REACH_SAMPLES);
  const { activeTiles } = system.getStatistics();
  assert.ok(exact < activeTiles / 2, `${exact} of ${activeTiles}`);
  erupt(world);
  const { tilesLoaded } = await system.update(camera, { timeBudgetMs: null });
  assert.equal(tilesLoaded, exact);
  // Negative control: another place than the one that was edited has another number of tiles.
  assert.notEqual(countTiles(-6), exact);
  assertInLegend(await viewLevels(world, camera));
});

/** Checks that all pixels of tiles have colours of the legend, darkened, but for the lines around tiles. */
function assertInLegend({ data }: Picture): void {
  const levels = [0, 1, 2, 3, 4, 5, 6];
  const errors = Array.from({ length: data.length / 4 }, (_, i) => 4 * i)
    .filter((at) => data[at + 3] === 255 && data.subarray(at, at + 3).some((byte) => byte < 255))
    .map((at) => {
      const seen = Array.from(data.subarray(at, at + 3), (byte) => srgbToLinear(byte / 255));
      return Math.min(...levels.map((level) => angleBetween(seen, levelColor(level))));
    });
  const far = errors.filter((angle) => angle > 0.05).length;
  assert.ok(errors.length > 10_000 && far < errors.length / 20, `${far} of ${errors.length}`);
  const seen = [0.4, 0.4, 0.4];
  assert.ok(
    levels.every((level) => angleBetween(seen, levelColor(level)) > 0.05),
    "negative control",
  );
}

function angleBetween(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, part, i) => sum + part * b[i]!, 0);
  return Math.acos(Math.min(1, dot / Math.hypot(...a) / Math.hypot(...b)));
}

Deno.test("deno task demo:rvt leaves frames, differences, statistics and a report", async () => {
  await withFolder(async (folder) => {
    const args = ["--frames=4", "--size=240x136", "--out", "island"];
    const { code, stdout, stderr } = await runTask("demo:rvt", args, { folder });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /with tiles +without/);
    assert.match(stderr, /Flying: 4 frames in/);
    const out = join(folder, "island");
    const names = readdirSync(out);
    for (const name of ["contact_sheet", "textures", "levels", "edit_before", "edit_after"]) {
      assert.ok(names.includes(`${name}.png`), name);
    }
    for (const what of ["frame", "tiles", "direct", "difference"]) {
      for (const frame of [0, 1, 2, 3]) assert.ok(names.includes(`${what}_00${frame}.png`), what);
    }
    const { frames, edit, comparisons } = JSON.parse(
      readFileSync(join(out, "stats.json"), "utf8"),
    );
    assert.equal(frames.length, 4);
    assert.ok(edit.tilesRendered > 0 && edit.tilesRendered < edit.residentTiles / 2);
    // Those in the middle are near the ground.
    assert.equal(comparisons.length, 4);
    for (const { frame, width, height, mean, psnr } of comparisons) {
      assert.deepEqual([width, height], [120, 68]);
      assert.ok(mean < 6 && psnr > 26, `frame ${frame}: mean ${mean}, PSNR ${psnr}`);
    }
    const html = readFileSync(join(out, "report.html"), "utf8");
    assert.doesNotMatch(html, /<script|(src|href)="(?!data:)/);
    assert.match(html, /stat virtualtexturememory/);
    assert.match(html, /both ways at 120 × 68 pixels; frames have 240 × 136/);
    assert.match(html, /prefers-color-scheme: dark/);
  });
});

Deno.test("deno task demo:rvt ends with code 2 for a bad option", async () => {
  const { code, stderr } = await runTask("demo:rvt", ["--frames=1"]);
  assert.equal(code, 2);
  assert.match(stderr, /--frames must be an integer from 4 to 1000: current value is 1/);
});
