import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { projectFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy, startPy } from "../../python/run_py.ts";

const isPosix = Deno.build.os !== "windows";
const INTERRUPTION = new URL("../../../src/cli/interruption.ts", import.meta.url).href;
const isLinux = Deno.build.os === "linux";

Deno.test({
  name: "the hint's option makes what the script wanted to make (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      const [here, other] = [join(folder, "here"), join(folder, "other")];
      for (const path of [here, other]) await Deno.mkdir(path);
      const cases = [
        ["new", "import os, sys\nos.mkdir(sys.argv[1])"],
        ["new.txt", "import sys\nopen(sys.argv[1], 'w')"],
      ] as const;
      for (const [name, code] of cases) {
        const path = join(other, name);
        const refused = await runPy(["-c", code, path], { folder: here });
        assert.match(refused.stderr, /\nhint: deno task py --allow-write .*new/);
        assert.ok(!existsSync(path));
        const given = await runPy(["--allow-write", path, "-c", code, path], { folder: here });
        assert.equal(given.code, 0, given.stderr);
        assert.ok(existsSync(path));
        const beside = ["--allow-write", path, "-c", code, `${path}-beside`];
        assert.equal((await runPy(beside, { folder: here })).code, 1);
      }
    });
  },
});

Deno.test({
  name: "files that Python makes follow the umask, and a mode that is asked for (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      const code = `import os
open("plain", "w")
for name, mode in [("own", 0o600), ("program", 0o777)]:
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY, mode))
open("changed", "w")
os.chmod("changed", 0o666)
`;
      const { code: exitCode, stderr } = await runPy(["-c", code], { folder });
      assert.equal(exitCode, 0, stderr);
      const modes = ["plain", "own", "program", "changed"]
        .map((name) => statSync(join(folder, name)).mode & 0o777);
      const probe = join(folder, "probe");
      await Deno.writeTextFile(probe, "");
      const plain = statSync(probe).mode & 0o777;
      assert.deepEqual(modes, [plain, 0o600, plain | (plain >> 2 & 0o111), 0o666]);
    });
  },
});

Deno.test("a variable that is allowed and not set needs no option", async () => {
  await withFolder(async (folder) => {
    const code = ["-c", "import os; os.environ['FORGE3D_TEST_NONE']"];
    const hidden = await runPy(code, { folder });
    assert.match(hidden.stderr, /\nhint: deno task py --allow-env FORGE3D_TEST_NONE/);
    const allowed = await runPy(["--allow-env", "FORGE3D_TEST_NONE", ...code], { folder });
    assert.match(allowed.stderr, /KeyError: 'FORGE3D_TEST_NONE'\n$/);
  });
});

Deno.test("errors of JavaScript show the program's frames alone", async () => {
  await withFolder(async (folder) => {
    const code = "import js\njs.eval('throw new Error(1)')";
    const { stderr } = await runPy(["-c", code], { folder });
    assert.match(stderr, /^Traceback .*\n {2}File "<string>", line 2/);
    assert.ok(!stderr.includes("_forge3d_launch"), stderr);
  });
});

Deno.test("the hint names out/ only where the script may write it", async () => {
  await withFolder(async (folder) => {
    const path = join(projectFolder(), "src", "made");
    const { stderr } = await runPy(["-c", `open(${JSON.stringify(path)}, "w")`], { folder });
    assert.match(stderr, /\nhint: no option lets scripts write .*forge3d's own folder\n$/);
  });
});

Deno.test("ports are checked before anything starts", async () => {
  await withFolder(async (folder) => {
    const run = (host: string) => runPy(["--allow-net", host, "-c", ""], { folder });
    assert.match((await run("a.test:65536")).stderr, /^Cannot run Python as --allow-net must name/);
    assert.equal((await run("a.test:65535")).code, 0);
  });
});

Deno.test("temporary files do not lie where code does", async () => {
  await withFolder(async (folder) => {
    const source = join(projectFolder(), "src");
    const before = readdirSync(source).length;
    const { code, stderr } = await runPy(["-c", ""], { folder, environment: { TMPDIR: source } });
    assert.equal(code, 2);
    assert.match(stderr, /^Cannot run Python as temporary files must not lie in .*src: it lies in/);
    assert.equal(readdirSync(source).length, before);
  });
});

Deno.test({
  name: "no script starts where Deno opens nothing (needs Linux)",
  ignore: !isLinux,
  fn: async () => {
    for (const folder of ["/dev/shm", "/proc"]) {
      const { code, stderr } = await runPy(["-c", "open('made', 'w')"], { folder });
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^Cannot run Python in ${folder} as Deno keeps it`));
    }
  },
});

Deno.test({
  name: "Ctrl-C that reaches the launcher and a starting script is reported once (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      const script = `import { Interruption } from ${JSON.stringify(INTERRUPTION)};
const interruption = new Interruption("py");
const child = new Deno.Command(Deno.execPath(), { args: ["eval", "setTimeout(() => {}, 1e5)"] }).spawn();
setTimeout(() => child.kill("SIGINT"), 500);
await interruption.waitFor(child);
// Heard only now, as it is where the child ends first.
Deno.kill(Deno.pid, "SIGINT");
setTimeout(() => {}, 5000);
`;
      const path = join(folder, "run.ts");
      await Deno.writeTextFile(path, script);
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--quiet", "--no-check", "--no-config", path],
      }).output();
      assert.equal(code, 130);
      assert.equal(new TextDecoder().decode(stderr), "KeyboardInterrupt\n");
    });
  },
});

Deno.test({
  name: "a script ends when its launcher is killed (needs Linux)",
  ignore: !isLinux,
  fn: async () => {
    await withFolder(async (folder) => {
      const code =
        "import js, time\nprint(js.Deno.pid, flush=True)\nwhile True: time.sleep(0.01)\n";
      const launcher = startPy(["-c", code], { folder });
      const output = launcher.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const pid = Number((await output.read()).value);
      assert.ok(pid > 0);
      launcher.kill("SIGKILL");
      await launcher.status;
      // The output ends with the last process that holds it.
      const waiting = new AbortController();
      const isOver = await Promise.race([
        output.read().then(({ done }) => done),
        delay(5000, false, { signal: waiting.signal }).catch(() => false),
      ]);
      waiting.abort();
      if (!isOver) Deno.kill(pid, "SIGKILL");
      await output.cancel();
      await launcher.stderr.cancel();
      assert.ok(isOver, "the script runs on");
    });
  },
});
