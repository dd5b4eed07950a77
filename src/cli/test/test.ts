/**
 * `deno task test`: all tests.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { InvalidArgumentError } from "../../errors.ts";
import { type Command, EXIT_DONE, EXIT_FAILED, runAsProgram } from "../command.ts";
import { projectFolder } from "../folders.ts";
import { runTests } from "./run_tests.ts";
import { findTestFiles, type Lane, LANES } from "./test_files.ts";
import { addResults, NO_RESULTS, resultLine, type TestResults } from "./test_results.ts";

const HELP = `Usage: deno task test [OPTIONS] [PART…]

Runs all tests, those on the GPU included. The last line is "N passed, N failed", followed by
", N skipped" if any was. Exit code 1 if one failed.

  PART             run only the test files whose path contains PART
  --lane NAME      run one lane only: fast or slow (files called …_slow_test.ts)
  --filter TEXT    run only the tests whose name contains TEXT
  --no-check       leave out the type check
  -h, --help       show this text`;

/** The command. */
export const testCommand: Command = {
  name: "test",
  help: HELP,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        lane: { type: "string" },
        filter: { type: "string" },
        "no-check": { type: "boolean" },
      },
    });
    return await runAllTests({
      lanes: lanesNamed(values.lane),
      parts: positionals,
      filter: values.filter,
      checkTypes: values["no-check"] !== true,
    });
  },
};

/** Which tests are run, and how. */
export interface RunAllTestsOptions {
  /** Lanes, in order; default, both. */
  readonly lanes?: readonly Lane[];
  /** Only files whose path contains one of these; default, all. */
  readonly parts?: readonly string[];
  /** Only tests whose name contains this. */
  readonly filter?: string | undefined;
  /** False to leave out the type check. */
  readonly checkTypes?: boolean;
}

/** Runs tests, prints what was skipped and what failed, the time and the result line. */
export async function runAllTests(options: RunAllTestsOptions = {}): Promise<number> {
  const startMs = performance.now();
  let results = NO_RESULTS;
  let isAnyFile = false;
  for (const lane of options.lanes ?? LANES) {
    const files = findTestFiles(projectFolder(), lane).filter((file) =>
      (options.parts ?? []).length === 0 || options.parts!.some((part) => file.includes(part))
    );
    if (files.length === 0) continue;
    isAnyFile = true;
    const flags = options.filter === undefined ? [] : [`--filter=${options.filter}`];
    const checkTypes = options.checkTypes ?? true;
    results = addResults(results, await runTests(files, { flags, checkTypes }));
  }
  if (!isAnyFile) {
    throw new InvalidArgumentError(
      "parts",
      `Cannot run tests as no test file's path contains ${(options.parts ?? []).join(" or ")}`,
    );
  }
  printResults(results, (performance.now() - startMs) / 1000);
  return results.failed > 0 ? EXIT_FAILED : EXIT_DONE;
}

function printResults(results: TestResults, seconds: number): void {
  console.log("");
  for (const name of results.skipped) console.log(`skipped: ${name}`);
  for (const name of results.failures) console.log(`failed: ${name}`);
  console.log(`${seconds.toFixed(1)} s`);
  console.log(resultLine(results));
}

function lanesNamed(name: string | undefined): readonly Lane[] {
  if (name === undefined) return LANES;
  const lane = LANES.find((known) => known === name);
  if (lane !== undefined) return [lane];
  throw new InvalidArgumentError(
    "lane",
    `Cannot run tests as --lane must be one of ${LANES.join(", ")}: current value is ${name}`,
  );
}

if (import.meta.main) await runAsProgram(testCommand);
