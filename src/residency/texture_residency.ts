/**
 * What is resident, in flight and wanted of one texture.
 *
 * @module
 */

import type { TileGrid, TileReasonValue } from "../tiles/mod.ts";
import { ContentVersions } from "./content_versions.ts";
import { IntMap } from "./int_map.ts";
import { MissCount } from "./miss_count.ts";
import { type ContentListener, NeededTiles } from "./needed_tiles.ts";
import { PageMappings } from "./page_mappings.ts";
import type { PoolResidency } from "./pool.ts";
import type { TileCost, TileExpense, TileProducer } from "./producer.ts";
import { RetrySchedule } from "./retry_schedule.ts";

/** In {@linkcode TextureResidency.wanted}: the tile is resident, up to date, and seen. */
export const RESIDENT: number = -2;
/** The same for a tile that is only wanted ahead. */
export const RESIDENT_AHEAD: number = -3;

/** Why a tile is in flight that nothing asks for: it is drawn again although it is up to date. */
export const REFRESH = 3;

/** What residency knows of the recorder of a texture's tiles. */
export interface TextureRecorder {
  /** What each tile costs. */
  readonly cost: TileCost;
  /** Where content is before it is in the atlas; in scratch memory it is drawn. Default "staging". */
  readonly memory?: "staging" | "scratch";
  /** What those cost that are uploaded although others are drawn; default none are. */
  readonly uploadCost?: TileCost;
}

/** What a {@linkcode TextureResidency} is made of. */
export interface TextureResidencyParts {
  /** Its tiles. */
  readonly grid: TileGrid;
  /** The pool whose slots its tiles take. */
  readonly pool: PoolResidency;
  /** Makes the content of its tiles. */
  // deno-lint-ignore no-explicit-any -- residency never looks into a payload
  readonly producer: TileProducer<any>;
  /** Says what each of its tiles costs, and whether they are drawn (in scratch memory) or uploaded. */
  readonly recorder: TextureRecorder;
  /** What was known of it before its content was lost; default nothing. */
  readonly before?: TextureResidency;
}

/** How content is made stale. */
export interface InvalidationOptions {
  /** Whether its newer content comes before what is missing; default false. */
  readonly urgent?: boolean;
}

/** The pure half of a texture. */
export class TextureResidency implements TileExpense {
  /** Unique within a system and never used again. */
  readonly id: number;
  /** Its tiles. */
  readonly grid: TileGrid;
  /** The pool whose slots its tiles take. */
  readonly pool: PoolResidency;
  /** Makes the content of its tiles. */
  // deno-lint-ignore no-explicit-any -- residency never looks into a payload
  readonly producer: TileProducer<any>;
  /** Slot of each resident tile. */
  readonly slotOf: IntMap = new IntMap(256);
  /** What its page table says. */
  readonly mappings: PageMappings;
  /** When tiles that could not be made are tried again. */
  readonly retries: RetrySchedule = new RetrySchedule();
  /** Which content is new enough. */
  readonly versions: ContentVersions;
  /** Tiles of this frame, each once: index of its candidate, or below -1 if it is resident. */
  readonly wanted: IntMap = new IntMap(256);
  /** Tiles whose miss was counted and lasts. */
  readonly misses: MissCount = new MissCount();
  /** Tiles that were asked for ahead and are not resident yet. */
  readonly prefetches: IntMap = new IntMap(16);
  /** Tiles, but those of the tail, that preloads keep until they have come: by how many. */
  readonly preloads: IntMap = new IntMap(8);
  /** Tiles that were resident before the content was lost and are to be again: 1 if seen, else 0. */
  readonly returning: IntMap = new IntMap(8);
  /** Tiles that content of other textures is made from. */
  readonly needed: NeededTiles = new NeededTiles(this);
  readonly #listeners = new Set<ContentListener>();
  /** Stale tiles of which newer content comes before what is missing. */
  readonly #urgent = new IntMap(8);
  /** Frame in which each tile in flight was last wanted, and why. */
  readonly #pending = new IntMap(64);
  /** Version that each tile in flight was asked for with. */
  readonly #pendingVersions = new IntMap(64);
  readonly #recorder: TextureRecorder;
  /** Steps by which its tiles are wanted more than others of the same coverage or age. */
  priority = 0;
  /** Whether its resident tiles are made anew at random although they are up to date. */
  isContinuous = false;
  /** Turn of serving every texture its share in which it was served last. */
  lastTurn = 0;
  #lacksTail = false;
  /** Tiles in flight that are up to date. */
  #refreshCount = 0;

  /** A texture without resident tiles. */
  constructor(id: number, parts: TextureResidencyParts) {
    this.id = id;
    this.grid = parts.grid;
    this.pool = parts.pool;
    this.producer = parts.producer;
    this.#recorder = parts.recorder;
    this.mappings = new PageMappings(parts.grid);
    const { before } = parts;
    this.versions = new ContentVersions(before?.versions.newest);
    if (before !== undefined) this.#takeOver(before);
  }

  /** Wants back what was resident, and what was asked for ahead. */
  #takeOver(before: TextureResidency): void {
    const { slots } = before.pool;
    this.#lacksTail = true;
    this.priority = before.priority;
    this.isContinuous = before.isContinuous;
    before.returning.forEach((tile, seen) => this.returning.set(tile, seen));
    before.slotOf.forEach((tile, slot) => {
      if (!this.isTail(tile)) this.returning.set(tile, slots.isAhead(slot) ? 0 : 1);
    });
    before.prefetches.forEach((tile) => this.prefetches.set(tile, 1));
  }

  /** Makes one that takes over from this want back nothing but the tail. */
  forgetLost(): void {
    this.slotOf.clear();
    this.returning.clear();
    this.prefetches.clear();
  }

  /** Whether tiles of its tail may be missing that were resident before the content was lost. */
  get lacksTail(): boolean {
    return this.#lacksTail;
  }

  /** Notes that a tile of its tail was taken away, and is wanted back. */
  noteLackingTail(): void {
    this.#lacksTail = true;
  }

  /** Notes that every tile of its tail is resident. */
  noteWholeTail(): void {
    this.#lacksTail = false;
  }

  /** What each of its tiles costs now. */
  get cost(): TileCost {
    return this.#recorder.cost;
  }

  /** What the scores of its candidates are multiplied by: each step of priority doubles it. */
  get weight(): number {
    return 2 ** this.priority;
  }

  /** Whether its tiles are drawn instead of uploaded. */
  get isDrawn(): boolean {
    return this.#recorder.memory === "scratch";
  }

  /** What a tile takes if it is asked for now. */
  expenseOf(tile: number): TileExpense {
    const { uploadCost } = this.#recorder;
    if (uploadCost === undefined || !this.producer.isUploaded?.(tile)) return this;
    return { cost: uploadCost, isDrawn: false };
  }

  /** Bytes of CPU memory that grow with what is resident. */
  get byteLength(): number {
    return this.slotOf.byteLength + this.mappings.byteLength + this.wanted.byteLength +
      this.#pending.byteLength + this.#pendingVersions.byteLength + this.versions.byteLength +
      this.returning.byteLength + this.#urgent.byteLength + this.misses.byteLength;
  }

  /** Whether a tile is one of the pinned tail. */
  isTail(tile: number): boolean {
    return tile >= this.grid.tailFirstTile;
  }

  /**
   * Tells what happens to the content from now on.
   *
   * @returns A function that ends this.
   */
  subscribeContent(listener: ContentListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Notes that a tile is not resident any more. What others were made from it stays. */
  noteEvicted(tile: number): void {
    if (this.#listeners.size === 0) this.producer.noteEvicted?.(tile);
  }

  /** Notes that its content is gone for good. */
  noteRemoved(): void {
    this.#noteInvalidated(() => true);
  }

  #noteInvalidated(isTouched: (tile: number) => boolean): void {
    for (const listener of this.#listeners) listener.invalidated(isTouched);
  }

  /** Makes a tile's content stale; it stays resident until a newer version overwrites it. */
  invalidateTile(tile: number, options: InvalidationOptions = {}): void {
    this.versions.beginInvalidation();
    if (this.#hasContent(tile)) this.#makeStale(tile, options);
    this.#noteInvalidated((other) => other === tile);
  }

  /**
   * Makes the content stale of every tile, resident or in flight, for which a test holds. Each is asked
   * for once, in the order of their numbers, before anything is stale.
   */
  invalidateWhere(isTouched: (tile: number) => boolean, options: InvalidationOptions = {}): void {
    const touched = this.#tilesWithContent().filter((tile) => isTouched(tile));
    this.versions.beginInvalidation();
    for (const tile of touched) this.#makeStale(tile, options);
    this.#noteInvalidated(isTouched);
  }

  /** Makes the content of every tile stale. */
  invalidateAll({ urgent = false }: InvalidationOptions = {}): void {
    this.versions.invalidateAll();
    if (urgent) { for (const tile of this.#tilesWithContent()) this.#urgent.set(tile, 1); }
    this.#noteInvalidated(() => true);
  }

  #makeStale(tile: number, { urgent = false }: InvalidationOptions): void {
    this.versions.invalidateTile(tile);
    if (urgent) this.#urgent.set(tile, 1);
  }

  #tilesWithContent(): number[] {
    const tiles: number[] = [];
    this.slotOf.forEach((tile) => tiles.push(tile));
    this.#pending.forEach((tile) => {
      if (!this.slotOf.has(tile)) tiles.push(tile);
    });
    return tiles.sort((a, b) => a - b);
  }

  /** Whether newer content of a stale tile comes before what is missing. */
  isUrgent(tile: number): boolean {
    return this.#urgent.size > 0 && this.#urgent.has(tile);
  }

  /** Notes that content of a tile has landed, which is urgent no more unless it is stale again. */
  noteFresh(tile: number): void {
    this.misses.endMiss(tile);
    const isBetter = this.producer.noteLanded?.(tile) ?? false;
    for (const listener of this.#listeners) {
      listener.landed(tile);
      if (isBetter) listener.improved(tile);
    }
    if (this.isUrgent(tile) && !this.isStale(tile, this.slotOf.get(tile))) {
      this.#urgent.delete(tile);
    }
  }

  /** Whether a resident tile's content is older than wanted. */
  isStale(tile: number, slot: number): boolean {
    return this.pool.slots.versionOf(slot) < this.versions.wantedVersion(tile);
  }

  #hasContent(tile: number): boolean {
    return this.slotOf.has(tile) || this.#pending.has(tile);
  }

  /** Drops the version of a tile that is neither resident nor in flight. */
  forgetVersion(tile: number): void {
    if (this.#hasContent(tile)) return;
    this.versions.forgetTile(tile);
    if (this.#urgent.size > 0) this.#urgent.delete(tile);
  }

  /** Wants a tile, and keeps it from being evicted, until it is released as often. */
  keepTile(tile: number): void {
    if (this.isTail(tile)) return;
    const keepers = this.preloads.get(tile, 0);
    this.preloads.set(tile, keepers + 1);
    if (keepers > 0) return;
    this.pool.preloadCount++;
    const slot = this.slotOf.get(tile);
    if (slot !== -1) this.pool.slots.keepSlot(slot);
  }

  /** Releases a tile that was kept. */
  releaseTile(tile: number): void {
    const keepers = this.preloads.get(tile, 0);
    if (keepers > 1) this.preloads.set(tile, keepers - 1);
    if (keepers !== 1) return;
    this.preloads.delete(tile);
    this.pool.preloadCount--;
    const slot = this.slotOf.get(tile);
    if (slot !== -1) this.pool.slots.releaseKeptSlot(slot);
  }

  /** Whether a tile is resident, and was seen in this frame. */
  isSeen(tile: number): boolean {
    return this.wanted.get(tile) === RESIDENT;
  }

  /** Number of tiles in flight that something waits for. */
  get pendingCount(): number {
    return this.#pending.size - this.#refreshCount;
  }

  /** Number of tiles in flight that are made anew although they are up to date. */
  get refreshingCount(): number {
    return this.#refreshCount;
  }

  /** Whether a tile is in flight although it is up to date. */
  isRefreshing(tile: number): boolean {
    return this.#refreshCount > 0 && this.pendingReason(tile) === REFRESH;
  }

  /** Whether a tile is in flight. */
  isPending(tile: number): boolean {
    return this.#pending.has(tile);
  }

  /** Version that a tile in flight was asked for with. */
  pendingVersion(tile: number): number {
    return this.#pendingVersions.get(tile);
  }

  /** Notes that a tile is in flight. */
  setPending(tile: number, options: PendingTile): void {
    if (this.#pending.has(tile)) this.clearPending(tile);
    const needsSlot = !this.slotOf.has(tile);
    if (needsSlot) this.pool.slotsPromised++;
    if (options.reason === REFRESH) this.#refreshCount++;
    else this.pool.pendingCount++;
    this.#pending.set(tile, packPending(options.frame, needsSlot, options.reason));
    this.#pendingVersions.set(tile, options.version);
  }

  /** Notes that a tile in flight is still wanted in a frame. */
  renewPending(tile: number, frame: number, reason: TileReasonValue): void {
    if (this.isRefreshing(tile)) {
      this.#refreshCount--;
      this.pool.pendingCount++;
    }
    const needsSlot = (this.#pending.get(tile) & NEEDS_SLOT) !== 0;
    this.#pending.set(tile, packPending(frame, needsSlot, reason));
  }

  /** Reason for which a tile in flight was last wanted, or -1 if it is not in flight. */
  pendingReason(tile: number): number {
    const value = this.#pending.get(tile);
    return value === -1 ? -1 : value & REASON;
  }

  /** Notes that a tile is no longer in flight. */
  clearPending(tile: number): void {
    const value = this.#pending.get(tile);
    if (value === -1) return;
    if (value & NEEDS_SLOT) this.pool.slotsPromised--;
    if ((value & REASON) === REFRESH) this.#refreshCount--;
    else this.pool.pendingCount--;
    this.#pending.delete(tile);
    this.#pendingVersions.delete(tile);
  }

  /** Calls a function with each tile in flight and the frames since it was last wanted. */
  forEachPending(frame: number, visit: (tile: number, unwantedFrames: number) => void): void {
    this.#pending.forEach((tile, value) => visit(tile, (frame - (value >> 3)) & FRAMES));
  }
}

/** Bits of what is kept of a tile in flight: its reason, whether it needs a slot, the frame. */
const REASON = 3;
const NEEDS_SLOT = 4;
const FRAMES = 0x0fff_ffff;

function packPending(frame: number, needsSlot: boolean, reason: PendingTile["reason"]): number {
  return (frame & FRAMES) * 8 | (needsSlot ? NEEDS_SLOT : 0) | reason;
}

/** How a tile is in flight. */
export interface PendingTile {
  /** Frame in which it was last wanted. */
  readonly frame: number;
  /** Why. */
  readonly reason: TileReasonValue | typeof REFRESH;
  /** Version that was asked for. */
  readonly version: number;
}
