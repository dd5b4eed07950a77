/**
 * What the permissions of tasks depend on: folders, caches and the running Deno.
 *
 * @module
 */

import { tmpdir, userInfo } from "node:os";
import { resolve } from "node:path";
import { cacheFolder } from "../cache_folder.ts";
import { denoCacheFolder, projectFolder, workingFolder } from "./folders.ts";
import type { DecoderAccess } from "./decoder/decoder_access.ts";
import type { CodeFolders } from "./sandbox/code_folders.ts";

/** The paths that tasks' permissions consist of; every one is absolute. */
export interface TaskContext extends CodeFolders {
  /** Where the user typed the command. */
  readonly working: string;
  /** The library's cache of baked pictures, or null if no variable names one. */
  readonly cache: string | null;
  /** Temporary files. */
  readonly temporary: string;
  /**
   * True if the environment tells the system's loader where to find libraries (`LD_LIBRARY_PATH`
   * and the like): Deno then starts programs under the full permission only.
   */
  readonly hasLoaderVariables: boolean;
  /** How to reach decoders of pictures, or null if the task decodes for itself. */
  readonly decoder: DecoderAccess | null;
}

const LOADER_VARIABLES = ["LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH"] as const;

/** The context of a task that is started now. */
export async function taskContext(): Promise<TaskContext> {
  return taskContextIn(workingFolder(), await denoCacheFolder());
}

/** The context of a task in a folder, where Deno's cache is known. */
export function taskContextIn(working: string, denoCache: string): TaskContext {
  const cache = cacheFolder((name) => Deno.env.get(name));
  return {
    project: projectFolder(),
    working,
    denoCache,
    cache: cache === null ? null : resolve(working, cache),
    temporary: tmpdir(),
    homes: homeFolders(),
    deno: Deno.execPath(),
    decoder: null,
    hasLoaderVariables: LOADER_VARIABLES.some((name) => Deno.env.get(name) !== undefined),
  };
}

/**
 * The user's home folders, by the system and by the environment, which may name another one. A user
 * whom the system does not know has none there.
 */
function homeFolders(): string[] {
  const named = [Deno.env.get("HOME"), Deno.env.get("USERPROFILE")];
  return [...named, homeOfUser()].filter((folder): folder is string => !!folder);
}

function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}
