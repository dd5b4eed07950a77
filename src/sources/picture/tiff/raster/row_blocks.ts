/**
 * The samples of a TIFF picture, some rows at a time, from the top down, in bounded memory.
 *
 * @module
 */

import type { ByteSource } from "../../../bytes/byte_source.ts";
import type { SampleKind } from "../../headers/picture_header.ts";
import { ChunkDecoder, type ChunkRows } from "../codecs/decode_chunks.ts";
import { makeSampleArray, type SampleArray, unpackSamples } from "../codecs/unpack_samples.ts";
import { readTiffLayout, type TiffChunk, tiffChunks, type TiffLayout } from "../tiff_chunks.ts";
import type { TiffDirectory } from "../tiff_directory.ts";
import { ChunkColors } from "./chunk_colors.ts";
import type { TiffSamples } from "./samples.ts";

/** Bytes of samples that a block is to have, unless a row of tiles has more. */
const BLOCK_BYTES = 4 * 2 ** 20;

/** Some rows. */
export interface RowBlock {
  readonly firstRow: number;
  readonly rowCount: number;
  /** The wanted samples of each texel, together. */
  readonly values: SampleArray;
}

/** What is read of a directory. */
export interface WantedSamples {
  readonly samples: TiffSamples;
  /** Which samples are wanted, from 0; of colours, which of red, green, blue and alpha. */
  readonly picked: readonly number[];
  /** How samples become colours of 8 bits; null for samples as they are. */
  readonly colors: ChunkColors | null;
  /** The value of samples of chunks that are left out. */
  readonly fill: number;
  /** Called again and again; throws when reading takes too long. */
  readonly checkTime: () => void;
}

/** Reads the rows of one directory. */
export class RowBlocks {
  /** The kind of the values. */
  readonly kind: SampleKind;
  readonly #layout: TiffLayout;
  readonly #wanted: WantedSamples;
  readonly #chunks: readonly TiffChunk[];
  readonly #decoder: ChunkDecoder;

  private constructor(
    layout: TiffLayout,
    wanted: WantedSamples,
    parts: { readonly chunks: readonly TiffChunk[]; readonly decoder: ChunkDecoder },
  ) {
    this.#layout = layout;
    this.#wanted = wanted;
    this.#chunks = parts.chunks;
    this.#decoder = parts.decoder;
    const { type } = wanted.samples;
    this.kind = wanted.colors === null
      ? { bits: parts.decoder.sampleBits, type }
      : { bits: 8, type: "unsigned" };
  }

  /** Reads how a directory is cut and coded. */
  static async open(
    bytes: ByteSource,
    directory: TiffDirectory,
    wanted: WantedSamples,
  ): Promise<RowBlocks> {
    const layout = await readTiffLayout(bytes.name, directory);
    const chunks: TiffChunk[] = [];
    for await (const chunk of tiffChunks(bytes.name, directory, layout)) chunks.push(chunk);
    const { samples, fill, checkTime } = wanted;
    const { isLittle } = directory;
    const coded = { bytes, layout, samples, isLittle, fill, checkTime };
    const decoder = await ChunkDecoder.ofDirectory(directory, coded);
    return new RowBlocks(layout, wanted, { chunks, decoder });
  }

  /** All rows, in order. While one block is used, the next is decoded. */
  async *blocks(): AsyncGenerator<RowBlock> {
    let reading: Promise<RowBlock> | null = null;
    try {
      for (const [row, end] of this.#ranges()) {
        const next = this.#readAfter(reading, row, end);
        // It may fail while the block before it is used, and is awaited after that.
        next.catch(() => undefined);
        const block = reading;
        reading = next;
        if (block !== null) yield await block;
      }
      const last = reading!;
      reading = null;
      yield await last;
    } finally {
      await reading?.catch(() => undefined);
      await this.#decoder.close();
    }
  }

  /** Reads a block when the one before it is read: chunks are decoded in their order. */
  async #readAfter(
    before: Promise<RowBlock> | null,
    row: number,
    end: number,
  ): Promise<RowBlock> {
    await before;
    return await this.#readBlock(row, end);
  }

  /** The rows of each block. */
  *#ranges(): Generator<readonly [row: number, end: number]> {
    const { width, height, chunkHeight } = this.#layout;
    const rowBytes = width * this.#wanted.picked.length * Math.max(1, this.kind.bits / 8);
    const target = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes));
    for (let row = 0; row < height;) {
      const chunkRow = Math.floor(row / chunkHeight);
      const isPart = this.#decoder.isSliced && target < chunkHeight;
      const end = isPart ? Math.min(row + target, (chunkRow + 1) * chunkHeight, height) : Math.min(
        (chunkRow + Math.max(1, Math.floor(target / chunkHeight))) * chunkHeight,
        height,
      );
      yield [row, end];
      row = end;
    }
  }

  async #readBlock(firstRow: number, end: number): Promise<RowBlock> {
    const { width } = this.#layout;
    const { picked, fill } = this.#wanted;
    const rowCount = end - firstRow;
    const values = makeSampleArray(this.kind, rowCount * width * picked.length);
    const isFilled = fill !== 0;
    if (isFilled) values.fill(fill);
    const { chunkHeight, columns, rows: chunkRows, planes } = this.#layout;
    const wantedPlanes = planes === 1 ? [0] : this.#wantedPlanes();
    const parts: { rows: ChunkRows; top: number; left: number; plane: number }[] = [];
    for (let row = firstRow; row < end;) {
      const chunkRow = Math.floor(row / chunkHeight);
      const stop = Math.min(end, (chunkRow + 1) * chunkHeight);
      for (let column = 0; column < columns; column++) {
        for (const plane of wantedPlanes) {
          const chunk = this.#chunks[(plane * chunkRows + chunkRow) * columns + column]!;
          const rows = { chunk, firstRow: row - chunkRow * chunkHeight, rowCount: stop - row };
          parts.push({ rows, top: row - firstRow, left: column, plane });
        }
      }
      row = stop;
    }
    await this.#fillBlock(values, parts);
    return { firstRow, rowCount, values };
  }

  /** Colours take all planes that have a name. */
  #wantedPlanes(): number[] {
    const { colors, picked } = this.#wanted;
    return colors === null ? [...new Set(picked)] : [...colors.samples];
  }

  async #fillBlock(
    values: SampleArray,
    parts: readonly { rows: ChunkRows; top: number; left: number; plane: number }[],
  ): Promise<void> {
    const { colors } = this.#wanted;
    if (colors !== null) {
      const groups = this.#groupPlanes(parts);
      const texels = await colors.decode(
        this.#decoder,
        this.#layout,
        groups.map(({ planes }) => planes),
      );
      for (const [i, { top, left, rows }] of groups.entries()) {
        this.#place(values, texels[i]!, { rows, top, left, samples: colors.channels });
      }
      return;
    }
    const present = parts.filter(({ rows }) => rows.chunk.bytes > 0);
    const decoded = await this.#decoder.decode(present.map(({ rows }) => rows));
    const { layout, kind } = { layout: this.#layout, kind: this.#wanted.samples };
    const bits = this.#decoder.sampleBits;
    for (const [i, { rows, top, left, plane }] of present.entries()) {
      const rowValues = layout.chunkWidth * layout.samples;
      const samples = unpackSamples(decoded[i]!, { bits, type: kind.type }, rowValues);
      this.#place(values, samples, {
        rows,
        top,
        left,
        samples: layout.samples,
        ...(layout.planes > 1 ? { plane } : {}),
      });
    }
  }

  /** The planes of each chunk together; null for those that are left out. */
  #groupPlanes(parts: readonly { rows: ChunkRows; top: number; left: number }[]) {
    const perChunk = this.#layout.planes === 1 ? 1 : this.#wantedPlanes().length;
    return Array.from({ length: parts.length / perChunk }, (_, i) => {
      const planes = parts.slice(i * perChunk, (i + 1) * perChunk).map(({ rows }) => rows);
      return { ...parts[i * perChunk]!, planes };
    });
  }

  /** Copies the wanted samples of a chunk to their places in a block. */
  #place(
    values: SampleArray,
    chunk: SampleArray,
    { rows, top, left, samples, plane }: {
      rows: ChunkRows;
      top: number;
      left: number;
      /** Samples of a texel of the chunk. */
      samples: number;
      /** Which sample it holds, if one alone. */
      plane?: number;
    },
  ): void {
    const { width, chunkWidth } = this.#layout;
    const { picked } = this.#wanted;
    const start = left * chunkWidth;
    const seen = Math.min(chunkWidth, width - start);
    const isCopied = plane === undefined && samples === picked.length &&
      picked.every((sample, i) => sample === i);
    for (let row = 0; row < rows.rowCount; row++) {
      const to = ((top + row) * width + start) * picked.length;
      const from = row * chunkWidth * samples;
      if (isCopied) {
        values.set(chunk.subarray(from, from + seen * samples) as Uint8Array, to);
        continue;
      }
      for (let i = 0; i < picked.length; i++) {
        const sample = picked[i]!;
        if (plane !== undefined && plane !== sample) continue;
        let at = from + (plane === undefined ? sample : 0);
        for (let x = 0, out = to + i; x < seen; x++, at += samples, out += picked.length) {
          values[out] = chunk[at]!;
        }
      }
    }
  }
}
