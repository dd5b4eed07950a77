/**
 * Files that tell Deno and others what to run, in the project's output folder: a script must leave
 * none, as `deno task` would take its tasks from there when it is typed below that folder.
 *
 * @module
 */

import { rmSync } from "node:fs";
import { join } from "node:path";

/** Files and folders that tools look for in the folder they are started in, and in those above it. */
const SETTINGS = new Set([
  ..."deno.json deno.jsonc deno.lock package.json .npmrc node_modules".split(" "),
  ..."pyproject.toml .git .envrc .env".split(" "),
]);

/** What was there: each path with what changes when it is written. */
export type FoundSettings = ReadonlyMap<string, string>;

/** Finds settings in a folder and in the folders that lie in it. */
export function findSettings(folder: string): FoundSettings {
  const found = new Map<string, string>();
  const folders = [folder];
  for (let next = 0; next < folders.length; next++) {
    for (const { name, isDirectory } of entriesOf(folders[next]!)) {
      const path = join(folders[next]!, name);
      if (SETTINGS.has(name)) found.set(path, stateOf(path));
      else if (isDirectory) folders.push(path);
    }
  }
  return found;
}

/**
 * Removes the settings that were made, moved or changed since.
 *
 * @returns Their paths.
 */
export function removeNewSettings(folder: string, before: FoundSettings): string[] {
  const made = [...findSettings(folder)].filter(([path, state]) => before.get(path) !== state);
  for (const [path] of made) rmSync(path, { recursive: true, force: true });
  return made.map(([path]) => path);
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return [];
  }
}

/** Its identity and the time of its last change, which no program can set. */
function stateOf(path: string): string {
  try {
    const { ino, ctime } = Deno.lstatSync(path);
    return `${ino} ${ctime?.getTime()}`;
  } catch {
    return "";
  }
}
