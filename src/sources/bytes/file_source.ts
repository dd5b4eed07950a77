/**
 * Bytes of a file, read by range.
 *
 * The file is pinned when it is opened: device, inode, size and time of the last change. The next
 * read notices if the file has since been written to, cut off or replaced, before bytes of two
 * files can be mixed. (An open handle stays on the old file after a rename, and a file that is cut
 * off gives short reads without an error.) A file that is only deleted stays readable.
 *
 * @module
 */

import { checkedString, checkOptionNames, thrownText } from "../../checks.ts";
import {
  type DenoFile,
  type DenoFileInfo,
  denoRuntime,
  requireDeno,
  SEEK_FROM_START,
} from "../../deno_runtime.ts";
import { FileError, SourceChangedError, SourceReadError, UnsupportedError } from "../../errors.ts";
import type { ByteSource, ReadOptions } from "./byte_source.ts";
import { fileOpenError } from "./file_open_error.ts";
import { assertOpen, type ByteRange, checkedRead, closedError, shortRead } from "./read_range.ts";

/** What identifies a file and its content. */
interface Identity {
  readonly device: number;
  readonly inode: number | null;
  readonly size: number;
  readonly changedMs: number | null;
}

function identityOf(info: DenoFileInfo): Identity {
  return {
    device: info.dev,
    inode: info.ino,
    size: info.size,
    changedMs: info.mtime?.getTime() ?? null,
  };
}

/** Names the first difference, or null if there is none. */
function difference(pinned: Identity, now: Identity): string | null {
  if (pinned.device !== now.device || pinned.inode !== now.inode) {
    return "another file has taken its place";
  }
  if (pinned.size !== now.size) return `its size went from ${pinned.size} to ${now.size} bytes`;
  if (pinned.changedMs !== now.changedMs) return "it was written to";
  return null;
}

const EMPTY = new Uint8Array(0);

/** A queued read. */
interface Waiting {
  readonly range: ByteRange;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

class FileSource implements ByteSource {
  readonly name: string;
  /** Absolute path, so that a change of the working folder has no effect. */
  readonly #path: string;
  readonly #file: DenoFile;
  readonly #pinned: Identity;
  /** Each read seeks first, so reads run one at a time. */
  #waiting: Waiting[] = [];
  #isReading = false;
  #closed = false;

  constructor(name: string, path: string, file: DenoFile, pinned: Identity) {
    this.name = name;
    this.#path = path;
    this.#file = file;
    this.#pinned = pinned;
  }

  size(): Promise<number> {
    return Promise.resolve(this.#pinned.size);
  }

  // deno-lint-ignore require-await -- errors must come as rejections
  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    assertOpen(this.name, this.#closed);
    const signal = checkedRead(this.name, { offset, length }, options);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ range: { offset, length }, signal, resolve, reject });
      if (!this.#isReading) this.#serveWaiting();
    });
  }

  /** Serves reads in order; checks the file's identity once for all that are queued together. */
  async #serveWaiting(): Promise<void> {
    this.#isReading = true;
    await Promise.resolve(); // So that all reads of this turn are queued together.
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const results: (Uint8Array | Error)[] = [];
      for (const { range, signal } of batch) {
        results.push(signal?.aborted ? EMPTY : await this.#readNow(range));
      }
      const changed = await this.#whatChanged();
      batch.forEach(({ signal, resolve, reject }, index) => {
        const result = results[index]!;
        if (signal?.aborted) reject(signal.reason);
        else if (changed !== null) reject(changed);
        else if (result instanceof Error) reject(result);
        else resolve(result);
      });
    }
    this.#isReading = false;
  }

  async #readNow(range: ByteRange): Promise<Uint8Array | Error> {
    // Memory is allocated only for bytes that exist.
    const available = this.#pinned.size - range.offset;
    if (available < range.length) return shortRead(this.name, range, available);
    try {
      const bytes = new Uint8Array(range.length);
      let filled = 0;
      this.#file.seekSync(range.offset, SEEK_FROM_START);
      while (filled < range.length) {
        const count = await this.#file.read(bytes.subarray(filled));
        if (count === null) return shortRead(this.name, range, filled);
        filled += count;
      }
      return bytes;
    } catch (cause) {
      return new SourceReadError(
        this.name,
        range.offset,
        range.length,
        `Cannot read ${range.length} bytes of ${this.name} from byte ${range.offset} on: ` +
          `the system says "${thrownText(cause)}"`,
        { cause },
      );
    }
  }

  /** Checks whether the open file was written to, and whether the path leads to another file. */
  async #whatChanged(): Promise<Error | null> {
    if (this.#closed) return closedError(this.name);
    let changed: string | null;
    try {
      changed = difference(this.#pinned, identityOf(this.#file.statSync()));
    } catch {
      changed = "the system no longer knows it";
    }
    if (changed === null) {
      const atPath = await requireDeno().stat(this.#path).catch(() => null);
      if (atPath !== null) changed = difference(this.#pinned, identityOf(atPath));
    }
    return changed === null ? null : new SourceChangedError(
      this.name,
      `Cannot read ${this.name} as ${changed} since it was opened: load it again`,
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }
}

/**
 * Opens a file for reading by range. Reads may overlap in time; each returns its own bytes.
 *
 * @param path A path of the file system, absolute or relative to the working folder.
 * @param options `name` is what messages call the file; default its path.
 * @throws {FileError} with code `file-not-found` if there is no such file or the path is empty, and
 * `file-unreadable` if the path holds a NUL, is a folder or a device, or may not be read.
 * @throws {UnsupportedError} where there is no file system, as in browsers.
 *
 * @throws {InvalidArgumentError} if the path is not a string, or an option does not exist.
 * @example Read the first bytes of a file
 * ```ts
 * import { openFileSource } from "@forge3d/forge3d";
 *
 * const source = await openFileSource("LICENSE");
 * const bytes = await source.read(0, 3); // "MIT"
 * source.close();
 * ```
 */
export async function openFileSource(
  path: string,
  options: { readonly name?: string } = {},
): Promise<ByteSource> {
  const failure = "Cannot open a file";
  checkOptionNames(options, { failure, names: ["name"] });
  checkedString(path, { name: "path", failure });
  const name = checkedString(options.name ?? path, { name: "name", failure });
  if (typeof denoRuntime()?.open !== "function") {
    throw new UnsupportedError(
      "file system",
      `Cannot open ${path} as there is no file system here: pass the bytes or a URL`,
    );
  }
  if (path === "") {
    throw new FileError("file-not-found", path, "Cannot open a file as its path is empty");
  }
  if (path.includes("\0")) {
    throw new FileError(
      "file-unreadable",
      path,
      `Cannot open ${JSON.stringify(path)} as a path must not hold a NUL character`,
    );
  }
  let file: DenoFile;
  try {
    // Opening a named pipe would wait for its writer, so the kind is checked first.
    const info = await requireDeno().stat(path);
    if (!info.isFile) throw new Error(info.isDirectory ? "it is a folder" : "it is not a file");
    file = await requireDeno().open(path, { read: true });
  } catch (cause) {
    throw fileOpenError(path, cause);
  }
  return new FileSource(name, await absolute(path), file, identityOf(await file.stat()));
}

async function absolute(path: string): Promise<string> {
  const { resolve } = await import("node:path");
  try {
    return resolve(path);
  } catch {
    return path; // A program with few permissions may not be allowed to read the working folder's path.
  }
}
