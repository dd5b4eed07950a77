/**
 * Gives a pool another number of slots.
 *
 * @module
 */

import type { PageEntryPacker, PoolResidency } from "./pool.ts";
import { SlotTable } from "./slot_table.ts";
import type { TextureResidency } from "./texture_residency.ts";

/** Content that must be moved from one atlas to another. */
export interface SlotMove {
  /** Slot in the old atlas. */
  readonly from: number;
  /** Slot in the new atlas. */
  readonly to: number;
}

/** Options of {@linkcode resizePool}. */
export interface ResizeOptions {
  /** Packs page entries for the new atlas. */
  readonly pageEntryFor: PageEntryPacker;
  /** Tiles kept at most, pinned ones included; default as many as fit. */
  readonly keepAtMost?: number;
  /** Number of the frame. */
  readonly frame: number;
  /** Finds a texture by its number. */
  readonly texture: (id: number) => TextureResidency;
}

/**
 * Replaces a pool's slots by others and renumbers what stays: the pinned tiles first, then the most
 * wanted. The others are unmapped.
 *
 * @returns Where content must be moved, and how many tiles lost their slot.
 */
export function resizePool(
  pool: PoolResidency,
  capacity: number,
  options: ResizeOptions,
): { moves: SlotMove[]; evicted: number } {
  const old = pool.slots;
  const used = old.byWorth();
  const keep = Math.min(capacity, options.keepAtMost ?? capacity);
  const slots = new SlotTable(capacity);
  const moves: SlotMove[] = [];
  // Taken from the least wanted on, so that the order of last use stays what it was.
  const kept = used.slice(0, keep).reverse();
  for (const from of kept) {
    const textureId = old.textureOf(from);
    const tile = old.tileOf(from);
    slots.beginFrame(old.lastUsedOf(from));
    const to = slots.takeSlot(textureId, tile, {
      version: old.versionOf(from),
      pinned: old.isPinned(from),
      ahead: old.isAhead(from),
    });
    slots.takeAge(to, old, from);
    if (old.isKept(from)) slots.keepSlot(to);
    const texture = options.texture(textureId);
    texture.slotOf.set(tile, to);
    texture.mappings.map(tile, options.pageEntryFor(to, texture.grid.levelOf(tile)));
    moves.push({ from, to });
  }
  for (const slot of used.slice(keep)) {
    const texture = options.texture(old.textureOf(slot));
    texture.slotOf.delete(old.tileOf(slot));
    texture.mappings.unmap(old.tileOf(slot));
    texture.forgetVersion(old.tileOf(slot));
    texture.noteEvicted(old.tileOf(slot));
  }
  slots.endRebuild(old, options.frame);
  pool.slots = slots;
  pool.pageEntryFor = options.pageEntryFor;
  return { moves, evicted: used.length - kept.length };
}
