import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { textureFolder } from "../../../src/cache_folder.ts";
import { denoCacheFolder } from "../../../src/cli/folders.ts";
import { tidyTexturePlaces } from "../../../src/cli/sandbox/texture_places.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";
import { hasOtherUser, runWithoutRoot } from "./run_without_root.ts";

const isPosix = Deno.build.os !== "windows";

/** A working folder with a file that has another name outside of it. */
async function withReadOnlyFolder(use: (here: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const here = join(folder, "here");
    await Deno.mkdir(here);
    await Deno.writeTextFile(join(folder, "file"), "");
    await Deno.link(join(folder, "file"), join(here, "shared"));
    await use(here);
  });
}

Deno.test({
  name: "the hint in a folder that is read only says why, and two ways out (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withReadOnlyFolder(async (here) => {
      const { stderr } = await runPy(["-c", "open('new', 'w')"], { folder: here });
      const [first = "", second = ""] = stderr.split("\n").slice(-3);
      assert.match(first, /^hint: .* --allow-write '.*new' … {2}\(.* read only: .* hard link/);
      assert.match(second, /^hint: .* --allow-write \. … {2}writes all .* own risk; a folder for/);
      const whole = ["--allow-write", ".", "-c", "open('new', 'w')"];
      assert.equal((await runPy(whole, { folder: here })).code, 0);
    });
  },
});

Deno.test({
  name: "the hint's options let a database be made (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withReadOnlyFolder(async (here) => {
      const code = "import sqlite3\nsqlite3.connect('my.db').execute('create table t(x)')";
      const refused = await runPy(["-c", code], { folder: here });
      assert.match(
        refused.stderr,
        /\nhint: deno task py --allow-write [^ ]*.*here'? … .*hard link/,
      );
      const given = ["--allow-write", "."];
      assert.equal((await runPy([...given, "-c", code], { folder: here })).code, 0);
      const changing = ["-c", code.replace("t(x)", "u(x)")];
      const kept = await runPy(changing, { folder: here });
      assert.match(kept.stderr, /readonly database\nhint: .*--allow-write/);
    });
    await withFolder(async (folder) => {
      const code = "import sqlite3\nsqlite3.connect('no/such/my.db')";
      const { stderr } = await runPy(["-c", code], { folder });
      assert.doesNotMatch(stderr, /hint/, "what was not refused has no hint");
    });
  },
});

Deno.test({
  name: "a folder that all users share is read only, and only its files are read (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.chmod(folder, 0o1777);
      await Deno.mkdir(join(folder, "sub"));
      await Deno.writeTextFile(join(folder, "sub", "file"), "");
      await Deno.writeTextFile(join(folder, "file"), "");
      const read = await runPy(["-c", "open('file')\nopen('sub/file')"], { folder });
      assert.match(read.stderr, /line 2[^]*hint: .*--allow-read/);
      const written = await runPy(["-c", "open('new', 'w')"], { folder });
      assert.match(written.stderr, /read only: all users of the system share it/);
      const below = await runPy(["-c", "open('new', 'w')"], { folder: join(folder, "sub") });
      assert.equal(below.code, 0, below.stderr);
    });
  },
});

Deno.test({
  name:
    "what a script leaves in the cache of baked textures keeps no other from writing it (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      const [here, cache] = [join(folder, "here"), join(folder, "cache")];
      const textures = textureFolder(cache);
      await Deno.mkdir(here);
      await Deno.mkdir(textures, { recursive: true });
      const own = join(textures, `${"0".repeat(40)}.pmtiles`);
      const foreign = join(textures, "foreign");
      const context = { cache, working: here, project: folder };
      const lay = async () => {
        for (const path of [own, foreign]) {
          await Deno.writeTextFile(join(here, "file"), "content");
          await Deno.link(join(here, "file"), path);
          await Deno.link(join(here, "file"), `${path}.second`);
          await Deno.remove(join(here, "file"));
          await Deno.link(path, join(here, crypto.randomUUID()));
        }
        await Deno.writeTextFile(join(textures, "kept"), "");
      };
      await lay();
      tidyTexturePlaces(context, { isOwn: false });
      assert.deepEqual([existsSync(own), existsSync(foreign)], [false, true]);
      const environment = { FORGE3D_CACHE_DIR: cache };
      const write = `import os\nopen(${JSON.stringify(join(textures, "new"))}, "w")`;
      const told = await runPy(["-c", write], { folder: here, environment });
      assert.match(told.stderr, /hint: .*textures is read only: .*foreign.* hard link/);
      tidyTexturePlaces(context, { isOwn: true });
      assert.deepEqual([...Deno.readDirSync(textures)].map(({ name }) => name), ["kept"]);
      const written = await runPy(["-c", write], { folder: here, environment });
      assert.equal(written.code, 0, written.stderr);
    });
  },
});

const SHUT = `
import { openFolders } from "./sandbox/remove_whole.ts";
import { searchFolder } from "./sandbox/folder_search.ts";
Deno.mkdirSync("textures/a/b/c", { recursive: true });
for (const name of ["/a/b/c", "/a/b", "/a"]) Deno.chmodSync("textures" + name, 0);
console.log(searchFolder("textures").unsearched.length);
openFolders("textures");
console.log(searchFolder("textures").unsearched.length);
`;

Deno.test({
  name: "folders of any mode are opened for their owner (needs POSIX)",
  ignore: !hasOtherUser,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.mkdir(join(folder, "own"));
      assert.equal(await runWithoutRoot(join(folder, "own"), SHUT), "1\n0\n");
    });
  },
});

Deno.test({
  name: "a folder with 5,000 links that lead out starts scripts (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      for (let index = 0; index < 5000; index++) {
        Deno.symlinkSync("/etc/hostname", join(folder, `link-${index}`));
      }
      const code = "open('link-7')";
      const { stderr } = await runPy(["-c", code], { folder });
      assert.match(stderr, /PermissionError: .*'link-7'\nhint: /);
    });
  },
});

Deno.test({
  name: "a home folder with many files starts scripts, and one with too many says so (needs Linux)",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await withFolder(async (home) => {
      const environment = { HOME: home, DENO_DIR: await denoCacheFolder() };
      const make = (count: number) => {
        for (let index = 0; index < count; index++) {
          Deno.writeTextFileSync(join(home, `${index}${"x".repeat(80)}`), "");
        }
      };
      make(500);
      const run = ["-c", `open("0${"x".repeat(80)}")`];
      const started = await runPy(run, { folder: home, environment });
      assert.equal(started.code, 0, started.stderr);
      make(2000);
      const refused = await runPy(run, { folder: home, environment });
      assert.equal(refused.code, 2);
      assert.match(
        refused.stderr,
        /^Cannot run Python in .* names too many files: current value is 2/,
      );
    });
  },
});
