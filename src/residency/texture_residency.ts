/**
 * What is resident, under way and wanted of one texture.
 *
 * @module
 */

import type { TileGrid, TileReasonValue } from "../tiles/mod.ts";
import { IntMap } from "./int_map.ts";
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
  readonly slotOf: IntMap = new IntMap(256);
  /** What its page table says. */
  readonly mappings: PageMappings;
  /** When tiles that could not be made are tried again. */
  readonly retries: RetrySchedule = new RetrySchedule();
  /** Tiles of this frame, each once: index of its candidate, or below -1 if it is resident. */
  readonly wanted: IntMap = new IntMap(256);
  /** Tiles that were asked for ahead and are not resident yet. */
  readonly prefetches: IntMap = new IntMap(16);
  readonly #pending = new IntMap(64);
  readonly #versions = new IntMap(8);

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
  versionOf(tile: number): number {
    return this.#versions.get(tile, 0);
  }

  /** Makes a tile's content stale; it stays resident until the newer version overwrites it. */
  invalidate(tile: number): void {
    this.#versions.set(tile, this.versionOf(tile) + 1);
  }

  /** Whether a resident tile's content is older than wanted. */
  isStale(tile: number, slot: number): boolean {
    return this.pool.slots.versionOf(slot) < this.versionOf(tile);
  }

  /** Whether a tile is resident, and was seen in this frame. */
  isSeen(tile: number): boolean {
    return this.wanted.get(tile) === RESIDENT;
  }

  /** Number of tiles under way. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Whether a tile is under way. */
  isPending(tile: number): boolean {
    return this.#pending.has(tile);
  }

  /** Notes that a tile is under way, or still wanted, in a frame. */
  setPending(tile: number, frame: number, reason: TileReasonValue): void {
    if (!this.#pending.has(tile)) this.pool.pendingCount++;
    this.#pending.set(tile, frame * 4 + reason);
  }

  /** Reason for which a tile under way was last wanted, or -1 if it is not under way. */
  pendingReason(tile: number): number {
    const value = this.#pending.get(tile);
    return value === -1 ? -1 : value & 3;
  }

  /** Notes that a tile is no longer under way. */
  clearPending(tile: number): void {
    if (this.#pending.delete(tile)) this.pool.pendingCount--;
  }

  /** Calls a function with each tile under way and the frame in which it was last wanted. */
  forEachPending(visit: (tile: number, frame: number) => void): void {
    this.#pending.forEach((tile, value) => visit(tile, value >> 2));
  }
}
