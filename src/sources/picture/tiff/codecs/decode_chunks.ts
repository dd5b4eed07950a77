/**
 * The strips and tiles of a TIFF file as bytes of samples: decompressed, little-endian, no longer
 * predicted, and checked.
 *
 * @module
 */

import { sliceSource } from "../../../bytes/slice_source.ts";
import type { JpegFrame } from "../../jpeg/verify_scans.ts";
import type { TiffSamples } from "../raster/samples.ts";
import { chunkSeenRows, chunkTexelBytes, type TiffChunk, type TiffLayout } from "../tiff_chunks.ts";
import { CCITT_COMPRESSIONS, TIFF_COMPRESSION } from "../tiff_compression.ts";
import type { TiffDirectory } from "../tiff_directory.ts";
import { checkJpegFrame } from "../verify_jpeg.ts";
import { inflateBytes, InflatingChunk, mostInflatedBytes } from "./inflate_chunk.ts";
import { decodeLerc } from "./lerc_chunk.ts";
import type { PlainField } from "./plain_tiff.ts";
import { areBytes, type CodedChunks, type Coding, readCoding } from "./coding.ts";
import { PREDICTOR, undoPredictor } from "./predictor.ts";
import { decodeStrips } from "./sharp_strips.ts";
import { reversedBits, swapBytes } from "./unpack_samples.ts";

/** Chunks of one column that have more bytes than these are inflated some rows at a time. */
const LONG_CHUNK_BYTES = 16 * 2 ** 20;
/** Rows of a chunk: all that belong to the picture, or some where chunks can be read in parts. */
export interface ChunkRows {
  readonly chunk: TiffChunk;
  readonly firstRow: number;
  readonly rowCount: number;
}

/** Decodes the chunks of one directory, from the first to the last. */
export class ChunkDecoder {
  /** Bits of a decoded sample: CCITT data gives a byte for each texel. */
  readonly sampleBits: number;
  /** Whether some rows of a chunk can be decoded without the others. */
  readonly isSliced: boolean;
  readonly #coded: CodedChunks;
  readonly #coding: Coding;
  /** The chunk that is inflated row by row. */
  #inflating: { readonly index: number; readonly rows: InflatingChunk } | null = null;

  private constructor(coded: CodedChunks, coding: Coding) {
    this.#coded = coded;
    this.#coding = coding;
    const { layout, samples } = coded;
    const isCcitt = CCITT_COMPRESSIONS.includes(layout.compression);
    this.sampleBits = isCcitt ? 8 : samples.bits;
    const isStored = layout.compression === TIFF_COMPRESSION.none && layout.subsampling === null;
    this.isSliced = isStored || this.#isInflatedByRows();
  }

  /**
   * Reads how the data of a directory is coded.
   *
   * @throws {UnsupportedError} if it is coded in a way that is not read.
   */
  static async ofDirectory(directory: TiffDirectory, coded: CodedChunks): Promise<ChunkDecoder> {
    return new ChunkDecoder(coded, await readCoding(directory, coded));
  }

  /** Fields of a small file that hold the data of a chunk as it is stored. */
  get fields(): readonly PlainField[] {
    return this.#coding.fields;
  }

  #isInflatedByRows(): boolean {
    const { layout: { compression, columns, planes } } = this.#coded;
    const isDeflate = compression === TIFF_COMPRESSION.deflate ||
      compression === TIFF_COMPRESSION.oldDeflate;
    return isDeflate && columns === 1 && planes === 1 && this.#coded.layout.subsampling === null &&
      chunkTexelBytes(this.#coded.layout, 0) > LONG_CHUNK_BYTES;
  }

  /**
   * Decodes rows of chunks that are there.
   *
   * @returns For each, its rows, of all its columns.
   * @throws {MalformedFileError} if one is damaged.
   */
  async decode(rows: readonly ChunkRows[]): Promise<Uint8Array[]> {
    const { layout: { compression } } = this.#coded;
    switch (compression) {
      case TIFF_COMPRESSION.none:
      case TIFF_COMPRESSION.deflate:
      case TIFF_COMPRESSION.oldDeflate:
      case TIFF_COMPRESSION.zstd:
      case TIFF_COMPRESSION.lerc: {
        const decoded: Uint8Array[] = [];
        for (const part of rows) decoded.push(await this.#decodeOne(part));
        return decoded;
      }
      default:
        return await this.#decodeTogether(rows);
    }
  }

  async #decodeOne(rows: ChunkRows): Promise<Uint8Array> {
    const { bytes, layout, samples, isLittle, checkTime } = this.#coded;
    const { chunk } = rows;
    const { predictor } = this.#coding;
    checkTime();
    const what = `its ${layout.what} ${chunk.index}`;
    const rowBytes = rowBytesOf(layout);
    const wanted = chunkTexelBytes(layout, chunk.index);
    const inflating = {
      name: bytes.name,
      what,
      wanted,
      most: mostInflatedBytes(chunkTexelBytes(layout, 0)),
    };
    let raw: Uint8Array;
    if (this.#isInflatedByRows()) {
      if (this.#inflating?.index !== chunk.index) {
        const opened = await InflatingChunk.open(bytes, chunk, { inflating, checkTime });
        this.#inflating = { index: chunk.index, rows: opened };
      }
      raw = await this.#inflating.rows.take(rows.rowCount * rowBytes);
    } else if (layout.compression === TIFF_COMPRESSION.none) {
      const length = layout.subsampling !== null ? wanted : rows.rowCount * rowBytes;
      const skipped = layout.subsampling !== null ? 0 : rows.firstRow * rowBytes;
      raw = this.#inOrder(await bytes.read(chunk.offset + skipped, length));
    } else {
      const stored = this.#inOrder(await bytes.read(chunk.offset, chunk.bytes));
      if (layout.compression === TIFF_COMPRESSION.lerc) {
        return aligned(await this.#decodeLerc(stored, { chunk, inflating }));
      }
      const kind = layout.compression === TIFF_COMPRESSION.zstd ? "Zstandard" : "Deflate";
      raw = await inflateBytes(stored, kind, inflating);
    }
    return undone(aligned(raw), { layout, samples, isLittle, predictor });
  }

  #inOrder(stored: Uint8Array): Uint8Array {
    return this.#coding.isReversed ? reversedBits(stored) : stored;
  }

  async #decodeLerc(
    stored: Uint8Array,
    { chunk, inflating }: {
      chunk: TiffChunk;
      inflating: { name: string; what: string; wanted: number; most: number };
    },
  ): Promise<Uint8Array> {
    const { bytes, layout, samples, fill } = this.#coded;
    const { lercInflate } = this.#coding;
    const data = lercInflate === null
      ? stored
      : await inflateBytes(stored, lercInflate, { ...inflating, wanted: null });
    return await decodeLerc(bytes.name, data, {
      width: layout.chunkWidth,
      height: layout.what === "tile" ? layout.chunkHeight : chunkSeenRows(layout, chunk.index),
      samples: layout.samples,
      sampleBytes: samples.bits / 8,
      isFloat: samples.type === "float",
      fill,
      what: inflating.what,
    });
  }

  /** Chunks of as many rows are decoded as strips of one small file. */
  async #decodeTogether(rows: readonly ChunkRows[]): Promise<Uint8Array[]> {
    const { layout, samples, isLittle } = this.#coded;
    const isBytes = areBytes(layout);
    const channels = isBytes ? 1 : layout.samples;
    const decoded = await this.#decodeGroups(rows, {
      width: isBytes ? rowBytesOf(layout) : layout.chunkWidth,
      space: channels < 3 ? "b-w" : "srgb",
      channels,
      fields: this.#coding.fields,
    });
    // Black and white are 0 and 255 then.
    if (samples.bits === 1 && !isBytes) return decoded.map((raw) => raw.map((value) => value >> 7));
    const { predictor } = this.#coding;
    return decoded.map((raw) =>
      isBytes ? undone(raw, { layout, samples, isLittle, predictor }) : raw
    );
  }

  /**
   * Decodes chunks to colours: red, green, blue and, for four channels, alpha.
   *
   * @param options `fields` say what the data is.
   */
  async decodeColors(
    rows: readonly ChunkRows[],
    options: { readonly channels: number; readonly fields: readonly PlainField[] },
  ): Promise<Uint8Array[]> {
    const width = this.#coded.layout.chunkWidth;
    return await this.#decodeGroups(rows, { ...options, width, space: "srgb" });
  }

  async #decodeGroups(
    rows: readonly ChunkRows[],
    { width, space, channels, fields }: {
      width: number;
      space: "srgb" | "b-w";
      channels: number;
      fields: readonly PlainField[];
    },
  ): Promise<Uint8Array[]> {
    const { bytes: { name }, layout: { what } } = this.#coded;
    const groups = new Map<number, { data: Uint8Array; at: number }[]>();
    for (const [at, { chunk }] of rows.entries()) {
      const { data, height } = await this.#readStored(chunk);
      const group = groups.get(height) ?? [];
      groups.set(height, group);
      group.push({ data, at });
    }
    const decoded: Uint8Array[] = new Array(rows.length);
    for (const [height, group] of groups) {
      this.#coded.checkTime();
      const [first, last] = [rows[group[0]!.at]!, rows[group.at(-1)!.at]!];
      const range = first === last
        ? `${what} ${first.chunk.index}`
        : `${what}s ${first.chunk.index} to ${last.chunk.index}`;
      const strips = { data: group.map(({ data }) => data), width, rows: height, fields };
      const texels = await decodeStrips(name, strips, { space, channels, what: `its ${range}` });
      const length = width * height * channels;
      for (const [i, { at }] of group.entries()) {
        decoded[at] = aligned(texels.subarray(i * length, (i + 1) * length));
      }
    }
    return decoded;
  }

  /** The stored data of a chunk, checked, and how many rows it holds. */
  async #readStored(chunk: TiffChunk): Promise<{ data: Uint8Array; height: number }> {
    const { bytes, layout } = this.#coded;
    const { jpeg } = this.#coding;
    const height = layout.what === "tile" ? layout.chunkHeight : chunkSeenRows(layout, chunk.index);
    let jpegHeight = height;
    await jpeg?.verify(
      sliceSource(bytes, { offset: chunk.offset, length: chunk.bytes }),
      (frame: JpegFrame) => {
        const isExact = layout.subsampling === null;
        checkJpegFrame(bytes.name, frame, { layout, chunk, isExact });
        jpegHeight = frame.height;
      },
    );
    const data = await bytes.read(chunk.offset, chunk.bytes);
    const isBytes = areBytes(layout);
    return { data: isBytes ? this.#inOrder(data) : data, height: jpegHeight };
  }

  /** Ends what was begun. */
  async close(): Promise<void> {
    await this.#inflating?.rows.close();
  }
}

function rowBytesOf({ chunkWidth, texelBits }: TiffLayout): number {
  return Math.ceil(chunkWidth * texelBits / 8);
}

/** Numbers need places that are multiples of their size; what is changed must be a copy. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

function undone(
  bytes: Uint8Array,
  { layout, samples: { bits }, isLittle, predictor }: {
    layout: TiffLayout;
    samples: TiffSamples;
    isLittle: boolean;
    predictor: number;
  },
): Uint8Array {
  // What floats were made into has no byte order.
  const isSwapped = !isLittle && bits > 8 && bits % 8 === 0 && predictor !== PREDICTOR.floats;
  if (!isSwapped && predictor === PREDICTOR.none) return bytes;
  const own = bytes.slice();
  if (isSwapped) swapBytes(own, bits / 8);
  undoPredictor(own, { predictor, width: layout.chunkWidth, samples: layout.samples, bits });
  return own;
}
