/**
 * Tiles that content of other textures is made from.
 *
 * @module
 */

import { type TileGrid, TileReason, type TileReasonValue } from "../tiles/mod.ts";
import type { IntMap } from "./int_map.ts";
import type { PoolResidency } from "./pool.ts";
import type { RetrySchedule } from "./retry_schedule.ts";

/** What is asked of the texture whose tiles are needed. */
export interface NeededTexture {
  /** Its tiles. */
  readonly grid: TileGrid;
  /** The pool that it shares. */
  readonly pool: PoolResidency;
  /** The slot of each resident tile. */
  readonly slotOf: IntMap;
  /** The frame in which each tile was last wanted. */
  readonly wanted: IntMap;
  /** When tiles that have failed are asked for again. */
  readonly retries: RetrySchedule;
  /** Whether a tile is pinned. */
  isTail(tile: number): boolean;
  /** Whether a newer version of a resident tile is wanted. */
  isStale(tile: number, slot: number): boolean;
  /** Whether a tile is queued or in flight. */
  isPending(tile: number): boolean;
  /** Whether newer content of a resident tile is in flight. */
  isRefreshing(tile: number): boolean;
  /** Wants a tile that is queued or in flight in another frame, too. */
  renewPending(tile: number, frame: number, reason: TileReasonValue): void;
}

/**
 * How a needed tile stands:
 *
 * - `current`: resident and up to date;
 * - `coming`: in flight, or to be asked for;
 * - `refused`: it cannot be made now, or finds no room in this frame.
 */
export type NeedState = "current" | "coming" | "refused";

/** What is known of a needed tile. */
interface Need {
  /** How many need it. */
  holders: number;
  /** Frame in which it was last asked for; -1 for none. */
  askedFrame: number;
  isRefused: boolean;
  /** Whether it was in flight before it was needed, and its producer was told. */
  isTold: boolean;
}

/** Hears what happens to the content of one texture; may use no residency while it does. */
export interface ContentListener {
  /** New or newer content of a tile has landed. */
  landed(tile: number): void;
  /** It is better than earlier content of the tile, resident or not by then, that was up to date. */
  improved(tile: number): void;
  /** Content has become stale of every tile, resident or not, for which a test holds. */
  invalidated(isTouched: (tile: number) => boolean): void;
}

/** The needed tiles of one texture. They are kept, and asked for before all that is only wanted. */
export class NeededTiles {
  readonly #texture: NeededTexture;
  readonly #needs = new Map<number, Need>();
  /** Tiles that were released in this frame, and count as used in it. */
  #released: number[] = [];

  /** No tile is needed. */
  constructor(texture: NeededTexture) {
    this.#texture = texture;
  }

  /** Number of tiles that are needed. */
  get size(): number {
    return this.#needs.size;
  }

  /** Whether a tile is needed. */
  has(tile: number): boolean {
    return this.#needs.has(tile);
  }

  /** Needs a tile once more; it is not evicted until it is released as often. */
  hold(tile: number): void {
    const need = this.#needs.get(tile);
    if (need !== undefined) {
      need.holders++;
      return;
    }
    this.#needs.set(tile, { holders: 1, askedFrame: -1, isRefused: false, isTold: false });
    const { pool, slotOf } = this.#texture;
    if (!this.#texture.isTail(tile)) pool.neededCount++;
    const slot = slotOf.get(tile);
    if (slot !== -1) pool.slots.touchSlot(slot, false);
  }

  /** Needs a tile once less. */
  release(tile: number): void {
    const need = this.#needs.get(tile);
    if (need === undefined || --need.holders > 0) return;
    this.#needs.delete(tile);
    this.#released.push(tile);
    if (!this.#texture.isTail(tile)) this.#texture.pool.neededCount--;
  }

  /** Needs none any more. */
  clear(): void {
    for (const [tile, need] of [...this.#needs]) {
      need.holders = 1;
      this.release(tile);
    }
  }

  /** Lets tiles be evicted that were released in this frame and are not wanted; whether there are any. */
  reclaim(): boolean {
    let isAny = false;
    const { slotOf, pool: { slots }, wanted } = this.#texture;
    for (const tile of this.#released) {
      const slot = slotOf.get(tile);
      if (slot === -1 || this.#needs.has(tile) || wanted.has(tile)) continue;
      if (slots.untouchSlot(slot)) isAny = true;
    }
    this.#released = [];
    return isAny;
  }

  /** How a tile stands. */
  stateOf(tile: number): NeedState {
    if (this.#isCurrent(tile)) return "current";
    if (this.#texture.isPending(tile)) return "coming";
    return this.#needs.get(tile)?.isRefused ? "refused" : "coming";
  }

  #isCurrent(tile: number): boolean {
    const slot = this.#texture.slotOf.get(tile);
    return slot !== -1 && !this.#texture.isStale(tile, slot);
  }

  /** Begins a frame: what is needed counts as used, and what was refused may be asked for again. */
  beginFrame(frame: number): void {
    const texture = this.#texture;
    this.#released = [];
    for (const [tile, need] of this.#needs) {
      need.isRefused = false;
      const slot = texture.slotOf.get(tile);
      if (slot !== -1) texture.pool.slots.touchSlot(slot, false);
      if (!texture.isPending(tile) || texture.isRefreshing(tile)) continue;
      texture.renewPending(tile, frame, TileReason.visible);
    }
  }

  /** Tiles that could be asked for now. */
  openTiles(frame: number): number[] {
    const open: number[] = [];
    for (const [tile, need] of this.#needs) {
      if (need.isRefused || this.#isCurrent(tile) || this.#texture.isPending(tile)) continue;
      // What was asked for in this frame and is not there has failed, or found no slot.
      const cannotCome = need.askedFrame === frame || this.#texture.retries.isWaiting(tile, frame);
      if (cannotCome) need.isRefused = true;
      else open.push(tile);
    }
    return open;
  }

  /** Tiles that are in flight, and were before they were needed; each is handed out once. */
  takePending(): number[] {
    const pending: number[] = [];
    for (const [tile, need] of this.#needs) {
      if (need.isTold || need.askedFrame !== -1 || !this.#texture.isPending(tile)) continue;
      need.isTold = true;
      pending.push(tile);
    }
    return pending;
  }

  /** Notes that a tile was asked for. */
  noteAsked(tile: number, frame: number): void {
    this.#needs.get(tile)!.askedFrame = frame;
  }

  /** Refuses all that are neither current nor in flight, until the next frame; whether there were any. */
  refuseOpen(): boolean {
    let isAny = false;
    for (const [tile, need] of this.#needs) {
      if (need.isRefused || this.stateOf(tile) !== "coming" || this.#texture.isPending(tile)) {
        continue;
      }
      need.isRefused = isAny = true;
    }
    return isAny;
  }
}
