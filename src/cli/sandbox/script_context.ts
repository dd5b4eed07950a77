/**
 * The places around a script.
 *
 * @module
 */

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pythonCacheFolder } from "../folders.ts";
import type { TaskContext } from "../task_context.ts";
import type { CodeFolders } from "./code_folders.ts";

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
      ...interpreterFolders(denoCache),
    ],
  };
}

/** Where the interpreter lies: one folder for each registry that it came from. */
function interpreterFolders(denoCache: string): string[] {
  const packages = join(denoCache, "npm");
  try {
    return readdirSync(packages).map((registry) => join(packages, registry, "pyodide"))
      .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory());
  } catch {
    return [];
  }
}
