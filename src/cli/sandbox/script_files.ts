/**
 * The files of a script's process, as the kernel holds them.
 *
 * @module
 */

import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { FileRights } from "../confinement/landlock.ts";
import { runtimeFiles } from "../confinement/runtime_files.ts";
import type { PyCommand } from "../py/py_options.ts";
import type { TaskContext } from "../task_context.ts";
import { outputFolder, whyNotWritable } from "./code_folders.ts";
import { bothPaths, isFolder, isInside, realPathOf } from "./paths.ts";
import type { ScriptContext } from "./script_context.ts";
import type { ScriptGrants } from "./script_grants.ts";
import { texturePlaces } from "./texture_places.ts";

/** What the kernel lets a script's process have: its own, and what the runtime needs. */
export function scriptFiles(
  context: TaskContext,
  { command, grants, folder }: { command: PyCommand; grants: ScriptGrants; folder: string },
): FileRights {
  const { read, use } = runtimeFiles(context);
  const named = command.options.write.flatMap((path) => bothPaths(resolve(context.working, path)));
  return {
    read: [...read, ...grants.read, folder],
    use: [...use, ...grants.write.filter((path) => existsSync(path) && !isFolder(path))],
    // The kernel knows a name that nothing has yet by the folder around it. Without that nothing is made.
    make: named.filter((path) => !existsSync(path)).map((path) => dirname(path)),
    write: grants.write.filter(isFolder),
  };
}

/** Makes the folders that every script may write, as the kernel knows folders that exist alone. */
export function makeScriptFolders(script: ScriptContext): void {
  const isInProject = isInside(realPathOf(script.working), realPathOf(script.project));
  const output = isInProject ? [outputFolder(script)] : [];
  for (const place of [...texturePlaces(script).places, ...output]) {
    if (whyNotWritable(place, script) !== null) continue;
    try {
      mkdirSync(place, { recursive: true });
    } catch {
      // The script is told when it writes there.
    }
  }
}
