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
  #entries = new Int32Array(256);
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
    texture.slotOf.forEach((_, slot) => texture.pool.slots.release(slot));
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
        if (list.reasons[i] === reason) this.#touch(texture, list.entries[i]!, reason);
      }
    }
    for (let i = 0; i < list.count; i++) {
      const entry = list.entries[i]!;
      const reason = list.reasons[i]! as TileReasonValue;
      const candidate = texture.wanted.get(entry);
      if (candidate >= 0) this.#reasons[candidate] = Math.max(this.#reasons[candidate]!, reason);
      else if (candidate === -1) {
        this.#addCandidate(texture, entry, list.coverage[i]!, reason);
      }
    }
  }

  #touch(texture: TextureResidency, entry: number, reason: number): void {
    const slot = texture.slotOf.get(entry);
    if (slot === -1) return;
    const { slots } = texture.pool;
    const seen = reason === TileReason.visible;
    const isNew = texture.wanted.get(entry) !== RESIDENT;
    if (seen && isNew && !slots.isPinned(slot)) this.counters.cacheHits++;
    if (seen && slots.isAhead(slot)) this.counters.prefetchesUsed++;
    slots.touch(slot, seen);
    if (isNew && !texture.isStale(entry, slot)) {
      texture.wanted.set(entry, seen ? RESIDENT : RESIDENT_AHEAD);
    }
  }

  #addCandidate(
    texture: TextureResidency,
    entry: number,
    coverage: number,
    reason: TileReasonValue,
  ): void {
    const { grid } = texture;
    const resident = texture.slotOf.has(entry);
    if (reason === TileReason.visible && !resident) this.counters.cacheMisses++;
    if (!resident && texture.retries.hasFailed(entry)) {
      // What stands in for a tile that cannot be had should be as fine as possible.
      const parent = grid.parentOf(entry);
      if (parent !== -1 && !texture.wanted.has(parent)) {
        this.#touch(texture, parent, reason);
        if (!texture.wanted.has(parent)) this.#addCandidate(texture, parent, coverage, reason);
      }
    }
    const level = grid.levelOf(entry);
    const shown = pageEntryLevel(texture.mappings.resolve(entry));
    const deficit = Math.max(1, Math.min(shown, NO_CONTENT_LEVEL) - level);
    let score = Math.max(coverage, 1e-3) * deficit;
    const parent = grid.parentOf(entry);
    const parentCandidate = parent === -1 ? -1 : texture.wanted.get(parent);
    if (parentCandidate >= 0) score = Math.min(score, this.#scores[parentCandidate]! * 0.999);
    const index = this.#count++;
    if (index === this.#entries.length) this.#grow();
    this.#textures.push(texture);
    this.#entries[index] = entry;
    this.#reasons[index] = reason;
    this.#scores[index] = score;
    texture.wanted.set(entry, index);
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
      const entry = this.#entries[index]!;
      const reason = this.#reasons[index]! as TileReasonValue;
      if (texture.isPending(entry)) {
        texture.setPending(entry, this.#frame, reason);
        if (reason === TileReason.visible) seenMissing = true;
        continue;
      }
      const slot = texture.slotOf.get(entry);
      const stale = slot !== -1;
      if (stale && !texture.isStale(entry, slot)) continue;
      if (admitted >= budget.tiles) continue;
      if (reason === TileReason.visible) seenMissing = true;
      else if (seenMissing && ahead >= budget.aheadTiles) continue;
      if (texture.retries.isWaiting(entry, this.#frame)) continue;
      const { slots, pendingCount } = texture.pool;
      if (!stale && pendingCount >= slots.availableCount) continue;
      const priority = reason * 2 ** 40 + this.#scores[index]!;
      const version = texture.versionOf(entry);
      const answer = texture.producer.request(texture.id, entry, version, priority);
      if (answer === "saturated") break;
      if (answer === "invalid") {
        this.failed(texture.id, entry);
        continue;
      }
      texture.setPending(entry, this.#frame, reason);
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
      texture.forEachPending((entry, frame) => {
        if (this.#frame - frame > PATIENCE_FRAMES) forgotten.push(entry);
      });
      for (const entry of forgotten.sort((a, b) => a - b)) this.#cancel(texture, entry);
    }
  }

  #cancelAll(texture: TextureResidency): void {
    const pending: number[] = [];
    texture.forEachPending((entry) => pending.push(entry));
    for (const entry of pending.sort((a, b) => a - b)) this.#cancel(texture, entry);
    texture.prefetches.clear();
  }

  #cancel(texture: TextureResidency, entry: number): void {
    texture.producer.cancel(texture.id, entry);
    texture.clearPending(entry);
    this.counters.tilesCancelled++;
  }

  /** Notes that a tile could not be made; it is asked for again after a back-off. */
  failed(textureId: number, entry: number): void {
    const texture = this.textures.get(textureId);
    if (texture === undefined) return;
    texture.clearPending(entry);
    texture.retries.failed(entry, this.#frame);
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
    const reason = texture?.pendingReason(ticket.entry) ?? -1;
    if (texture === undefined || reason === -1) {
      this.counters.tilesDropped++;
      return -1;
    }
    const { entry, version } = ticket;
    texture.clearPending(entry);
    if (version < texture.versionOf(entry) && texture.slotOf.has(entry)) {
      this.counters.tilesDropped++;
      return -1;
    }
    const slot = this.#place(texture, entry, {
      version,
      pinned: false,
      ahead: reason !== TileReason.visible,
    });
    if (slot === -1) this.counters.tilesDropped++;
    return slot;
  }

  /** Gives a tile of the tail a slot that it never loses, and maps it; -1 if there is no room. */
  pin(texture: TextureResidency, entry: number): number {
    const version = texture.versionOf(entry);
    return this.#place(texture, entry, { version, pinned: true, ahead: false });
  }

  #place(
    texture: TextureResidency,
    entry: number,
    options: { version: number; pinned: boolean; ahead: boolean },
  ): number {
    const { pool, slotOf } = texture;
    let slot = slotOf.get(entry);
    if (slot === -1) {
      slot = pool.slots.take(texture.id, entry, options);
      if (slot === -1) {
        // A tail comes between frames, and without it nothing of its texture can be shown.
        const victim = options.pinned
          ? pool.slots.victim(this.seenBonusFrames, Infinity)
          : pool.slots.victim(this.seenBonusFrames);
        if (victim === -1) return -1;
        this.#evict(pool, victim);
        slot = pool.slots.take(texture.id, entry, options);
      }
      slotOf.set(entry, slot);
      texture.mappings.map(entry, pool.entryFor(slot, texture.grid.levelOf(entry)));
      if (options.ahead) this.counters.prefetchesLoaded++;
    } else {
      pool.slots.setVersion(slot, options.version);
    }
    texture.retries.succeeded(entry);
    texture.prefetches.delete(entry);
    this.counters.tilesLoaded++;
    return slot;
  }

  #evict(pool: PoolResidency, slot: number): void {
    const texture = this.textures.get(pool.slots.textureOf(slot))!;
    const entry = pool.slots.entryOf(slot);
    texture.slotOf.delete(entry);
    texture.mappings.unmap(entry);
    pool.slots.release(slot);
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
    options: { entryFor: PoolResidency["entryFor"]; keepAtMost?: number },
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
    const size = 2 * this.#entries.length;
    const { entries, reasons, scores } = {
      entries: this.#entries,
      reasons: this.#reasons,
      scores: this.#scores,
    };
    this.#entries = new Int32Array(size);
    this.#entries.set(entries);
    this.#reasons = new Uint8Array(size);
    this.#reasons.set(reasons);
    this.#scores = new Float64Array(size);
    this.#scores.set(scores);
    this.#order = new Int32Array(size);
  }
}
