/**
 * What the permissions of tasks depend on: folders, caches and the running Deno.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { cacheFolder } from "../cache_folder.ts";
import type { TaskContext } from "./commands.ts";
import { denoCacheFolder, projectFolder, workingFolder } from "./folders.ts";

const LOADER_VARIABLES = ["LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH"] as const;

/** The context of a task that is started now. */
export async function taskContext(): Promise<TaskContext> {
  return {
    project: projectFolder(),
    working: workingFolder(),
    denoCache: await denoCacheFolder(),
    cache: cacheFolder((name) => Deno.env.get(name)) ?? tmpdir(),
    temporary: tmpdir(),
    deno: Deno.execPath(),
    decoder: null,
    hasLoaderVariables: LOADER_VARIABLES.some((name) => Deno.env.get(name) !== undefined),
  };
}
