/**
 * What is resident, under way and wanted of one texture.
 *
 * @module
 */

import type { TileGrid, TileReasonValue } from "../tiles/mod.ts";
import { EntryMap } from "./int_map.ts";
import { PageMappings } from "./page_mappings.ts";
import type { PoolResidency } from "./pool.ts";
import type { TileProducer } from "./producer.ts";
import { RetrySchedule } from "./retry_schedule.ts";

/** In {@linkcode TextureResidency.wanted}: the tile is resident, up to date, and seen. */
export const RESIDENT: number = -2;
/** The same for a tile that is only wanted ahead. */
export const RESIDENT_AHEAD: number = -3;

/** The pure half of a texture. */
export class TextureResidency {
  /** Unique within a system and never used again. */
  readonly id: number;
  /** Its tiles. */
  readonly grid: TileGrid;
  /** The pool whose slots its tiles take. */
  readonly pool: PoolResidency;
  /** Makes its tiles. */
  // deno-lint-ignore no-explicit-any -- residency never looks into a payload
  readonly producer: TileProducer<any>;
  /** Slot of each resident tile. */
  readonly slotOf: EntryMap = new EntryMap(256);
  /** What its page table says. */
  readonly mappings: PageMappings;
  /** When tiles that could not be made are tried again. */
  readonly retries: RetrySchedule = new RetrySchedule();
  /** Tiles of this frame, each once: index of its candidate, or below -1 if it is resident. */
  readonly wanted: EntryMap = new EntryMap(256);
  /** Tiles that were asked for ahead and are not resident yet. */
  readonly prefetches: EntryMap = new EntryMap(16);
  readonly #pending = new EntryMap(64);
  readonly #versions = new EntryMap(8);

  /** A texture without resident tiles. */
  constructor(
    id: number,
    // deno-lint-ignore no-explicit-any -- residency never looks into a payload
    options: { grid: TileGrid; pool: PoolResidency; producer: TileProducer<any> },
  ) {
    this.id = id;
    this.grid = options.grid;
    this.pool = options.pool;
    this.producer = options.producer;
    this.mappings = new PageMappings(options.grid);
  }

  /** Bytes of processor memory that grow with what is resident. */
  get byteLength(): number {
    return this.slotOf.byteLength + this.mappings.byteLength + this.wanted.byteLength +
      this.#pending.byteLength;
  }

  /** Version of a tile's content that is wanted. */
  versionOf(entry: number): number {
    return this.#versions.get(entry, 0);
  }

  /** Makes a tile's content stale; it stays resident until the newer version overwrites it. */
  invalidate(entry: number): void {
    this.#versions.set(entry, this.versionOf(entry) + 1);
  }

  /** Whether a resident tile's content is older than wanted. */
  isStale(entry: number, slot: number): boolean {
    return this.pool.slots.versionOf(slot) < this.versionOf(entry);
  }

  /** Whether a tile is resident, and was seen in this frame. */
  isSeen(entry: number): boolean {
    return this.wanted.get(entry) === RESIDENT;
  }

  /** Number of tiles under way. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Whether a tile is under way. */
  isPending(entry: number): boolean {
    return this.#pending.has(entry);
  }

  /** Notes that a tile is under way, or still wanted, in a frame. */
  setPending(entry: number, frame: number, reason: TileReasonValue): void {
    if (!this.#pending.has(entry)) this.pool.pendingCount++;
    this.#pending.set(entry, frame * 4 + reason);
  }

  /** Reason for which a tile under way was last wanted, or -1 if it is not under way. */
  pendingReason(entry: number): number {
    const value = this.#pending.get(entry);
    return value === -1 ? -1 : value & 3;
  }

  /** Notes that a tile is no longer under way. */
  clearPending(entry: number): void {
    if (this.#pending.delete(entry)) this.pool.pendingCount--;
  }

  /** Calls a function with each tile under way and the frame in which it was last wanted. */
  forEachPending(visit: (entry: number, frame: number) => void): void {
    this.#pending.forEach((entry, value) => visit(entry, value >> 2));
  }
}
