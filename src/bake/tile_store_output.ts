/**
 * Writes the rows of a mip chain to a tile store.
 *
 * @module
 */

import {
  type ByteSink,
  rowTexelBytes,
  type TileStoreDescription,
  TileStoreWriter,
} from "../sources/mod.ts";
import type { LevelOutput, OutputSummary } from "./level_output.ts";
import type { PieceEncoder } from "./piece_encoder.ts";
import { TileCutter } from "./tile_cutter.ts";

/** Texels that are encoded at once: about 16 tiles of 256 with their borders. */
const BATCH_TEXELS = 2 ** 20;

/** What is cut here: tiles of one plane, of every level, whose edges are clamped. */
export type CutStoreDescription = Omit<
  TileStoreDescription,
  "furtherPlanes" | "wrap" | "premultipliedAlpha" | "holes"
>;

/** Cuts, encodes and stores tiles. */
export class TileStoreOutput implements LevelOutput {
  readonly #writer: TileStoreWriter;
  readonly #encoder: PieceEncoder;
  readonly #edge: number;
  readonly #cutters = new Map<number, TileCutter>();

  private constructor(
    writer: TileStoreWriter,
    description: CutStoreDescription,
    encoder: PieceEncoder,
  ) {
    this.#writer = writer;
    this.#encoder = encoder;
    this.#edge = description.tileSize + 2 * description.border;
    const texelBytes = rowTexelBytes(encoder.pixels);
    for (const level of writer.grid.levels.slice(description.firstLevel)) {
      this.#cutters.set(level.level, new TileCutter(level, { ...description, texelBytes }));
    }
  }

  /** Begins a store, which owns the sink from then on. */
  static async openOutput(
    sink: ByteSink,
    description: CutStoreDescription,
    { encoder }: { readonly encoder: PieceEncoder },
  ): Promise<TileStoreOutput> {
    const writer = await TileStoreWriter.openWriter(sink, description);
    return new TileStoreOutput(writer, description, encoder);
  }

  pushRow(level: number, row: Uint8Array): boolean {
    return this.#cutters.get(level)!.pushRow(row);
  }

  async drain(signal?: AbortSignal): Promise<void> {
    const perBatch = Math.max(1, Math.floor(BATCH_TEXELS / this.#edge ** 2));
    for (const [level, cutter] of this.#cutters) {
      let tiles: number[] = [];
      let pixels: Uint8Array[] = [];
      for (const tile of cutter.takeFinishedTiles()) {
        tiles.push(this.#writer.grid.tileIndexOf(level, tile.x, tile.y));
        pixels.push(tile.pixels);
        if (tiles.length < perBatch) continue;
        signal?.throwIfAborted();
        await this.#store(tiles, pixels, signal);
        tiles = [];
        pixels = [];
      }
      await this.#store(tiles, pixels, signal);
    }
  }

  async #store(
    tiles: readonly number[],
    pixels: readonly Uint8Array[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (tiles.length === 0) return;
    const payloads = await this.#encoder.encode(pixels, {
      width: this.#edge,
      height: this.#edge,
      signal,
    });
    for (const [i, tile] of tiles.entries()) {
      await this.#writer.putTile(tile, payloads[i]!);
    }
  }

  async finish(
    options: { readonly signal?: AbortSignal; readonly onProgress: (fraction: number) => void },
  ): Promise<OutputSummary> {
    const { tiles, byteLength } = await this.#writer.finish(options);
    return { tiles, byteLength };
  }

  abort(): Promise<void> {
    return this.#writer.abort();
  }
}
