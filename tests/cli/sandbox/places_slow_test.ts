import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { denoCacheFolder, projectFolder, pythonCacheFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";
import { runTask, type TaskOutcome } from "../run_task.ts";

const isPosix = Deno.build.os !== "windows";

/** Tries to write each path that is an argument, by Python and by JavaScript; prints those written. */
const WRITE_ALL = `import sys, js
for path in sys.argv[1:]:
    try:
        open(path, "a").close()
        print(path)
    except OSError: pass
    try:
        js.Deno.openSync(path, js.JSON.parse('{"append": true, "create": true}')).close()
        print(path)
    except Exception: pass
`;

/** The same for reading. */
const READ_ALL = `import sys, js
for path in sys.argv[1:]:
    try:
        open(path, "rb").close()
        print(path)
    except OSError: pass
    try:
        js.Deno.readFileSync(path)
        print(path)
    except Exception: pass
`;

function lines({ stdout }: Pick<TaskOutcome, "stdout">): string[] {
  return [...new Set(stdout.split("\n").filter((line) => line !== ""))];
}

Deno.test({
  name:
    "an inherited INIT_CWD decides nothing: the folder that a command is typed in does (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      const [here, other] = [join(folder, "here"), join(folder, "other")];
      for (const path of [here, other]) await Deno.mkdir(path);
      const paths = [join(here, "a"), join(other, "a")];
      const typed = { folder: here, env: { INIT_CWD: other } };
      const outcome = await runTask("py", ["-c", WRITE_ALL, ...paths], typed);
      assert.deepEqual(lines(outcome), [join(here, "a")], outcome.stderr);
      assert.ok(!existsSync(paths[1]!));
      // The control: typed there, it is the folder.
      const there = await runTask("py", ["-c", WRITE_ALL, ...paths], { folder: other });
      assert.deepEqual(lines(there), [join(other, "a")], there.stderr);
    });
  },
});

Deno.test("in the project's own folder, a script writes out/ alone", async () => {
  const project = projectFolder();
  const files = [
    "src/cli/launch.ts",
    "deno.json",
    "deno.lock",
    "py/forge3d/__init__.py",
    "README.md",
  ];
  const before = files.map((name) => readFileSync(join(project, name), "utf8"));
  const output = `out/sandbox_test_${crypto.randomUUID()}`;
  const made = "src/made.ts .git/hooks/made made.py examples/made.py".split(" ");
  const code = `import os\nos.makedirs("out", exist_ok=True)\n${WRITE_ALL}`;
  try {
    const args = ["-c", code, ...files, ...made, output, "examples/../src/made.ts"];
    const outcome = await runTask("py", args, { folder: project });
    assert.deepEqual(lines(outcome), [output], outcome.stderr);
    assert.deepEqual(files.map((name) => readFileSync(join(project, name), "utf8")), before);
    for (const name of made) assert.ok(!existsSync(join(project, name)), name);
  } finally {
    await Deno.remove(join(project, output)).catch(() => undefined);
  }
  const hint = await runTask("py", ["-c", "open('deno.json', 'w')"], { folder: project });
  assert.match(
    hint.stderr,
    /\nhint: no option lets scripts write .*deno\.json, as it lies in forge3d/,
  );
});

Deno.test("a script can leave nothing where code is run from later", async () => {
  const cache = await denoCacheFolder();
  const python = pythonCacheFolder(cache);
  const names = [...Deno.readDirSync(python)].map(({ name }) => join(python, name));
  await withFolder(async (folder) => {
    const targets = [
      ...names,
      join(python, "bytecode", "made.pyc"),
      join(python, "downloads", "made"),
      join(cache, "npm", "made"),
      join(cache, "made"),
      join(projectFolder(), "py", "forge3d", "made.py"),
    ];
    const outcome = await runPy(["-c", WRITE_ALL, ...targets], { folder });
    assert.deepEqual(lines(outcome), [], outcome.stderr);
    for (
      const wide of [cache, join(cache, ".."), "/", projectFolder(), join(projectFolder(), "src")]
    ) {
      const refused = await runPy(["--allow-write", wide, "-c", ""], { folder });
      assert.equal(refused.code, 2, wide);
      assert.match(refused.stderr, /^Cannot run Python as scripts must not write /);
    }
  });
});

Deno.test({
  name: "the home folder is never written, and only its visible files are read (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (home) => {
      await Deno.mkdir(join(home, ".ssh"));
      await Deno.mkdir(join(home, "sub"));
      const files = ["notes.txt", ".profile", ".ssh/key", "sub/deep.txt"];
      for (const name of files) await Deno.writeTextFile(join(home, name), "x");
      const environment = { HOME: home, DENO_DIR: await denoCacheFolder() };
      const code = `${READ_ALL}\n${WRITE_ALL}`;
      const plain = await runPy(["-c", code, ...files], { folder: home, environment });
      assert.deepEqual(lines(plain), ["notes.txt"], plain.stderr);
      const fresh = await runPy(["-c", WRITE_ALL, ...files, "new"], { folder: home, environment });
      assert.deepEqual(lines(fresh), []);
      const given = ["--allow-read", "sub", "--allow-write", "sub/made"];
      const opened = await runPy([...given, "-c", code, "sub/deep.txt", "sub/made"], {
        folder: home,
        environment,
      });
      assert.deepEqual(lines(opened), ["sub/deep.txt", "sub/made"], opened.stderr);
      // Below it, everything is as usual.
      const below = await runPy(["-c", WRITE_ALL, "new"], {
        folder: join(home, "sub"),
        environment,
      });
      assert.deepEqual(lines(below), ["new"]);
    });
  },
});

Deno.test({
  name:
    "a link out of the folder is closed, and cannot be opened by renaming what holds it (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      const [here, outside] = [join(folder, "here"), join(folder, "outside")];
      const kept = { folder: here, hasLandlock: false };
      await Deno.mkdir(join(here, "a", "b"), { recursive: true });
      await Deno.mkdir(outside);
      await Deno.writeTextFile(join(outside, "secret"), "x");
      await Deno.writeTextFile(join(here, "own"), "x");
      const whole = await runPy(["-c", `${READ_ALL}\n${WRITE_ALL}`, "own", "new"], kept);
      assert.deepEqual(lines(whole), ["own", "new"], "without links all is open");

      const links = ["link", "folder/secret", "a/b/link", "dangling"];
      await Deno.symlink(join(outside, "secret"), join(here, "link"));
      await Deno.symlink(outside, join(here, "folder"));
      await Deno.symlink("../../../outside/secret", join(here, "a", "b", "link"));
      await Deno.symlink(join(outside, "none"), join(here, "dangling"));
      await Deno.symlink(join(here, "own"), join(here, "inner"));
      const renamed = `import os, tempfile
for old, new in [("a", "c"), ("a/b", "a/c"), (".", tempfile.gettempdir() + "/x"),
                 (os.getcwd(), tempfile.gettempdir() + "/x")]:
    try: os.rename(old, new); print("renamed", old)
    except OSError: pass
`;
      const args = [...links, "own", "inner"];
      const closed = await runPy(["-c", `${renamed}${READ_ALL}`, ...args], kept);
      assert.deepEqual(lines(closed), ["own", "inner"], closed.stderr);
      const written = await runPy(["-c", WRITE_ALL, ...args, "new"], kept);
      assert.deepEqual(lines(written), [], written.stderr);
      assert.ok(!existsSync(join(outside, "none")));
      const told = await runPy(["-c", "open('new', 'w')"], kept);
      assert.match(
        told.stderr,
        /hint: .*--allow-write .*new.*read only: .* leads, or may lead, out/,
      );

      const given = await runPy(["--allow-read", outside, "-c", READ_ALL, ...links], kept);
      assert.deepEqual(lines(given), links.slice(0, 3), given.stderr);
      // A relative link would lead elsewhere when it is moved.
      await Deno.remove(join(here, "a", "b", "link"));
      const absolute = links.filter((name) => name !== "a/b/link");
      const both = await runPy(
        ["--allow-write", outside, "-c", WRITE_ALL, ...absolute, "own"],
        kept,
      );
      assert.deepEqual(lines(both), [...absolute, "own"], both.stderr);
    });
  },
});
