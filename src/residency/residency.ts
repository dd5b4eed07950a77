/**
 * Who is in memory: takes what is wanted each frame, asks producers for what is missing or stale,
 * and gives slots to what they finish.
 *
 * Pure: no GPU, no I/O, no clock. The same calls in the same order give the same residency; ties
 * break by the order in which tiles were named.
 *
 * @module
 */

import { type TileList, TileReason, type TileReasonValue } from "../tiles/mod.ts";
import { Admission, type AdmissionBudget } from "./admission.ts";
import { pageEntryLevel } from "./page_entry.ts";
import type { PoolResidency } from "./pool.ts";
import type { Ticket } from "./producer.ts";
import { type LandedTile, SlotPlacement } from "./slot_placement.ts";
import { RequestQueue } from "./request_queue.ts";
import { resizePool, type SlotMove } from "./resize_pool.ts";
import { ContinuousRefresh, type RefreshLimits } from "./continuous_refresh.ts";
import { type Counters, zeroCounters } from "./statistics.ts";
import { RESIDENT, RESIDENT_AHEAD, type TextureResidency } from "./texture_residency.ts";
import { missingScore, staleScore, TAIL_SCORE } from "./want_scores.ts";

/** The residency of every pool and texture of a system. */
export class Residency {
  /** Every pool. */
  readonly pools: Set<PoolResidency> = new Set();
  /** Every texture, by its number. */
  readonly textures: Map<number, TextureResidency> = new Map();
  /** Textures whose tail is being loaded; only their loads wait for tiles. */
  readonly loading: Set<TextureResidency> = new Set();
  /** Everything that was counted so far. */
  readonly counters: Counters = zeroCounters();
  /** Frames by which a tile that was seen is kept longer than one that was only loaded ahead. */
  seenBonusFrames = 0;
  readonly #queue = new RequestQueue();
  readonly #admission = new Admission(this.#queue, this.textures, this.counters);
  readonly #placement = new SlotPlacement(
    this.textures,
    this.counters,
    (texture, tile) => this.#admission.cancel(texture, tile),
  );
  readonly #refresh = new ContinuousRefresh(
    this.textures,
    (texture, tile) => this.#admission.cancel(texture, tile),
  );
  #frame = 0;

  /**
   * No pools and textures.
   *
   * @param counters What was counted before; default nothing.
   */
  constructor(counters: Readonly<Counters> = zeroCounters()) {
    Object.assign(this.counters, counters);
  }

  /** Number of the frame that was begun last. */
  get frame(): number {
    return this.#frame;
  }

  /** Tiles that were missing or stale when they were wanted in this frame, in flight or not. */
  get candidateCount(): number {
    return this.#queue.count;
  }

  /** Tiles wanted in this frame that are missing or stale and were not asked for yet. */
  get queuedCount(): number {
    return this.#admission.queuedCount;
  }

  /** Needed tiles that could be asked for now; see {@linkcode NeededTiles}. */
  get openNeedCount(): number {
    return this.#admission.openNeedCount;
  }

  /** Tiles in flight, of textures that are loaded. */
  get pendingCount(): number {
    let count = 0;
    for (const pool of this.pools) count += pool.pendingCount;
    for (const texture of this.loading) count -= texture.pendingCount;
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
    texture.needed.clear();
    texture.noteRemoved();
    this.#queue.dropTexture(texture);
    texture.slotOf.forEach((_, slot) => texture.pool.slots.releaseSlot(slot));
    texture.slotOf.clear();
    texture.pool.textures.delete(texture);
    this.textures.delete(texture.id);
    this.loading.delete(texture);
    if (texture.pool.textures.size === 0) this.pools.delete(texture.pool);
  }

  /** Begins a frame: nothing is wanted yet but pinned tiles that are stale. */
  beginFrame(): void {
    this.#frame++;
    this.#queue.clear();
    this.#admission.beginFrame(this.#frame);
    for (const pool of this.pools) pool.slots.beginFrame(this.#frame);
    for (const texture of this.textures.values()) {
      if (texture.wanted.size > 0) texture.wanted.clear();
      texture.needed.beginFrame(this.#frame);
      if (texture.versions.newest > 0 || texture.lacksTail) this.#wantTail(texture);
    }
  }

  /** Pinned tiles are on no list of wants: those that are stale or were lost are wanted anyway. */
  #wantTail(texture: TextureResidency): void {
    const { tileCount, tailFirstTile } = texture.grid;
    let isWhole = true;
    for (let tile = tileCount - 1; tile >= tailFirstTile; tile--) {
      const slot = texture.slotOf.get(tile);
      if (slot !== -1) {
        if (!texture.isStale(tile, slot)) continue;
        this.#addStale(texture, tile, { coverage: 0, reason: TileReason.visible });
      } else if (texture.lacksTail) {
        isWhole = false;
        const options = { reason: TileReason.visible, score: TAIL_SCORE, stale: false };
        texture.wanted.set(tile, this.#queue.addCandidate(texture, tile, options));
      }
    }
    if (isWhole) texture.noteWholeTail();
  }

  /**
   * Says which tiles of a texture are wanted. Resident ones are touched, the least wanted first, so
   * that the most wanted is the last to go; the others become candidates. On a list, parents stand
   * before their children, which then do not come before them.
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
      if (candidate >= 0) {
        this.#queue.reasons[candidate] = Math.max(this.#queue.reasons[candidate]!, reason);
      } else if (candidate === -1) {
        this.#addCandidate(texture, tile, { coverage: list.coverage[i]!, reason });
      }
    }
    texture.misses.endList((tile) => texture.isPending(tile));
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
    want: { coverage: number; reason: TileReasonValue },
  ): void {
    if (texture.slotOf.has(tile)) return this.#addStale(texture, tile, want);
    const { coverage, reason } = want;
    const { grid } = texture;
    if (reason === TileReason.visible && texture.misses.noteMiss(tile)) this.counters.cacheMisses++;
    const parent = grid.parentOf(tile);
    if (texture.retries.hasFailed(tile) && parent !== -1 && !texture.wanted.has(parent)) {
      // The stand-in for a tile that cannot be made should be as fine as possible.
      this.#touch(texture, parent, reason);
      if (!texture.wanted.has(parent)) this.#addCandidate(texture, parent, want);
    }
    const shown = pageEntryLevel(texture.mappings.resolve(tile));
    const levels = { wanted: grid.levelOf(tile), shown };
    let score = missingScore(coverage, levels) * texture.weight;
    const parentCandidate = parent === -1 ? -1 : texture.wanted.get(parent);
    if (parentCandidate >= 0 && this.#queue.stale[parentCandidate] === 0) {
      score = Math.min(score, this.#queue.scores[parentCandidate]! * 0.999);
    }
    const index = this.#queue.addCandidate(texture, tile, { reason, score, stale: false });
    texture.wanted.set(tile, index);
  }

  #addStale(
    texture: TextureResidency,
    tile: number,
    want: { coverage: number; reason: TileReasonValue },
  ): void {
    const slot = texture.slotOf.get(tile);
    const age = this.#frame - texture.pool.slots.landedFrameOf(slot);
    const score = staleScore(age, want) * texture.weight;
    const urgent = texture.isUrgent(tile);
    // One line for all reasons: what is only at the margin must not wait for ever.
    const options = { reason: TileReason.visible, score, stale: true, urgent };
    texture.wanted.set(tile, this.#queue.addCandidate(texture, tile, options));
  }

  /**
   * Asks producers for the most wanted candidates, within a budget that shrinks by what was asked
   * for. May be called again in the same frame when some of the work has landed; what it costs then
   * depends on what it asks for alone.
   *
   * @returns Number of tiles newly asked for.
   */
  admit(budget: AdmissionBudget): number {
    return this.#admission.admit(budget, (texture, tile) => this.failed(texture, tile));
  }

  /**
   * Asks for random resident tiles of textures under continuous update once more, with what admission
   * has left of a budget. They come into the counters apart from what was wanted, and nothing waits for
   * them.
   *
   * @returns Number of tiles asked for.
   */
  refreshTiles(budget: AdmissionBudget, limits: RefreshLimits): number {
    return this.#refresh.refreshTiles(
      budget,
      { ...limits, frame: this.#frame },
      (texture, tile) => this.failed(texture, tile),
    );
  }

  /** Whether all that is in flight waits for other tiles, so that nothing comes by itself. */
  get isHeldUp(): boolean {
    let waiting = 0;
    let inFlight = 0;
    for (const { producer, pendingCount, refreshingCount } of this.textures.values()) {
      waiting += producer.waitingCount ?? 0;
      inFlight += pendingCount + refreshingCount;
    }
    return waiting > 0 && waiting >= inFlight;
  }

  /**
   * Lets what waits for other tiles go on without those that could not be asked for; if there are none of
   * these, without any.
   */
  refuseNeeds(): void {
    let isAny = false;
    for (const { needed } of this.textures.values()) if (needed.refuseOpen()) isAny = true;
    if (isAny) return;
    for (const { producer } of this.textures.values()) producer.stopWaiting?.();
  }

  /** Makes the content stale that producers want to make anew; whether there was any. */
  takeStaleTiles(): boolean {
    let isAny = false;
    // What one makes stale may be what another was made from.
    for (let isMore = true; isMore;) {
      isMore = false;
      for (const texture of this.textures.values()) {
        const stale = texture.producer.takeStaleTiles?.() ?? [];
        if (stale.length === 0) continue;
        const tiles = new Set(stale);
        texture.invalidateWhere((tile) => tiles.has(tile));
        isMore = isAny = true;
      }
    }
    return isAny;
  }

  /** Whether a texture is under continuous update. */
  get hasContinuous(): boolean {
    for (const texture of this.textures.values()) if (texture.isContinuous) return true;
    return false;
  }

  /** Tiles in flight although they are up to date. */
  get refreshingCount(): number {
    let count = 0;
    for (const texture of this.textures.values()) count += texture.refreshingCount;
    return count;
  }

  #cancelAll(texture: TextureResidency): void {
    this.#cancelRequestsOf(texture);
    texture.prefetches.clear();
    texture.returning.clear();
  }

  #cancelRequestsOf(texture: TextureResidency): void {
    const pending: number[] = [];
    texture.forEachPending(this.#frame, (tile) => pending.push(tile));
    for (const tile of pending.sort((a, b) => a - b)) {
      this.#admission.cancel(texture, tile);
    }
  }

  /** Withdraws every request, so that its memory is free; what is still wanted is asked for again. */
  cancelRequests(): void {
    for (const texture of this.textures.values()) this.#cancelRequestsOf(texture);
  }

  /** Notes that a tile is asked for outside of what frames want, such as a tail while loading. */
  notePending(texture: TextureResidency, tile: number, version: number): void {
    texture.setPending(tile, { frame: this.#frame, reason: TileReason.visible, version });
  }

  /** Notes that a tile could not be made; it is asked for again after a back-off. */
  failed(texture: TextureResidency, tile: number): void {
    texture.clearPending(tile);
    texture.forgetVersion(tile);
    texture.retries.failed(tile, this.#frame);
    this.counters.tilesFailed++;
  }

  /**
   * Gives finished work its slot and maps it, evicting by policy. Any content lands that is newer
   * than what is resident, even if still newer content is wanted by now. Tiles of the tail are
   * pinned.
   *
   * @returns Null if the work is not wanted any more or there is no room; its identity (tile and
   * version) is checked.
   */
  land(texture: TextureResidency, ticket: Ticket<unknown>): LandedTile | null {
    const { tile, version } = ticket;
    const reason = texture.pendingReason(tile);
    const isOurs = reason !== -1 && texture.pendingVersion(tile) === version;
    if (isOurs) texture.clearPending(tile);
    const landed = isOurs
      ? this.#placement.placeTile(texture, tile, {
        version,
        reason,
        seenBonusFrames: this.seenBonusFrames,
      })
      : null;
    if (landed === null) {
      this.counters.tilesDropped++;
      texture.forgetVersion(tile);
    }
    return landed;
  }

  /** Takes a tile's slot away, as its content cannot come there; it may be asked for again. */
  dropTile(texture: TextureResidency, tile: number): void {
    const slot = texture.slotOf.get(tile);
    if (slot !== -1) this.#placement.evictSlot(texture.pool, slot);
  }

  /**
   * Evicts every tile of a texture but the pinned ones and those that preloads keep, and withdraws its
   * requests. One that was not added, as its content was lost, will not want it back.
   *
   * @returns Number of tiles that lost their slot.
   */
  evictAll(texture: TextureResidency): number {
    if (this.textures.get(texture.id) !== texture) {
      texture.forgetLost();
      return 0;
    }
    this.#cancelAll(texture);
    const { slots } = texture.pool;
    const evicted: number[] = [];
    texture.slotOf.forEach((_, slot) => {
      if (!slots.isPinned(slot) && !slots.isKept(slot)) evicted.push(slot);
    });
    for (const slot of evicted.sort((a, b) => a - b)) this.#placement.evictSlot(texture.pool, slot);
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
}
