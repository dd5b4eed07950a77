/**
 * Folders that scripts never write: a script that can change what lies there, or what such a folder
 * is called, can leave code that runs later with more rights than it has itself.
 *
 * @module
 */

import { dirname, join, parse } from "node:path";
import { shaderCaches } from "../confinement/runtime_files.ts";
import { isInside, realPathOf } from "./paths.ts";

/** Where code lies that runs outside the sandbox. */
export interface CodeFolders {
  /** The folder of `deno.json`. */
  readonly project: string;
  /** Deno's cache. */
  readonly denoCache: string;
  /** The running Deno. */
  readonly deno: string;
  /** The user's home folders, by the system and by the environment: shells run what lies there. */
  readonly homes: readonly string[];
}

const OPEN_DEVICES = new Set(["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]);
const PROJECT = "forge3d's own folder";
/** Everybody may write a folder, and its sticky bit is set. */
const EVERYBODY_ADDS = 0o1002;

/**
 * Says why scripts may not write a folder, or null if they may.
 *
 * A folder is refused if it holds code, and if a folder above code: renaming what lies between the
 * two would give the code another path, on which no rule stands.
 */
export function whyNotWritable(folder: string, code: CodeFolders): string | null {
  const path = realPathOf(folder);
  if (parse(path).root === path) return "it is the root folder";
  if (isSystemFolder(path)) return "Deno keeps it for programs that may do everything";
  for (const home of code.homes.map(realPathOf)) {
    if (home === path) return "it is the home folder";
    if (isInside(home, path)) return "the home folder lies in it";
  }
  for (const [what, place] of namedFolders(code)) {
    if (isInside(place, path)) return place === path ? `it is ${what}` : `${what} lies in it`;
    const isOutput = what === PROJECT && isInside(path, outputFolder(code));
    if (isInside(path, place) && !isOutput) return `it lies in ${what}`;
  }
  return null;
}

/** True of what Deno opens with all permissions only, whatever is granted. */
export function isSystemFolder(path: string): boolean {
  return Deno.build.os === "linux" && !OPEN_DEVICES.has(path) &&
    ["/dev", "/proc", "/sys"].some((folder) => isInside(path, folder));
}

/** True of `/`, the home folder, and folders above that one: too much to be meant. */
export function isTooWide(folder: string, { homes }: Pick<CodeFolders, "homes">): boolean {
  const path = realPathOf(folder);
  return parse(path).root === path || homes.some((home) => isInside(realPathOf(home), path));
}

/**
 * True of a folder such as `/tmp`, in which every user of the system may make files, but remove only
 * their own: what it holds can change at any time, and much of it is somebody else's.
 */
export function isShared(folder: string): boolean {
  if (Deno.build.os === "windows") return false;
  try {
    const mode = Deno.statSync(folder).mode ?? 0;
    return (mode & EVERYBODY_ADDS) === EVERYBODY_ADDS;
  } catch {
    return false;
  }
}

/** The only folder of the project that tasks and scripts write. */
export function outputFolder({ project }: Pick<CodeFolders, "project">): string {
  return join(realPathOf(project), "out");
}

function namedFolders(code: CodeFolders): [string, string][] {
  return [
    [PROJECT, realPathOf(code.project)],
    ["Deno's cache", realPathOf(code.denoCache)],
    ["Deno's folder", dirname(realPathOf(code.deno))],
    ...shaderCaches(code.homes).map((folder): [string, string] => [
      "a driver's cache of compiled shaders",
      realPathOf(folder),
    ]),
  ];
}
