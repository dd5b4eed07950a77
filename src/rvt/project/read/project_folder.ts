/**
 * The folder of a project: nothing outside of it is read, whatever its files name.
 *
 * @module
 */

import { describeValue, thrownText } from "../../../checks.ts";
import { type DenoFileInfo, isNotFound, requireDeno } from "../../../deno_runtime.ts";
import { FileError, MalformedFileError } from "../../../errors.ts";
import { openFileSource } from "../../../sources/mod.ts";
import { type Place, PROJECT_LIMITS, type ProjectLimits } from "../schema/mod.ts";

/** The name of a project's own file in its folder. */
export const PROJECT_FILE = "project.json";

/** A folder whose files are read. Paths with links are followed, and compared as they really are. */
export class ProjectFolder {
  /** As the caller named it. */
  readonly path: string;
  readonly #root: string;
  readonly #limits: ProjectLimits;
  #bytesRead = 0;
  readonly #written = new Map<string, string>();

  private constructor(path: string, root: string, limits: ProjectLimits) {
    this.path = path;
    this.#root = root;
    this.#limits = limits;
  }

  /**
   * Opens the folder of a project.
   *
   * @param path The folder, or a JSON file in it.
   * @returns The folder, and the name of the project's file in it.
   * @throws {FileError} if there is no such folder or file.
   */
  static async openFolder(
    path: string,
    limits: ProjectLimits = PROJECT_LIMITS,
  ): Promise<{ readonly folder: ProjectFolder; readonly main: string }> {
    const deno = requireDeno();
    try {
      if ((await deno.stat(path)).isDirectory) {
        const root = await deno.realPath(path);
        return { folder: new ProjectFolder(path, root, limits), main: PROJECT_FILE };
      }
    } catch (cause) {
      throw unreadable(path, `Cannot read project as it is named ${describeValue(path)}`, cause);
    }
    const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
    const folder = end < 0 ? "." : path.slice(0, Math.max(end, 1));
    const root = await deno.realPath(folder);
    return { folder: new ProjectFolder(folder, root, limits), main: path.slice(end + 1) };
  }

  /**
   * Where a file of the project really lies.
   *
   * @param file From the folder on, of the form of paths in projects.
   * @param place What names it.
   * @throws {FileError} if it is missing, or cannot be reached.
   * @throws {MalformedFileError} if it lies outside of the folder, or is not a file.
   */
  async realPathOf(file: string, place: Place): Promise<string> {
    return (await this.#find(file, place)).path;
  }

  /**
   * Where a file of the project lies, or will: neither it nor its folder need be there.
   *
   * @throws As {@linkcode realPathOf} does, but for a file that is missing.
   */
  async outputPathOf(file: string, place: Place): Promise<string> {
    const deno = requireDeno();
    const parts = file.split("/");
    let folder = this.#root;
    for (const [depth, part] of parts.slice(0, -1).entries()) {
      try {
        const next = `${folder}/${part}`;
        // A link is there, too, if it leads to nothing.
        if (!await isThere(next)) return [folder, ...parts.slice(depth)].join("/");
        folder = await deno.realPath(next);
      } catch (cause) {
        throw unreadable(file, `${place.failure} as ${place} names ${file}`, cause);
      }
      if (isInside(folder, this.#root)) continue;
      throw place.error(`names ${file}, which lies outside of the project's folder`);
    }
    const path = `${folder}/${parts.at(-1)}`;
    const mustBeThere = await isThere(path).catch(() => true);
    return mustBeThere ? await this.realPathOf(file, place) : path;
  }

  /** Whether it is the folder of a real path. */
  isAt(root: string): boolean {
    return root === this.#root;
  }

  /** Notes the text that a file of it has been given. */
  noteWritten(file: string, text: string): void {
    this.#written.set(file, text);
  }

  /** The text that a file of it was given last; null if it was not. */
  writtenText(file: string): string | null {
    return this.#written.get(file) ?? null;
  }

  async #find(file: string, place: Place): Promise<{ path: string; info: DenoFileInfo }> {
    const deno = requireDeno();
    let path: string;
    let info: DenoFileInfo;
    try {
      path = await deno.realPath(`${this.#root}/${file}`);
      if (!isInside(path, this.#root)) {
        throw place.error(`names ${file}, which lies outside of the project's folder`);
      }
      info = await deno.stat(path);
    } catch (cause) {
      if (cause instanceof MalformedFileError) throw cause;
      throw unreadable(file, `${place.failure} as ${place} names ${file}`, cause);
    }
    if (!info.isFile) throw place.error(`names ${file}, which is not a file`);
    return { path, info };
  }

  /**
   * A file's text, byte for byte.
   *
   * @throws As {@linkcode realPathOf} does.
   * @throws {MalformedFileError} if it is not UTF-8, or too large.
   */
  async readText(file: string, place: Place): Promise<string> {
    const { fileBytes, totalBytes } = this.#limits;
    const bytes = await this.readBytes(file, place, fileBytes);
    this.#bytesRead += bytes.length;
    if (this.#bytesRead > totalBytes) {
      throw place.error(`names ${file}, with which its files have more than ${totalBytes} bytes`);
    }
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new MalformedFileError(file, `Cannot read project as ${file} is not UTF-8`, { cause });
    }
  }

  /**
   * A file's bytes.
   *
   * @param most How many there may be.
   * @throws As {@linkcode realPathOf} does.
   * @throws {MalformedFileError} if there are more.
   */
  async readBytes(file: string, place: Place, most: number): Promise<Uint8Array> {
    const { path } = await this.#find(file, place);
    const source = await openFileSource(path);
    try {
      const size = await source.size();
      if (size <= most) return await source.read(0, size);
      throw place.error(`names ${file}, which must have at most ${most} bytes: it has ${size}`);
    } finally {
      source.close();
    }
  }
}

/**
 * Whether there is something at a path, be it a link that leads nowhere.
 *
 * @throws What keeps one from knowing.
 */
async function isThere(path: string): Promise<boolean> {
  try {
    await requireDeno().lstat(path);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Whether a path is a folder or lies in it; both are real paths. */
export function isInside(path: string, folder: string): boolean {
  if (path === folder) return true;
  const root = /[/\\]$/.test(folder) ? folder.slice(0, -1) : folder;
  return path.startsWith(root) && /^[/\\]/.test(path.slice(root.length));
}

function unreadable(path: string, failure: string, cause: unknown): FileError {
  if (isNotFound(cause)) {
    return new FileError("file-not-found", path, `${failure}, which does not exist`, { cause });
  }
  const message = `${failure}, which cannot be read: ${describeValue(thrownText(cause))}`;
  return new FileError("file-unreadable", path, message, { cause });
}
