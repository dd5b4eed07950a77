/**
 * Temporary files and folders that are not left behind.
 *
 * Each is held by a lock, which ends with the process, even if that is killed. So one that is not
 * locked is needed by nobody, and the next process to work in the same folder removes it.
 *
 * @module
 */

import { type DenoFile, requireDeno } from "../../deno_runtime.ts";
import { isFileAt, tryLockFile, tryLockOpenFile } from "./file_lock.ts";

const SUFFIX = ".forge3d-tmp";
const NAME = /\.[0-9a-z]{4,}\.forge3d-tmp$/;
/** In a temporary folder, the file whose lock holds it. */
const LOCK_NAME = "lock";
/** Where the system has no locks, those that are older are removed. */
const STALE_MS = 24 * 60 * 60 * 1000;

/** What this process has made and not removed yet. */
const own = new Set<string>();

/** A name beside `path` that no other writer uses. */
export function temporaryName(path: string): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `${path}.${Array.from(random, (word) => word.toString(36)).join("")}${SUFFIX}`;
}

/** A temporary file that is open for reading and writing, and locked. */
export interface TemporaryFile {
  /** Where it lies. */
  readonly path: string;
  /** The open file. */
  readonly file: DenoFile;
}

/**
 * Makes a temporary file beside `path`. Closing it ends the lock, so it has to be removed or renamed
 * before; {@linkcode forgetTemporary} says that it was.
 *
 * @throws An error of the system if it cannot be made.
 */
export async function makeTemporaryFile(path: string): Promise<TemporaryFile> {
  for (;;) {
    const temporary = temporaryName(path);
    const options = { createNew: true, read: true, write: true };
    const file = await requireDeno().open(temporary, options);
    own.add(temporary);
    const isLocked = await tryLockOpenFile(file);
    if (isLocked === null || (isLocked && await isFileAt(temporary, file))) {
      return { path: temporary, file };
    }
    // Another process took it for one that was left, before it was locked.
    file.close();
    forgetTemporary(temporary);
  }
}

/** A temporary folder. */
export interface TemporaryFolder {
  /** Where it lies. */
  readonly path: string;
  /** Removes it with everything in it. */
  remove(): Promise<void>;
}

/**
 * Makes a temporary folder beside `path`.
 *
 * @throws An error of the system if it cannot be made.
 */
export async function makeTemporaryFolder(path: string): Promise<TemporaryFolder> {
  for (;;) {
    const folder = temporaryName(path);
    await requireDeno().mkdir(folder);
    own.add(folder);
    // Another process may take it for one that was left, before it is locked.
    const lock = await tryLockFile(`${folder}/${LOCK_NAME}`).catch((error) => {
      forgetTemporary(folder);
      if (!(error instanceof requireDeno().errors.NotFound)) throw error;
      return null;
    });
    if (lock === null) continue;
    const remove = async () => {
      await removeTree(folder);
      lock.close();
      forgetTemporary(folder);
    };
    return { path: folder, remove };
  }
}

/** Removes a folder, and once more if a file was added to it meanwhile, as by a decoder. */
async function removeTree(folder: string): Promise<void> {
  const { remove } = requireDeno();
  await remove(folder, { recursive: true })
    .catch(() => remove(folder, { recursive: true }))
    .catch(() => undefined);
}

/** Says that a temporary file is gone, or has another name. */
export function forgetTemporary(path: string): void {
  own.delete(path);
}

/** Removes whatever temporary files of this process are left, for one that ends before its work. */
export function removeOwnTemporaries(): void {
  for (const path of own) {
    try {
      requireDeno().removeSync(path, { recursive: true });
    } catch {
      // It is gone already, or stays until the next sweep.
    }
  }
  own.clear();
}

/**
 * Removes the temporary files and folders in a folder whose process has ended. What cannot be read
 * or removed stays.
 */
export async function sweepTemporaries(folder: string): Promise<void> {
  const deno = requireDeno();
  try {
    for await (const { name, isFile, isDirectory } of deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (!NAME.test(name)) continue;
      if (isFile) await sweepFile(path).catch(() => undefined);
      else if (isDirectory) await sweepFolder(path).catch(() => undefined);
    }
  } catch {
    // The folder is gone, or may not be listed.
  }
}

async function sweepFile(path: string): Promise<void> {
  const deno = requireDeno();
  const file = await deno.open(path, { read: true });
  try {
    const isLocked = await tryLockOpenFile(file);
    if (isLocked ?? await isStale(path)) await deno.remove(path);
  } finally {
    file.close();
  }
}

async function sweepFolder(path: string): Promise<void> {
  const lock = await tryLockFile(`${path}/${LOCK_NAME}`);
  if (lock === null) return;
  try {
    if (lock.excludesOthers || await isStale(path)) await removeTree(path);
  } finally {
    lock.close();
  }
}

async function isStale(path: string): Promise<boolean> {
  const { mtime } = await requireDeno().stat(path);
  return mtime !== null && mtime.getTime() < Date.now() - STALE_MS;
}
