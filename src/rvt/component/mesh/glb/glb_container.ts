/**
 * The container of GLB files: a header, a chunk of JSON, and a chunk of binary data (glTF 2.0
 * specification, section 4, "GLB File Format Specification").
 *
 * @module
 */

import { MalformedFileError, UnsupportedError } from "../../../../errors.ts";

/** What a GLB file holds. */
export interface GlbContainer {
  /** The JSON, of any shape. */
  readonly json: unknown;
  /** Bytes of the binary chunk, 0 without one. */
  readonly binaryBytes: number;
}

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** The error of a GLB file that breaks its specification. */
export function malformedGlb(name: string, problem: string, cause?: unknown): MalformedFileError {
  const options = cause === undefined ? {} : { cause };
  return new MalformedFileError(name, `Cannot load GLB file ${name} as ${problem}`, options);
}

/** Bytes of the header, and of that of the first chunk. */
export const GLB_HEAD_BYTES = HEADER_BYTES + CHUNK_HEADER_BYTES;

/**
 * Bytes of the first chunk, by the first {@linkcode GLB_HEAD_BYTES} of a file.
 *
 * @param name Name of the file in messages.
 * @throws {MalformedFileError} if it is shorter, or does not begin as GLB files do.
 */
export function jsonChunkBytes(head: Uint8Array, name: string): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  assertMagic(view, name);
  return view.getUint32(HEADER_BYTES, true);
}

/**
 * Reads the container of a GLB file.
 *
 * @param bytes The file, or its beginning with the first chunk and the header of the next.
 * @param name Name of the file in messages.
 * @param size Bytes of the file.
 * @throws {MalformedFileError} if it is not one, or is cut off.
 * @throws {UnsupportedError} if it is of another version than 2.
 */
export function readGlbContainer(
  bytes: Uint8Array,
  name: string,
  size = bytes.length,
): GlbContainer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assertMagic(view, name);
  const version = view.getUint32(4, true);
  if (version !== 2) {
    const message = `Cannot load GLB file ${name} as its version must be 2: current value is ` +
      version;
    throw new UnsupportedError(`GLB version ${version}`, message);
  }
  const length = view.getUint32(8, true);
  if (length > size) {
    throw malformedGlb(name, `it must have ${length} bytes: current number is ${size}`);
  }
  const json = chunkAt(view, { at: HEADER_BYTES, end: length, name });
  if (json.type !== JSON_CHUNK) throw malformedGlb(name, "its first chunk must be JSON");
  const binary = json.end < length ? chunkAt(view, { at: json.end, end: length, name }) : null;
  return {
    json: parsedJson(bytes.subarray(json.start, json.end), name),
    binaryBytes: binary?.type === BINARY_CHUNK ? binary.end - binary.start : 0,
  };
}

function assertMagic(view: DataView, name: string): void {
  if (view.byteLength >= GLB_HEAD_BYTES && view.getUint32(0, true) === MAGIC) return;
  throw malformedGlb(name, "it must begin with glTF, a version and a chunk of JSON");
}

function chunkAt(
  view: DataView,
  { at, end, name }: { readonly at: number; readonly end: number; readonly name: string },
): { type: number; start: number; end: number } {
  const start = at + CHUNK_HEADER_BYTES;
  const chunkEnd = start <= end ? start + view.getUint32(at, true) : Infinity;
  if (chunkEnd > end) throw malformedGlb(name, `the chunk at byte ${at} must end within the file`);
  return { type: view.getUint32(at + 4, true), start, end: chunkEnd };
}

function parsedJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformedGlb(name, "its first chunk must be JSON in UTF-8", cause);
  }
}
