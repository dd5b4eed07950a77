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

interface FeedbackOfFrame {
  /** Bias that the shader sampled with. */
  readonly lodBias: number;
  readonly tiles: Int32Array;
  readonly counts: Uint32Array;
}

/** The feedback for one texture. */
export class FeedbackWants {
  #frames: FeedbackOfFrame[] = [];
  readonly #pixels = new IntMap(64);
  #order = new Int32Array(64);

  /** Takes the feedback of one frame in, in the order of frames. */
  add(tiles: Int32Array, counts: Uint32Array, lodBias: number): void {
    this.#frames.push({ tiles, counts, lodBias });
    if (this.#frames.length > KEPT_FRAMES) this.#frames.shift();
  }

  /** Forgets everything. */
  clear(): void {
    this.#frames = [];
  }

  /** Largest bias that a kept frame was drawn with: it names no tiles that a finer one would. */
  get lodBias(): number {
    return this.#frames.reduce((most, frame) => Math.max(most, frame.lodBias), -Infinity);
  }

  /** Number of tiles named, counting a tile once for each frame. */
  get size(): number {
    return this.#frames.reduce((sum, frame) => sum + frame.tiles.length, 0);
  }

  /**
   * Appends the tiles that were sampled and, as trilinear filtering wants both, their parents: each
   * once, coarse levels first, with the most pixels that a frame saw of it or of a tile below it.
   * Frames that were drawn with a smaller bias than now are passed over: they ask for too much.
   */
  list(grid: TileGrid, list: TileList, options: { lodBias: number }): void {
    const pixels = this.#pixels;
    pixels.clear();
    for (const { tiles, counts, lodBias } of this.#frames) {
      if (lodBias < options.lodBias) continue;
      for (let i = 0; i < tiles.length; i++) {
        const tile = tiles[i]!;
        const level = grid.levelOf(tile);
        const seen = counts[i]! * PIXELS_PER_COUNT;
        if (level < grid.tailLevel) pixels.set(tile, Math.max(seen, pixels.get(tile)));
        if (level + 1 >= grid.tailLevel) continue;
        const parent = grid.parentOf(tile);
        pixels.set(parent, Math.max(seen, pixels.get(parent)));
      }
    }
    if (this.#order.length < pixels.size) this.#order = new Int32Array(2 * pixels.size);
    let count = 0;
    pixels.forEach((tile) => this.#order[count++] = tile);
    // A coarser level has larger numbers, so falling numbers are coarse to fine.
    this.#order.subarray(0, count).sort();
    while (count-- > 0) {
      const tile = this.#order[count]!;
      list.push(tile, pixels.get(tile), TileReason.visible);
    }
  }
}
