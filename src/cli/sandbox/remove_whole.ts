/**
 * Removes what a script may have left so that it cannot be removed.
 *
 * @module
 */

import { chmodSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Rights of its owner, without which a folder cannot be listed or emptied. */
const OWNER_ALL = 0o700;
/** Below what the systems take as a path (Linux 4096, macOS 1024), by the longest name at least. */
const DEEP_BYTES = Deno.build.os === "darwin" ? 700 : 3000;

/**
 * True if what lies in a folder may be out of reach by its path. Programs make no such folders; scripts do,
 * by moving folders that are nested into others.
 */
export function isTooDeep(path: string): boolean {
  return new TextEncoder().encode(path).length > DEEP_BYTES;
}

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
    openFolders(path, { raisesTo: path });
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

/**
 * The same for a folder and all that lie in it.
 *
 * @param options `raisesTo`: a folder to move those to that lie too deep to be reached.
 */
export function openFolders(path: string, { raisesTo }: { readonly raisesTo?: string } = {}): void {
  const folders = [path];
  for (let next = 0; next < folders.length; next++) {
    const found = folders[next]!;
    if (!openFolder(found)) continue;
    const folder = raisesTo === undefined || !isTooDeep(found) ? found : raised(found, raisesTo);
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(join(folder, entry.name));
      }
    } catch {
      // What stays is told of by the removal that follows.
    }
  }
}

function raised(folder: string, parent: string): string {
  const path = join(parent, `raised-${crypto.randomUUID()}`);
  try {
    renameSync(folder, path);
    return path;
  } catch {
    return folder;
  }
}
