/**
 * Runs `deno test` on files and reads its results.
 *
 * @module
 */

import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { denoCacheFolder, projectFolder } from "../folders.ts";
import { lastLine, showAndKeep } from "./shown_output.ts";
import { makeTestCache } from "./test_cache.ts";
import { addResults, NO_RESULTS, readTestResults, type TestResults } from "./test_results.ts";

/** The longest test prints something much sooner, on any machine. */
const MOST_IDLE_MS = 10 * 60_000;
/** Time for `deno test` to report what it was doing, when it is told to end. */
const REPORT_MS = 20_000;

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
  /** Milliseconds without output after which the run is ended and fails; default 10 minutes. */
  readonly mostIdleMs?: number;
}

/**
 * Runs test files, with the sanitizers of operations and resources, and shows what they print.
 *
 * Tests may read and write any file, which Deno requires for the symbolic links that one of them
 * makes; the only host that they can reach is this machine. What they cache is removed at the end. A run
 * that prints nothing for long is ended, as a test that waits for ever would hold up those who wait for it.
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
  const mostIdleMs = options.mostIdleMs ?? MOST_IDLE_MS;
  let hasHung = false;
  let killing: ReturnType<typeof setTimeout> | undefined;
  const endRun = () => {
    if (hasHung) return;
    hasHung = true;
    child.kill("SIGINT");
    killing = setTimeout(() => child.kill("SIGKILL"), REPORT_MS);
  };
  try {
    const output = await showAndKeep(child.stdout, { mostIdleMs, onIdle: endRun });
    const { code } = await child.status;
    const xml = existsSync(report) ? readFileSync(report, "utf8") : "";
    const results = readTestResults(xml, { exitCode: code, output });
    if (!hasHung) return results;
    const failure = `nothing was printed for ${mostIdleMs / 1000} s, last: ${lastLine(output)}`;
    return addResults(results, { ...NO_RESULTS, failed: 1, failures: [failure] });
  } finally {
    clearTimeout(killing);
    rmSync(report, { force: true });
    cache.remove();
  }
}
