/**
 * Writes the rows of a mip chain to a KTX2 file of whole levels.
 *
 * @module
 */

import { type ByteSink, type Ktx2Layout, ktx2Layout, rowTexelBytes } from "../sources/mod.ts";
import { type ColorSpace, formatInfo, regionBytes, type TexelFormat } from "../texels/mod.ts";
import type { LevelGrid } from "../tiles/mod.ts";
import type { LevelOutput, OutputSummary } from "./level_output.ts";
import type { PieceEncoder } from "./piece_encoder.ts";

/** Bytes of decoded rows that are gathered before they are encoded and written. */
const BAND_BYTES = 4 * 2 ** 20;

/** What a file holds. */
export interface Ktx2Description {
  /** Format of the stored texels. */
  readonly format: TexelFormat;
  /** How to interpret the stored values. */
  readonly colorSpace: ColorSpace;
  /** Every level, finest first. */
  readonly levels: readonly LevelGrid[];
}

/** Rows of one level that wait to be written. */
interface Band {
  readonly level: LevelGrid;
  readonly pixels: Uint8Array;
  /** Rows of a full band: whole blocks, or the whole level. */
  readonly rows: number;
  rowsIn: number;
  rowsWritten: number;
}

/** Encodes and writes bands of rows, each at its place in the file. */
export class Ktx2Output implements LevelOutput {
  readonly #sink: ByteSink;
  readonly #layout: Ktx2Layout;
  readonly #encoder: PieceEncoder;
  readonly #format: TexelFormat;
  readonly #texelBytes: number;
  readonly #bands: readonly Band[];

  private constructor(sink: ByteSink, description: Ktx2Description, encoder: PieceEncoder) {
    this.#sink = sink;
    this.#encoder = encoder;
    this.#format = description.format;
    this.#layout = ktx2Layout(description.levels, description);
    this.#texelBytes = rowTexelBytes(encoder.pixels);
    const { blockTexels } = formatInfo(description.format);
    this.#bands = description.levels.map((level) => {
      const rowBytes = level.width * this.#texelBytes;
      const fitting = Math.max(1, Math.floor(BAND_BYTES / (rowBytes * blockTexels)));
      const rows = Math.min(level.height, fitting * blockTexels);
      return { level, pixels: new Uint8Array(rows * rowBytes), rows, rowsIn: 0, rowsWritten: 0 };
    });
  }

  /** Begins a file, which owns the sink from then on. */
  static async openOutput(
    sink: ByteSink,
    description: Ktx2Description,
    { encoder }: { readonly encoder: PieceEncoder },
  ): Promise<Ktx2Output> {
    try {
      const output = new Ktx2Output(sink, description, encoder);
      await sink.write(0, output.#layout.prefix);
      return output;
    } catch (error) {
      await sink.abort();
      throw error;
    }
  }

  pushRow(level: number, row: Uint8Array): boolean {
    const band = this.#bands[level]!;
    band.pixels.set(row, (band.rowsIn - band.rowsWritten) * row.byteLength);
    band.rowsIn++;
    return this.#isReady(band);
  }

  #isReady(band: Band): boolean {
    const waiting = band.rowsIn - band.rowsWritten;
    return waiting === band.rows || (waiting > 0 && band.rowsIn === band.level.height);
  }

  async drain(signal?: AbortSignal): Promise<void> {
    for (const band of this.#bands) {
      if (!this.#isReady(band)) continue;
      signal?.throwIfAborted();
      const { width } = band.level;
      const height = band.rowsIn - band.rowsWritten;
      const pixels = band.pixels.subarray(0, height * width * this.#texelBytes);
      const [bytes] = await this.#encoder.encode([pixels], { width, height, signal });
      const { offset } = this.#layout.levels[band.level.level]!;
      const before = regionBytes(this.#format, width, band.rowsWritten);
      await this.#sink.write(offset + before, bytes!);
      band.rowsWritten = band.rowsIn;
    }
  }

  async finish(
    { signal, onProgress }: {
      readonly signal?: AbortSignal;
      readonly onProgress: (fraction: number) => void;
    },
  ): Promise<OutputSummary> {
    try {
      signal?.throwIfAborted();
      await this.#sink.commit();
    } catch (error) {
      await this.abort();
      throw error;
    }
    onProgress(1);
    return { tiles: 0, byteLength: this.#layout.byteLength };
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }
}
