/**
 * Runs `deno test` on files and reads its results.
 *
 * @module
 */

import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { denoCacheFolder, projectFolder } from "../folders.ts";
import { makeTestCache } from "./test_cache.ts";
import { readTestResults, type TestResults } from "./test_results.ts";

/** How tests are run. */
export interface RunTestsOptions {
  /** Further flags of `deno test`. */
  readonly flags?: readonly string[];
  /** True to check types first. */
  readonly checkTypes?: boolean;
  /** Configuration file; default, the project's. */
  readonly config?: string;
  /** Environment variables, beside this process's. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs test files, with the sanitizers of operations and resources, and shows what they print.
 *
 * Tests may read and write any file, which Deno requires for the symbolic links that one of them
 * makes; the only host that they can reach is this machine. What they cache is removed at the end.
 *
 * @param files Paths, absolute or from the project's folder
 */
export async function runTests(
  files: readonly string[],
  options: RunTestsOptions = {},
): Promise<TestResults> {
  const report = join(tmpdir(), `forge3d-tests-${crypto.randomUUID()}.xml`);
  const cache = makeTestCache();
  const environment: Record<string, string> = {
    ...Deno.env.toObject(),
    FORGE3D_CACHE_DIR: cache.folder,
    ...options.environment,
  };
  // Tests start tasks, which must not use the user's working folder as theirs.
  delete environment.INIT_CWD;
  if (Deno.stdout.isTerminal() && !Deno.noColor) environment.FORCE_COLOR = "1";
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--quiet",
      "--no-prompt",
      "--sanitize-ops",
      "--sanitize-resources",
      `--preload=${join(projectFolder(), "tests", "helpers", "finish_calls.ts")}`,
      `--junit-path=${report}`,
      `--config=${options.config ?? join(projectFolder(), "deno.json")}`,
      ...(options.checkTypes === false ? ["--no-check"] : []),
      "--allow-read",
      // Playwright looks there for Windows; without this, Deno asks for every permission.
      "--ignore-read=/proc/sys",
      "--allow-write",
      "--allow-net=127.0.0.1,localhost",
      "--allow-env",
      "--allow-run",
      "--allow-sys",
      `--allow-ffi=${await denoCacheFolder()}`,
      ...(options.flags ?? []),
      ...files,
    ],
    cwd: projectFolder(),
    clearEnv: true,
    env: environment,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  try {
    const output = await showAndKeep(child.stdout);
    const { code } = await child.status;
    const xml = existsSync(report) ? readFileSync(report, "utf8") : "";
    return readTestResults(xml, { exitCode: code, output });
  } finally {
    rmSync(report, { force: true });
    cache.remove();
  }
}

/** Passes text on to standard output as it comes, and returns all of it. */
async function showAndKeep(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    process.stdout.write(bytes);
    text += decoder.decode(bytes, { stream: true });
  }
  return text;
}
