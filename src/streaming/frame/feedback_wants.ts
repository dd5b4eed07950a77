/**
 * What the GPU says it sampled, kept until newer feedback replaces it.
 *
 * Feedback ages by the frames that wrote it and not by updates: when it is late or missing, the
 * tiles that it named stay wanted.
 *
 * @module
 */

import { IntMap } from "../../residency/mod.ts";
import type { TileGrid, TileList } from "../../tiles/mod.ts";
import { TileReason } from "../../tiles/mod.ts";

/** Frames of feedback that are kept: the jitter covers every pixel in a few of them. */
const KEPT_FRAMES = 4;
/** Pixels that one count of feedback stands for: one pixel in 64 writes. */
const PIXELS_PER_COUNT = 64;

/** The tiles of one texture that a frame has named beyond the footprint of its view. */
export interface FeedbackOfFrame {
  /** Bias that the shader sampled with. */
  readonly lodBias: number;
  /** Number of the view that it was drawn for. */
  readonly view: number;
  readonly tiles: Int32Array;
  readonly counts: Uint32Array;
}

/** The feedback for one texture. */
export class FeedbackWants {
  #frames: FeedbackOfFrame[] = [];
  readonly #pixels = new IntMap(64);
  /** Tiles that were sampled, and those of the next coarser level. */
  readonly #sampled = new IntMap(64);
  #order = new Int32Array(64);

  /** Takes the feedback of one frame in, in the order of frames. */
  add(frame: FeedbackOfFrame): void {
    // Where no frame has named a tile there is nothing to age.
    if (frame.tiles.length === 0 && this.#frames.length === 0) return;
    this.#frames.push(frame);
    if (this.#frames.length > KEPT_FRAMES) this.#frames.shift();
    if (this.size === 0) this.clear();
  }

  /** Whether no kept frame was drawn for another view. */
  isOfView(view: number): boolean {
    return this.#frames.every((frame) => frame.view === view);
  }

  /**
   * Forgets what was drawn for other views. A camera that rests has left them, though nothing newer
   * may have been drawn.
   */
  keepView(view: number): void {
    if (this.isOfView(view)) return;
    this.#frames = this.#frames.filter((frame) => frame.view === view);
  }

  /** Forgets everything. */
  clear(): void {
    this.#frames = [];
  }

  /** Largest bias that a kept frame was drawn with: it names no tiles that a finer one would. */
  get lodBias(): number {
    return this.#frames.reduce(
      (most, { tiles, lodBias }) => tiles.length > 0 ? Math.max(most, lodBias) : most,
      -Infinity,
    );
  }

  /** Number of tiles named, counting a tile once for each frame. */
  get size(): number {
    return this.#frames.reduce((sum, frame) => sum + frame.tiles.length, 0);
  }

  /**
   * Appends the tiles that were sampled with those of the next level, which trilinear filtering wants, and all
   * above these, which stand in: each once, coarse levels first, with the most pixels that a frame saw of it or
   * of a tile below it.
   * Frames that were drawn with a smaller bias than now are passed over: they ask for too much. Of
   * frames that were drawn with a larger one, tiles for which `isCovered` holds are left out.
   */
  list(
    grid: TileGrid,
    list: TileList,
    options: { lodBias: number; isCovered?: (tile: number) => boolean },
  ): void {
    const { isCovered = () => false } = options;
    const pixels = this.#pixels;
    const sampled = this.#sampled;
    pixels.clear();
    sampled.clear();
    for (const { tiles, counts, lodBias } of this.#frames) {
      if (lodBias < options.lodBias) continue;
      const isCoarser = lodBias > options.lodBias;
      for (let i = 0; i < tiles.length; i++) {
        const seen = counts[i]! * PIXELS_PER_COUNT;
        sampled.set(tiles[i]!, 1);
        if (tiles[i]! < grid.tailFirstTile) sampled.set(grid.parentOf(tiles[i]!), 1);
        for (let at = tiles[i]!; at < grid.tailFirstTile; at = grid.parentOf(at)) {
          // Whatever stands above it was counted with it.
          if (pixels.get(at) >= seen) break;
          if (!isCoarser || !isCovered(at)) pixels.set(at, seen);
        }
      }
    }
    if (this.#order.length < pixels.size) this.#order = new Int32Array(2 * pixels.size);
    let count = 0;
    pixels.forEach((tile) => this.#order[count++] = tile);
    // A coarser level has larger numbers, so falling numbers are coarse to fine.
    this.#order.subarray(0, count).sort();
    while (count-- > 0) {
      const tile = this.#order[count]!;
      const seen = pixels.get(tile);
      if (sampled.has(tile)) list.push(tile, seen, TileReason.visible);
      else list.pushStandIn(tile, seen, TileReason.visible);
    }
  }
}

/** Number of tiles that a tile has so many levels below it, or at level 0; at least 1. */
export function descendantCount(grid: TileGrid, tile: number, levelsFiner: number): number {
  const { level, x, y } = grid.addressOf(tile);
  const shift = Math.min(level, levelsFiner);
  const { tilesX, tilesY } = grid.level(level);
  const finer = grid.level(level - shift);
  // Floored sizes do not nest exactly: the last column is the parent of all that is left over.
  const endX = x === tilesX - 1 ? finer.tilesX : Math.min(finer.tilesX, (x + 1) << shift);
  const endY = y === tilesY - 1 ? finer.tilesY : Math.min(finer.tilesY, (y + 1) << shift);
  return Math.max(1, (endX - (x << shift)) * (endY - (y << shift)));
}
