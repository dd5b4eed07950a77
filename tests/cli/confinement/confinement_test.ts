import assert from "node:assert/strict";
import { join } from "node:path";
import { projectFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

interface Report {
  readonly worked: string[];
  readonly failed: string[];
  readonly missing: string[];
}

async function runProgram<T>(name: string, args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--quiet",
      `--config=${join(projectFolder(), "deno.json")}`,
      join(import.meta.dirname!, name),
      ...args,
    ],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name: "the kernel denies what the filter names, to every thread, and nothing else (needs Linux)",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      for (const mode of ["none", "filter"]) await Deno.mkdir(join(folder, mode));
      const free = await runProgram<Report>("confined_program.ts", [join(folder, "none"), "none"]);
      assert.deepEqual([free.failed, free.missing], [[], []], "each works without a filter");
      const confined = await runProgram<Report>(
        "confined_program.ts",
        [join(folder, "filter"), "filter"],
      );
      assert.deepEqual([confined.worked, confined.missing], [[], []]);
    }),
});

Deno.test({
  name: "without a filter the runtime has no WASI and no workers left either (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      for (const name of ["here", "outside"]) await Deno.mkdir(join(folder, name));
      await Deno.writeTextFile(join(folder, "outside", "secret.txt"), "secret");
      const prey = { here: join(folder, "here"), outside: join(folder, "outside") };
      for (const isLocked of [false, true]) {
        const { names, worked } = await runProgram<{ names: string[]; worked: string[] }>(
          "locked_program.ts",
          [JSON.stringify(prey), isLocked ? "lock" : "none"],
        );
        assert.ok(names.length >= 7, names.join());
        assert.deepEqual(worked, isLocked ? [] : names);
        await Deno.remove(prey.here, { recursive: true });
        await Deno.mkdir(prey.here);
      }
    }),
});
