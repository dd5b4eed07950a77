/**
 * The machine and the user's place on it, as tasks' permissions see them.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { cacheFolder } from "../cache_folder.ts";
import type { TaskContext } from "./commands.ts";
import { denoCacheFolder, projectFolder, workingFolder } from "./folders.ts";

const LOADER_VARIABLES = ["LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH"] as const;

/** What tasks' permissions are made of here and now. */
export async function taskContext(): Promise<TaskContext> {
  return {
    project: projectFolder(),
    working: workingFolder(),
    denoCache: await denoCacheFolder(),
    cache: cacheFolder((name) => Deno.env.get(name)) ?? tmpdir(),
    temporary: tmpdir(),
    deno: Deno.execPath(),
    hasLoaderVariables: LOADER_VARIABLES.some((name) => Deno.env.get(name) !== undefined),
  };
}
