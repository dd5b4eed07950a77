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
import { dirname, isAbsolute, join } from "node:path";
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

/** What is no file: who may write it may talk to what is behind it. */
export interface FoundChannel {
  readonly path: string;
  readonly kind: "socket" | "named pipe" | "device";
}

/** What a folder holds, as far as it was searched. */
export interface FolderSearch {
  readonly links: readonly FoundLink[];
  /** All names of files that have a further one (a hard link) that was not found in the folder. */
  readonly sharedFiles: readonly string[];
  readonly channels: readonly FoundChannel[];
  /**
   * Folders that were not searched, or not whole, and links that cannot be read: one may not be
   * allowed to, or there are too many entries.
   */
  readonly unsearched: readonly string[];
}

/** Searches a folder and the folders that lie in it; what is no folder holds nothing. */
export function searchFolder(
  folder: string,
  { mostEntries = MOST_ENTRIES }: { mostEntries?: number } = {},
): FolderSearch {
  const links: FoundLink[] = [];
  const named = new Map<string, { paths: string[]; names: number }>();
  const channels: FoundChannel[] = [];
  const unsearched = new Set<string>();
  const folders: string[] = [];
  const root = infoOf(folder, Deno.statSync);
  if (root === "unknown") unsearched.add(folder);
  else if (root?.isDirectory) folders.push(folder);
  let entryCount = 0;
  // Breadth first, so that what lies near is searched however much lies below.
  for (let next = 0; next < folders.length; next++) {
    const within = folders[next]!;
    const entries = entryCount > mostEntries ? null : entriesIn(within);
    if (entries === null) {
      unsearched.add(within);
      continue;
    }
    entryCount += entries.length;
    for (const entry of entries) {
      const path = join(within, entry.name);
      const info = infoOf(path, Deno.lstatSync);
      // A name that is no text is read as another one, under which nothing is found.
      const isUnnamed = info === null && !entry.isFile && entry.name.includes("\ufffd");
      if (info === "unknown" || isUnnamed) unsearched.add(within);
      if (info === null || info === "unknown") continue;
      const kind = channelKind(info);
      if (info.isDirectory) folders.push(path);
      else if (info.isSymlink) {
        const link = linkAt(path);
        if (link === null) unsearched.add(path);
        else links.push(link);
      } else if (kind !== null) channels.push({ path, kind });
      if (!info.isDirectory && (info.nlink ?? 1) > 1) {
        const key = `${info.dev} ${info.ino}`;
        const file = named.get(key) ?? { paths: [], names: info.nlink! };
        file.paths.push(path);
        named.set(key, file);
      }
    }
  }
  const shared = [...named.values()].filter(({ paths, names }) => paths.length < names);
  return {
    links,
    sharedFiles: shared.flatMap(({ paths }) => paths),
    channels,
    unsearched: [...unsearched],
  };
}

/** The links that lead out of every one of some places, and what was not searched. */
export function outwardPaths(
  { links, unsearched }: FolderSearch,
  places: readonly string[],
): string[] {
  const outward = links.filter(({ target }) => !places.some((place) => isInside(target, place)));
  return [...outward.map(({ path }) => path), ...unsearched];
}

/** What a script may write. */
export interface WritablePlaces {
  /** Real paths of folders and files that it may write for certain, or that do not matter. */
  readonly places: readonly string[];
  /** The paths of all that it may write, or perhaps may: something else can take these names. */
  readonly names: readonly string[];
}

/**
 * Says why a folder must not be written, or null. A script that may write it may move what lies in it, to
 * any place that may be written, and may move such a place away and put what it likes under its name:
 *
 * - A link that leads out is closed by its path, and open again under another one.
 * - A link with `..` leads elsewhere once it, or a folder on its way, is moved.
 * - Any other relative link leads to what lies beside such a place once it takes the place's name.
 * - A file with a name elsewhere is changed there as well.
 * - A socket, or a named pipe, reaches a program without any right to the network.
 */
export function whyUnsafe(found: FolderSearch, writable: WritablePlaces): string | null {
  for (const link of found.links) {
    const { path, text, target } = link;
    if (/(^|[/\\])\.\.([/\\]|$)/.test(text)) {
      return `${path} is a link that leads elsewhere when it is moved`;
    }
    const name = isAbsolute(text) ? null : nameToLeadOut(link, writable);
    if (name !== null) return `${path} is a link that leads out of it when it is moved to ${name}`;
    if (!writable.places.some((place) => isInside(target, place)) && !isSystemFile(target)) {
      return `${path} is a link that leads, or may lead, out of it`;
    }
  }
  const [file] = found.sharedFiles;
  if (file !== undefined) return `${file} has another name (a hard link) outside of it`;
  const [channel] = found.channels;
  if (channel !== undefined) {
    return `${channel.path} is a ${channel.kind}, over which programs are reached`;
  }
  const [folder] = found.unsearched;
  return folder === undefined ? null : `${folder} cannot be searched for links that lead out of it`;
}

/**
 * The name under which a relative link would lead to something that must not be written, or null:
 *
 * - It leads nowhere if the first folder on its way is missing there, as programs make no folder
 *   through a link. But they do make a file, so that a link of a single part always leads somewhere.
 * - It is not moved to another device; and to take the name of a folder that it lies in, it has to be
 *   moved elsewhere first.
 */
function nameToLeadOut(
  { path, text }: FoundLink,
  { places, names }: WritablePlaces,
): string | null {
  const [first = ".", ...rest] = text.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  const device = deviceOf(dirname(path));
  const isTaken = (name: string) =>
    deviceOf(realPathOf(dirname(name))) === device &&
    (!isInside(path, realPathOf(name)) || names.some((other) =>
      !isInside(realPathOf(other), realPathOf(name)) && deviceOf(realPathOf(other)) === device
    ));
  const leadsOut = (name: string) => {
    const parent = realPathOf(dirname(name));
    if (places.some((place) => isInside(join(parent, text), place))) return false;
    return rest.length === 0 || infoOf(join(parent, first), Deno.lstatSync) !== null;
  };
  return names.find((name) => leadsOut(name) && isTaken(name)) ?? null;
}

/** The device of a folder or, where there is none, of the nearest one above. */
function deviceOf(path: string): number {
  const info = infoOf(path, Deno.statSync);
  const parent = dirname(path);
  const isFolder = info !== null && info !== "unknown" && info.isDirectory;
  return isFolder || parent === path ? (info as Deno.FileInfo).dev : deviceOf(parent);
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

/** What a folder holds, or null if it cannot be listed: its content may be reached by name. */
function entriesIn(folder: string): Deno.DirEntry[] | null {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return null;
  }
}

/** What lies at a path: null if nothing does, `unknown` if the system does not say. */
function infoOf(
  path: string,
  ask: (path: string) => Deno.FileInfo,
): Deno.FileInfo | null | "unknown" {
  try {
    return ask(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    return isMissing ? null : "unknown";
  }
}

function channelKind(info: Deno.FileInfo): FoundChannel["kind"] | null {
  if (info.isSocket) return "socket";
  if (info.isFifo) return "named pipe";
  return info.isCharDevice || info.isBlockDevice ? "device" : null;
}

/** A link, or null if it cannot be read, or what it names is no text. */
function linkAt(path: string): FoundLink | null {
  try {
    const text = readlinkSync(path);
    return text.includes("\ufffd") ? null : { path, text, target: realPathOf(path) };
  } catch {
    return null;
  }
}
