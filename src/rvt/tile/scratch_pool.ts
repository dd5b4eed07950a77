/**
 * What batches of tiles are rendered and packed in, kept from batch to batch.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger, SpareMemory } from "../../gpu/mod.ts";
import { PlanePacker, type PlanePackerOptions } from "../planes/mod.ts";
import { FillTargets, targetBytes } from "./fill_targets.ts";

/** Which batches can use the same scratch memory. */
export type ScratchKind = Required<Omit<PlanePackerOptions, "maxTiles">>;

/** Scratch memory of a batch. */
export interface TileScratch {
  /** What tiles are rendered to. */
  readonly targets: FillTargets;
  /** What packs them. */
  readonly packer: PlanePacker;
}

/** Scratch memory that is there. */
interface Kept extends TileScratch {
  readonly tiles: number;
  readonly bytes: number;
  /** Number of the last submit that uses it, once that has been. */
  lastUse: number;
  /** Recordings that were not submitted yet. */
  pendingCount: number;
  isDropped: boolean;
}

/**
 * Keeps the scratch memory of batches for the next ones, whose commands come after theirs: a set of textures
 * and buffers for each kind of tile, as large as the largest batch so far. Owns them. The ledger has it
 * drop them when the budget is short, and when nothing is rendered for a while.
 */
export class ScratchPool implements SpareMemory {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #kept = new Map<string, Kept>();
  readonly #stopKeeping: () => void;

  /** Begins with none. */
  constructor(device: ForgeDevice, ledger: MemoryLedger) {
    this.#device = device;
    this.#ledger = ledger;
    this.#stopKeeping = ledger.addSpare(this);
  }

  /** Bytes of what is kept. */
  get bytes(): number {
    let bytes = 0;
    for (const kept of this.#kept.values()) bytes += kept.bytes;
    return bytes;
  }

  /**
   * Scratch memory for a batch. Its commands must be part of the device's next submit; the next batch may
   * be recorded with the same memory at once.
   *
   * @throws {BudgetError} if it does not fit the budget.
   */
  take(kind: ScratchKind, tiles: number): TileScratch {
    const key = Object.values(kind).join(" ");
    let kept = this.#kept.get(key);
    if (kept === undefined || kept.tiles < tiles) {
      if (kept !== undefined) this.#drop(key, kept);
      kept = this.#make(key, kind, tiles);
    }
    const taken = kept;
    taken.pendingCount++;
    const { submits } = this.#device;
    submits.afterNextSubmit((isSubmitted) => {
      taken.pendingCount--;
      if (isSubmitted) taken.lastUse = submits.lastSubmitted;
      if (taken.isDropped && taken.pendingCount === 0) destroy(taken);
    });
    return taken;
  }

  #make(key: string, kind: ScratchKind, tiles: number): Kept {
    const { materialType, slotTexels } = kind;
    const options = { ...kind, maxTiles: tiles };
    // In a scope of its own: what is faulty is made again by the next batch.
    const { value: made, error } = this.#device.guard("scratch memory of tiles", () => {
      const targets = new FillTargets(this.#device, this.#ledger, {
        materialType,
        size: [slotTexels, slotTexels],
        tiles,
      });
      try {
        return { targets, packer: new PlanePacker(this.#device, this.#ledger, options) };
      } catch (error) {
        targets.destroy();
        throw error;
      }
    });
    const kept: Kept = {
      ...made,
      tiles,
      bytes: tiles * targetBytes(this.#device, materialType, slotTexels) + made.packer.heldBytes,
      lastUse: 0,
      pendingCount: 0,
      isDropped: false,
    };
    this.#kept.set(key, kept);
    void error.then((failure) => {
      if (failure !== null && this.#kept.get(key) === kept) this.#drop(key, kept);
    });
    return kept;
  }

  #drop(key: string, kept: Kept): void {
    this.#kept.delete(key);
    kept.isDropped = true;
    if (kept.pendingCount === 0) destroy(kept);
  }

  /** See {@linkcode SpareMemory}. */
  drop(): void {
    for (const [key, kept] of this.#kept) this.#drop(key, kept);
  }

  /** Frees everything. */
  destroy(): void {
    this.#stopKeeping();
    this.drop();
  }
}

function destroy({ targets, packer, lastUse }: Kept): void {
  targets.destroy(lastUse);
  packer.destroy(lastUse);
}
