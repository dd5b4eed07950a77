import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { closedPaths } from "../../../src/cli/sandbox/closed_paths.ts";
import { searchFolder } from "../../../src/cli/sandbox/folder_search.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";
import { listenElsewhere } from "./listen_elsewhere.ts";

const isPosix = Deno.build.os !== "windows";

function posixTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `${name} (needs POSIX)`, ignore: !isPosix, fn });
}

/** Prints each path that is an argument and can be opened, by Python or by JavaScript. */
const READ_ALL = `import sys, js
for path in sys.argv[1:]:
    opened = []
    try: opened.append(open(path, "rb"))
    except OSError: pass
    try: opened.append(js.Deno.openSync(path))
    except Exception: pass
    if opened: print(path)
`;

/** Makes links, each with what it leads to, and the folders on their way. */
async function makeLinks(folder: string, links: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, to] of Object.entries(links)) {
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.symlink(to, join(folder, path));
  }
}

posixTest("what is closed is not reached by way of another link", async () => {
  await withFolder(async (folder) => {
    const [here, outside] = [join(folder, "here"), join(folder, "outside")];
    const scripts = join(folder, "scripts");
    for (const path of [here, outside, scripts]) await Deno.mkdir(path);
    await Deno.writeTextFile(join(outside, "secret"), "secret");
    await makeLinks(here, {
      "a/evil": outside,
      "b": "a",
      "c": join(here, "b"),
      "up/here": "..",
      "loop": ".",
      "far/to/up": "../../up",
      "deep/one": "../a/two",
      "a/two/three": join(here, "b"),
    });
    await makeLinks(scripts, { "aside": here, "nearer": join(here, "a") });
    await makeLinks(here, { "back": scripts });
    await Deno.writeTextFile(join(here, "a", "own"), "");
    await Deno.copyFile(join(here, "a", "own"), join(here, "a", "two", "own"));
    await Deno.writeTextFile(join(scripts, "script.py"), READ_ALL);
    const ways = [
      ..."a b c up/here/a loop/b loop/loop/a far/to/up/here/c deep/one/three a/two/three".split(
        " ",
      ),
      ...["../scripts/aside/a", "../scripts/nearer", "back/nearer", `${scripts}/aside/loop/c`],
    ];
    const args = [join(scripts, "script.py"), ...ways.map((way) => `${way}/evil/secret`)];
    const owns = ["a/own", "a/two/own"];
    const { stdout, stderr } = await runPy([...args, ...owns], { folder: here });
    assert.equal(stdout, owns.map((path) => `${path}\n`).join(""), stderr);
    // The control: every way leads there.
    for (const way of ways) await Deno.stat(resolve(here, way, "evil", "secret"));
    const given = await runPy(["--allow-read", outside, ...args], { folder: here });
    assert.equal(given.stdout.trim().split("\n").length, ways.length, given.stderr);
  });
});

posixTest("a script that is named by way of a link runs, and reaches no more", async () => {
  await withFolder(async (folder) => {
    const here = join(folder, "here");
    await Deno.mkdir(here);
    await Deno.writeTextFile(join(folder, "secret"), "secret");
    await makeLinks(here, {
      "a/b/evil": folder,
      "l": "a",
      "l2": "a/b",
      "sub/l": "../a",
      "m": "sub",
    });
    for (const name of ["a/b/script.py", "a/script.py"]) {
      await Deno.writeTextFile(join(here, name), READ_ALL);
    }
    const ways = "a/b l/b l2 sub/l/b m/l/b".split(" ").map((way) => `${way}/evil/secret`);
    for (const script of ["l/b/script.py", "l2/script.py", "l/script.py", "sub/l/b/script.py"]) {
      const { stdout, stderr } = await runPy([script, ...ways, script], { folder: here });
      assert.equal(stdout, `${script}\n`, stderr);
    }
  });
});

posixTest("links to folders with nothing closed stay open", async () => {
  await withFolder(async (folder) => {
    await makeLinks(folder, { "a/out": "/", "b/in": "../c", "d": "b", "e": "a", "f": "e" });
    await Deno.mkdir(join(folder, "c"));
    const closed = closedPaths([searchFolder(folder)], { readable: [folder], named: [], ways: [] });
    assert.deepEqual(closed.sort(), ["a/out", "e", "f"].map((name) => join(folder, name)));
  });
});

posixTest("a link into a folder that was not searched is closed", async () => {
  await withFolder(async (folder) => {
    await makeLinks(folder, { "a/b/c/link": "..", "x": "a/b/c", "y": "x", "z": "w" });
    await Deno.mkdir(join(folder, "w"));
    const found = { ...searchFolder(folder), unsearched: [join(folder, "a", "b")] };
    const closed = closedPaths([found], { readable: [folder], named: [], ways: [] });
    const expected = ["a/b", "a/b/c/link", "x", "y"].map((name) => join(folder, name));
    assert.deepEqual(closed.sort(), expected);
  });
});

Deno.test("20,000 links, each to the folder of the next, are closed in seconds", () => {
  const root = join(import.meta.dirname!, "none");
  const links = Array.from({ length: 20_000 }, (_, index) => {
    const target = join(root, String(index + 1));
    return { path: join(root, String(index), "link"), text: target, target };
  });
  const out = { path: join(root, "20000", "link"), text: "/", target: dirname(root) };
  const found = { links: [...links, out], sharedFiles: [], channels: [], unsearched: [] };
  const started = performance.now();
  const closed = closedPaths([found], { readable: [root], named: [], ways: [] });
  assert.equal(closed.length, 20_001);
  assert.ok(performance.now() - started < 20_000);
});

posixTest("named pipes and sockets in a folder are not opened, nor links to them", async () => {
  await withFolder(async (folder) => {
    const [pipe, socket] = [join(folder, "pipe"), join(folder, "socket")];
    assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
    const stopListening = await listenElsewhere(socket);
    try {
      await makeLinks(folder, { "sub/pipe": "../pipe", "sub/socket": "../socket", "sup": "sub" });
      const found = searchFolder(folder);
      const names = ["pipe", "socket", "sub/pipe", "sub/socket", "sup"];
      const paths = names.map((name) => join(folder, name));
      const readable = [folder];
      assert.deepEqual(closedPaths([found], { readable, named: [], ways: [] }).sort(), paths);
      assert.deepEqual(closedPaths([found], { readable, named: [pipe], ways: [] }), [
        socket,
        join(folder, "sub", "socket"),
        join(folder, "sup"),
      ]);
      // A reader waits for a writer: this one would wait for ever.
      const code = `import js
for path in ("pipe", "sub/pipe", "sup/pipe"):
    try: js.Deno.openSync(path, js.JSON.parse('{"read": true, "write": false}')); print("opened")
    except Exception as error: print("Requires" in str(error))
`;
      const { stdout, stderr } = await runPy(["-c", code], { folder });
      assert.equal(stdout, "True\nTrue\nTrue\n", stderr);
    } finally {
      await stopListening();
    }
  });
});

posixTest(
  "a folder shows the names of what is closed in it, and everything else is open",
  async () => {
    await withFolder(async (folder) => {
      await makeLinks(folder, { "out": "/etc", "tools/bin/python": "/usr/bin/env" });
      await Deno.writeTextFile(join(folder, "tools", "bin", "pip"), "own");
      assert.ok(
        (await new Deno.Command("mkfifo", { args: [join(folder, "pipe")] }).output()).success,
      );
      const code = `import os, glob
print(sorted(os.listdir(".")), sorted(glob.glob("*")))
print([(root, sorted(names)) for root, _, names in os.walk(".")])
print(open("tools/bin/pip").read())
for path in ("out/hostname", "out", "pipe", "tools/bin/python"):
    try: open(path); print("opened")
    except PermissionError as error: print("refused")
open("out/hostname")
`;
      const { stdout, stderr } = await runPy(["-c", code], { folder });
      const names = "['out', 'pipe', 'tools']";
      assert.deepEqual(stdout.trim().split("\n"), [
        `${names} ${names}`,
        "[('.', ['out', 'pipe']), ('./tools', []), ('./tools/bin', ['pip', 'python'])]",
        "own",
        ...Array(4).fill("refused"),
      ], stderr);
      assert.match(stderr, /hint: .*--allow-read .*out\/hostname/);
    });
  },
);
