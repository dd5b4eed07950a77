/**
 * Which files hold tests, and in which lane they run.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The two lanes: what every change runs at once, and what takes its time. */
export type Lane = "fast" | "slow";

/** The lanes in the order in which they run. */
export const LANES: readonly Lane[] = ["fast", "slow"];

const SLOW_SUFFIX = "_slow_test.ts";

/**
 * Test files of a lane, as sorted paths with forward slashes, relative to the project's folder: the
 * slow ones are called `…_slow_test.ts`.
 */
export function findTestFiles(projectFolder: string, lane: Lane): string[] {
  const entries = readdirSync(join(projectFolder, "tests"), { recursive: true });
  return entries.map((entry) => `tests/${String(entry).replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith("_test.ts"))
    .filter((path) => path.endsWith(SLOW_SUFFIX) === (lane === "slow"))
    .sort();
}
