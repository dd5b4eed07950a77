/**
 * Feedback from the draws to the textures that they sampled.
 *
 * @module
 */

import type { Feedback } from "../../gpu/mod.ts";
import type { TextureState } from "../texture_state.ts";

interface DrawnFrame {
  /** Bias of each texture; frames share what is the same. */
  readonly biases: ReadonlyMap<TextureState, number>;
  readonly view: number;
}

interface KeyRange {
  readonly base: number;
  readonly count: number;
  readonly texture: TextureState;
}

/** Keys are 32 bits, and the GPU keeps the last one for itself. */
const KEY_LIMIT = 2 ** 32 - 1;

/** Hands feedback to textures by ranges of keys. */
export class FeedbackLoop {
  readonly #feedback: Feedback;
  #ranges: KeyRange[] = [];
  /** How each frame of recording was drawn. */
  readonly #drawn = new Map<number, DrawnFrame>();
  #biasesNow: ReadonlyMap<TextureState, number> | null = null;
  #overflow = 0;
  #nextBase = 0;

  constructor(feedback: Feedback) {
    this.#feedback = feedback;
  }

  /** Samples that found no place in the feedback so far. */
  get overflow(): number {
    return this.#overflow;
  }

  /** First key of a range of keys that was never used, or least recently freed. */
  freeBase(count: number): number {
    if (this.#nextBase + count <= KEY_LIMIT) {
      const base = this.#nextBase;
      this.#nextBase += count;
      return base;
    }
    let base = 0;
    for (const range of this.#ranges) {
      if (range.base - base >= count) break;
      base = range.base + range.count;
    }
    return base;
  }

  /** Gives a texture its keys. */
  add(texture: TextureState, base: number): void {
    this.#ranges.push({ base, count: texture.grid.tileCount, texture });
    this.#ranges.sort((a, b) => a.base - b.base);
    this.#biasesNow = null;
  }

  /** Takes a texture's keys back. */
  remove(texture: TextureState): void {
    this.#ranges = this.#ranges.filter((range) => range.texture !== texture);
    this.#biasesNow = null;
  }

  /** Notes that textures will be drawn with other biases than before. */
  forgetBiases(): void {
    this.#biasesNow = null;
  }

  /** Records the read-back of what was drawn for a view up to a frame, with the bias of each texture. */
  recordReadback(encoder: GPUCommandEncoder, frame: number, view: number): boolean {
    if (!this.#feedback.recordReadback(encoder, frame)) return false;
    this.#biasesNow ??= new Map(
      this.#ranges.map(({ texture }) => [texture, texture.drawnLodBias]),
    );
    this.#drawn.set(frame, { biases: this.#biasesNow, view });
    return true;
  }

  /** Drops the read-back of a frame whose submit has failed. */
  dropReadback(frame: number): void {
    this.#feedback.dropReadback(frame);
    this.#drawn.delete(frame);
  }

  /**
   * Hands what has arrived to the textures.
   *
   * @returns Whether it names a tile that is not resident, or may let a pool load finer.
   */
  takeFeedback(): boolean {
    let isNews = false;
    for (const { frame, keys, counts, overflow } of this.#feedback.takeFrames()) {
      this.#overflow += overflow;
      const drawn = this.#drawn.get(frame);
      this.#drawn.delete(frame);
      let from = 0;
      for (const { base, count, texture } of this.#ranges) {
        while (from < keys.length && keys[from]! < base) from++;
        let to = from;
        while (to < keys.length && keys[to]! < base + count) to++;
        isNews ||= texture.pool.residency.pressure.bias > 0;
        if (to === from) {
          texture.feedback.addNothing();
          continue;
        }
        const tiles = Int32Array.from(keys.subarray(from, to), (key) => key - base);
        const lodBias = drawn?.biases.get(texture) ?? 0;
        const view = drawn?.view ?? 0;
        texture.feedback.add({ tiles, counts: counts.slice(from, to), lodBias, view });
        isNews ||= tiles.some(isMissingFrom(texture));
        from = to;
      }
    }
    return isNews;
  }
}

/** Whether a tile or its parent, which trilinear filtering wants too, is not resident as wanted. */
function isMissingFrom({ residency, grid }: TextureState): (tile: number) => boolean {
  const isMissing = (tile: number) => {
    const slot = residency.slotOf.get(tile);
    return slot === -1 || residency.isStale(tile, slot);
  };
  return (tile) => {
    if (isMissing(tile)) return true;
    const parent = grid.parentOf(tile);
    return parent !== -1 && isMissing(parent);
  };
}
