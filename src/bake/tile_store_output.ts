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
import { formatInfo } from "../texels/mod.ts";
import type { LevelOutput, OutputSummary } from "./level_output.ts";
import type { PieceEncoder } from "./piece_encoder.ts";
import { type Dimensions, distinctTexels, repeatBlocks } from "./repeated_blocks.ts";
import { TileCutter } from "./tile_cutter.ts";

/** Texels that are encoded at once: about 16 tiles of 256 with their borders. */
const BATCH_TEXELS = 2 ** 20;

/** The tiles of a level as they arrive, and how much of each is encoded. */
interface LevelCutter {
  readonly cutter: TileCutter;
  /** Texels of a tile that are encoded; the blocks behind them repeat the last. */
  readonly cut: Dimensions;
  /** Tiles that are cut and not encoded, fewer than a batch between two drains. */
  readonly tiles: number[];
  /** Their texels. */
  readonly pixels: Uint8Array[];
}

/** What is cut here: tiles of one plane, of every level. */
export type CutStoreDescription = Omit<
  TileStoreDescription,
  "furtherPlanes" | "holes"
>;

/** How rows become tiles. */
interface CutOptions {
  /** Encodes tiles that are cut; null if none are. */
  readonly encoder: PieceEncoder | null;
  /** Finest level that comes as rows; tiles of levels before it are put whole. Default the first. */
  readonly firstCutLevel?: number;
}

/** Cuts, encodes and stores tiles. */
export class TileStoreOutput implements LevelOutput {
  readonly #writer: TileStoreWriter;
  readonly #encoder: PieceEncoder | null;
  readonly #edge: number;
  readonly #blockTexels: number;
  readonly #blockBytes: number;
  readonly #cutters = new Map<number, LevelCutter>();

  private constructor(
    writer: TileStoreWriter,
    description: CutStoreDescription,
    { encoder, firstCutLevel = description.firstLevel }: CutOptions,
  ) {
    this.#writer = writer;
    this.#encoder = encoder;
    this.#edge = description.tileSize + 2 * description.border;
    const { blockTexels, blockBytes } = formatInfo(description.format);
    this.#blockTexels = blockTexels;
    this.#blockBytes = blockBytes;
    if (encoder === null) return;
    const texelBytes = rowTexelBytes(encoder.pixels);
    const { x, y } = description.wrap ?? { x: "clamp", y: "clamp" };
    const wrap = [x, y] as const;
    for (const level of writer.grid.levels.slice(firstCutLevel)) {
      const [width, height] = [level.width, level.height].map((size, axis) =>
        wrap[axis] === "repeat" ? this.#edge : distinctTexels(size, { ...description, blockTexels })
      ) as [number, number];
      const cut = { width, height };
      const cutter = new TileCutter(level, { ...description, texelBytes, cut, wrap });
      this.#cutters.set(level.level, { cutter, cut, tiles: [], pixels: [] });
    }
  }

  /** Begins a store, which owns the sink from then on. */
  static async openOutput(
    sink: ByteSink,
    description: CutStoreDescription,
    options: CutOptions,
  ): Promise<TileStoreOutput> {
    const writer = await TileStoreWriter.openWriter(sink, description);
    return new TileStoreOutput(writer, description, options);
  }

  /** Takes a tile of a level that does not come as rows: see `TileStoreWriter.putTile`. */
  putTile(tile: number, payload: Uint8Array): Promise<void> {
    return this.#writer.putTile(tile, payload);
  }

  pushRow(level: number, row: Uint8Array): boolean {
    return this.#cutters.get(level)!.cutter.pushRow(row);
  }

  async drain(signal?: AbortSignal): Promise<void> {
    for (const [level, levelCutter] of this.#cutters) {
      const { cutter, cut, tiles, pixels } = levelCutter;
      const perBatch = Math.max(1, Math.floor(BATCH_TEXELS / (cut.width * cut.height)));
      for (const tile of cutter.takeFinishedTiles()) {
        tiles.push(this.#writer.grid.tileIndexOf(level, tile.x, tile.y));
        pixels.push(tile.pixels);
        if (tiles.length < perBatch) continue;
        signal?.throwIfAborted();
        await this.#storeBatch(levelCutter, signal);
      }
      // Rows of few tiles wait for others, as each batch takes its time.
      const isWide = this.#writer.grid.level(level).tilesX >= perBatch;
      if (isWide) await this.#storeBatch(levelCutter, signal);
    }
  }

  async #storeBatch(
    { cut, tiles: waiting, pixels: texels }: LevelCutter,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const tiles = waiting.splice(0);
    const pixels = texels.splice(0);
    if (tiles.length === 0) return;
    const payloads = await this.#encoder!.encode(pixels, { ...cut, signal });
    const blocks = (texels: number) => Math.ceil(texels / this.#blockTexels);
    const from = { width: blocks(cut.width), height: blocks(cut.height) };
    const to = { width: blocks(this.#edge), height: blocks(this.#edge) };
    for (const [i, tile] of tiles.entries()) {
      const whole = repeatBlocks(payloads[i]!, { from, to, blockBytes: this.#blockBytes });
      await this.#writer.putTile(tile, whole);
    }
  }

  async finish(
    options: Parameters<LevelOutput["finish"]>[0],
  ): Promise<OutputSummary> {
    for (const cutter of this.#cutters.values()) await this.#storeBatch(cutter, options.signal);
    const { tiles, byteLength } = await this.#writer.finish(options);
    return { tiles, byteLength };
  }

  abort(): Promise<void> {
    return this.#writer.abort();
  }
}
