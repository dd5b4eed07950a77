/**
 * What the commands of `vt rvt` may read and write. Pure.
 *
 * @module
 */

import { dirname, resolve } from "node:path";

/** Folders that a command may use. */
export interface RvtAccess {
  /** Folders that are read. */
  readonly read: readonly string[];
  /** Folders that are written to. */
  readonly write: readonly string[];
}

/** Commands that render. */
const RENDERING: readonly string[] = ["inspect", "run"];

/** Whether a command renders. */
export function rvtNeedsAdapter([name = ""]: readonly string[]): boolean {
  return RENDERING.includes(name);
}

/**
 * The folders of a command.
 *
 * @param args Behind `vt rvt`.
 * @param working The folder in which it was called, which is the project where none is named.
 */
export function rvtAccess(args: readonly string[], working: string): RvtAccess {
  const [name, ...rest] = args;
  const named = rest.filter((arg) => !arg.startsWith("-"));
  const joined = rest.flatMap((arg) => arg.startsWith("--project=") ? [arg.slice(10)] : []);
  const isOfAsset = name === "find-materials" || name === "fix-materials";
  const at = rest.indexOf("--project");
  const projects = isOfAsset
    ? [...joined, ...(at >= 0 ? rest.slice(at + 1, at + 2) : [])]
    : [...named, ...joined];
  const folders = (projects.length === 0 ? ["."] : projects).map((path) => {
    const full = resolve(working, path);
    return /\.json$/i.test(full) ? dirname(full) : full;
  });
  return { read: folders, write: name === "fix-materials" ? folders : [] };
}
