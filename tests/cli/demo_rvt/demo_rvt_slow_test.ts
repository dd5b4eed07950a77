import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { demoPicture } from "../../../src/cli/demo/demo_picture.ts";
import { erupt, ERUPTION_REGION } from "../../../src/cli/demo_rvt/eruption.ts";
import { EDIT_AT, flightCamera } from "../../../src/cli/demo_rvt/flight_path.ts";
import { SAMPLE_METRES } from "../../../src/cli/demo_rvt/island_heights.ts";
import { buildIsland } from "../../../src/cli/demo_rvt/island_world.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES } from "../../../src/rvt/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
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
});

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
      assert.ok(names.includes(`${what}_000.png`) && names.includes(`${what}_003.png`), what);
    }
    const { frames, edit, comparisons } = JSON.parse(
      readFileSync(join(out, "stats.json"), "utf8"),
    );
    assert.equal(frames.length, 4);
    assert.ok(edit.tilesRendered > 0 && edit.tilesRendered < edit.residentTiles / 2);
    assert.equal(comparisons.length, 2);
    for (const { frame, mean, psnr } of comparisons) {
      assert.ok(mean < 6 && psnr > 26, `frame ${frame}: mean ${mean}, PSNR ${psnr}`);
    }
    const html = readFileSync(join(out, "report.html"), "utf8");
    assert.doesNotMatch(html, /<script|(src|href)="(?!data:)/);
    assert.match(html, /stat virtualtexturememory/);
    assert.match(html, /prefers-color-scheme: dark/);
  });
});

Deno.test("deno task demo:rvt ends with code 2 for a bad option", async () => {
  const { code, stderr } = await runTask("demo:rvt", ["--frames=1"]);
  assert.equal(code, 2);
  assert.match(stderr, /--frames must be an integer from 4 to 1000: current value is 1/);
});
