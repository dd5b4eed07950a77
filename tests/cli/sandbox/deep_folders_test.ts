import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findSettings, removeNewSettings } from "../../../src/cli/sandbox/output_settings.ts";
import { tidyTexturePlaces } from "../../../src/cli/sandbox/texture_places.ts";
import { searchFolder } from "../../../src/cli/sandbox/folder_search.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";
import { runTask } from "../run_task.ts";
import { hasOtherUser, runWithoutRoot } from "./run_without_root.ts";

const isPosix = Deno.build.os !== "windows";

function posixTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `${name} (needs POSIX)`, ignore: !isPosix, fn });
}

/** Makes a folder in which folders are nested to twelve thousand characters. */
const MAKE_DEEP = `
function makeDeep(folder) {
  const chain = Array(12).fill("x".repeat(200)).join("/");
  Deno.mkdirSync(folder + "/" + chain, { recursive: true });
  for (let count = 0; count < 4; count++) {
    Deno.mkdirSync(folder + "-outer/" + chain, { recursive: true });
    Deno.renameSync(folder, folder + "-outer/" + chain + "/inner");
    Deno.renameSync(folder + "-outer", folder);
  }
}
`;
const makeDeep = new Function(`${MAKE_DEEP}; return makeDeep;`)() as (folder: string) => void;

posixTest("folders that paths do not reach are removed from the output folder", async () => {
  await withFolder(async (folder) => {
    const before = findSettings(folder);
    await Deno.mkdir(join(folder, "a"));
    await Deno.writeTextFile(join(folder, "a", "view.png"), "");
    makeDeep(join(folder, "a", "deep"));
    const { removed, left } = removeNewSettings(folder, before);
    assert.deepEqual([removed.length, left], [1, []]);
    assert.ok(removed[0]!.length < 3500);
    assert.deepEqual(searchFolder(folder).unsearched, []);
    assert.ok(existsSync(join(folder, "a", "view.png")));
  });
});

posixTest("they do not keep the cache of baked textures from being written", async () => {
  for (const isOwn of [true, false]) {
    await withFolder(async (folder) => {
      const [cache, working] = [join(folder, "cache"), join(folder, "here")];
      const textures = join(cache, "textures");
      await Deno.mkdir(join(textures, "plain"), { recursive: true });
      await Deno.mkdir(working);
      makeDeep(join(textures, "deep"));
      assert.equal(searchFolder(textures).unsearched.length, 1, "the control");
      tidyTexturePlaces({ cache, working, project: folder }, { isOwn });
      assert.deepEqual(searchFolder(textures).unsearched, []);
      assert.deepEqual([...Deno.readDirSync(textures)].map(({ name }) => name), ["plain"]);
    });
  }
});

posixTest("in the current folder they are told of in a line of usual length", async () => {
  await withFolder(async (folder) => {
    makeDeep(join(folder, "deep"));
    const { stderr } = await runPy(["-c", "open('new', 'w')"], { folder });
    const line = stderr.split("\n").find((text) => text.startsWith("hint: "))!;
    assert.match(line, /is read only: .*deep\/[x/]+…[x/]+ cannot be searched for links/);
    assert.ok(line.length < 1500, String(line.length));
  });
});

posixTest(
  "vt cache clear removes folders that scripts have left, where the cache is forge3d's own",
  async () => {
    await withFolder(async (folder) => {
      const own = join(folder, "forge3d", "textures");
      const named = join(folder, "named", "textures");
      for (const textures of [own, named]) {
        await Deno.mkdir(textures, { recursive: true });
        makeDeep(join(textures, "deep"));
      }
      const env = { FORGE3D_CACHE_DIR: "", XDG_CACHE_HOME: folder };
      const cleared = await runTask("vt", ["cache", "clear"], { env });
      assert.deepEqual([cleared.code, cleared.stderr], [0, ""]);
      assert.ok(!existsSync(join(own, "deep")));
      const kept = await runTask("vt", ["cache", "clear"], {
        env: { FORGE3D_CACHE_DIR: join(folder, "named") },
      });
      assert.equal(kept.code, 0);
      assert.match(
        kept.stderr,
        /^warning: .*named\/textures holds 1 other item, not made by forge3d/,
      );
      assert.ok(existsSync(join(named, "deep")));
    });
  },
);

const SHUT = `
import { removeWhole } from "./sandbox/remove_whole.ts";
${MAKE_DEEP}
for (const mode of [0o000, 0o555, 0o333]) {
  makeDeep("deep");
  // From the inside out, each by a path from the folder above it.
  const start = Deno.cwd();
  Deno.chdir("deep");
  const name = "x".repeat(200);
  let depth = 0;
  for (;;) {
    const next = [name, "inner"].find((name) => {
      try { return Deno.statSync(name).isDirectory; } catch { return false; }
    });
    if (next === undefined) break;
    Deno.chdir(next);
    depth++;
  }
  for (; depth > 0; depth--) {
    const next = Deno.statSync(".").ino;
    Deno.chdir("..");
    for (const entry of Deno.readDirSync(".")) {
      if (Deno.statSync(entry.name).ino === next) Deno.chmodSync(entry.name, mode);
    }
  }
  Deno.chdir(start);
  removeWhole("deep");
  console.log([...Deno.readDirSync(".")].length);
}
`;

Deno.test({
  name: "no mode of folders that paths do not reach keeps them (needs POSIX)",
  ignore: !hasOtherUser,
  fn: async () => {
    await withFolder(async (folder) => {
      const own = join(folder, "own");
      await Deno.mkdir(own);
      assert.equal(await runWithoutRoot(own, SHUT), "0\n0\n0\n");
    });
  },
});
