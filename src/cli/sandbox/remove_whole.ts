/**
 * Removes what a script may have left so that it cannot be removed.
 *
 * @module
 */

import { chmodSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Rights of its owner, without which a folder cannot be listed or emptied. */
const OWNER_ALL = 0o700;

/**
 * Removes a file, or a folder with all that lies in it, whatever the modes of folders are. Nothing
 * there is nothing to do.
 *
 * @throws An error of the system if it cannot be removed.
 */
export function removeWhole(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    openFolders(path);
    rmSync(path, { recursive: true, force: true });
  }
}

/** Lets the user list and change a folder; false if it is none, or somebody else's. */
export function openFolder(path: string): boolean {
  try {
    const { isDirectory, mode } = Deno.lstatSync(path);
    const rights = (mode ?? OWNER_ALL) & 0o777;
    if (isDirectory && (rights & OWNER_ALL) !== OWNER_ALL) chmodSync(path, rights | OWNER_ALL);
    return isDirectory;
  } catch {
    return false;
  }
}

/** The same for a folder and all that lie in it. */
export function openFolders(path: string): void {
  const folders = [path];
  for (let next = 0; next < folders.length; next++) {
    const folder = folders[next]!;
    if (!openFolder(folder)) continue;
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(join(folder, entry.name));
      }
    } catch {
      // What stays is told of by the removal that follows.
    }
  }
}
