/**
 * Files that appear whole or not at all.
 *
 * The bytes go to a temporary file beside the target; committing syncs it, renames it over the
 * target and syncs the folder, so that after a crash either the old file or the new one exists. A
 * process that is killed leaves the temporary file, which the next sink in the folder removes.
 *
 * @module
 */

import { type DenoFile, denoRuntime, isNotFound, requireDeno } from "../../deno_runtime.ts";
import { DisposedError, UnsupportedError } from "../../errors.ts";
import type { ByteSink, Scratch } from "./byte_sink.ts";
import {
  openScratchFile,
  readExactly,
  removeIfThere,
  writeError,
  writeFully,
} from "./scratch_file.ts";
import {
  forgetTemporary,
  makeTemporaryFile,
  sweepTemporaries,
  type TemporaryFile,
} from "./temporary_file.ts";

class FileSink implements ByteSink {
  readonly name: string;
  readonly #temporary: string;
  #file: DenoFile | null;

  constructor(path: string, temporary: TemporaryFile) {
    this.name = path;
    this.#temporary = temporary.path;
    this.#file = temporary.file;
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const file = this.#opened("write");
    try {
      await writeFully(file, bytes, offset);
    } catch (cause) {
      throw writeError(this.name, cause);
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return await readExactly(this.#opened("read"), { name: this.name, offset, length });
  }

  #opened(verb: string): DenoFile {
    if (this.#file !== null) return this.#file;
    throw new DisposedError(
      this.name,
      `Cannot ${verb} ${this.name} as it is finished: open a new sink`,
    );
  }

  openScratch(): Promise<Scratch> {
    return openScratchFile(this.name);
  }

  async commit(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    // Until the file has its own name it stays locked, so that nobody takes it for one that was
    // left. Windows renames no file that is open.
    const canRenameOpen = requireDeno().build.os !== "windows";
    try {
      try {
        await file.sync();
        if (canRenameOpen) await requireDeno().rename(this.#temporary, this.name);
      } finally {
        file.close();
      }
      if (!canRenameOpen) await requireDeno().rename(this.#temporary, this.name);
    } catch (cause) {
      await removeIfThere(this.#temporary).catch(() => undefined);
      throw writeError(this.name, cause);
    } finally {
      forgetTemporary(this.#temporary);
    }
    await syncFolderOf(this.name);
  }

  async abort(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    file.close();
    await removeIfThere(this.#temporary);
    forgetTemporary(this.#temporary);
  }
}

/** Makes a rename durable. Systems that cannot sync a folder (Windows) do without. */
async function syncFolderOf(path: string): Promise<void> {
  let folder: DenoFile | null = null;
  try {
    folder = await requireDeno().open(await folderOf(path));
    await folder.sync();
  } catch {
    // The file is complete and in place anyway; it is only less certain to survive a power cut.
  } finally {
    folder?.close();
  }
}

/**
 * Opens a sink that becomes the file `path`, replacing any old one, once `commit` has returned;
 * until then the old file stays. Its folder must exist.
 *
 * @throws {BakeError} if the folder is missing or may not be written, or `path` is a folder.
 * @throws {UnsupportedError} where there is no file system, as in browsers.
 */
export async function openFileSink(path: string): Promise<ByteSink> {
  if (typeof denoRuntime()?.open !== "function") {
    throw new UnsupportedError(
      "file system",
      `Cannot write ${path} as there is no file system here: write to memory`,
    );
  }
  try {
    const { stat } = requireDeno();
    const there = await stat(path).catch(() => null);
    if (there?.isDirectory) throw new Error("it is a folder");
    const folder = await folderOf(path);
    const around = await stat(folder).catch((error) => isNotFound(error) ? "absent" : null);
    if (around === "absent") throw new Error(`there is no folder ${folder}`);
    if (around?.isDirectory === false) throw new Error(`${folder} is not a folder`);
    await sweepTemporaries(folder);
    return new FileSink(path, await makeTemporaryFile(path));
  } catch (cause) {
    throw writeError(path, cause);
  }
}

async function folderOf(path: string): Promise<string> {
  const { dirname } = await import("node:path");
  return dirname(path);
}
