/**
 * What the commands of `vt rvt` may read and write.
 *
 * @module
 */

import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { realPathOf } from "../../sandbox/paths.ts";

/** Folders that a command may use. */
export interface RvtAccess {
  /** Folders that are read. */
  readonly read: readonly string[];
  /** Folders that are written to. */
  readonly write: readonly string[];
}

/** Commands that render. */
const RENDERING: readonly string[] = ["build", "inspect", "run"];
/** Commands that write to the project. */
const WRITING: readonly string[] = ["build", "fix-materials"];

/** Whether a command renders. */
export function rvtNeedsAdapter([name = "", ...args]: readonly string[]): boolean {
  return RENDERING.includes(name) || (name === "check" && args.includes("--bakes"));
}

/**
 * The folders of a command.
 *
 * @param args Behind `vt rvt`.
 * @param working The folder in which it was called, which is the project where none is named.
 */
export function rvtAccess(args: readonly string[], working: string): RvtAccess {
  const [name = "", ...rest] = args;
  const isOfAsset = name === "find-materials" || name === "fix-materials";
  const named = argumentsOf(rest).slice(isOfAsset ? 1 : 0);
  const projects = [...named, ...valuesOf(rest, "--project")];
  const folders = (projects.length === 0 ? ["."] : projects)
    .map((path) => folderOf(resolve(working, path)))
    // Permissions are asked for by real paths.
    .flatMap((folder) => [...new Set([folder, realPathOf(folder)])]);
  return { read: folders, write: WRITING.includes(name) ? folders : [] };
}

/** The folder of a project that is named by it, or by a file in it, which need not be there. */
function folderOf(path: string): string {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile();
  return isFile ?? /\.json$/i.test(path) ? dirname(path) : path;
}

/** Options without a value. */
const FLAGS: readonly string[] = [
  "--strict",
  "--bakes",
  "--json",
  "--dry-run",
  "--no-wait",
  "--settle",
  "--overwrite",
];

/** What stands neither in nor behind an option that has a value. */
function argumentsOf(args: readonly string[]): string[] {
  return args.filter((arg, at) => {
    const before = args[at - 1] ?? "";
    const isValue = before.startsWith("-") && !before.includes("=") && !FLAGS.includes(before);
    return !arg.startsWith("-") && !isValue;
  });
}

function valuesOf(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, at) => {
    if (args[at - 1] === option) return [arg];
    return arg.startsWith(`${option}=`) ? [arg.slice(option.length + 1)] : [];
  });
}
