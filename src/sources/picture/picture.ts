/**
 * Reads pictures row by row, in bounded memory.
 *
 * The decoder cannot return rows while it decodes, but it can write libvips' own uncompressed
 * format (a header of 64 bytes, then the rows) to a file, which is then read by region. So a
 * picture takes a scratch file of its uncompressed size, and memory for the rows being read. While
 * it decodes progressive JPEG or interlaced PNG, the decoder holds the whole picture in memory.
 *
 * @module
 */

import { type DenoFile, isNotFound, requireDeno } from "../../deno_runtime.ts";
import { DisposedError, MalformedFileError, SourceReadError } from "../../errors.ts";
import type { ColorSpace } from "../../texels/mod.ts";
import type { ReadOptions } from "../bytes/byte_source.ts";
import {
  decodeError,
  DECODER_OPTIONS,
  loadSharp,
  type PictureInfo,
  type PictureInput,
  readPictureInfo,
} from "./picture_info.ts";
import { checkRowRange, type RowFormat, type RowSource, rowTexelBytes } from "../row_source.ts";
import { readFully, removeIfThere, temporaryName, writeError } from "../bytes/scratch_file.ts";

/** How to open a picture. */
export interface OpenPictureOptions {
  /**
   * How to interpret the stored values. Default: 8-bit pictures "srgb", deeper ones "linear". For
   * "linear", values are left as stored; otherwise an embedded colour profile is applied.
   */
  readonly colorSpace?: ColorSpace;
  /** Folder for the scratch file. Default: the system's for temporary files. */
  readonly scratchFolder?: string;
  /**
   * Cancels the wait. The decoder itself cannot be stopped; its file is removed when it ends.
   */
  readonly signal?: AbortSignal;
  /** Called with the fraction of the picture that is decoded, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

const HEADER_BYTES = 64;
const PROGRESS_INTERVAL_MS = 100;

/** The decoder's names of row formats, and the numbers of libvips' band formats. */
const DECODED: Readonly<
  Record<RowFormat, { space: "srgb" | "b-w" | "grey16"; bands: number; bandFormat: number }>
> = Object.freeze({
  "rgba8unorm": { space: "srgb", bands: 4, bandFormat: 0 },
  "r8unorm": { space: "b-w", bands: 1, bandFormat: 0 },
  "r16unorm": { space: "grey16", bands: 1, bandFormat: 2 },
  "r32float": { space: "b-w", bands: 1, bandFormat: 6 },
});

class Picture implements RowSource {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly #path: string;
  #file: DenoFile | null;
  /** Each read seeks first, so reads run one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    info: PictureInfo,
    colorSpace: ColorSpace,
    scratch: { path: string; file: DenoFile },
  ) {
    this.name = info.name;
    this.width = info.width;
    this.height = info.height;
    this.format = info.format;
    this.colorSpace = colorSpace;
    this.#path = scratch.path;
    this.#file = scratch.file;
  }

  async readRows(
    firstRow: number,
    rowCount: number,
    { signal }: ReadOptions = {},
  ): Promise<Uint8Array> {
    checkRowRange(this, firstRow, rowCount);
    const turn = this.#last.then(() => this.#readNow(firstRow, rowCount, signal));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #readNow(
    firstRow: number,
    rowCount: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const file = this.#file;
    if (file === null) {
      throw new DisposedError(
        this.name,
        `Cannot read rows of ${this.name} as it was closed: open it again`,
      );
    }
    const rowBytes = this.width * rowTexelBytes(this.format);
    const bytes = new Uint8Array(rowCount * rowBytes);
    const offset = HEADER_BYTES + firstRow * rowBytes;
    const count = await readFully(file, bytes, offset);
    if (count < bytes.byteLength) {
      throw new SourceReadError(
        this.name,
        offset,
        bytes.byteLength,
        `Cannot read rows of ${this.name} as its scratch file was cut off at byte ${
          offset + count
        }`,
      );
    }
    return bytes;
  }

  async close(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    await this.#last;
    file.close();
    await removeIfThere(this.#path);
  }
}

/**
 * Decodes a PNG, JPEG, TIFF or WebP picture to a scratch file and opens it for reading by rows. The
 * orientation that the file asks for (EXIF) is applied. Grey pictures without alpha keep 8 or 16
 * bits or floats; all others become 8-bit red, green, blue, straight alpha.
 *
 * The scratch file is removed when the picture is closed and whenever opening fails; where the
 * system allows, it has no name once it is decoded.
 *
 * @param input A path, or the bytes of a file.
 * @throws {FileError} if the file is missing or may not be read.
 * @throws {MalformedFileError} if it is not a picture, is cut off or damaged.
 * @throws {UnsupportedError} if it is another kind of picture or too large.
 * @throws {BakeError} if the scratch file cannot be written.
 */
export async function openPicture(
  input: PictureInput,
  options: OpenPictureOptions = {},
): Promise<RowSource> {
  options.signal?.throwIfAborted();
  const info = await readPictureInfo(input);
  const colorSpace = options.colorSpace ?? info.defaultColorSpace;
  const folder = options.scratchFolder ?? await systemTemporaryFolder();
  const path = temporaryName(`${folder}/picture`) + ".v";
  try {
    await decodeTo(path, { input, info, colorSpace, options });
    options.signal?.throwIfAborted();
    const file = await requireDeno().open(path);
    try {
      await checkScratch(info, file);
      // POSIX keeps an open file that has no name; elsewhere `close` removes it.
      await requireDeno().remove(path).catch(() => undefined);
      return new Picture(info, colorSpace, { path, file });
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    await removeIfThere(path);
    throw error;
  }
}

async function systemTemporaryFolder(): Promise<string> {
  const { tmpdir } = await import("node:os");
  return tmpdir();
}

async function decodeTo(
  path: string,
  { input, info, colorSpace, options }: {
    input: PictureInput;
    info: PictureInfo;
    colorSpace: ColorSpace;
    options: OpenPictureOptions;
  },
): Promise<void> {
  const sharp = await loadSharp();
  const { space, bands } = DECODED[info.format];
  // Profiles describe colours; they must not change values that are not colours.
  const pipeline = sharp(input, { ...DECODER_OPTIONS, ignoreIcc: colorSpace === "linear" })
    .autoOrient()
    .toColourspace(space);
  if (bands === 4) pipeline.ensureAlpha();
  const wholeBytes = info.width * info.height * rowTexelBytes(info.format);
  const stopReporting = reportGrowth(path, wholeBytes, options.onProgress);
  try {
    await pipeline.toFile(path);
  } catch (cause) {
    // The decoder's errors have no types. A failed write does not mean a bad picture.
    const isWriteError = cause instanceof Error &&
      /unable to write|write failed/.test(cause.message);
    throw isWriteError ? writeError(path, cause) : decodeError(info.name, cause);
  } finally {
    stopReporting();
  }
  options.onProgress?.(1);
}

/**
 * Reports how much of a file the decoder has written. Returns a function that stops the reports.
 */
function reportGrowth(
  path: string,
  wholeBytes: number,
  onProgress: ((fraction: number) => void) | undefined,
): () => void {
  if (onProgress === undefined) return () => {};
  const timer = setInterval(() => {
    try {
      onProgress(Math.min(1, requireDeno().statSync(path).size / wholeBytes));
    } catch (error) {
      // The decoder has not created the file yet.
      if (!isNotFound(error)) throw error;
    }
  }, PROGRESS_INTERVAL_MS);
  return () => clearInterval(timer);
}

/** Checks that the decoder wrote the requested form: 64-byte header, native byte order. */
async function checkScratch(info: PictureInfo, file: DenoFile): Promise<void> {
  const header = new Uint8Array(HEADER_BYTES);
  const count = await readFully(file, header, 0);
  const words = new Int32Array(header.buffer);
  const { bands, bandFormat } = DECODED[info.format];
  const { size } = await file.stat();
  const wholeBytes = HEADER_BYTES + info.width * info.height * rowTexelBytes(info.format);
  const isRight = count === HEADER_BYTES && words[1] === info.width && words[2] === info.height &&
    words[3] === bands && words[5] === bandFormat && size >= wholeBytes;
  if (isRight) return;
  throw new MalformedFileError(
    info.name,
    `Cannot decode picture ${info.name} as it must give ${info.width}×${info.height} texels of ` +
      `${bands} bands in format ${bandFormat}: the decoder gave ${words[1]}×${words[2]}, ` +
      `${words[3]} and ${words[5]}`,
  );
}
