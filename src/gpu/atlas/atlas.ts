/**
 * The physical textures that tiles lie in.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../errors.ts";
import { packPageEntry } from "../../residency/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import { type AtlasPlan, planAtlas } from "./atlas_plan.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger, TrackedTexture } from "../device/memory_ledger.ts";

/** Options of {@linkcode Atlas}. */
export interface AtlasOptions {
  /** Format of each plane. */
  readonly formats: readonly TexelFormat[];
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Texels around the payload that belong to the neighbours. */
  readonly border: number;
  /** Slots wanted; the atlas has at most as many. */
  readonly wantedSlots: number;
  /** What to call it in messages and in GPU objects. */
  readonly label?: string;
}

/** A copy of one slot's content. */
export interface SlotCopy {
  /** Slot in the atlas that is read. */
  readonly from: number;
  /** Slot in the atlas that is written. */
  readonly to: number;
}

/**
 * One 2D array texture per plane, cut into slots; one slot number addresses every plane. Owns its
 * textures. Slot number = (layer · gridY + y) · gridX + x.
 */
export class Atlas {
  /** What to call it in messages. */
  readonly label: string;
  /** Format of each plane. */
  readonly formats: readonly TexelFormat[];
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Texels around the payload that belong to the neighbours. */
  readonly border: number;
  /** Edge of a slot in texels. */
  readonly slotTexels: number;
  /** How many slots there are and how they lie. */
  readonly plan: AtlasPlan;
  /** The texture of each plane. */
  readonly planes: readonly GPUTexture[];
  readonly #tracked: readonly TrackedTexture[];
  readonly #views: GPUTextureView[];

  /**
   * Makes the textures of all planes.
   *
   * @throws {UnsupportedError} if the device cannot make a format.
   * @throws {BudgetError} if it does not fit the budget; nothing is made.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, options: AtlasOptions) {
    this.label = options.label ?? "atlas";
    this.formats = Object.freeze([...options.formats]);
    this.tileSize = options.tileSize;
    this.border = options.border;
    this.slotTexels = options.tileSize + 2 * options.border;
    for (const format of this.formats) {
      if (!device.supports(format)) {
        throw new UnsupportedError(
          format,
          `Cannot make atlas "${this.label}" as device "${device.label}" has no textures of ` +
            `format ${format}`,
        );
      }
    }
    this.plan = planAtlas({
      formats: this.formats,
      slotTexels: this.slotTexels,
      wantedSlots: options.wantedSlots,
      maxTextureSize: device.limit("maxTextureDimension2D"),
      maxLayers: device.limit("maxTextureArrayLayers"),
    });
    const tracked: TrackedTexture[] = [];
    try {
      for (const [plane, format] of this.formats.entries()) {
        tracked.push(ledger.createTexture("atlas", device, {
          label: `${this.label} plane ${plane}`,
          format: format as GPUTextureFormat,
          size: [
            this.plan.gridX * this.slotTexels,
            this.plan.gridY * this.slotTexels,
            this.plan.layers,
          ],
          usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST |
            GPUTextureUsage.COPY_SRC,
        }));
      }
    } catch (error) {
      for (const made of tracked) made.destroy();
      throw error;
    }
    this.#tracked = tracked;
    this.planes = Object.freeze(tracked.map((t) => t.texture));
    this.#views = this.planes.map((texture) => texture.createView({ dimension: "2d-array" }));
  }

  /** Bytes of all planes. */
  get byteLength(): number {
    return this.#tracked.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The view of all layers of a plane. */
  view(plane = 0): GPUTextureView {
    const view = this.#views[plane];
    if (view === undefined) {
      throw new OutOfRangeError(
        "plane",
        `Cannot view atlas "${this.label}" as plane must be < ${this.#views.length}: ` +
          `current value is ${plane}`,
      );
    }
    return view;
  }

  /** Left edge of a slot in texels of its layer. */
  slotLeft(slot: number): number {
    return (slot % this.plan.gridX) * this.slotTexels;
  }

  /** Top edge of a slot in texels of its layer. */
  slotTop(slot: number): number {
    return (Math.floor(slot / this.plan.gridX) % this.plan.gridY) * this.slotTexels;
  }

  /** Layer of a slot. */
  slotLayer(slot: number): number {
    return Math.floor(slot / (this.plan.gridX * this.plan.gridY));
  }

  /**
   * The page entry that names a slot.
   *
   * @param level Level of the content in it.
   * @throws {OutOfRangeError} if there is no such slot.
   */
  pageEntryFor(slot: number, level: number): number {
    this.checkSlot(slot);
    const { gridX, gridY } = this.plan;
    const row = Math.floor(slot / gridX);
    return packPageEntry(slot % gridX, row % gridY, Math.floor(row / gridY), level);
  }

  /**
   * Checks that a slot exists.
   *
   * @throws {OutOfRangeError} if not.
   */
  checkSlot(slot: number): void {
    // Before a message is put together: this runs for every tile.
    if (Number.isInteger(slot) && slot >= 0 && slot < this.plan.slotCount) return;
    checkedInteger(slot, {
      name: "slot",
      range: [0, this.plan.slotCount - 1],
      failure: `Cannot use slot of atlas "${this.label}"`,
    });
  }

  /**
   * Records copies of whole slots, every plane, from another atlas of the same formats and slot
   * size; from itself too, when no slot is both read and written.
   */
  copySlots(encoder: GPUCommandEncoder, from: Atlas, pairs: readonly SlotCopy[]): void {
    if (from.slotTexels !== this.slotTexels || from.formats.join() !== this.formats.join()) {
      throw new InvalidArgumentError(
        "from",
        `Cannot copy slots from atlas "${from.label}" to "${this.label}" as formats and slot ` +
          `size must be the same: current values are ${from.formats.join()} of ` +
          `${from.slotTexels} and ${this.formats.join()} of ${this.slotTexels}`,
      );
    }
    for (const pair of pairs) {
      from.checkSlot(pair.from);
      this.checkSlot(pair.to);
      for (let plane = 0; plane < this.planes.length; plane++) {
        encoder.copyTextureToTexture(
          { texture: from.planes[plane]!, origin: from.#origin(pair.from) },
          { texture: this.planes[plane]!, origin: this.#origin(pair.to) },
          [this.slotTexels, this.slotTexels, 1],
        );
      }
    }
  }

  #origin(slot: number): [number, number, number] {
    return [this.slotLeft(slot), this.slotTop(slot), this.slotLayer(slot)];
  }

  /** Destroys the textures. May be called again. */
  destroy(): void {
    for (const tracked of this.#tracked) tracked.destroy();
  }
}
