import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../../helpers/temporary_folder.ts";
import { writeSample } from "../../../rvt/project/sample_project.ts";
import { runTask } from "../../run_task.ts";

Deno.test("tasks check, run, draw and inspect a project with the permissions that they have", () =>
  withFolder(async (folder) => {
    await writeSample(join(folder, "a"));
    const check = await runTask("vt", ["rvt", "check", "a"], { folder });
    assert.equal(check.code, 0, check.stderr);
    assert.match(check.stdout, /1 scene of Sample: 0 errors, 0 warnings, 3 notes\n$/);
    const bakes = await runTask("vt", ["rvt", "check", "--bakes", "a"], { folder });
    assert.equal(bakes.code, 0, bakes.stderr);
    const fix = await runTask("vt", ["rvt", "fix-materials", "Ground"], {
      folder: join(folder, "a"),
    });
    assert.equal(fix.code, 0, fix.stderr);
    const run = ["rvt", "run", "a", "--frames", "2", "-o", "a.png"];
    const commands = ["--exec", "r.VT.MaxUploadsPerFrame 4", "--exec-after", "r.VT.PoolSizeScale"];
    const drawn = await runTask("vt", [...run, ...commands], { folder });
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.match(
      drawn.stdout,
      /^r.VT.MaxUploadsPerFrame = 4\nMain: 2 frames, \d+ tiles rendered\nr.VT.PoolSizeScale = 1 .*\nMain: settled, \d+ tiles? rendered more\nMain: \d+ components loaded, 0 not loaded\na.png, 1280 × 720\n$/,
    );
    const bogus = await runTask("vt", ["rvt", "run", "a", "--exec", "bogus"], { folder });
    assert.equal(bogus.code, 2);
    assert.match(bogus.stderr, /Cannot run console command "bogus"/);
    assert.ok((await Deno.stat(join(folder, "a.png"))).size > 10_000);
    const scene = join(folder, "a/scenes/main.json");
    const main = JSON.parse(await Deno.readTextFile(scene));
    main.volumes[0].streamingLowMips = 1;
    await Deno.writeTextFile(scene, JSON.stringify(main));
    const build = await runTask("vt", ["rvt", "build", "a"], { folder });
    assert.equal(build.code, 0, build.stderr);
    assert.match(build.stdout, /in bakes\/main_land.pmtiles\n1 file written: scenes\/main.json\n$/);
    const baked = await runTask("vt", ["rvt", "check", "--bakes", "--strict", "a"], { folder });
    assert.equal(baked.code, 0, baked.stdout);
    const inspect = ["rvt", "inspect", "a", "--tile", "0,1,1"];
    const told = await runTask("vt", inspect, { folder });
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^Ground, level 0 of 2, tile 1, 1 of 2 × 2\n/);
    assert.match(
      told.stdout,
      /\n {2}Hills: material Meadow; priority 0; LOD 0; draws 4; baseColor\n/,
    );
    assert.match(told.stdout, /\nnot written by:\n {2}Spot: outside\n/);
    const json = await runTask("vt", ["rvt", "inspect", "a", "--json", "--frames", "0"], {
      folder,
    });
    assert.deepEqual(JSON.parse(json.stdout).compression, { reason: "uncompressed" });
  }));
