/** Where the kernel holds the files of a script (Landlock), whatever Deno or native code makes of a path. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";
import { hasLandlock } from "./has_landlock.ts";

interface Folders {
  readonly here: string;
  readonly outside: string;
  readonly folder: string;
}

function landlockTest(name: string, use: (folders: Folders) => Promise<void>): void {
  Deno.test({
    name: `${name} (needs a kernel with Landlock)`,
    ignore: !hasLandlock,
    fn: () =>
      withFolder(async (folder) => {
        const [here, outside] = [join(folder, "here"), join(folder, "outside")];
        for (const path of [here, outside]) await Deno.mkdir(path);
        await Deno.writeTextFile(join(outside, "secret"), "secret");
        await use({ here, outside, folder });
      }),
  });
}

const READ_ALL = `import sys, js
for path in sys.argv[1:]:
    try: print(js.Deno.readTextFileSync(path))
    except Exception as error: print(type(error).__name__)
`;

landlockTest("a closed link is not open under another name, nor when it is moved", async (at) => {
  await Deno.mkdir(join(at.here, "a"));
  await Deno.symlink(at.outside, join(at.here, "a", "link"));
  await Deno.symlink("a", join(at.here, "alias"));
  const names = ["a/link/secret", "alias/link/secret"];
  const found = await runPy(["-c", READ_ALL, ...names], { folder: at.here });
  assert.equal(found.stdout, "JsException\nJsException\n", found.stderr);
  const moves = `import js\njs.Deno.renameSync("a", "b")\n${READ_ALL}`;
  const moved = await runPy(["-c", moves, "b/link/secret"], { folder: at.here });
  assert.equal(moved.stdout, "JsException\n", moved.stderr);
  // The controls: without the kernel's help an alias would be open, and given, it is.
  const given = await runPy(
    ["--allow-read", at.outside, "-c", READ_ALL, "alias/../b/link/secret"],
    {
      folder: at.here,
    },
  );
  assert.equal(given.stdout, "secret\n", given.stderr);
});

landlockTest("a folder with links that lead out, and sockets, is written", async (at) => {
  await Deno.mkdir(join(at.here, "bin"));
  await Deno.symlink("../tool/run.js", join(at.here, "bin", "run"));
  await Deno.symlink("/usr/bin/env", join(at.here, "bin", "env"));
  await Deno.symlink("outside", join(at.here, "out"));
  const code = `import os
open("new", "w").write("x")
os.mkdir("folder")
os.rename("new", "folder/new")
print(sorted(os.listdir(".")), os.listdir("folder"))
`;
  const { stdout, stderr } = await runPy(["-c", code], { folder: at.here });
  assert.equal(stdout, "['bin', 'folder', 'out'] ['new']\n", stderr);
  const kept = await runPy(["-c", "open('new', 'w')"], { folder: at.here, hasLandlock: false });
  assert.match(kept.stderr, /read only: .* is a link/, "the control: without it, links close it");
});

landlockTest(
  "what a link leads to is neither written nor removed, and the hint names it",
  async (at) => {
    await Deno.symlink(join(at.outside, "secret"), join(at.here, "link"));
    const written = await runPy(["-c", "open('link', 'w')"], { folder: at.here });
    assert.equal(written.code, 1);
    assert.match(written.stderr, /hint: .* --allow-read .*outside\/secret/);
    assert.equal(await Deno.readTextFile(join(at.outside, "secret")), "secret");
    const given = await runPy(
      ["--allow-write", at.outside, "-c", "open('link', 'w').write('new')"],
      {
        folder: at.here,
      },
    );
    assert.equal(given.code, 0, given.stderr);
    assert.equal(await Deno.readTextFile(join(at.outside, "secret")), "new");
  },
);

/** Makes a database of which SQLite, when it opens it, removes another file that the journal names. */
const REMOVE_BY_JOURNAL = `import os, struct, sys, js
target = sys.argv[1].encode()
path = os.getcwd() + "/" + sys.argv[2]
database = js.process.getBuiltinModule("sqlite").DatabaseSync
made = database.new(path)
made.exec("create table t(a)")
made.close()
magic = bytes.fromhex("d9d505f920a163d7")
open(path + "-journal", "wb").write(
    (magic + struct.pack(">5I", 0, 0, 2, 512, 4096)).ljust(512, b"\\0") + struct.pack(">I", 1)
    + target + struct.pack(">2I", len(target), sum(target)) + magic)
try: database.new(path).exec("select * from t")
except Exception as error: print(error)
`;

landlockTest("a journal of a database removes no file outside", async (at) => {
  const target = join(at.outside, "secret");
  const { stderr } = await runPy(["-c", REMOVE_BY_JOURNAL, target, "a.db"], { folder: at.here });
  assert.equal(stderr, "");
  assert.ok(existsSync(target));
  const given = await runPy(
    ["--allow-write", at.outside, "-c", REMOVE_BY_JOURNAL, target, "b.db"],
    {
      folder: at.here,
    },
  );
  assert.equal(given.stderr, "");
  assert.ok(!existsSync(target), "the control: where it may be written, it is removed");
});

landlockTest("the current folder is not moved away, and nothing takes its name", async (at) => {
  await Deno.symlink("outside/secret", join(at.here, "link"));
  const code = `import os, tempfile, js
here = os.getcwd()
try:
    js.Deno.renameSync(here, tempfile.gettempdir() + "/x")
    print("moved")
except Exception: print("kept")
`;
  const { stdout, stderr } = await runPy(["-c", code], { folder: at.here });
  assert.equal(stdout, "kept\n", stderr);
});

landlockTest(
  "a name that nothing has yet is written, and closes folders with links",
  async (at) => {
    await Deno.symlink(join(at.outside, "secret"), join(at.here, "link"));
    const path = join(at.outside, "new");
    const code = ["--allow-write", path, "-c", "import sys; open(sys.argv[1], 'w')", path];
    const made = await runPy(code, { folder: at.here });
    assert.equal(made.code, 0, made.stderr);
    await Deno.remove(path);
    const link = ["--allow-write", path, "-c", READ_ALL, "link"];
    assert.equal((await runPy(link, { folder: at.here })).stdout, "JsException\n");
  },
);

landlockTest("what the system shows of a process has no variable that is hidden", async (at) => {
  await Deno.symlink("/proc/self/environ", join(at.here, "link"));
  const code = `import js
try: text = js.Deno.readTextFileSync("link")
except Exception: text = ""
print("FORGE3D_TEST" in text)
`;
  const { stdout, stderr } = await runPy(["-c", code], {
    folder: at.here,
    environment: { FORGE3D_TEST_SECRET: "secret" },
  });
  assert.equal(stdout, "False\n", stderr);
});

landlockTest("folders whose group is passed on are copied with their modes", async (at) => {
  const shared = join(at.here, "shared");
  await Deno.mkdir(shared);
  await Deno.chmod(shared, 0o2755);
  const code = `import os, shutil
shutil.copytree("shared", "copy")
print(oct(os.stat("copy").st_mode & 0o777))
`;
  const { stdout, stderr } = await runPy(["-c", code], { folder: at.here });
  assert.equal(stdout, "0o755\n", stderr);
});
