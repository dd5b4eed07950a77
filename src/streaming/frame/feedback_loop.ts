/**
 * Feedback from the draws to the textures that they sampled.
 *
 * @module
 */

import type { Feedback } from "../../gpu/mod.ts";
import type { IntMap } from "../../residency/mod.ts";
import type { TextureState } from "../texture_state.ts";
import type { FeedbackOfFrame } from "./feedback_wants.ts";

/** How a texture was drawn. */
interface DrawnTexture {
  readonly lodBias: number;
  /** Tiles of which feedback says nothing new. */
  readonly covered: IntMap;
}

interface DrawnFrame {
  /** Frames share what is the same. */
  readonly textures: ReadonlyMap<TextureState, DrawnTexture>;
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
  #drawnNow: DrawnFrame["textures"] | null = null;
  #overflow: number;
  #nextBase = 0;

  /** @param overflow Samples that found no place in other feedback before. */
  constructor(feedback: Feedback, overflow = 0) {
    this.#feedback = feedback;
    this.#overflow = overflow;
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
    this.#drawnNow = null;
  }

  /** Takes a texture's keys back. */
  remove(texture: TextureState): void {
    this.#ranges = this.#ranges.filter((range) => range.texture !== texture);
    this.#drawnNow = null;
  }

  /** Notes that textures will be drawn with other biases, or after another update. */
  forgetDrawn(): void {
    this.#drawnNow = null;
  }

  /** Records the read-back of what was drawn up to a frame, and how each texture was drawn. */
  recordReadback(encoder: GPUCommandEncoder, frame: number, view: number): boolean {
    if (!this.#feedback.recordReadback(encoder, frame)) return false;
    this.#drawnNow ??= new Map(this.#ranges.map(({ texture }) => [texture, {
      lodBias: texture.drawnLodBias,
      covered: texture.footprints.takeTiles(),
    }]));
    this.#drawn.set(frame, { textures: this.#drawnNow, view });
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
        const named = { base, keys: keys.subarray(from, to), counts: counts.subarray(from, to) };
        const fresh = beyondFootprint(named, drawn?.textures.get(texture), drawn?.view);
        texture.feedback.add(fresh);
        isNews ||= fresh.tiles.some(isMissingFrom(texture));
        from = to;
      }
    }
    return isNews;
  }
}

/** What a frame has named of a texture, less what the footprint of its view named as well. */
function beyondFootprint(
  named: { readonly base: number; readonly keys: Uint32Array; readonly counts: Uint32Array },
  drawn: DrawnTexture | undefined,
  view = 0,
): FeedbackOfFrame {
  const tiles: number[] = [];
  const counts: number[] = [];
  for (const [i, key] of named.keys.entries()) {
    const tile = key - named.base;
    if (drawn?.covered.has(tile)) continue;
    tiles.push(tile);
    counts.push(named.counts[i]!);
  }
  return {
    lodBias: drawn?.lodBias ?? 0,
    view,
    tiles: Int32Array.from(tiles),
    counts: Uint32Array.from(counts),
  };
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
