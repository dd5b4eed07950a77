import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runTask } from "../run_task.ts";

Deno.test("vt doctor tells adapter, limits, caches, and what a script may do in the folder", async () => {
  await withFolder(async (folder) => {
    const cache = join(folder, "cache");
    const kept = join(cache, "textures");
    await Deno.mkdir(kept, { recursive: true });
    await Deno.writeTextFile(join(kept, "x.pmtiles"), "12345");
    const env = { FORGE3D_CACHE_DIR: cache };
    const { code, stdout, stderr } = await runTask("vt", ["doctor", "--json"], { folder, env });
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout);
    assert.ok(report.adapter.name.length > 0);
    assert.ok(report.adapter.limits.maxTextureDimension2D >= 8192);
    assert.deepEqual(report.problems, []);
    const [textures] = report.caches;
    assert.deepEqual([textures.path, textures.files, textures.bytes], [kept, 1, 5]);
    assert.ok(report.sandbox.read.includes(folder) && report.sandbox.write.includes(folder));
    assert.equal(report.sandbox.readOnlyReason, null);

    const text = await runTask("vt", ["doctor"], { folder, env });
    for (const part of ["Adapter\n", "Missing\n  nothing\n", "baked textures: 5 B", folder]) {
      assert.ok(text.stdout.includes(part), part);
    }
  });
});

Deno.test("without an adapter vt doctor names what to install and fails; with a file of two names it says so", async () => {
  await withFolder(async (folder) => {
    const here = join(folder, "here");
    await Deno.mkdir(here);
    await Deno.writeTextFile(join(folder, "file"), "");
    if (Deno.build.os !== "windows") await Deno.link(join(folder, "file"), join(here, "link"));
    const drivers = join(folder, "none.json");
    const env = { VK_DRIVER_FILES: drivers, VK_ICD_FILENAMES: drivers };
    const { code, stdout } = await runTask("vt", ["doctor", "--json"], { folder: here, env });
    const report = JSON.parse(stdout);
    if (Deno.build.os === "linux") {
      assert.equal(code, 1);
      for (const reason of Object.values(report.sandbox.kernel)) {
        assert.ok(reason === null || typeof reason === "string");
      }
      assert.equal(report.adapter, null);
      assert.match(report.problems[0], /install the package mesa-vulkan-drivers/);
    }
    if (Deno.build.os !== "windows") {
      assert.match(
        report.problems.at(-1),
        /^Scripts cannot write .*link has another name \(a hard link\)/,
      );
    }
  });
});
