/**
 * Who is in memory: takes what is wanted each frame, asks producers for what is missing, and gives
 * slots to what they finish.
 *
 * Pure: no GPU, no I/O, no clock. The same calls in the same order give the same residency; ties
 * break by the order in which tiles were named.
 *
 * @module
 */

import { type TileList, TileReason, type TileReasonValue } from "../tiles/mod.ts";
import { pageEntryLevel } from "./page_entry.ts";
import type { PoolResidency } from "./pool.ts";
import type { Ticket } from "./producer.ts";
import { resizePool, type SlotMove } from "./resize_pool.ts";
import { type Counters, zeroCounters } from "./statistics.ts";
import { RESIDENT, RESIDENT_AHEAD, type TextureResidency } from "./texture_residency.ts";

/** Frames for which a request outlives the last frame that wanted it. */
const PATIENCE_FRAMES = 8;
/** Content levels run to 30; a missing ancestor counts as one more. */
const NO_CONTENT_LEVEL = 31;

/** What one frame may ask for. */
export interface AdmissionBudget {
  /** Tiles that may be newly asked for. */
  readonly tiles: number;
  /** How many of those may be loaded ahead of being seen while something seen is missing. */
  readonly aheadTiles: number;
}

/** The residency of every pool and texture of a system. */
export class Residency {
  /** Every pool. */
  readonly pools: Set<PoolResidency> = new Set();
  /** Every texture, by its number. */
  readonly textures: Map<number, TextureResidency> = new Map();
  /** Everything that was counted so far. */
  readonly counters: Counters = zeroCounters();
  /** Frames by which a tile that was seen is kept longer than one that was only loaded ahead. */
  seenBonusFrames = 0;
  #frame = 0;

  // Candidates of this frame: parallel arrays, kept between frames.
  #count = 0;
  #textures: TextureResidency[] = [];
  #tiles = new Int32Array(256);
  #reasons = new Uint8Array(256);
  #scores = new Float64Array(256);
  #order = new Int32Array(256);
  readonly #compare = (a: number, b: number): number =>
    this.#reasons[b]! - this.#reasons[a]! || this.#scores[b]! - this.#scores[a]! || a - b;

  /** Number of the frame that was begun last. */
  get frame(): number {
    return this.#frame;
  }

  /** Tiles that are missing and wanted in this frame, under way or not. */
  get missingCount(): number {
    return this.#count;
  }

  /** Tiles under way. */
  get pendingCount(): number {
    let count = 0;
    for (const pool of this.pools) count += pool.pendingCount;
    return count;
  }

  /** Adds a texture; its pool is added with it. */
  addTexture(texture: TextureResidency): void {
    this.textures.set(texture.id, texture);
    this.pools.add(texture.pool);
    texture.pool.textures.add(texture);
  }

  /** Forgets a texture: its requests are withdrawn and its slots freed, pinned ones too. */
  removeTexture(texture: TextureResidency): void {
    this.#cancelAll(texture);
    texture.slotOf.forEach((_, slot) => texture.pool.slots.releaseSlot(slot));
    texture.slotOf.clear();
    texture.pool.textures.delete(texture);
    this.textures.delete(texture.id);
    if (texture.pool.textures.size === 0) this.pools.delete(texture.pool);
  }

  /** Begins a frame: nothing is wanted yet. */
  beginFrame(): void {
    this.#frame++;
    this.#count = 0;
    this.#textures.length = 0;
    for (const pool of this.pools) pool.slots.beginFrame(this.#frame);
    for (const texture of this.textures.values()) texture.wanted.clear();
  }

  /**
   * Says which tiles of a texture are wanted. Resident ones are touched, the least wanted first, so
   * that the most wanted is the last to go; the others become candidates. On a list, parents stand
   * before their children.
   */
  want(texture: TextureResidency, list: TileList): void {
    for (let reason = 0; reason <= TileReason.visible; reason++) {
      for (let i = list.count - 1; i >= 0; i--) {
        if (list.reasons[i] === reason) this.#touch(texture, list.tiles[i]!, reason);
      }
    }
    for (let i = 0; i < list.count; i++) {
      const tile = list.tiles[i]!;
      const reason = list.reasons[i]! as TileReasonValue;
      const candidate = texture.wanted.get(tile);
      if (candidate >= 0) this.#reasons[candidate] = Math.max(this.#reasons[candidate]!, reason);
      else if (candidate === -1) {
        this.#addCandidate(texture, tile, list.coverage[i]!, reason);
      }
    }
  }

  #touch(texture: TextureResidency, tile: number, reason: number): void {
    const slot = texture.slotOf.get(tile);
    if (slot === -1) return;
    const { slots } = texture.pool;
    const seen = reason === TileReason.visible;
    const isNew = texture.wanted.get(tile) !== RESIDENT;
    if (seen && isNew && !slots.isPinned(slot)) this.counters.cacheHits++;
    if (seen && slots.isAhead(slot)) this.counters.prefetchesUsed++;
    slots.touchSlot(slot, seen);
    if (isNew && !texture.isStale(tile, slot)) {
      texture.wanted.set(tile, seen ? RESIDENT : RESIDENT_AHEAD);
    }
  }

  #addCandidate(
    texture: TextureResidency,
    tile: number,
    coverage: number,
    reason: TileReasonValue,
  ): void {
    const { grid } = texture;
    const resident = texture.slotOf.has(tile);
    if (reason === TileReason.visible && !resident) this.counters.cacheMisses++;
    if (!resident && texture.retries.hasFailed(tile)) {
      // What stands in for a tile that cannot be had should be as fine as possible.
      const parent = grid.parentOf(tile);
      if (parent !== -1 && !texture.wanted.has(parent)) {
        this.#touch(texture, parent, reason);
        if (!texture.wanted.has(parent)) this.#addCandidate(texture, parent, coverage, reason);
      }
    }
    const level = grid.levelOf(tile);
    const shown = pageEntryLevel(texture.mappings.resolve(tile));
    const deficit = Math.max(1, Math.min(shown, NO_CONTENT_LEVEL) - level);
    let score = Math.max(coverage, 1e-3) * deficit;
    const parent = grid.parentOf(tile);
    const parentCandidate = parent === -1 ? -1 : texture.wanted.get(parent);
    if (parentCandidate >= 0) score = Math.min(score, this.#scores[parentCandidate]! * 0.999);
    const index = this.#count++;
    if (index === this.#tiles.length) this.#grow();
    this.#textures.push(texture);
    this.#tiles[index] = tile;
    this.#reasons[index] = reason;
    this.#scores[index] = score;
    texture.wanted.set(tile, index);
  }

  /**
   * Asks producers for the most wanted candidates, within a budget, and withdraws requests that
   * nobody has wanted for a while. Stops when a producer is saturated; may be called again in the
   * same frame when some of the work has landed.
   *
   * @returns Number of tiles newly asked for.
   */
  admit(budget: AdmissionBudget): number {
    for (let i = 0; i < this.#count; i++) this.#order[i] = i;
    const order = this.#order.subarray(0, this.#count).sort(this.#compare);
    let admitted = 0;
    let ahead = 0;
    let seenMissing = false;
    for (const index of order) {
      const texture = this.#textures[index]!;
      const tile = this.#tiles[index]!;
      const reason = this.#reasons[index]! as TileReasonValue;
      if (texture.isPending(tile)) {
        texture.setPending(tile, this.#frame, reason);
        if (reason === TileReason.visible) seenMissing = true;
        continue;
      }
      const slot = texture.slotOf.get(tile);
      const stale = slot !== -1;
      if (stale && !texture.isStale(tile, slot)) continue;
      if (admitted >= budget.tiles) continue;
      if (reason === TileReason.visible) seenMissing = true;
      else if (seenMissing && ahead >= budget.aheadTiles) continue;
      if (texture.retries.isWaiting(tile, this.#frame)) continue;
      const { slots, pendingCount } = texture.pool;
      if (!stale && pendingCount >= slots.availableCount) continue;
      const priority = reason * 2 ** 40 + this.#scores[index]!;
      const version = texture.versionOf(tile);
      const answer = texture.producer.request(texture.id, tile, version, priority);
      if (answer === "saturated") break;
      if (answer === "invalid") {
        this.failed(texture.id, tile);
        continue;
      }
      texture.setPending(tile, this.#frame, reason);
      admitted++;
      if (reason !== TileReason.visible) ahead++;
    }
    this.counters.tilesRequested += admitted;
    this.#cancelForgotten();
    return admitted;
  }

  #cancelForgotten(): void {
    for (const texture of this.textures.values()) {
      if (texture.pendingCount === 0) continue;
      const forgotten: number[] = [];
      texture.forEachPending((tile, frame) => {
        if (this.#frame - frame > PATIENCE_FRAMES) forgotten.push(tile);
      });
      for (const tile of forgotten.sort((a, b) => a - b)) this.#cancel(texture, tile);
    }
  }

  #cancelAll(texture: TextureResidency): void {
    const pending: number[] = [];
    texture.forEachPending((tile) => pending.push(tile));
    for (const tile of pending.sort((a, b) => a - b)) this.#cancel(texture, tile);
    texture.prefetches.clear();
  }

  #cancel(texture: TextureResidency, tile: number): void {
    texture.producer.cancel(texture.id, tile);
    texture.clearPending(tile);
    this.counters.tilesCancelled++;
  }

  /** Notes that a tile could not be made; it is asked for again after a back-off. */
  failed(textureId: number, tile: number): void {
    const texture = this.textures.get(textureId);
    if (texture === undefined) return;
    texture.clearPending(tile);
    texture.retries.failed(tile, this.#frame);
    this.counters.tilesFailed++;
  }

  /**
   * Gives finished work its slot and maps it, evicting by policy.
   *
   * @returns The slot to record the payload into, or -1 if the work is not wanted any more or there
   * is no room; its identity (texture, tile, version) is checked.
   */
  land(ticket: Ticket<unknown>): number {
    const texture = this.textures.get(ticket.textureId);
    const reason = texture?.pendingReason(ticket.tile) ?? -1;
    if (texture === undefined || reason === -1) {
      this.counters.tilesDropped++;
      return -1;
    }
    const { tile, version } = ticket;
    texture.clearPending(tile);
    if (version < texture.versionOf(tile) && texture.slotOf.has(tile)) {
      this.counters.tilesDropped++;
      return -1;
    }
    const slot = this.#place(texture, tile, {
      version,
      pinned: false,
      ahead: reason !== TileReason.visible,
    });
    if (slot === -1) this.counters.tilesDropped++;
    return slot;
  }

  /** Gives a tile of the tail a slot that it never loses, and maps it; -1 if there is no room. */
  pin(texture: TextureResidency, tile: number): number {
    const version = texture.versionOf(tile);
    return this.#place(texture, tile, { version, pinned: true, ahead: false });
  }

  #place(
    texture: TextureResidency,
    tile: number,
    options: { version: number; pinned: boolean; ahead: boolean },
  ): number {
    const { pool, slotOf } = texture;
    let slot = slotOf.get(tile);
    if (slot === -1) {
      slot = pool.slots.takeSlot(texture.id, tile, options);
      if (slot === -1) {
        // A tail comes between frames, and without it nothing of its texture can be shown.
        const victim = options.pinned
          ? pool.slots.nextToEvict(this.seenBonusFrames, Infinity)
          : pool.slots.nextToEvict(this.seenBonusFrames);
        if (victim === -1) return -1;
        this.#evict(pool, victim);
        slot = pool.slots.takeSlot(texture.id, tile, options);
      }
      slotOf.set(tile, slot);
      texture.mappings.map(tile, pool.pageEntryFor(slot, texture.grid.levelOf(tile)));
      if (options.ahead) this.counters.prefetchesLoaded++;
    } else {
      pool.slots.setVersion(slot, options.version);
    }
    texture.retries.succeeded(tile);
    texture.prefetches.delete(tile);
    this.counters.tilesLoaded++;
    return slot;
  }

  #evict(pool: PoolResidency, slot: number): void {
    const texture = this.textures.get(pool.slots.textureOf(slot))!;
    const tile = pool.slots.tileOf(slot);
    texture.slotOf.delete(tile);
    texture.mappings.unmap(tile);
    pool.slots.releaseSlot(slot);
    this.counters.tilesEvicted++;
  }

  /**
   * Gives up every tile of a texture but the pinned ones, and withdraws its requests.
   *
   * @returns Number of tiles that lost their slot.
   */
  evictAll(texture: TextureResidency): number {
    this.#cancelAll(texture);
    const { slots } = texture.pool;
    const evicted: number[] = [];
    texture.slotOf.forEach((_, slot) => {
      if (!slots.isPinned(slot)) evicted.push(slot);
    });
    for (const slot of evicted.sort((a, b) => a - b)) this.#evict(texture.pool, slot);
    return evicted.length;
  }

  /**
   * Gives a pool another number of slots and renumbers what stays: the pinned tiles, then the most
   * wanted. What does not fit is evicted.
   *
   * @returns Where each kept tile's content must be moved.
   */
  resize(
    pool: PoolResidency,
    capacity: number,
    options: { pageEntryFor: PoolResidency["pageEntryFor"]; keepAtMost?: number },
  ): SlotMove[] {
    const { moves, evicted } = resizePool(pool, capacity, {
      ...options,
      frame: this.#frame,
      texture: (id) => this.textures.get(id)!,
    });
    this.counters.tilesEvicted += evicted;
    return moves;
  }

  #grow(): void {
    const size = 2 * this.#tiles.length;
    const { tiles, reasons, scores } = {
      tiles: this.#tiles,
      reasons: this.#reasons,
      scores: this.#scores,
    };
    this.#tiles = new Int32Array(size);
    this.#tiles.set(tiles);
    this.#reasons = new Uint8Array(size);
    this.#reasons.set(reasons);
    this.#scores = new Float64Array(size);
    this.#scores.set(scores);
    this.#order = new Int32Array(size);
  }
}
