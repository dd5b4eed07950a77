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

/** Bytes of processor memory that a slot takes at most: its record and its place in three maps. */
const PROCESSOR_BYTES_PER_SLOT = 144;
/** Bytes of the frame in which a slot was filled. */
const FRAME_BYTES = 4;

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
  return slotBytes(kind.formats, slotTexels) + FRAME_BYTES + PROCESSOR_BYTES_PER_SLOT;
}

/** Everything that is replaced when a pool is resized. */
interface Store {
  readonly atlas: Atlas;
  readonly frames: TrackedBuffer;
  readonly processor: { release(): void };
}

/** A pool of one kind. Owns its atlas. */
export class GpuPool {
  readonly kind: PoolKind;
  readonly key: string;
  readonly residency: PoolResidency;
  /** Tiles that were seen in the last update. */
  seenCount = 0;
  /** Slots that were asked for; the atlas may have a few less. */
  wantedSlots: number;
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  #store: Store;
  #frames: Uint32Array<ArrayBuffer>;
  #frame = -1;
  #firstDirty = Infinity;
  #lastDirty = -1;
  #episodesNoted = 0;

  /** @throws {BudgetError} if it does not fit the budget; nothing is made. */
  constructor(device: ForgeDevice, ledger: MemoryLedger, init: { kind: PoolKind; slots: number }) {
    this.#device = device;
    this.#ledger = ledger;
    this.kind = init.kind;
    this.key = poolKey(init.kind);
    this.wantedSlots = init.slots;
    this.#store = this.#make(init.slots);
    const { atlas } = this.#store;
    this.#frames = new Uint32Array(atlas.plan.slotCount);
    this.residency = new PoolResidency(
      atlas.plan.slotCount,
      (slot, level) => atlas.pageEntryFor(slot, level),
    );
  }

  /** The atlas; another one after {@linkcode resize}. */
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

  /** Slots that the atlas really has. */
  get slotCount(): number {
    return this.#store.atlas.plan.slotCount;
  }

  #make(slots: number): Store {
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
      const bytes = atlas.plan.slotCount * PROCESSOR_BYTES_PER_SLOT;
      const processor = this.#ledger.reserve("caches", bytes);
      return { atlas, frames, processor };
    } catch (error) {
      for (const object of made) object.destroy();
      throw error;
    }
  }

  #free(store: Store): void {
    store.atlas.destroy();
    store.frames.destroy();
    store.processor.release();
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

  /** Tells the shaders which frame they draw, unless they know. */
  writeFrame(frame: number): void {
    if (frame === this.#frame) return;
    this.#frame = frame;
    this.#device.gpu.queue.writeBuffer(this.slotFrames, 0, slotFramesHeader(frame));
  }

  /** Uploads the frames that changed, in one write. */
  uploadSlotFrames(): void {
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

  /**
   * Moves to an atlas of another size, while the old one still exists: its most wanted tiles are
   * copied, the others are forgotten. The page tables' edits must be submitted next.
   *
   * @throws {BudgetError} if both do not fit together; nothing changes.
   */
  resize(slots: number, residency: Residency): void {
    const old = this.#store;
    const oldFrames = this.#frames;
    const store = this.#make(slots);
    const { atlas } = store;
    const moves = residency.resize(this.residency, atlas.plan.slotCount, {
      pageEntryFor: (slot, level) => atlas.pageEntryFor(slot, level),
    });
    const encoder = this.#device.gpu.createCommandEncoder({ label: `resize ${this.key}` });
    atlas.copySlots(encoder, old.atlas, moves);
    this.#device.submits.submit([encoder.finish()]);
    this.#store = store;
    this.wantedSlots = slots;
    this.#frames = new Uint32Array(atlas.plan.slotCount);
    for (const { from, to } of moves) this.setSlotFrame(to, oldFrames[from]!);
    this.uploadSlotFrames();
    const frame = this.#frame;
    this.#frame = -1;
    if (frame >= 0) this.writeFrame(frame);
    this.#free(old);
  }

  /** Destroys the atlas. */
  destroy(): void {
    this.#free(this.#store);
  }
}
