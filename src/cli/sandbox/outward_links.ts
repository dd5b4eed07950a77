/**
 * Symbolic links that lead out of a folder.
 *
 * The runtime checks the path that a script names and then follows links, so a link in a folder that
 * a script may read is a way out of it. Scripts cannot make links; those that are there already are
 * found here.
 *
 * @module
 */

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isInside, realPathOf } from "./paths.ts";

/** Entries that are looked at before a search ends. */
const MOST_ENTRIES = 200_000;

/** The symbolic links in a folder. */
export interface FoundLinks {
  /** Each link and where it leads. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Folders that were not searched: they cannot be listed, or there were too many entries. */
  readonly unsearched: readonly string[];
}

/** Finds the links in a folder and in the folders that lie in it. */
export function findLinks(
  folder: string,
  { mostEntries = MOST_ENTRIES }: { mostEntries?: number } = {},
): FoundLinks {
  const links: { path: string; target: string }[] = [];
  const unsearched: string[] = [];
  const folders = [folder];
  let entryCount = 0;
  // Breadth first, so that what lies near is searched however much lies below.
  for (let next = 0; next < folders.length; next++) {
    const listed = entryCount > mostEntries ? null : entriesOf(folders[next]!);
    if (listed === null) {
      unsearched.push(folders[next]!);
      continue;
    }
    entryCount += listed.length;
    for (const entry of listed) {
      const path = join(folders[next]!, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isSymbolicLink()) links.push({ path, target: realPathOf(path) });
    }
  }
  return { links, unsearched };
}

/** The links that lead out of every one of some places, and what was not searched. */
export function outwardPaths(
  { links, unsearched }: FoundLinks,
  places: readonly string[],
): string[] {
  const outward = links.filter(({ target }) => !places.some((place) => isInside(target, place)));
  return [...outward.map(({ path }) => path), ...unsearched];
}

/**
 * Leaves out the links to files that every user of the system may read and this one cannot change,
 * as an environment of Python has them to its interpreter.
 */
export function withoutSystemFiles({ links, unsearched }: FoundLinks): FoundLinks {
  return { links: links.filter(({ target }) => !isSystemFile(target)), unsearched };
}

function isSystemFile(path: string): boolean {
  if (Deno.build.os === "windows") return false;
  const user = Deno.uid();
  try {
    const info = statSync(path);
    const isOthers = user !== 0 && info.uid !== user && (info.mode & 0o022) === 0;
    return info.isFile() && isOthers && (info.mode & 0o004) !== 0;
  } catch {
    return false;
  }
}

/** The entries of a folder, or null if it cannot be listed: what it holds may be reached by name. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
}
