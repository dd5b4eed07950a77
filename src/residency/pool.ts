/**
 * A pool: slots that the tiles of several textures share, and the pressure on them.
 *
 * @module
 */

import type { TileGrid } from "../tiles/mod.ts";
import { PressureControl } from "./pressure.ts";
import { SlotTable } from "./slot_table.ts";

/** Packs the page entry of a slot that holds a tile of a level. */
export type PageEntryPacker = (slot: number, level: number) => number;

/** The pure half of a pool. */
export class PoolResidency {
  /** The slots, replaced as a whole when the pool is resized. */
  slots: SlotTable;
  /** Packs page entries for the atlas that the slots stand for. */
  pageEntryFor: PageEntryPacker;
  /** How much coarser the pool is kept while memory is short. */
  readonly pressure: PressureControl;
  /** The textures whose tiles share it. */
  readonly textures: Set<{ readonly grid: TileGrid }> = new Set();
  /** Tiles in flight. */
  pendingCount = 0;
  /** Tiles that preloads keep until they are resident, pinned ones left out. */
  preloadCount = 0;
  /** Tiles in flight that are not resident, each of which will need a slot. */
  slotsPromised = 0;
  /** Tiles, but for tails, that content of other textures is made from now. */
  neededCount = 0;
  /** Textures of the pool whose tiles content of others may be made from. */
  sourceCount = 0;

  /**
   * A pool whose slots are all free.
   *
   * @param capacity Number of slots.
   * @param pageEntryFor Packs page entries for the atlas that the slots stand for.
   * @param pressure That of a pool whose place it takes; default none so far.
   */
  constructor(
    capacity: number,
    pageEntryFor: PageEntryPacker,
    pressure: PressureControl = new PressureControl(),
  ) {
    this.pressure = pressure;
    this.slots = new SlotTable(capacity);
    this.pageEntryFor = pageEntryFor;
  }

  /** Whether there is a slot for every tile of every texture, so that nothing ever competes. */
  get holdsEverything(): boolean {
    return this.#tileCount <= this.slots.capacity;
  }

  get #tileCount(): number {
    let tiles = 0;
    for (const { grid } of this.textures) tiles += grid.tileCount;
    return tiles;
  }

  /** Slots that are not pinned. */
  get streamingCapacity(): number {
    return this.slots.capacity - this.slots.pinnedCount;
  }

  /** Slots that are kept for what content of other textures is made from. */
  get reservedCount(): number {
    return this.sourceCount === 0 ? 0 : Math.floor(this.streamingCapacity / RESERVED_PART);
  }

  /** Those of them that nothing is in or on its way to. */
  get reservedLeft(): number {
    if (this.sourceCount === 0 || this.holdsEverything) return 0;
    return Math.max(0, this.reservedCount - this.neededCount);
  }

  /** Slots that a camera's tiles compete for. */
  get viewCapacity(): number {
    return this.streamingCapacity - this.reservedCount;
  }

  /** Slots that preloads may keep together: none of those without which nothing that they keep can come. */
  get preloadCapacity(): number {
    return this.holdsEverything ? this.streamingCapacity : this.viewCapacity;
  }

  /** How many slots that are not pinned it would take for preloads to keep so many. */
  slotsToKeep(count: number): number {
    let slots = count;
    if (this.sourceCount > 0) { while (slots - Math.floor(slots / RESERVED_PART) < count) slots++; }
    return slots;
  }

  /** The same with those that are pinned, and no more than all tiles take, which preloads may keep then. */
  capacityToKeep(count: number): number {
    let pinned = 0;
    for (const { grid } of this.textures) pinned += grid.tailTileCount;
    return Math.min(this.#tileCount, pinned + this.slotsToKeep(count));
  }
}

/** One slot of so many is reserved. */
const RESERVED_PART = 4;
