import assert from "node:assert/strict";
import { BakeCache } from "../../../src/bake/mod.ts";
import { bakeOnly, noisePng } from "../../bake/cache/made_pictures.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { runTask } from "../run_task.ts";

/** Runs the command on a cache folder. */
async function vtCache(folder: string, args: string[], limit = "") {
  const env = { FORGE3D_CACHE_DIR: folder, FORGE3D_CACHE_MAX: limit };
  return await runTask("vt", ["cache", ...args], { env });
}

Deno.test("vt cache lists textures by source, size and last use, prunes and clears", () =>
  withFolder(async (folder) => {
    const cache = new BakeCache(`${folder}/textures`);
    const sizes: number[] = [];
    for (const name of ["a b.png", "c.png", "d.png"]) {
      await Deno.writeFile(`${folder}/${name}`, await noisePng(name.length, 90, 60 + sizes.length));
      const { path } = await bakeOnly(cache, `${folder}/${name}`);
      sizes.push((await Deno.stat(path)).size);
    }
    const total = sizes[0]! + sizes[1]! + sizes[2]!;
    const former = `${folder}/${"0f".repeat(20)}.pmtiles`;
    await Deno.writeTextFile(former, "old");

    const info = await vtCache(folder, []);
    assert.equal(info.code, 0, info.stderr);
    const lines = info.stdout.trimEnd().split("\n");
    assert.match(lines[0]!, /^\d{4}-\d\d-\d\d \d\d:\d\d +[\d.]+ [KM]?i?B {2}.*\/a b\.png$/);
    assert.match(lines[2]!, /\/d\.png$/);
    assert.match(lines[3]!, /textures: 3 textures, .* of at most 10\.0 GiB$/);
    assert.match(lines[4]!, /1 texture of an earlier version, 3 B/);
    const unlimited = await vtCache(folder, ["info"], "0");
    assert.match(unlimited.stdout, /3 textures, .* without a limit/);

    const json = JSON.parse((await vtCache(folder, ["info", "--json"], "1M")).stdout);
    assert.deepEqual([json.limit, json.total, json.former.files], [2 ** 20, total, 1]);
    assert.deepEqual(json.textures.map(({ size }: { size: number }) => size), sizes);
    assert.equal(json.textures[1].source, `${folder}/c.png`);
    assert.ok(Date.parse(json.textures[1].last_used) > Date.now() - 60_000);
    assert.ok(await Deno.stat(former), "info removes nothing");

    const limit = String(sizes[1]! + sizes[2]!);
    const pruned = JSON.parse((await vtCache(folder, ["prune", "--json"], limit)).stdout);
    assert.deepEqual([pruned.removed, pruned.freed], [2, sizes[0]! + 3]);
    assert.equal(pruned.total, sizes[1]! + sizes[2]!);

    await Deno.writeTextFile(`${folder}/textures/notes.txt`, "mine");
    const cleared = await vtCache(folder, ["clear"]);
    assert.equal(cleared.code, 0, cleared.stderr);
    assert.match(cleared.stdout, /textures: removed 2 textures, .*; 0 textures left, 0 B\n$/);
    assert.deepEqual(namesIn(`${folder}/textures`), ["notes.txt"]);
  }));

Deno.test("vt cache refuses what it does not know, and a limit that is no size", () =>
  withFolder(async (folder) => {
    const wrong: [string[], string, RegExp][] = [
      [["drop"], "", /ACTION must be one of info, prune, clear: current value is drop/],
      [["clear", "prune"], "", /only one action/],
      [["--all"], "", /there is no option --all/],
      [["info"], "12 apples", /FORGE3D_CACHE_MAX must be a size .* current value is "12 apples"/],
    ];
    for (const [args, limit, message] of wrong) {
      const { code, stderr } = await vtCache(folder, args, limit);
      assert.match(stderr, message);
      assert.equal(code, 2);
    }
    const empty = await vtCache(`${folder}/none`, ["clear"]);
    assert.deepEqual([empty.code, empty.stderr], [0, ""]);
    assert.match(empty.stdout, /removed 0 textures/);
    assert.deepEqual(namesIn(folder), []);
  }));
