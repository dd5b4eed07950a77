/**
 * The cache that a run of tests has to itself.
 *
 * @module
 */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../cache_folder.ts";

/** What is made by downloading: shared with the user's cache, in place of one for each run. */
const SHARED = "python-tools";

/** A cache folder. */
export interface TestCache {
  /** Where it lies. */
  readonly folder: string;
  /** Removes it with what tests left in it. */
  remove(): void;
}

/** Makes an empty cache, but for the tools that check Python, which are the user's. */
export function makeTestCache(): TestCache {
  const folder = mkdtempSync(join(tmpdir(), "forge3d-tests-cache-"));
  const shared = join(cacheFolder((name) => Deno.env.get(name)) ?? tmpdir(), SHARED);
  try {
    mkdirSync(shared, { recursive: true });
    symlinkSync(shared, join(folder, SHARED), "junction");
  } catch {
    // Without a cache that can be written, or links, the tools are fetched again.
  }
  return { folder, remove: () => rmSync(folder, { force: true, recursive: true }) };
}
