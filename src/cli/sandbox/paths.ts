/**
 * Paths as permissions see them.
 *
 * @module
 */

import { lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

/** Links that are followed before a path counts as a loop. */
const MOST_LINKS = 40;

/** True if a path is a folder, or lies in it. Both are absolute. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || /^\.\.[/\\]/.test(way) || isAbsolute(way));
}

/**
 * Where a path leads once every symbolic link on its way is followed. The end of the path, and what
 * a link names, need not exist.
 */
export function realPathOf(path: string): string {
  return followed(resolve(path), MOST_LINKS);
}

function followed(path: string, linksLeft: number): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    if (parent === path || linksLeft === 0) return path;
    const target = linkTarget(path);
    if (target !== null) return followed(resolve(parent, target), linksLeft - 1);
    return join(followed(parent, linksLeft), relative(parent, path));
  }
}

/** What a symbolic link names, or null if there is no link at the path. */
export function linkTarget(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return null;
  }
}

/** A path and, where it is another one, the path that it leads to. */
export function bothPaths(path: string): string[] {
  return [...new Set([path, realPathOf(path)])];
}

/** True if a path leads to a folder. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
