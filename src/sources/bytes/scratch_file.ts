/**
 * A temporary file without a name.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { type DenoFile, isNotFound, requireDeno, SEEK_FROM_START } from "../../deno_runtime.ts";
import { BakeError, SourceReadError } from "../../errors.ts";
import type { Scratch } from "./byte_sink.ts";
import {
  forgetTemporary,
  makeTemporaryFile,
  makeTemporaryFolder,
  sweepTemporaries,
  type TemporaryFile,
  type TemporaryFolder,
} from "./temporary_file.ts";

/** Fills the array with bytes from `offset` on; returns how many there were. */
export async function readFully(
  file: DenoFile,
  bytes: Uint8Array,
  offset: number,
): Promise<number> {
  await file.seek(offset, SEEK_FROM_START);
  let filled = 0;
  while (filled < bytes.byteLength) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}

/**
 * Reads bytes that were written.
 *
 * @throws {SourceReadError} if they are not all there.
 */
export async function readExactly(
  file: DenoFile,
  { name, offset, length }: { name: string; offset: number; length: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const count = await readFully(file, bytes, offset);
  if (count === length) return bytes;
  throw new SourceReadError(
    name,
    offset,
    length,
    `Cannot read ${length} bytes of ${name} from byte ${offset} on: only ${count} are there`,
  );
}

/** Writes all bytes from `offset` on. */
export async function writeFully(
  file: DenoFile,
  bytes: Uint8Array,
  offset: number,
): Promise<void> {
  await file.seek(offset, SEEK_FROM_START);
  for (let done = 0; done < bytes.byteLength;) done += await file.write(bytes.subarray(done));
}

/** Removes a file; it is not an error if there is none. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await requireDeno().remove(path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * The error of a file that cannot be written.
 *
 * @param path The file that the caller named.
 */
export function writeError(path: string, cause: unknown): BakeError {
  return new BakeError(path, `Cannot write ${path}: ${writeFailure(cause)}`, { cause });
}

/** Why a file cannot be written, in one line, without the names of temporary files. */
export function writeFailure(cause: unknown): string {
  return [...new Set(withoutCall(thrownText(cause)).trim().split("\n"))].join("; ");
}

/** Deno's errors of the system end with the call, and so with the name of a temporary file. */
function withoutCall(message: string): string {
  return message.replace(/( \(os error \d+\)): .*$/s, "$1");
}

class ScratchFile implements Scratch {
  readonly #name: string;
  readonly #path: string;
  readonly #file: DenoFile;
  #length = 0;
  #closed = false;

  /** @param name The file beside which it lies: errors name it. */
  constructor(name: string, { path, file }: TemporaryFile) {
    this.#name = name;
    this.#path = path;
    this.#file = file;
  }

  async append(bytes: Uint8Array): Promise<number> {
    const offset = this.#length;
    try {
      await writeFully(this.#file, bytes, offset);
    } catch (cause) {
      throw writeError(this.#name, cause);
    }
    this.#length += bytes.byteLength;
    return offset;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return await readExactly(this.#file, { name: this.#name, offset, length });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
    await removeIfThere(this.#path);
    forgetTemporary(this.#path);
  }
}

/**
 * Opens a scratch file beside `path`. Where the system allows it, it has no name from the start, so
 * that nothing is left even if the process is killed.
 *
 * @throws {BakeError} if the folder is missing or may not be written.
 */
export async function openScratchFile(path: string): Promise<Scratch> {
  let made: TemporaryFile;
  try {
    made = await makeTemporaryFile(path);
  } catch (cause) {
    throw writeError(path, cause);
  }
  // POSIX systems allow an open file without a name; others remove it when it is closed.
  await requireDeno().remove(made.path).then(() => forgetTemporary(made.path), () => undefined);
  return new ScratchFile(path, made);
}

/**
 * Makes a folder for scratch files in `folder`, and removes those that ended processes have left
 * there. Whatever lies in it is removed with it, or by the next that is made there if this process
 * is killed.
 *
 * @throws {BakeError} if the folder is missing or may not be written.
 */
export async function openScratchFolder(folder: string): Promise<TemporaryFolder> {
  await sweepTemporaries(folder);
  try {
    return await makeTemporaryFolder(`${folder}/scratch`);
  } catch (cause) {
    throw writeError(folder, cause);
  }
}
