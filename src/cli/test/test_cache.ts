/**
 * The cache that a run of tests has to itself.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A cache folder. */
export interface TestCache {
  /** Where it lies. */
  readonly folder: string;
  /** Removes it with what tests left in it. */
  remove(): void;
}

/** Makes an empty cache. */
export function makeTestCache(): TestCache {
  const folder = mkdtempSync(join(tmpdir(), "forge3d-tests-cache-"));
  return { folder, remove: () => rmSync(folder, { force: true, recursive: true }) };
}
