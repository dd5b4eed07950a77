/**
 * The paths in readable folders that a script is kept from.
 *
 * The runtime compares the paths that a script names as they are written, and follows links then. So a
 * path that is closed is open again by way of a link to a folder that it lies in: such links are closed
 * as well, with the links that lead to those.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { type FolderSearch, outwardPaths } from "./folder_search.ts";
import { isInside, linkTarget, realPathOf } from "./paths.ts";

/** What may be read. */
export interface ReadablePlaces {
  /** Real paths of all of it. */
  readonly readable: readonly string[];
  /** What options name: that includes what is reached from there. */
  readonly named: readonly string[];
  /** Links by way of which places are named, and what lies there was searched under that name as well. */
  readonly ways: readonly string[];
}

/**
 * The paths to close: links that lead out of all that is readable, what is no file, what was not
 * searched, and every link that leads to one of them.
 *
 * @param searches What lies in every folder that scripts read without an option.
 */
export function closedPaths(
  searches: readonly FolderSearch[],
  { readable, named, ways }: ReadablePlaces,
): string[] {
  const links = searches.flatMap((found) => found.links);
  const channels = searches.flatMap((found) => found.channels).map(({ path }) => path)
    .filter((path) => !named.some((place) => isInside(path, place)));
  const outward = new Set([
    ...searches.flatMap((found) => outwardPaths(found, readable)),
    ...channels,
  ]);
  const closed = new Set(outward);
  const located = new Set([...closed].map(locationOf));
  const byTarget = Map.groupBy(links, ({ target }) => target);
  for (const [target, those] of byTarget) {
    if (foldersAbove(target).some((folder) => located.has(folder))) {
      for (const { path } of those) closed.add(path);
    }
  }
  const passed = new Set<string>();
  // The set grows while it is gone through, by the links to what it holds.
  for (const path of closed) {
    for (const folder of foldersAbove(locationOf(path))) {
      if (passed.has(folder)) break;
      passed.add(folder);
      for (const link of byTarget.get(folder) ?? []) closed.add(link.path);
    }
  }
  return [...closed].filter((path) => outward.has(path) || !ways.includes(path));
}

/** Where an entry lies, whatever it leads to. */
function locationOf(path: string): string {
  const folder = dirname(path);
  return folder === path ? path : join(realPathOf(folder), basename(path));
}

/** The links on the way to a place, as it is written. */
export function linksOnTheWay(place: string): string[] {
  return foldersAbove(place).filter((path) => linkTarget(path) !== null);
}

/** A path and every folder above it, from the inside out. */
function foldersAbove(path: string): string[] {
  const folders = [path];
  for (let at = path; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  return folders;
}
