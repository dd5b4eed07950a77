/**
 * Runs lanes of tests one after the other.
 *
 * @module
 */

import { errorText } from "../../command.ts";
import { projectFolder } from "../../folders.ts";
import { machineSetupHost, type SetupHost } from "../../setup_host.ts";
import { runTests, type RunTestsOptions } from "../run_tests.ts";
import { addResults, NO_RESULTS, type TestResults } from "../test_results.ts";
import type { Lane, LaneSetup } from "./lane.ts";
import { filesOfLane, findTestFiles } from "./lane_files.ts";

/** Which tests of the lanes are run, and how. */
export interface RunLanesOptions {
  /** Only files whose path contains one of these; default, all. */
  readonly parts?: readonly string[];
  /** Only tests whose name contains this. */
  readonly filter?: string | undefined;
  /** False to leave out the type check. */
  readonly checkTypes?: boolean;
  /** The machine; default, this one. */
  readonly host?: SetupHost;
  /** Runs test files; default, `deno test`. */
  readonly runFiles?: (files: readonly string[], options: RunTestsOptions) => Promise<TestResults>;
}

/**
 * Sets up and runs each lane that has files to run. A lane that cannot run counts as one skipped
 * test, one whose set-up fails as one that failed.
 *
 * @returns The results of all lanes, or null if none has a file to run
 */
export async function runLanes(
  lanes: readonly Lane[],
  options: RunLanesOptions = {},
): Promise<TestResults | null> {
  const { parts = [] } = options;
  const all = findTestFiles(projectFolder())
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)));
  let results: TestResults | null = null;
  for (const lane of lanes) {
    const files = filesOfLane(all, lane);
    if (files.length === 0) continue;
    console.log(`── lane ${lane.name}`);
    results = addResults(results ?? NO_RESULTS, await runLane(lane, files, options));
  }
  return results;
}

async function runLane(
  lane: Lane,
  files: readonly string[],
  options: RunLanesOptions,
): Promise<TestResults> {
  let setup: LaneSetup;
  try {
    setup = await lane.setUp?.(options.host ?? machineSetupHost()) ?? { environment: {} };
  } catch (error) {
    const failure = `lane ${lane.name} could not be set up: ${errorText(error)}`;
    return { ...NO_RESULTS, failed: 1, failures: [failure] };
  }
  if ("skipReason" in setup) {
    return { ...NO_RESULTS, skipped: [`lane ${lane.name}: ${setup.skipReason}`] };
  }
  return await (options.runFiles ?? runTests)(files, {
    flags: options.filter === undefined ? [] : [`--filter=${options.filter}`],
    checkTypes: options.checkTypes ?? true,
    environment: { ...lane.environment, ...setup.environment },
  });
}
