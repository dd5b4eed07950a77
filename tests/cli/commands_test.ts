import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TaskContext, TASKS } from "../../src/cli/commands.ts";
import { projectFolder } from "../../src/cli/folders.ts";

const CONTEXT: TaskContext = {
  project: "/p",
  working: "/here",
  denoCache: "/dc",
  cache: "/cache",
  temporary: "/t",
  homes: ["/home/me"],
  deno: "/bin/deno",
  hasLoaderVariables: false,
  decoder: { socket: "/s/socket", decoded: "/dc/decoded" },
};

const DECODER_FLAGS = ["--allow-net=unix:/s/socket", "--allow-write=/s/socket"];
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { py: ["a.py"] };

function permissions(task: string, ...args: string[]): string[] {
  return TASKS[task]!.permissions(CONTEXT, args.length > 0 ? args : ARGUMENTS[task] ?? []);
}

/** The flag that grants something beside the connection to the decoders. */
function granted(flags: readonly string[], name: string): string | undefined {
  return flags.find((flag) =>
    (flag === `--allow-${name}` || flag.startsWith(`--allow-${name}=`)) &&
    !DECODER_FLAGS.includes(flag)
  );
}

Deno.test("deno.json has a task for each command, and no other", () => {
  const { tasks } = JSON.parse(readFileSync(join(projectFolder(), "deno.json"), "utf8"));
  assert.deepEqual(Object.keys(tasks).sort(), Object.keys(TASKS).sort());
  for (const [name, { command }] of Object.entries<{ command: string }>(tasks)) {
    assert.ok(command.endsWith(`src/cli/launch.ts ${name}`), command);
    assert.ok(existsSync(join(projectFolder(), TASKS[name]!.script)));
  }
});

Deno.test("no task may do everything, and none but tests may write or start anything", () => {
  for (const name of Object.keys(TASKS)) {
    const flags = permissions(name);
    assert.ok(!flags.includes("--allow-all") && !flags.includes("-A"), name);
    if (name === "test" || name === "ok") continue;
    assert.notEqual(granted(flags, "write"), "--allow-write", name);
    assert.notEqual(granted(flags, "run"), "--allow-run", name);
    assert.equal(granted(flags, "net"), undefined, name);
  }
});

Deno.test("vt info writes nothing; vt bake only where its output goes, and temporary files", () => {
  assert.equal(granted(permissions("vt", "info", "a.png"), "write"), undefined);
  for (const form of [["-o", "d/a.ktx2"], ["-od/a.ktx2"], ["--output=d/a.ktx2"]]) {
    assert.equal(
      granted(permissions("vt", "bake", "a.png", ...form), "write"),
      "--allow-write=/here/d,/t",
    );
  }
  assert.equal(
    granted(permissions("vt", "bake", "a.png", "-o", "/else/a.ktx2"), "write"),
    "--allow-write=/else,/t",
  );
  assert.equal(granted(permissions("vt", "bake", "a.png", "-o"), "write"), "--allow-write=/t");
});

Deno.test("py has no network, also for packages, and writes only below the user's folder", () => {
  for (const args of [["a.py"], ["--with", "numpy", "a.py"], ["--with=numpy", "-c", "1"]]) {
    const flags = permissions("py", ...args);
    for (const name of ["net", "run", "ffi", "sys", "import"]) {
      assert.equal(granted(flags, name), undefined, name);
    }
    assert.equal(granted(flags, "write"), "--allow-write=/t,/cache/textures,/here");
  }
});

Deno.test("vt reads the files that it is told of, and no folder around them", () => {
  const read = granted(permissions("vt", "info", "d/a.png", "/b.ktx2"), "read")!;
  const paths = read.slice("--allow-read=".length).split(",");
  assert.deepEqual(paths.slice(0, 2), ["/here/d/a.png", "/b.ktx2"]);
  assert.ok(paths.slice(2).every((path) => path.startsWith("/p/")), read);
});

Deno.test("tasks reach the decoders of pictures, and load native code only where there are none", () => {
  for (const name of Object.keys(TASKS)) {
    const task = TASKS[name]!;
    const flags = permissions(name);
    // Fuzzing lets the native decoder read hostile files where it may fail.
    const native = name === "fuzz" ? "--allow-ffi=/dc" : undefined;
    assert.equal(granted(flags, "ffi"), native, name);
    if (!task.usesDecoder) continue;
    for (const flag of DECODER_FLAGS) assert.ok(flags.includes(flag), `${name}: ${flag}`);
    const alone = task.permissions({ ...CONTEXT, decoder: null }, ARGUMENTS[name] ?? []);
    assert.equal(granted(alone, "ffi"), "--allow-ffi=/dc", name);
  }
});

Deno.test("a comma in a path does not split it", () => {
  const flags = TASKS.py!.permissions({ ...CONTEXT, working: "/a,b" }, ["a.py"]);
  assert.equal(granted(flags, "write"), "--allow-write=/t,/cache/textures,/a,,b");
});

Deno.test("variables for the system's loader take the full permission to start programs", () => {
  const flags = TASKS.demo!.permissions({ ...CONTEXT, hasLoaderVariables: true }, []);
  assert.equal(granted(flags, "run"), "--allow-run");
});

Deno.test("help and work without a GPU need no adapter", () => {
  for (const name of Object.keys(TASKS)) assert.ok(!TASKS[name]!.needsAdapter(["--help"]), name);
  const needs = (...args: string[]) => TASKS.vt!.needsAdapter(args);
  assert.ok(!needs("info", "a.png"));
  assert.ok(!needs("bake", "--help"));
  assert.ok(!needs("bake", "a.png", "-o", "b.ktx2", "--format", "rgba8"));
  assert.ok(!needs("bake", "a.png", "-o", "b.ktx2", "--format=r16"));
  assert.ok(needs("bake", "a.png", "-o", "b.ktx2", "--format", "BC5"));
  assert.ok(needs("bake", "a.png", "-o", "b.ktx2"));
  assert.ok(TASKS.py!.needsAdapter(["a.py", "--help"]));
});
