/**
 * `deno task test`: the tests, in lanes.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { type Command, EXIT_DONE, EXIT_FAILED, runAsProgram } from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import type { Lane } from "./lanes/lane.ts";
import { ALL_LANES, LANES, lanesNamed } from "./lanes/lanes.ts";
import { runLanes } from "./lanes/run_lanes.ts";
import { addResults, NO_RESULTS, resultLine, type TestResults } from "./test_results.ts";

/** Lanes that run by default. */
export const DEFAULT_LANES: readonly Lane[] = LANES.filter(({ isDefault }) => isDefault);

const HELP = `Usage: deno task test [OPTIONS] [PART…]

Runs tests, those on the GPU included. Without --lane and --all these are those of the lane
${
  DEFAULT_LANES.map(({ name }) => name).join(" and ")
}, which take less than ten minutes on two cores.

  PART             run only the test files whose path contains PART, of the lane slow too
  --lane NAME      run this lane; several may be named, each with --lane
  --all            run every lane but those on request
  --filter TEXT    run only the tests whose name contains TEXT
  --no-check       leave out the type check
  -h, --help       show this text

Lanes:
${LANES.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`).join("\n")}

A lane installs what it needs where it can: as root on Debian and Ubuntu. Otherwise it is skipped,
and the reason is printed. The last line is "N passed, N failed", followed by ", N skipped" if any
test or lane was. Exit code 1 if one failed.`;

/** The command. */
export const testCommand: Command = {
  name: "test",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: "Cannot run tests",
      options: {
        lane: { type: "string", multiple: true },
        all: { type: "boolean" },
        filter: { type: "string" },
        "no-check": { type: "boolean" },
      },
    });
    return await runAllTests({
      lanes: chosenLanes(values.lane, {
        all: values.all ?? false,
        areNamed: positionals.length > 0,
      }),
      parts: positionals,
      filter: values.filter,
      checkTypes: values["no-check"] !== true,
    });
  },
};

/** Which tests are run, and how. */
export interface RunAllTestsOptions {
  /** Lanes, in order; default, those that run by default. */
  readonly lanes?: readonly Lane[];
  /** Only files whose path contains one of these; default, all. */
  readonly parts?: readonly string[];
  /** Only tests whose name contains this. */
  readonly filter?: string | undefined;
  /** False to leave out the type check. */
  readonly checkTypes?: boolean;
  /** Results of tests that ran before, to be counted with these. */
  readonly before?: TestResults;
}

/** Runs tests, prints what was skipped and what failed, the time and the result line. */
export async function runAllTests(options: RunAllTestsOptions = {}): Promise<number> {
  const startMs = performance.now();
  const { lanes = DEFAULT_LANES, parts = [], before = NO_RESULTS } = options;
  const ran = await runLanes(lanes, options);
  if (ran === null) {
    const which = lanes.map(({ name }) => name).join(", ");
    throw new InvalidArgumentError(
      "parts",
      `Cannot run tests as no test file in ${which} has a path that contains ${parts.join(" or ")}`,
    );
  }
  const results = addResults(before, ran);
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

/** The lanes that a command line asks for; files that it names are those of slow tests too. */
function chosenLanes(
  names: readonly string[] | undefined,
  { all, areNamed }: { readonly all: boolean; readonly areNamed: boolean },
): readonly Lane[] {
  if (names === undefined && !all) return areNamed ? lanesNamed(["fast", "slow"]) : DEFAULT_LANES;
  if (names === undefined) return ALL_LANES;
  if (all) {
    throw new InvalidArgumentError(
      "all",
      "Cannot run tests as --lane and --all exclude each other",
    );
  }
  return lanesNamed(names);
}

if (import.meta.main) await runAsProgram(testCommand);
