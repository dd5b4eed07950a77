/**
 * Which test files a lane runs.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Lane } from "./lane.ts";
import { LANES } from "./lanes.ts";

/** Every test file: sorted paths with forward slashes, from the project's folder. */
export function findTestFiles(projectFolder: string): string[] {
  return readdirSync(join(projectFolder, "tests"), { recursive: true })
    .map((entry) => `tests/${String(entry).replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith("_test.ts")).sort();
}

/** Those of some test files that a lane runs; files that belong to another lane are left out. */
export function filesOfLane(files: readonly string[], lane: Lane): string[] {
  const owners = LANES.filter((other) => other.ownsFiles && other.name !== lane.name);
  return files.filter((path) =>
    lane.files.test(path) && !owners.some((owner) => owner.files.test(path))
  );
}
