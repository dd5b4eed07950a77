import type { PyodideAPI } from "pyodide";
import { posixError } from "./stdio.ts";

/** Folders of the interpreter's own file system that must stay its own. */
const OWN_FOLDERS = new Set(["dev", "lib", "proc", "sys"]);

interface FileSystem {
  analyzePath(path: string): { exists: boolean };
  mkdirTree(path: string): void;
  mount(type: unknown, options: { root: string }, path: string): void;
  filesystems: { NODEFS: { tryFSOperation<T>(operation: () => T): T } };
}

/**
 * Makes the host's files reachable from Python under their own paths.
 *
 * Every top-level folder is mounted, save the few that belong to the interpreter (`/lib` holds its
 * standard library; devices are its own). Nothing is read until Python opens it, and Python may
 * access whatever the process may access.
 *
 * @param pyodide The interpreter.
 * @returns The folders that were mounted.
 */
export function mountHost(pyodide: PyodideAPI): string[] {
  if (Deno.build.os === "windows") return [];
  nameRefusals(pyodide);
  const mounted: string[] = [];
  for (const { name } of topLevelFolders()) {
    if (OWN_FOLDERS.has(name)) continue;
    const path = `/${name}`;
    if (isFolder(path) && mountFolder(pyodide, path, path)) mounted.push(path);
  }
  return mounted;
}

/**
 * Mounts one folder of the host.
 *
 * @param pyodide The interpreter.
 * @param hostPath The folder on the host.
 * @param path Where Python finds it.
 * @returns Whether the folder could be mounted.
 */
export function mountFolder(pyodide: PyodideAPI, hostPath: string, path: string): boolean {
  const fs = pyodide.FS as unknown as FileSystem;
  try {
    if (!fs.analyzePath(path).exists) fs.mkdirTree(path);
    fs.mount(fs.filesystems.NODEFS, { root: hostPath }, path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Access that the process does not have raises `PermissionError` in Python.
 *
 * The runtime's own refusals carry no POSIX name, without which the file system cannot tell them.
 */
function nameRefusals(pyodide: PyodideAPI): void {
  const nodefs = (pyodide.FS as unknown as FileSystem).filesystems.NODEFS;
  const plain = nodefs.tryFSOperation;
  nodefs.tryFSOperation = (operation) =>
    plain(() => {
      try {
        return operation();
      } catch (error) {
        if (error instanceof Deno.errors.NotCapable) throw posixError("EACCES", error);
        throw error;
      }
    });
}

function topLevelFolders(): Iterable<Deno.DirEntry> {
  try {
    return Deno.readDirSync("/");
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
