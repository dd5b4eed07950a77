/**
 * The part of Deno that the core uses, in types of its own: the core type-checks for web pages too,
 * where nothing declares `Deno`. A test holds these types to Deno's. Nothing here asks for a
 * permission.
 *
 * @module
 */

import { UnsupportedError } from "./errors.ts";

/** `Deno.SeekMode.Start`: positions count from the beginning of the file. */
export const SEEK_FROM_START = 0;

/** `Deno.FileInfo`. */
export interface DenoFileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  /** Bytes. */
  readonly size: number;
  readonly mtime: Date | null;
  /** When content or properties last changed, in whole seconds. */
  readonly ctime: Date | null;
  readonly dev: number;
  readonly ino: number | null;
}

/** `Deno.FsFile`: an open file. */
export interface DenoFile {
  read(bytes: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  seek(offset: number, whence: typeof SEEK_FROM_START): Promise<number>;
  seekSync(offset: number, whence: typeof SEEK_FROM_START): number;
  stat(): Promise<DenoFileInfo>;
  statSync(): DenoFileInfo;
  sync(): Promise<void>;
  tryLock(exclusive: boolean): Promise<boolean>;
  writeSync(bytes: Uint8Array): number;
  close(): void;
  [Symbol.dispose](): void;
}

/** How `Deno.open` opens a file. */
export interface DenoOpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly createNew?: boolean;
  /** Permissions of a new file, where the system has such. */
  readonly mode?: number;
}

/** `Deno.UnixConn`: a connection through a socket of the file system. */
export interface DenoConnection {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array<ArrayBufferLike>>;
  close(): void;
}

/** `Deno.DirEntry`. */
export interface DenoFolderEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

/** The namespace `Deno`. */
export interface DenoRuntime {
  readonly build: { readonly os: string };
  readonly env: {
    get(name: string): string | undefined;
    set(name: string, value: string): void;
  };
  readonly errors: { readonly NotFound: abstract new (message?: string) => Error };
  readonly permissions: {
    query(
      permission: { name: "read" | "write"; path: string },
    ): Promise<{ readonly state: string }>;
    querySync(permission: { name: "env"; variable: string }): { readonly state: string };
  };
  connect(options: { transport: "unix"; path: string }): Promise<DenoConnection>;
  lstat(path: string): Promise<DenoFileInfo>;
  mkdir(path: string, options?: { recursive: boolean }): Promise<void>;
  open(path: string, options?: DenoOpenOptions): Promise<DenoFile>;
  readDir(path: string): AsyncIterable<DenoFolderEntry>;
  readTextFile(path: string): Promise<string>;
  realPath(path: string): Promise<string>;
  remove(path: string, options?: { recursive: boolean }): Promise<void>;
  removeSync(path: string, options?: { recursive: boolean }): void;
  rename(from: string, to: string): Promise<void>;
  stat(path: string): Promise<DenoFileInfo>;
  statSync(path: string): DenoFileInfo;
  utime(path: string, atime: Date, mtime: Date): Promise<void>;
  writeTextFile(path: string, text: string): Promise<void>;
}

/** The namespace `Deno` where the code runs on Deno, else undefined. */
export function denoRuntime(): DenoRuntime | undefined {
  return (globalThis as { Deno?: DenoRuntime }).Deno;
}

/**
 * The namespace `Deno`, for work that needs it.
 *
 * @throws {UnsupportedError} where the code runs elsewhere, as in a browser.
 */
export function requireDeno(): DenoRuntime {
  const deno = denoRuntime();
  if (deno !== undefined) return deno;
  throw new UnsupportedError("file system", "Cannot use files as there is no file system here");
}

/** True for the error that Deno throws for a path that does not exist. */
export function isNotFound(error: unknown): boolean {
  const deno = denoRuntime();
  return deno !== undefined && error instanceof deno.errors.NotFound;
}
