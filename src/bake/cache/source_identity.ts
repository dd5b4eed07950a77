/**
 * What tells the source of a baked texture from every other.
 *
 * Bytes, and files of up to 8 MiB, are identified by the SHA-256 of all their content: every change
 * is noticed, while a file that is only touched or moved keeps its baked form. Larger files are
 * identified by path, size, inode, the times at which content (milliseconds) and properties (whole
 * seconds) last changed, and the SHA-256 of 64 samples of 16 KiB. So a change is noticed even if size
 * and modification time are the same, as every write sets the other time, which programs cannot
 * choose; a bake begins only once that second is over, since a further change in it would not show.
 * Not noticed is only a change between the samples, that keeps the size, of a file system that does
 * not record such times or while the clock is set back. Touching, copying or moving a large file
 * means another bake.
 *
 * @module
 */

import { type DenoFileInfo, requireDeno } from "../../deno_runtime.ts";
import { fileOpenError, openFileSource, type SourceIdentity } from "../../sources/mod.ts";
import { sleep } from "../../waiting.ts";

/** Increased when a bake of the same source with the same options would give other bytes. */
const BAKER_VERSION = 4;

/** Files of up to this size are identified by all their content. */
export const WHOLE_HASH_BYTES: number = 8 * 2 ** 20;
const SAMPLES = 64;
/** Samples where nothing else is known of a large file: as many bytes as of one that is read as a whole. */
const CONTENT_SAMPLES = 512;
const SAMPLE_BYTES = 16 * 1024;
/** Resolution of the time at which a file's properties changed. */
const CHANGE_TIME_STEP_MS = 1000;

/**
 * Identifies a source; see this module for what it guarantees.
 *
 * @param input A path, or the bytes of a file.
 * @param options Everything else that the result depends on.
 * @throws {FileError} if the file is missing.
 * @throws {SourceReadError} if it cannot be read.
 * @throws {SourceChangedError} if it changes meanwhile.
 */
export async function identifySource(
  input: string | Uint8Array,
  options: Readonly<Record<string, string | number>>,
): Promise<SourceIdentity> {
  const rest = { options: JSON.stringify(options), baker: BAKER_VERSION };
  if (typeof input !== "string") {
    return {
      name: "bytes",
      byteLength: input.byteLength,
      sha256: await sha256(input),
      ...rest,
    };
  }
  const { path, info } = await statFile(input);
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const { size } = info;
  const content = await hashOf(input, size);
  if (size <= WHOLE_HASH_BYTES) return { name, byteLength: size, sha256: content, ...rest };
  return {
    name,
    path,
    byteLength: size,
    modifiedMs: info.mtime?.getTime() ?? 0,
    changedMs: info.ctime?.getTime() ?? 0,
    inode: info.ino ?? 0,
    samples: content,
    ...rest,
  };
}

/**
 * A text that is the same for equal content wherever it lies and whenever it was written, and, but for changes
 * of files of more than 8 MiB that keep their size and lie between 512 samples of 16 KiB, another one for
 * another content.
 *
 * @param input A path, or the bytes of a file.
 * @throws {FileError} if the file is missing.
 * @throws {SourceReadError} if it cannot be read.
 * @throws {SourceChangedError} if it changes meanwhile.
 */
export async function identifyContent(input: string | Uint8Array): Promise<string> {
  if (typeof input !== "string") {
    return JSON.stringify({ byteLength: input.byteLength, sha256: await sha256(input) });
  }
  const { info: { size } } = await statFile(input);
  const content = await hashOf(input, size, CONTENT_SAMPLES);
  const name = size <= WHOLE_HASH_BYTES ? "sha256" : "samples";
  return JSON.stringify({ byteLength: size, [name]: content });
}

/**
 * Waits, a second at most, until the moment at which a large file last changed has passed by its
 * times: a later change then has other times.
 */
export async function waitForChangeTime(
  input: string | Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  if (typeof input !== "string") return;
  const { info } = await statFile(input);
  if (info.size <= WHOLE_HASH_BYTES || info.ctime === null) return;
  const waitMs = info.ctime.getTime() + CHANGE_TIME_STEP_MS - Date.now();
  // A time in the future is that of another clock, as on a network.
  if (waitMs > 0 && waitMs <= CHANGE_TIME_STEP_MS) await sleep(waitMs, signal);
}

async function statFile(input: string): Promise<{ path: string; info: DenoFileInfo }> {
  try {
    const path = await requireDeno().realPath(input);
    return { path, info: await requireDeno().stat(path) };
  } catch (cause) {
    throw fileOpenError(input, cause);
  }
}

/** The SHA-256 of a file, or of samples spread evenly from its first byte to its last. */
async function hashOf(path: string, size: number, samples = SAMPLES): Promise<string> {
  const source = await openFileSource(path);
  try {
    if (size <= WHOLE_HASH_BYTES) return await sha256(await source.read(0, size));
    const reads = Array.from({ length: samples }, (_, i) => {
      const offset = Math.floor(i * (size - SAMPLE_BYTES) / (samples - 1));
      return source.read(offset, SAMPLE_BYTES);
    });
    return await sha256(await new Blob(await Promise.all(reads) as BlobPart[]).arrayBuffer());
  } finally {
    source.close();
  }
}

/** A name for the baked form of a source: 40 hexadecimal digits. */
export async function nameOf(identity: SourceIdentity): Promise<string> {
  return (await sha256(new TextEncoder().encode(canonical(identity)))).slice(0, 40);
}

/** Whether two identities are of the same content and options. */
export function isSameSource(a: SourceIdentity, b: SourceIdentity): boolean {
  return canonical(a) === canonical(b);
}

/** A text that is the same for the same strings and numbers in any order. */
function canonical(identity: SourceIdentity): string {
  return JSON.stringify(Object.entries(identity).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function sha256(bytes: Uint8Array | ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
