/**
 * Files that tell Deno and others what to run, in the project's output folder: a script must leave
 * none, as `deno task` would take its tasks from there when it is typed below that folder.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isTooDeep, openFolder, removeWhole } from "./remove_whole.ts";
import { isSetting } from "./setting_names.ts";

/** Content of settings that is compared; a larger file is known by its size and times. */
const MOST_CONTENT_BYTES = 1 << 20;

/** What was there: each path with what changes when it is written. */
export type FoundSettings = ReadonlyMap<string, string>;

/** Finds settings in a folder and in the folders that lie in it. */
export function findSettings(folder: string): FoundSettings {
  return new Map(settingsIn(folder).paths.map((path) => [path, stateOf(path)]));
}

/** What was done about the settings that a script left. */
export interface RemovedSettings {
  /** Settings, and folders that could not be searched for them, which were removed. */
  readonly removed: readonly string[];
  /** Those that could not be removed. */
  readonly left: readonly string[];
}

/** Removes the settings that were made, moved or changed since. */
export function removeNewSettings(folder: string, before: FoundSettings): RemovedSettings {
  const { paths, closed } = settingsIn(folder, { opens: true });
  const made = paths.filter((path) => before.get(path) !== stateOf(path));
  const removed: string[] = [];
  const left: string[] = [];
  for (const path of [...made, ...closed]) (remove(path) ? removed : left).push(path);
  return { removed, left };
}

function remove(path: string): boolean {
  try {
    removeWhole(path);
    return true;
  } catch {
    // The folder that it lies in may be one that nothing can be removed from.
    openFolder(dirname(path));
  }
  try {
    removeWhole(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds settings, and the folders that cannot be listed or lie too deep.
 *
 * @param options `opens`: whether folders are made so that they can be listed.
 */
function settingsIn(
  folder: string,
  { opens = false }: { opens?: boolean } = {},
): { paths: string[]; closed: string[] } {
  const paths: string[] = [];
  const closed: string[] = [];
  const folders = [folder];
  for (let next = 0; next < folders.length; next++) {
    const within = folders[next]!;
    if (isTooDeep(within)) {
      closed.push(within);
      continue;
    }
    const entries = entriesIn(within) ?? (opens && openFolder(within) ? entriesIn(within) : null);
    if (entries === null) {
      closed.push(within);
      continue;
    }
    for (const entry of entries) {
      const path = join(within, entry.name);
      if (isSetting(entry, entries)) paths.push(path);
      else if (entry.isDirectory) folders.push(path);
    }
  }
  return { paths, closed };
}

/** What a folder holds, nothing if it is gone, or null if it cannot be listed. */
function entriesIn(folder: string): Deno.DirEntry[] | null {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? [] : null;
  }
}

/**
 * What is at a path, and in it if it is a folder. The runtime tells times of change in seconds, which
 * is not enough; the content of a file is.
 */
function stateOf(path: string): string {
  const hash = createHash("sha256");
  addState(hash, path);
  try {
    const { isFile, size } = Deno.lstatSync(path);
    if (isFile && size <= MOST_CONTENT_BYTES) hash.update(readFileSync(path));
  } catch {
    // It cannot be read: its times have to do.
  }
  return hash.digest("hex");
}

function addState(hash: Hash, path: string): void {
  try {
    const { ino, ctime, mtime, size, mode, isDirectory } = Deno.lstatSync(path);
    hash.update(`${path} ${ino} ${ctime?.getTime()} ${mtime?.getTime()} ${size} ${mode}\n`);
    if (!isDirectory) return;
    for (const name of readdirSync(path).sort()) addState(hash, join(path, name));
  } catch {
    hash.update(`${path} ?\n`);
  }
}
