/**
 * Locks on files, which the system ends when the process that holds one ends, however it does.
 *
 * A lock belongs to one opening of a file, so it also excludes other callers in the same process
 * and its workers.
 *
 * @module
 */

import { type DenoFile, requireDeno, SEEK_FROM_START } from "../../deno_runtime.ts";

/** A lock file's content is short: readers look at no more. */
const MAX_READ_BYTES = 64;

/** A lock that this process holds. */
export class FileLock {
  /** False where the file system has no locks, so that others may hold it too. */
  readonly excludesOthers: boolean;
  readonly #path: string;
  readonly #file: DenoFile;

  /** Owns the open file from now on. */
  constructor(path: string, open: { readonly file: DenoFile; readonly excludesOthers: boolean }) {
    this.#path = path;
    this.#file = open.file;
    this.excludesOthers = open.excludesOthers;
  }

  /** Replaces the file's content, for others to read: a text of the same length each time. */
  writeText(text: string): void {
    this.#file.seekSync(0, SEEK_FROM_START);
    this.#file.writeSync(new TextEncoder().encode(text));
  }

  /** Ends the lock and leaves the file. */
  close(): void {
    this.#file.close();
  }

  /** Removes the file and ends the lock. */
  async release(): Promise<void> {
    // Still locked: the next to take the lock sees that its file is gone.
    await requireDeno().remove(this.#path).catch(() => undefined);
    this.#file.close();
  }
}

/**
 * Locks an open file without waiting.
 *
 * @returns False if another holds the lock. Null where the file system has no locks.
 */
export async function tryLockOpenFile(file: DenoFile): Promise<boolean | null> {
  try {
    return await file.tryLock(true);
  } catch {
    return null;
  }
}

/** Whether a path leads to the file that is open. */
export async function isFileAt(path: string, file: DenoFile): Promise<boolean> {
  const there = await requireDeno().stat(path).catch(() => null);
  if (there === null) return false;
  const { dev, ino } = await file.stat();
  return there.dev === dev && there.ino === ino;
}

/**
 * Makes a lock file, unless it exists, and locks it without waiting. On a file system without locks
 * everyone gets one.
 *
 * @returns Null if another holds the lock.
 * @throws An error of the system if the file cannot be made.
 */
export async function tryLockFile(path: string): Promise<FileLock | null> {
  const options = { create: true, read: true, write: true };
  for (;;) {
    const file = await requireDeno().open(path, options);
    const isLocked = await tryLockOpenFile(file);
    if (isLocked === null) return new FileLock(path, { file, excludesOthers: false });
    if (isLocked && await isFileAt(path, file)) {
      return new FileLock(path, { file, excludesOthers: true });
    }
    file.close();
    if (!isLocked) return null;
    // The last to hold the lock removed the file after it was opened here.
  }
}

/** What the holder of a lock wrote to its file, or an empty text if that cannot be read. */
export async function readLockText(path: string): Promise<string> {
  let file: DenoFile | null = null;
  try {
    file = await requireDeno().open(path, { read: true });
    const bytes = new Uint8Array(MAX_READ_BYTES);
    const count = await file.read(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, count));
  } catch {
    return ""; // Some systems let nobody read what is locked.
  } finally {
    file?.close();
  }
}
