/**
 * Runs `deno test` on files and reads what it came to.
 *
 * @module
 */

import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { denoCacheFolder, projectFolder } from "./folders.ts";
import { readTestResults, type TestResults } from "./test_results.ts";

/** How tests are run. */
export interface RunTestsOptions {
  /** Further flags of `deno test`. */
  readonly flags?: readonly string[];
  /** True to check types first. */
  readonly checkTypes?: boolean;
  /** Configuration file; default, the project's. */
  readonly config?: string;
}

/**
 * Runs test files, with the sanitizers of operations and resources, and permission to write only to
 * the project's `out`, the caches and the temporary folder.
 *
 * @param files Paths, absolute or from the project's folder
 */
export async function runTests(
  files: readonly string[],
  options: RunTestsOptions = {},
): Promise<TestResults> {
  const report = join(tmpdir(), `forge3d-tests-${crypto.randomUUID()}.xml`);
  const environment = Deno.env.toObject();
  // Where the user stood is of no matter to tests, which would pass it on to the tasks they start.
  delete environment.INIT_CWD;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--quiet",
      "--no-prompt",
      "--sanitize-ops",
      "--sanitize-resources",
      `--junit-path=${report}`,
      ...(options.checkTypes === false ? ["--no-check"] : []),
      `--config=${options.config ?? join(projectFolder(), "deno.json")}`,
      ...await testPermissions(),
      ...(options.flags ?? []),
      ...files,
    ],
    cwd: projectFolder(),
    clearEnv: true,
    env: environment,
    stdin: "null",
  }).spawn().status;
  let xml = "";
  try {
    xml = readFileSync(report, "utf8");
  } catch {
    // Without a report nothing has run, which the exit code tells.
  }
  rmSync(report, { force: true });
  return readTestResults(xml, {
    exitCode: code,
    files: files.map((file) => relative(projectFolder(), resolve(projectFolder(), file))),
  });
}

async function testPermissions(): Promise<string[]> {
  const denoCache = await denoCacheFolder();
  const writable = [join(projectFolder(), "out"), tmpdir()];
  return [
    "--allow-read",
    `--allow-write=${writable.join(",")}`,
    "--allow-net=127.0.0.1,localhost",
    "--allow-env",
    "--allow-run",
    "--allow-sys",
    `--allow-ffi=${denoCache}`,
  ];
}
