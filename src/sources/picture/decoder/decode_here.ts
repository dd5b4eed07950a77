/**
 * Decodes in this process, from a copy of the picture.
 *
 * @module
 */

import { type DenoFile, requireDeno } from "../../../deno_runtime.ts";
import { BakeError } from "../../../errors.ts";
import type { ByteSource } from "../../bytes/byte_source.ts";
import { pieces } from "../../bytes/pieces.ts";
import { openScratchFolder, writeFailure } from "../../bytes/scratch_file.ts";
import { type DecodePaths, decodePicture, type DecodeRequest } from "./decode_picture.ts";

/** A picture that was decoded to a file. */
export interface DecodedFile {
  readonly file: DenoFile;
  /** Removes the file if it still has a name, once it is closed. */
  readonly removeFile: () => Promise<void>;
}

/** How to follow and cancel decoding. */
export interface DecodeReports {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

const COPY_BYTES = 1024 * 1024;

/**
 * Copies a picture, decodes the copy and opens the result. The decoder maps its input into memory:
 * a file that is cut off meanwhile would end the process.
 *
 * @param folder Where a folder for scratch files is made; nobody else removes that while it is used.
 * @throws {BakeError} that names `folder` if a scratch file cannot be written there.
 * @throws Anything else that `decodePicture` throws.
 */
export async function decodeHere(
  bytes: ByteSource,
  request: DecodeRequest,
  { folder, signal, onProgress }: DecodeReports & { readonly folder: string },
): Promise<DecodedFile> {
  const deno = requireDeno();
  const scratch = await openScratchFolder(folder);
  const paths: DecodePaths = {
    input: `${scratch.path}/picture`,
    output: `${scratch.path}/picture.v`,
  };
  try {
    await copyTo(paths.input, bytes, signal);
    await decodePicture(paths, request, onProgress);
    signal?.throwIfAborted();
    await deno.remove(paths.input);
    const file = await deno.open(paths.output);
    // POSIX keeps an open file that has no name; elsewhere `removeFile` removes it.
    const isNameless = await deno.remove(paths.output).then(() => true, () => false);
    if (!isNameless) return { file, removeFile: () => scratch.remove() };
    await scratch.remove();
    return { file, removeFile: () => Promise.resolve() };
  } catch (error) {
    await scratch.remove();
    if (!(error instanceof BakeError) && !isSystemError(error)) throw error;
    const cause = error instanceof BakeError ? error.cause : error;
    throw new BakeError(
      folder,
      `Cannot decode picture ${request.name} to a scratch file in ${folder}: ` +
        `${writeFailure(cause)}. Make room there, or choose another folder: scratchFolder of a ` +
        `bake, cacheFolder or FORGE3D_CACHE_DIR of a system that loads textures`,
      { cause },
    );
  }
}

/** Whether an error is the system's, which has no class of this library, and often no code. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && /\(os error \d+\)/.test(error.message);
}

/** Copies all bytes to a file that only this user may read. */
async function copyTo(
  path: string,
  bytes: ByteSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = await requireDeno().open(path, { createNew: true, write: true, mode: 0o600 });
  try {
    const length = await bytes.size();
    for await (
      const piece of pieces(bytes, { offset: 0, length, pieceBytes: COPY_BYTES, signal })
    ) {
      for (let done = 0; done < piece.byteLength;) done += await file.write(piece.subarray(done));
    }
  } finally {
    file.close();
  }
}
