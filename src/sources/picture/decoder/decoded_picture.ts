/**
 * Rows of a picture that the decoder has written to a file.
 *
 * @module
 */

import type { DenoFile } from "../../../deno_runtime.ts";
import { DisposedError, MalformedFileError, SourceReadError } from "../../../errors.ts";
import { type ColorSpace, formatInfo } from "../../../texels/mod.ts";
import type { ReadOptions } from "../../bytes/byte_source.ts";
import { readFully } from "../../bytes/scratch_file.ts";
import { checkRowRange, type RowFormat, type RowSource, rowTexelBytes } from "../../row_source.ts";
import type { PictureInfo } from "../picture_info.ts";

/** Bytes before the first row in the decoder's file. */
export const DECODED_HEADER_BYTES = 64;

/** The decoder's names of the row formats that it gives. */
export const DECODED_SPACES: Readonly<Partial<Record<RowFormat, "srgb" | "b-w" | "grey16">>> =
  Object.freeze({ "rgba8unorm": "srgb", "r8unorm": "b-w", "r16unorm": "grey16" });

/** Channels, and the number of libvips' band format. */
function vipsFormat(format: RowFormat): { bands: number; bandFormat: number } {
  const { channels } = formatInfo(format);
  const bandFormat = format.endsWith("float") ? 6 : format.endsWith("16unorm") ? 2 : 0;
  return { bands: channels, bandFormat };
}

/** A decoded picture in a file, which belongs to it from then on. */
export class DecodedPicture implements RowSource {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly #removeFile: () => Promise<void>;
  #file: DenoFile | null;
  /** Each read seeks first, so reads run one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  /** Takes the file, and what removes it if it still has a name. */
  constructor(
    info: PictureInfo,
    colorSpace: ColorSpace,
    { file, removeFile }: { file: DenoFile; removeFile: () => Promise<void> },
  ) {
    this.name = info.name;
    this.width = info.width;
    this.height = info.height;
    this.format = info.format;
    this.colorSpace = colorSpace;
    this.#removeFile = removeFile;
    this.#file = file;
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
    const offset = DECODED_HEADER_BYTES + firstRow * rowBytes;
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
    await this.#removeFile();
  }
}

/** Header of a decoded picture, as far as it is looked at. */
export function decodedHeader(info: PictureInfo): Uint8Array {
  const header = new Uint8Array(DECODED_HEADER_BYTES);
  const words = new Int32Array(header.buffer);
  const { bands, bandFormat } = vipsFormat(info.format);
  words[1] = info.width;
  words[2] = info.height;
  words[3] = bands;
  words[5] = bandFormat;
  return header;
}

/**
 * Checks that the decoder wrote the requested form: 64-byte header, native byte order.
 *
 * @throws {MalformedFileError} if it did not.
 */
export async function checkDecoded(info: PictureInfo, file: DenoFile): Promise<void> {
  const header = new Uint8Array(DECODED_HEADER_BYTES);
  const count = await readFully(file, header, 0);
  const words = new Int32Array(header.buffer);
  const { bands, bandFormat } = vipsFormat(info.format);
  const { size } = await file.stat();
  const wholeBytes = DECODED_HEADER_BYTES + info.width * info.height * rowTexelBytes(info.format);
  const isRight = count === DECODED_HEADER_BYTES && words[1] === info.width &&
    words[2] === info.height && words[3] === bands && words[5] === bandFormat && size >= wholeBytes;
  if (isRight) return;
  throw new MalformedFileError(
    info.name,
    `Cannot decode picture ${info.name} as it must give ${info.width}×${info.height} texels of ` +
      `${bands} bands: the decoder gave ${words[1]}×${words[2]} of ${words[3]} bands` +
      (words[5] === bandFormat ? "" : ", of another type"),
  );
}
