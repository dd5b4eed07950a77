/**
 * A pool: the slots that residency deals in, and the atlas that they stand for.
 *
 * @module
 */

import {
  Atlas,
  type ForgeDevice,
  type MemoryLedger,
  SLOT_FRAMES_HEADER_WORDS,
  slotBytes,
  slotFramesBytes,
  slotFramesHeader,
  type TrackedBuffer,
} from "../../gpu/mod.ts";
import { PoolResidency, type Residency } from "../../residency/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";

/** Bytes of CPU memory that a slot takes at most: its record and its place in three maps. */
const CPU_BYTES_PER_SLOT = 152;
/** Bytes of the frame in which a slot was filled. */
const FRAME_BYTES = 4;

/** Bytes that a pool costs beside its slots: the head of its slots' frames. */
export const POOL_OVERHEAD_BYTES = SLOT_FRAMES_HEADER_WORDS * FRAME_BYTES;

/** What makes two textures share a pool. */
export interface PoolKind {
  readonly formats: readonly TexelFormat[];
  readonly tileSize: number;
  readonly border: number;
}

/** A name that is the same for the same kind of pool. */
export function poolKey(kind: PoolKind): string {
  return `${kind.formats.join("+")}/${kind.tileSize}+${kind.border}`;
}

/** Bytes that a slot of a kind of pool costs, with what is kept beside it. */
export function poolSlotBytes(kind: PoolKind): number {
  const slotTexels = kind.tileSize + 2 * kind.border;
  return slotBytes(kind.formats, slotTexels) + FRAME_BYTES + CPU_BYTES_PER_SLOT;
}

/** Everything that is replaced when a pool is resized. */
export interface PoolStore {
  readonly atlas: Atlas;
  readonly frames: TrackedBuffer;
  readonly cpuMemory: { release(): void };
  /** Slots that were asked for; the atlas may have a few less. */
  readonly wantedSlots: number;
}

/** A move of a pool's content from one store to another. */
export interface PoolMove {
  /** The store that the content comes from; it exists until the move is finished. */
  readonly from: PoolStore;
  /** Records the copies. */
  record(encoder: GPUCommandEncoder): void;
  /** Frees the store that the content came from, once the GPU has taken the copies. */
  finish(): void;
}

/** A pool of one kind. Owns its atlas. */
export class GpuPool {
  readonly kind: PoolKind;
  readonly key: string;
  readonly residency: PoolResidency;
  /** Tiles that were seen in the last update. */
  seenCount = 0;
  /** Those of them that are sampled, and do not only stand in for finer ones. */
  demandCount = 0;
  /** Tiles that it wanted in the margin around the view. */
  marginCount = 0;
  /** Those that were seen, and the tiles that it wanted ahead of their being seen. */
  wantedCount = 0;
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  #store: PoolStore;
  #frames: Uint32Array<ArrayBuffer>;
  #frame = -1;
  #isHeaderWritten = true;
  #firstDirty = Infinity;
  #lastDirty = -1;
  #episodesNoted = 0;

  /**
   * A pool without tiles.
   *
   * @param init `before`: the pool, on a lost device, whose place it takes.
   * @throws {BudgetError} if it does not fit the budget; nothing is made.
   */
  constructor(
    device: ForgeDevice,
    ledger: MemoryLedger,
    init: { readonly kind: PoolKind; readonly slots: number; readonly before?: GpuPool },
  ) {
    this.#device = device;
    this.#ledger = ledger;
    this.kind = init.kind;
    this.key = poolKey(init.kind);
    this.#store = this.makeStore(init.slots);
    const { atlas } = this.#store;
    this.#frames = new Uint32Array(atlas.plan.slotCount);
    this.residency = new PoolResidency(
      atlas.plan.slotCount,
      (slot, level) => atlas.pageEntryFor(slot, level),
      init.before?.residency.pressure,
    );
    if (init.before !== undefined) this.#episodesNoted = init.before.#episodesNoted;
  }

  /** The atlas; another one after {@linkcode beginMove}. */
  get atlas(): Atlas {
    return this.#store.atlas;
  }

  /** The frame that is drawn, and the frame in which each slot was filled, for fading in. */
  get slotFrames(): GPUBuffer {
    return this.#store.frames.buffer;
  }

  /** Bytes of one tile in all planes. */
  get tileBytes(): number {
    return slotBytes(this.kind.formats, this.atlas.slotTexels);
  }

  /** Slots that were asked for; the atlas may have a few less. */
  get wantedSlots(): number {
    return this.#store.wantedSlots;
  }

  /** Slots that the atlas really has. */
  get slotCount(): number {
    return this.#store.atlas.plan.slotCount;
  }

  /**
   * Makes another store.
   *
   * @throws {BudgetError} if it does not fit beside the present one; nothing is made.
   */
  makeStore(slots: number): PoolStore {
    const { formats, tileSize, border } = this.kind;
    const made: { destroy(): void }[] = [];
    try {
      const atlas = new Atlas(this.#device, this.#ledger, {
        formats,
        tileSize,
        border,
        wantedSlots: slots,
        label: `atlas ${this.key}`,
      });
      made.push(atlas);
      const frames = this.#ledger.createBuffer("page_tables", this.#device, {
        label: `slot frames ${this.key}`,
        size: slotFramesBytes(atlas.plan.slotCount),
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      });
      made.push(frames);
      const bytes = atlas.plan.slotCount * CPU_BYTES_PER_SLOT;
      const cpuMemory = this.#ledger.reserve("caches", bytes);
      return { atlas, frames, cpuMemory, wantedSlots: slots };
    } catch (error) {
      for (const object of made) object.destroy();
      throw error;
    }
  }

  /** Frees a store that is not in use. */
  freeStore(store: PoolStore): void {
    store.atlas.destroy();
    store.frames.destroy();
    store.cpuMemory.release();
  }

  /** Whether an episode of pressure has begun since this was last asked. */
  notePressure(): boolean {
    const { episodes } = this.residency.pressure;
    const isNew = episodes > this.#episodesNoted;
    this.#episodesNoted = episodes;
    return isNew;
  }

  /** Notes that a slot's content is first shown in a frame. */
  setSlotFrame(slot: number, frame: number): void {
    this.#frames[slot] = frame;
    this.#firstDirty = Math.min(this.#firstDirty, slot);
    this.#lastDirty = Math.max(this.#lastDirty, slot);
  }

  /** Whether the GPU has the frame that is drawn and those of all slots, as far as is known. */
  get isWritten(): boolean {
    return this.#isHeaderWritten && this.#lastDirty < 0;
  }

  /** Sets the frame that shaders draw; {@linkcode writeChanges} tells them. */
  setFrame(frame: number): void {
    if (frame === this.#frame) return;
    this.#frame = frame;
    this.#isHeaderWritten = false;
  }

  /** Uploads the frame that is drawn and the slots' frames that have changed, unless the GPU has them. */
  writeChanges(): void {
    if (!this.#isHeaderWritten) {
      const header = slotFramesHeader(Math.max(0, this.#frame));
      this.#device.gpu.queue.writeBuffer(this.slotFrames, 0, header);
      this.#isHeaderWritten = true;
    }
    if (this.#lastDirty < 0) return;
    const count = this.#lastDirty + 1 - this.#firstDirty;
    this.#device.gpu.queue.writeBuffer(
      this.slotFrames,
      (SLOT_FRAMES_HEADER_WORDS + this.#firstDirty) * FRAME_BYTES,
      this.#frames,
      this.#firstDirty,
      count,
    );
    this.#firstDirty = Infinity;
    this.#lastDirty = -1;
  }

  /** Makes the next {@linkcode writeChanges} upload everything. */
  forgetWritten(): void {
    this.#isHeaderWritten = false;
    this.#firstDirty = 0;
    this.#lastDirty = this.#frames.length - 1;
  }

  /**
   * Moves to another store: the most wanted tiles keep their content, the others are forgotten. The
   * copies must be recorded, with the page tables' edits, in the next submit.
   */
  beginMove(store: PoolStore, residency: Residency): PoolMove {
    const from = this.#store;
    const oldFrames = this.#frames;
    const { atlas } = store;
    if (atlas.plan.slotCount > from.atlas.plan.slotCount) this.residency.pressure.forgetBias();
    const moves = residency.resize(this.residency, atlas.plan.slotCount, {
      pageEntryFor: (slot, level) => atlas.pageEntryFor(slot, level),
    });
    this.#store = store;
    this.#frames = new Uint32Array(atlas.plan.slotCount);
    for (const { from, to } of moves) this.#frames[to] = oldFrames[from]!;
    this.forgetWritten();
    return {
      from,
      record: (encoder) => atlas.copySlots(encoder, from.atlas, moves),
      finish: () => this.freeStore(from),
    };
  }

  /** Destroys the atlas. */
  destroy(): void {
    this.freeStore(this.#store);
  }
}
