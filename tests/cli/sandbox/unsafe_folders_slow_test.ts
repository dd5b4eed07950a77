import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { denoCacheFolder, projectFolder } from "../../../src/cli/folders.ts";
import { type CodeFolders, whyNotWritable } from "../../../src/cli/sandbox/code_folders.ts";
import { searchFolder, whyUnsafe } from "../../../src/cli/sandbox/folder_search.ts";
import { taskContextIn } from "../../../src/cli/task_context.ts";
import { scriptContext } from "../../../src/cli/sandbox/script_context.ts";
import { type ScriptGrants, scriptGrants } from "../../../src/cli/sandbox/script_grants.ts";
import { parsePyCommand } from "../../../src/cli/py/py_options.ts";
import { runPy } from "../../python/run_py.ts";
import { listenElsewhere } from "./listen_elsewhere.ts";

const isPosix = Deno.build.os !== "windows";

function posixTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `${name} (needs POSIX)`, ignore: !isPosix, fn });
}

/** Lays out a working folder and one beside it that has a secret. */
async function withFolders(
  use: (folders: { here: string; outside: string; folder: string }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const [here, outside] = [join(folder, "here"), join(folder, "outside")];
    for (const path of [here, outside]) await Deno.mkdir(path);
    await Deno.writeTextFile(join(outside, "secret"), "secret");
    await use({ here, outside, folder });
  });
}

/** What a script may do in a folder, with what else is to differ. */
async function grantsIn(
  working: string,
  changes: Partial<ReturnType<typeof taskContextIn>> = {},
  options: readonly string[] = [],
): Promise<ScriptGrants> {
  const context = { ...taskContextIn(working, await denoCacheFolder()), ...changes };
  const temporary = join(context.temporary, "forge3d-py-none", "tmp");
  return scriptGrants(parsePyCommand([...options, "-c", ""]), scriptContext(context, temporary));
}

const MOVE_AND_READ = `import sys, js
for old, new in zip(sys.argv[1::2], sys.argv[2::2]):
    try: js.Deno.renameSync(old, new)
    except Exception: pass
    try: print(js.Deno.readTextFileSync(new))
    except Exception: pass
`;

posixTest("no link leads out once it, or a folder on its way, is moved", async () => {
  await withFolders(async ({ here, outside }) => {
    await Deno.mkdir(join(here, "a/b/outside"), { recursive: true });
    await Deno.writeTextFile(join(here, "a/b/outside/secret"), "own");
    await Deno.symlink("../outside/secret", join(here, "a/b/link"));
    await Deno.mkdir(join(here, "a/outside"));
    const code = ["-c", MOVE_AND_READ, "a/b/link", "link"];
    const outcome = await runPy(code, { folder: here, hasLandlock: false });
    assert.equal(outcome.stdout, "", outcome.stderr);
    assert.ok(!existsSync(join(here, "link")));
    const told = await runPy(["-c", "open('new', 'w')"], { folder: here, hasLandlock: false });
    assert.match(
      told.stderr,
      /hint: .*--allow-write .*read only: .*a\/b\/link is a link that leads/,
    );
    // The control: written at the user's own risk, it does lead out.
    const given = await runPy(["--allow-write", here, ...code], {
      folder: here,
      hasLandlock: false,
    });
    assert.equal(given.stdout, "secret\n", given.stderr);
    assert.equal(await Deno.readTextFile(join(outside, "secret")), "secret");
  });
});

posixTest("links that cannot leave a folder leave it open, and all others close it", async () => {
  const cases: readonly [link: string, to: string, isOpen: boolean][] = [
    ["link", "HERE/own", true],
    ["link", "sub/own", true],
    ["sub/link", "sub/none", true],
    ["link", "own", false],
    ["link", ".", false],
    ["link", "outside/secret", false],
    ["sub/link", "./outside/none", false],
    ["sub/link", "../own", false],
    ["sub/link", "..", false],
    ["link", "sub/../own", false],
    ["link", "HERE/sub/../own", false],
    ["link", "../none", false],
    ["link", "OUTSIDE/none", false],
    ["link", "OUTSIDE/secret", false],
  ];
  for (const [link, to, isOpen] of cases) {
    await withFolders(async ({ here, outside }) => {
      await Deno.mkdir(join(here, "sub"));
      await Deno.writeTextFile(join(here, "own"), "");
      const text = to.replace("HERE", here).replace("OUTSIDE", outside);
      await Deno.symlink(text, join(here, link));
      const { write, readOnlyReason } = await grantsIn(here);
      assert.equal(write.includes(here), isOpen, `${link} → ${to}: ${readOnlyReason}`);
      assert.equal(readOnlyReason === null, isOpen);
    });
  }
});

posixTest("a link cannot take the name of a file that may be written", async () => {
  await withFolders(async ({ here, outside }) => {
    await Deno.symlink("sub/secret", join(here, "link"));
    const file = join(outside, "new.txt");
    const isOpenWith = async (path: string) =>
      (await grantsIn(here, {}, ["--allow-write", path])).write.includes(here);
    assert.ok(await isOpenWith(file), "the control: it leads nowhere there");
    await Deno.mkdir(join(outside, "sub"));
    await Deno.rename(join(outside, "secret"), join(outside, "sub", "secret"));
    assert.ok(!await isOpenWith(file));
    assert.ok(await isOpenWith(join(here, "new.txt")), "there it leads into the folder itself");
    assert.ok(await isOpenWith(outside), "all of it may be written");
    const code = ["--allow-write", file, "-c", MOVE_AND_READ, "link", file];
    assert.equal((await runPy(code, { folder: here })).stdout, "");
  });
});

/** Moves the current folder away and a link to its name, by way of each folder that can be written. */
const TAKE_NAME = `import os, sys, tempfile, js
here = os.getcwd()
def secret():
    for place in (tempfile.gettempdir(), os.environ["FORGE3D_CACHE_DIR"] + "/textures", sys.argv[1]):
        try:
            js.Deno.renameSync(here, place + "/x")
            js.Deno.renameSync(place + "/x/link", here)
            return js.Deno.readTextFileSync(here)
        except Exception: pass
print(secret())
`;

posixTest("a link cannot take the name of the folder that it lies in", async () => {
  await withFolders(async ({ here, folder }) => {
    const [cache, other] = [join(folder, "cache"), join(folder, "other")];
    await Deno.mkdir(join(cache, "textures"), { recursive: true });
    await Deno.mkdir(other);
    await Deno.symlink("outside/secret", join(here, "link"));
    const environment = { FORGE3D_CACHE_DIR: cache };
    const code = ["-c", TAKE_NAME, other];
    const refused = await runPy(code, { folder: here, environment, hasLandlock: false });
    assert.equal(refused.stdout, "None\n", refused.stderr);
    assert.ok((await Deno.lstat(join(here, "link"))).isSymlink);
    // The control: written at the user's own risk, it does lead out.
    const risked = ["--allow-write", here, "--allow-write", other, ...code];
    const given = await runPy(risked, { folder: here, environment, hasLandlock: false });
    assert.equal(given.stdout, "secret\n", given.stderr);
  });
});

posixTest("a file that has another name outside is not changed", async () => {
  await withFolders(async ({ here, outside }) => {
    await Deno.link(join(outside, "secret"), join(here, "shared"));
    const write = ["-c", "open('shared', 'w').write('changed')"];
    const { code, stderr } = await runPy(write, { folder: here });
    assert.equal(code, 1);
    assert.match(stderr, /hint: .*read only: .*shared has another name \(a hard link\) outside/);
    assert.equal(await Deno.readTextFile(join(outside, "secret")), "secret");
    await Deno.remove(join(here, "shared"));
    // Names that all lie in the folder change nothing.
    await Deno.writeTextFile(join(here, "one"), "");
    await Deno.mkdir(join(here, "sub"));
    await Deno.link(join(here, "one"), join(here, "sub", "two"));
    assert.equal((await grantsIn(here)).readOnlyReason, null);
  });
});

posixTest("a socket in a folder is not reached by writing there", async () => {
  await withFolders(async ({ here }) => {
    const socket = join(here, "socket");
    const stopListening = await listenElsewhere(socket);
    assert.match((await grantsIn(here)).readOnlyReason ?? "", /socket is a socket, over which/);
    await stopListening();
    await Deno.remove(socket);
    assert.equal((await grantsIn(here)).readOnlyReason, null);
  });
});

Deno.test("what was not searched is not written", async () => {
  await withFolders(({ here }) => {
    for (const name of ["a", "a/b", "a/b/c"]) Deno.mkdirSync(join(here, name));
    const limits = { places: [here], names: [here] };
    assert.equal(whyUnsafe(searchFolder(here), limits), null);
    assert.match(whyUnsafe(searchFolder(here, { mostEntries: 1 }), limits) ?? "", /be searched/);
    return Promise.resolve();
  });
});

posixTest("a cache whose folder of textures leads elsewhere is not written", async () => {
  await withFolders(async ({ here, outside, folder }) => {
    const cache = join(folder, "cache");
    await Deno.mkdir(cache);
    const isWritten = async (named: string) => {
      const { write } = await grantsIn(here, { cache: named });
      return write.includes(outside) || write.some((path) => path.endsWith("textures"));
    };
    assert.ok(await isWritten(cache), "the control");
    await Deno.symlink(outside, join(cache, "textures"));
    assert.ok(!await isWritten(cache));
    // The user's own link is followed, and one that lies in the working folder is not.
    const other = join(folder, "other");
    await Deno.mkdir(other);
    await Deno.symlink(other, join(folder, "link"));
    assert.ok(await isWritten(join(folder, "link")));
    await Deno.symlink(other, join(here, "link"));
    assert.ok(!await isWritten(join(here, "link")));
    await Deno.symlink(outside, join(here, "textures"));
    assert.ok(!await isWritten(here));
  });
});

posixTest(
  "out/ is written only if nothing in it leads out, from wherever in the project",
  async () => {
    await withFolders(async ({ folder, outside }) => {
      const project = join(folder, "project");
      const [out, src] = [join(project, "out"), join(project, "src")];
      for (const path of [project, out, src]) await Deno.mkdir(path);
      const isOpen = async (changes = {}) =>
        (await grantsIn(src, { project, ...changes })).write.includes(out);
      assert.ok(await isOpen());
      await Deno.mkdir(join(out, "sub"));
      await Deno.symlink(outside, join(out, "sub", "link"));
      assert.ok(!await isOpen());
      const { read } = await grantsIn(src, { project });
      assert.ok(!read.some((path) => path.startsWith(out)));
      await Deno.remove(join(out, "sub", "link"));
      assert.ok(!await isOpen({ denoCache: join(out, "deno") }), "Deno's cache lies in it");
      await Deno.remove(out, { recursive: true });
      await Deno.symlink(outside, out);
      assert.ok(!await isOpen());
    });
  },
);

Deno.test("Deno's cache is not written where it lies in out/", () => {
  const project = projectFolder();
  const denoCache = join(project, "out", "deno");
  const code: CodeFolders = { project, denoCache, deno: Deno.execPath(), homes: [] };
  assert.equal(whyNotWritable(join(project, "out", "other"), code), null);
  assert.equal(whyNotWritable(join(denoCache, "npm"), code), "it lies in Deno's cache");
});

Deno.test("a script leaves no settings of tools in out/, and those that were there stay", async () => {
  const output = join(projectFolder(), "out", `sandbox_test_${crypto.randomUUID()}`);
  await Deno.mkdir(join(output, "sub"), { recursive: true });
  try {
    for (const name of ["sub/deno.json", "package.json"]) {
      await Deno.writeTextFile(join(output, name), "{}");
    }
    const code = `import os
for name in ["deno.json", "new/deno.jsonc", "sub/.npmrc", "data.json", "package.json"]:
    os.makedirs(os.path.dirname("./" + name), exist_ok=True)
    open(name, "a").write("{}")
os.rename("new", "moved")
`;
    const { code: exitCode, stderr } = await runPy(["-c", code], { folder: output });
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /warning: Removed .*moved\/deno\.jsonc, which a script must not leave/);
    for (const name of ["deno.json", "moved/deno.jsonc", "sub/.npmrc", "package.json"]) {
      assert.ok(!existsSync(join(output, name)), name);
    }
    for (const name of ["sub/deno.json", "data.json", "moved"]) {
      assert.ok(existsSync(join(output, name)), name);
    }
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});
