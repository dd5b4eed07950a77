import assert from "node:assert/strict";
import { join } from "node:path";
import { interrupted } from "./interrupted.ts";
import { runPy, startPy } from "./run_py.ts";
import { withFolder } from "../helpers/temporary_folder.ts";

Deno.test("a script finds its arguments, folder, neighbours and environment as with python", async () => {
  await withFolder(async (folder) => {
    const inner = join(folder, "inner");
    await Deno.mkdir(inner);
    await Deno.writeTextFile(join(inner, "neighbour.py"), "NAME = __name__\n");
    await Deno.mkdir(join(folder, "lib"));
    await Deno.writeTextFile(join(folder, "lib", "elsewhere.py"), "");
    await Deno.writeTextFile(
      join(inner, "script.py"),
      `import json, os, sys, elsewhere, neighbour
print(json.dumps([sys.argv, sys.path[0], __name__, __file__, os.getcwd(), os.environ["COLOUR"],
                  neighbour.NAME, sorted(os.listdir(".")), "PYTHONINSPECT" in os.environ,
                  sys.modules["__main__"].__file__]))
`,
    );
    const { code, stdout, stderr } = await runPy([
      "--allow-env",
      "COLOUR",
      "inner/script.py",
      "a",
      "--with",
      "-c",
      "ü b",
    ], {
      folder,
      environment: { COLOUR: "blue", PYTHONPATH: "lib" },
    });
    assert.deepEqual([code, stderr], [0, ""]);
    const path = join(inner, "script.py");
    assert.deepEqual(JSON.parse(stdout), [
      ["inner/script.py", "a", "--with", "-c", "ü b"],
      inner,
      "__main__",
      path,
      folder,
      "blue",
      "neighbour",
      ["inner", "lib"],
      false,
      path,
    ]);
  });
});

Deno.test("files that a script writes land on disk, and nothing else does", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "used.py"), "");
    const { code, stderr } = await runPy([
      "-c",
      `import os, sys, used
os.makedirs("a/b")
with open("a/b/bytes.bin", "wb") as file: file.write(bytes(range(256)))
with open(os.path.join(os.getcwd(), "a", "t.txt"), "w") as file: file.write("é\\n")
os.rename("a/t.txt", "text.txt")
assert open("text.txt", encoding="utf-8").read() == "é\\n"
try: open("missing.txt")
except FileNotFoundError as error: assert error.filename == "missing.txt"
else: raise AssertionError
try: open(sys.argv[1], "w")
except PermissionError: pass
else: raise AssertionError
`,
      "/usr/not_allowed.txt",
    ], { folder });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(
      await Deno.readFile(join(folder, "a", "b", "bytes.bin")),
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(names, ["a", "text.txt", "used.py"]);
  });
});

Deno.test("standard input and output carry lines and bytes, separate from errors", async () => {
  await withFolder(async (folder) => {
    const code = `import sys
first = input("name? ")
rest = sys.stdin.read()
sys.stdout.buffer.write(bytes(range(256)))
sys.stdout.flush()
print("to stderr", file=sys.stderr)
print(first, sys.stdin.isatty(), sys.stdout.isatty(), rest, end="")
`;
    const large = `λ\n${"0123456789abcdef".repeat(20_000)}`;
    const outcome = await runPy(["-c", code], { folder, stdin: `Ada\n${large}` });
    const at = "name? ".length;
    assert.deepEqual(
      outcome.bytes.slice(at, at + 256),
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    const after = new TextDecoder().decode(outcome.bytes.slice(at + 256));
    assert.ok(after === `Ada False False ${large}`, after.slice(0, 100));
    assert.equal(outcome.stderr, "to stderr\n");
  });
});

Deno.test("the exit code of a program is that of the command", async () => {
  await withFolder(async (folder) => {
    const failed = await runPy(["-c", "import os; os._exit(7)"], { folder });
    assert.deepEqual([failed.code, failed.stdout, failed.stderr], [7, "", ""]);
    const wrong = await runPy(["--nonsense", "x.py"], { folder });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /option is unknown: --nonsense[\s\S]*Usage: deno task py/);
  });
});

Deno.test("a writer ends as with python when its reader closes the stream", async () => {
  await withFolder(async (folder) => {
    const child = startPy(["-c", "while True: print('line')"], { folder });
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    const { code } = await child.status;
    const stderr = await new Response(child.stderr).text();
    assert.equal(code, 1);
    assert.match(stderr, /BrokenPipeError/);
  });
});

Deno.test("Ctrl-C interrupts a program that computes or sleeps", async () => {
  await withFolder(async (folder) => {
    const busy = await interrupted(
      "try:\n  print('on')\n  while True: pass\nfinally: print('off')",
      folder,
    );
    assert.deepEqual([busy.code, busy.stdout], [130, "on\noff\n"]);
    assert.match(busy.stderr, /^Traceback[\s\S]*\nKeyboardInterrupt\n$/);
    const asleep = await interrupted(
      "import time\ntry: print('on'); time.sleep(60)\nfinally: print('off')",
      folder,
    );
    assert.deepEqual([asleep.code, asleep.stdout], [130, "on\noff\n"]);
  });
});

Deno.test("the first line of a script runs within three seconds", async () => {
  await withFolder(async (folder) => {
    let best = Infinity;
    for (let run = 0; run < 2; run++) {
      const start = performance.now();
      const child = startPy(["-c", "print('here')"], { folder });
      const reader = child.stdout.getReader();
      await reader.read();
      best = Math.min(best, performance.now() - start);
      await reader.cancel();
      await Promise.all([child.status, child.stderr.cancel()]);
    }
    assert.ok(best < 3000, `the first line took ${best.toFixed(0)} ms`);
  });
});
