/** Where the kernel holds the files of a script (Landlock), whatever Deno or native code makes of a path. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { denoCacheFolder } from "../../../src/cli/folders.ts";
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

/** A folder that an option names: Deno does not look for links there. */
async function makeNamed({ folder }: Folders): Promise<string> {
  const named = join(folder, "named");
  await Deno.mkdir(join(named, "a"), { recursive: true });
  return named;
}

landlockTest("no link in a folder that an option names leads out", async (at) => {
  const named = await makeNamed(at);
  await Deno.symlink(at.outside, join(named, "a", "link"));
  await Deno.symlink("../outside", join(named, "relative"));
  await Deno.symlink("a", join(named, "alias"));
  const names = ["a/link/secret", "alias/link/secret", "relative/secret"];
  const code = ["--allow-write", named, "-c", READ_ALL, ...names.map((name) => join(named, name))];
  const found = await runPy(code, { folder: at.here });
  assert.equal(found.stdout, "JsException\n".repeat(3), found.stderr);
  const free = await runPy(code, { folder: at.here, hasLandlock: false });
  assert.equal(free.stdout, "secret\n".repeat(3), `the control, without it: ${free.stderr}`);
  const given = await runPy(["--allow-read", at.outside, ...code], { folder: at.here });
  assert.equal(given.stdout, "secret\n".repeat(3), given.stderr);
});

landlockTest("what a link leads to is neither written, made nor removed", async (at) => {
  const named = await makeNamed(at);
  await Deno.symlink(at.outside, join(named, "link"));
  await Deno.symlink(await denoCacheFolder(), join(named, "cache"));
  const code = `import js, sys
js.Deno.chdir(sys.argv[1])
def attempt(work):
    try: work(); print("done")
    except Exception: print("refused")
attempt(lambda: js.Deno.writeTextFileSync("link/secret", "x"))
attempt(lambda: js.Deno.writeTextFileSync("link/new", "x"))
attempt(lambda: js.Deno.removeSync("link/secret"))
attempt(lambda: js.Deno.renameSync("link/secret", "moved"))
attempt(lambda: js.Deno.truncateSync("link/secret", 0))
for name in ("v8_code_cache_v2", "dep_analysis_cache_v2", "node_analysis_cache_v2"):
    attempt(lambda: js.Deno.openSync("cache/" + name, js.JSON.parse('{"write": true}')))
`;
  const { stdout, stderr } = await runPy(["--allow-write", named, "-c", code, named], {
    folder: at.here,
  });
  const answers = stdout.trim().split("\n");
  assert.ok(answers.length > 5, stderr);
  assert.deepEqual([...new Set(answers)], ["refused"], stdout);
  assert.equal(await Deno.readTextFile(join(at.outside, "secret")), "secret");
});

landlockTest(
  "a named file is written and not replaced, and the hint names its folder",
  async (at) => {
    const file = join(at.outside, "secret");
    const written = ["--allow-write", file, "-c", "import sys; open(sys.argv[1], 'w').write('x')"];
    assert.equal((await runPy([...written, file], { folder: at.here })).code, 0);
    const replaced = ["--allow-write", file, "-c", "import os, sys; os.remove(sys.argv[1])", file];
    const { code, stderr } = await runPy(replaced, { folder: at.here });
    assert.equal(code, 1);
    assert.match(stderr, /hint: .* --allow-write .*outside/);
    assert.doesNotMatch(stderr, /hint: .*secret/);
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

landlockTest("a name that nothing has yet is made, and what lies beside it stays", async (at) => {
  for (const make of ["open(path, 'w').write('x')", "os.makedirs(path + '/a')"]) {
    const path = join(at.outside, "new");
    const code = `import os, sys; path = sys.argv[1]; ${make}`;
    const made = await runPy(["--allow-write", path, "-c", code, path], { folder: at.here });
    assert.equal(made.code, 0, made.stderr);
    await Deno.remove(path, { recursive: true });
    const journal = ["--allow-write", path, "-c", REMOVE_BY_JOURNAL, join(at.outside, "secret")];
    await runPy([...journal, `${crypto.randomUUID()}.db`], { folder: at.here });
    assert.ok(existsSync(join(at.outside, "secret")));
  }
});

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

const DRIVER = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";
const LIBRARY = "/usr/lib/x86_64-linux-gnu/libvulkan_lvp.so";

Deno.test({
  name:
    "a driver that lies elsewhere is found with the option that the hint names (needs lavapipe " +
    "and a kernel with Landlock)",
  ignore: !hasLandlock || !existsSync(DRIVER) || !existsSync(LIBRARY),
  fn: () =>
    withFolder(async (folder) => {
      const [here, lib, icd] = ["here", "lib", "icd"].map((name) => join(folder, name));
      for (const path of [here!, lib!, icd!]) await Deno.mkdir(path);
      await Deno.copyFile(LIBRARY, join(lib!, "driver.so"));
      const { ICD, ...rest } = JSON.parse(await Deno.readTextFile(DRIVER));
      const file = join(icd!, "driver.json");
      const made = { ...rest, ICD: { ...ICD, library_path: join(lib!, "driver.so") } };
      await Deno.writeTextFile(file, JSON.stringify(made));
      const options = {
        folder: here!,
        environment: { VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file },
      };
      const code = ["-c", "import forge3d; print(forge3d.get_device() is not None)"];
      const { stderr } = await runPy(code, options);
      assert.match(stderr, /no WebGPU adapter was found[^]*hint: .*--allow-read \//);
      const given = await runPy(["--allow-read", "/", ...code], options);
      assert.equal(given.stdout, "True\n", given.stderr);
    }),
});
