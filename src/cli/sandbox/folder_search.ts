/**
 * What a folder holds that is a way out of it.
 *
 * The runtime checks the path that a script names and then follows links, so a symbolic link in a
 * folder that a script may read is a way out of it. Scripts cannot make such links; those that are
 * there already are found here. So are files that have another name elsewhere, and sockets.
 *
 * @module
 */

import { readlinkSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { isInside, realPathOf } from "./paths.ts";

/** Entries that are looked at before a search ends. */
const MOST_ENTRIES = 200_000;

/** A symbolic link. */
export interface FoundLink {
  readonly path: string;
  /** What it names, as it is written in it. */
  readonly text: string;
  /** Where it leads. */
  readonly target: string;
}

/** What a folder holds, as far as it was searched. */
export interface FolderSearch {
  readonly links: readonly FoundLink[];
  /** Files with a further name (a hard link) that was not found in the folder. */
  readonly sharedFiles: readonly string[];
  /** Sockets: who may write one may talk to the program behind it. */
  readonly sockets: readonly string[];
  /** Folders that were not searched: they cannot be listed, or there were too many entries. */
  readonly unsearched: readonly string[];
}

/** Searches a folder and the folders that lie in it; what is no folder holds nothing. */
export function searchFolder(
  folder: string,
  { mostEntries = MOST_ENTRIES }: { mostEntries?: number } = {},
): FolderSearch {
  const links: FoundLink[] = [];
  const named = new Map<string, { path: string; missing: number }>();
  const sockets: string[] = [];
  const unsearched: string[] = [];
  const folders = isFolder(folder) ? [folder] : [];
  let entryCount = 0;
  // Breadth first, so that what lies near is searched however much lies below.
  for (let next = 0; next < folders.length; next++) {
    const names = entryCount > mostEntries ? null : namesIn(folders[next]!);
    if (names === null) {
      unsearched.push(folders[next]!);
      continue;
    }
    entryCount += names.length;
    for (const name of names) {
      const path = join(folders[next]!, name);
      const info = infoOf(path);
      if (info === null) continue;
      if (info.isDirectory) folders.push(path);
      else if (info.isSymlink) {
        links.push({ path, text: readlinkSync(path), target: realPathOf(path) });
      } else if (info.isSocket) sockets.push(path);
      if (!info.isDirectory && (info.nlink ?? 1) > 1) {
        const key = `${info.dev} ${info.ino}`;
        const { missing } = named.get(key) ?? { missing: info.nlink! };
        named.set(key, { path, missing: missing - 1 });
      }
    }
  }
  const sharedFiles = [...named.values()].filter(({ missing }) => missing > 0);
  return { links, sharedFiles: sharedFiles.map(({ path }) => path), sockets, unsearched };
}

/** The links that lead out of every one of some places, and what was not searched. */
export function outwardPaths(
  { links, unsearched }: FolderSearch,
  places: readonly string[],
): string[] {
  const outward = links.filter(({ target }) => !places.some((place) => isInside(target, place)));
  return [...outward.map(({ path }) => path), ...unsearched];
}

/**
 * Says why a folder must not be written, or null. A script that may write it may move what lies in it, to
 * any place that may be written:
 *
 * - A link that leads out is closed by its path, and open again under another one.
 * - A link with `..` leads elsewhere once it, or a folder on its way, is moved.
 * - A file with a name elsewhere is changed there as well.
 * - A socket reaches a program without any right to the network.
 *
 * @param places What may be written.
 * @param mayTakeName Whether a single file may be written too: a link that takes its name leads to
 * what lies beside that file, so that no relative link may be there.
 */
export function whyUnsafe(
  found: FolderSearch,
  { places, mayTakeName }: { readonly places: readonly string[]; readonly mayTakeName: boolean },
): string | null {
  for (const { path, text, target } of found.links) {
    if (/(^|[/\\])\.\.([/\\]|$)/.test(text) || (mayTakeName && !isAbsolute(text))) {
      return `${path} is a link that leads elsewhere when it is moved`;
    }
    if (!places.some((place) => isInside(target, place)) && !isSystemFile(target)) {
      return `${path} is a link that leads, or may lead, out of it`;
    }
  }
  const [file] = found.sharedFiles;
  if (file !== undefined) return `${file} has another name (a hard link) outside of it`;
  const [socket] = found.sockets;
  if (socket !== undefined) return `${socket} is a socket, over which programs are reached`;
  const [folder] = found.unsearched;
  return folder === undefined ? null : `${folder} cannot be searched for links that lead out of it`;
}

/**
 * True of files that every user of the system may read and this one cannot change, as an environment
 * of Python has links to its interpreter.
 */
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

/** True if a path leads to a folder. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The names in a folder, or null if it cannot be listed: what it holds may be reached by name. */
function namesIn(folder: string): string[] | null {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch {
    return null;
  }
}

/** What lies at a path, or null if it is gone. */
function infoOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch {
    return null;
  }
}
