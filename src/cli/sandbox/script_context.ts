/**
 * The places around a script.
 *
 * @module
 */

import { join } from "node:path";
import { pythonCacheFolder } from "../folders.ts";
import type { TaskContext } from "../task_context.ts";
import type { CodeFolders } from "./code_folders.ts";
import { packageFolders, TRANSCODER_PACKAGE } from "./package_folders.ts";

/** What the rights of a script depend on. */
export interface ScriptContext extends CodeFolders {
  /** Where the user typed the command. */
  readonly working: string;
  /** The cache of baked pictures, or null if there is none. */
  readonly cache: string | null;
  /** A temporary folder for this run. */
  readonly temporary: string;
  /** What the interpreter reads: files and folders that hold no secrets. */
  readonly runtime: readonly string[];
}

/** The context of one run. */
export function scriptContext(context: TaskContext, temporary: string): ScriptContext {
  const { project, denoCache } = context;
  return {
    ...context,
    temporary,
    runtime: [
      ...["src", "py", "shaders"].map((name) => join(project, name)),
      pythonCacheFolder(denoCache),
      ...packageFolders(denoCache, "pyodide"),
      ...packageFolders(denoCache, TRANSCODER_PACKAGE),
    ],
  };
}
