/**
 * Putting content of tiles into slots, and taking slots away.
 *
 * @module
 */

import { TileReason } from "../tiles/mod.ts";
import type { PoolResidency } from "./pool.ts";
import type { Counters } from "./statistics.ts";
import { REFRESH, type TextureResidency } from "./texture_residency.ts";

/** Where finished work goes. */
export interface LandedTile {
  /** The slot to record the payload into. */
  readonly slot: number;
  /** False if newer content of a resident tile overwrites the older. */
  readonly isNew: boolean;
}

/** Gives tiles slots and maps them, on the textures and counters of a `Residency`. */
export class SlotPlacement {
  readonly #textures: ReadonlyMap<number, TextureResidency>;
  readonly #counters: Counters;
  readonly #cancel: (texture: TextureResidency, tile: number) => void;

  /** @param cancel Withdraws the request for a tile. */
  constructor(
    textures: ReadonlyMap<number, TextureResidency>,
    counters: Counters,
    cancel: (texture: TextureResidency, tile: number) => void,
  ) {
    this.#textures = textures;
    this.#counters = counters;
    this.#cancel = cancel;
  }

  /**
   * Gives content of a tile its slot and maps it, evicting by policy.
   *
   * @returns Null if it is not newer than what is resident, or there is no room.
   */
  placeTile(
    texture: TextureResidency,
    tile: number,
    options: { version: number; reason: number; seenBonusFrames: number },
  ): LandedTile | null {
    const { pool, slotOf } = texture;
    const { version, reason, seenBonusFrames } = options;
    const resident = slotOf.get(tile);
    if (resident !== -1) {
      if (version <= pool.slots.versionOf(resident)) return null;
      pool.slots.refreshSlot(resident, version);
      this.#noteLanded(texture, tile, reason);
      return { slot: resident, isNew: false };
    }
    if (reason === REFRESH) return null;
    const returning = texture.returning.get(tile);
    const ahead = reason !== TileReason.visible && returning !== 1;
    const slot = this.#takeSlot(texture, tile, {
      version,
      pinned: texture.isTail(tile),
      ahead,
      seenBonusFrames,
    });
    if (slot === -1) return null;
    slotOf.set(tile, slot);
    if (texture.preloads.has(tile)) pool.slots.keepSlot(slot);
    texture.mappings.map(tile, pool.pageEntryFor(slot, texture.grid.levelOf(tile)));
    if (ahead && returning === -1) this.#counters.prefetchesLoaded++;
    this.#noteLanded(texture, tile, reason);
    return { slot, isNew: true };
  }

  #noteLanded(texture: TextureResidency, tile: number, reason: number): void {
    texture.noteFresh(tile);
    texture.retries.succeeded(tile);
    texture.prefetches.delete(tile);
    if (texture.returning.size > 0) texture.returning.delete(tile);
    if (reason === REFRESH) this.#counters.tilesRefreshed++;
    else this.#counters.tilesLoaded++;
  }

  #takeSlot(
    texture: TextureResidency,
    tile: number,
    options: { version: number; pinned: boolean; ahead: boolean; seenBonusFrames: number },
  ): number {
    const { slots } = texture.pool;
    const free = slots.takeSlot(texture.id, tile, options);
    if (free !== -1) return free;
    // A tail comes between frames, and without it nothing of its texture can be shown.
    const evicted = options.pinned
      ? slots.nextToEvict(options.seenBonusFrames, Infinity)
      : slots.nextToEvict(options.seenBonusFrames);
    if (evicted === -1) return -1;
    this.evictSlot(texture.pool, evicted);
    return slots.takeSlot(texture.id, tile, options);
  }

  /** Takes its slot away from the tile in it. */
  evictSlot(pool: PoolResidency, slot: number): void {
    const texture = this.#textures.get(pool.slots.textureOf(slot))!;
    const tile = pool.slots.tileOf(slot);
    texture.slotOf.delete(tile);
    if (texture.isRefreshing(tile)) this.#cancel(texture, tile);
    texture.mappings.unmap(tile);
    texture.forgetVersion(tile);
    pool.slots.releaseSlot(slot);
    texture.noteEvicted(tile);
    this.#counters.tilesEvicted++;
  }
}
