/**
 * What the GPU says it sampled, kept until newer feedback replaces it.
 *
 * Feedback ages by the frames that wrote it and not by updates: when it is late or missing, the
 * tiles that it named stay wanted.
 *
 * @module
 */

import type { TileGrid, TileList } from "../tiles/mod.ts";
import { TileReason } from "../tiles/mod.ts";

/** Frames of feedback that are kept: the jitter covers every pixel in a few of them. */
const KEPT_FRAMES = 4;
/** Pixels that one count of feedback stands for: one pixel in 64 writes. */
const PIXELS_PER_COUNT = 64;

interface FeedbackOfFrame {
  /** Bias that the shader sampled with. */
  readonly lodBias: number;
  readonly entries: Int32Array;
  readonly counts: Uint32Array;
}

/** The feedback for one texture. */
export class FeedbackWants {
  #frames: FeedbackOfFrame[] = [];

  /** Takes the feedback of one frame in, in the order of frames. */
  add(entries: Int32Array, counts: Uint32Array, lodBias: number): void {
    this.#frames.push({ entries, counts, lodBias });
    if (this.#frames.length > KEPT_FRAMES) this.#frames.shift();
  }

  /** Forgets everything. */
  clear(): void {
    this.#frames = [];
  }

  /** Number of tiles named, counting a tile once for each frame. */
  get size(): number {
    return this.#frames.reduce((sum, frame) => sum + frame.entries.length, 0);
  }

  /**
   * Appends the tiles that were sampled, each after its parent, as trilinear filtering wants both.
   * Frames that were drawn with a smaller bias than now are passed over: they ask for too much.
   */
  list(grid: TileGrid, list: TileList, options: { lodBias: number; withParents: boolean }): void {
    for (const { entries, counts, lodBias } of this.#frames) {
      if (lodBias < options.lodBias) continue;
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i]!;
        const level = grid.levelOf(entry);
        const coverage = counts[i]! * PIXELS_PER_COUNT;
        if (options.withParents && level + 1 < grid.tailLevel) {
          list.push(grid.parentOf(entry), coverage, TileReason.visible);
        }
        if (level < grid.tailLevel) list.push(entry, coverage, TileReason.visible);
      }
    }
  }
}
