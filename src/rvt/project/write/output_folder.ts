/**
 * A folder that files are written to, and nowhere else: links in it are not followed out of it.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import { isNotFound, requireDeno } from "../../../deno_runtime.ts";
import { BakeError, FileError } from "../../../errors.ts";
import { type ByteSource, openFileSink, openFileSource } from "../../../sources/mod.ts";
import { isInside } from "../read/mod.ts";

/** Bytes that are copied at once. */
const CHUNK_BYTES = 2 ** 20;

/** A folder that files are written to, whole or not at all. */
export class OutputFolder {
  /** Its real path. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /**
   * Makes a folder, if it is not there.
   *
   * @throws {BakeError} if it cannot be made.
   */
  static async openFolder(path: string): Promise<OutputFolder> {
    const deno = requireDeno();
    try {
      await deno.mkdir(path, { recursive: true });
      return new OutputFolder(await deno.realPath(path));
    } catch (cause) {
      throw new BakeError(path, `Cannot write project to ${path}: ${thrownText(cause)}`, { cause });
    }
  }

  /**
   * Writes a file, unless it holds the same bytes already.
   *
   * @returns Whether it was written.
   * @throws {FileError} if its folder lies outside, through a link.
   * @throws {BakeError} if it cannot be written.
   */
  async writeFile(file: string, bytes: Uint8Array): Promise<boolean> {
    const path = await this.#pathFor(file);
    if (await holds(path, bytes)) return false;
    const sink = await openFileSink(path);
    try {
      await sink.write(0, bytes);
      await sink.commit();
    } catch (error) {
      await sink.abort();
      throw error;
    }
    return true;
  }

  /** Whether a file is there that holds none of some texts. */
  async holdsOther(file: string, texts: readonly string[]): Promise<boolean> {
    const path = `${this.root}/${file}`;
    const isThere = await requireDeno().stat(path).then(() => true, () => false);
    if (!isThere) return false;
    for (const text of texts) {
      if (await holds(path, new TextEncoder().encode(text))) return false;
    }
    return true;
  }

  /**
   * Copies a file, unless it is that very file, or one of the same bytes.
   *
   * @param from Its real path.
   * @returns Whether it was written.
   * @throws As {@linkcode writeFile} does, and {SourceReadError} if it cannot be read.
   */
  async copyFile(file: string, from: string): Promise<boolean> {
    const path = await this.#pathFor(file);
    const there = await requireDeno().realPath(path).catch(() => null);
    if (there === from) return false;
    const source = await openFileSource(from);
    try {
      if (there !== null && await holdSame(there, source)) return false;
      const sink = await openFileSink(path);
      try {
        const size = await source.size();
        for (let at = 0; at < size; at += CHUNK_BYTES) {
          await sink.write(at, await source.read(at, Math.min(CHUNK_BYTES, size - at)));
        }
        await sink.commit();
      } catch (error) {
        await sink.abort();
        throw error;
      }
    } finally {
      source.close();
    }
    return true;
  }

  /** The path of a file whose folder is made, if it is not there, one part after the other. */
  async #pathFor(file: string): Promise<string> {
    const deno = requireDeno();
    const parts = file.split("/");
    let folder = this.root;
    for (const part of parts.slice(0, -1)) {
      try {
        folder = await deno.realPath(`${folder}/${part}`);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        folder = `${folder}/${part}`;
        await deno.mkdir(folder);
      }
      if (isInside(folder, this.root)) continue;
      throw new FileError(
        "file-unreadable",
        file,
        `Cannot write project as ${file} would lie outside of its folder, through a link`,
      );
    }
    return `${folder}/${parts.at(-1)}`;
  }
}

async function holdSame(path: string, other: ByteSource): Promise<boolean> {
  const size = await other.size();
  const info = await requireDeno().stat(path).catch(() => null);
  if (info === null || !info.isFile || info.size !== size) return false;
  const source = await openFileSource(path);
  try {
    for (let at = 0; at < size; at += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, size - at);
      const [a, b] = [await source.read(at, length), await other.read(at, length)];
      if (!a.every((byte, i) => byte === b[i])) return false;
    }
    return true;
  } finally {
    source.close();
  }
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const info = await requireDeno().stat(path).catch(() => null);
  if (info === null || !info.isFile || info.size !== bytes.length) return false;
  const source = await openFileSource(path);
  try {
    const there = await source.read(0, bytes.length);
    return there.every((byte, i) => byte === bytes[i]);
  } finally {
    source.close();
  }
}
