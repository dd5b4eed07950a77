/**
 * CPU memory for tiles that are being read or wait to be uploaded.
 *
 * @module
 */

import { BudgetError } from "../../errors.ts";
import type { MemoryLedger, Reservation } from "../../gpu/mod.ts";

/** What says how much may be in flight, such as a system's memory plan. */
export interface InFlightPlan {
  /** Bytes that tiles in flight may hold now. */
  readonly inFlightBytes: number;
}

/** Bounds the bytes of tiles in flight, over all textures of a system. */
export class InFlightBudget {
  readonly #plan: InFlightPlan;
  readonly #freeMemory: () => boolean;
  readonly #held: Reservation;

  /**
   * Holds nothing.
   *
   * @param plan Read at each request; one tile is always let through.
   * @param freeMemory Finds out whether the GPU is done with memory that still counts as used.
   */
  constructor(
    ledger: MemoryLedger,
    plan: InFlightPlan,
    freeMemory: () => boolean = () => false,
  ) {
    this.#plan = plan;
    this.#freeMemory = freeMemory;
    this.#held = ledger.reserve("caches", 0);
  }

  /** Bytes that are held now. */
  get heldBytes(): number {
    return this.#held.bytes;
  }

  /**
   * Holds bytes for a tile.
   *
   * @param isUrgent Whether the limit does not matter, but only the whole budget.
   * @returns Whether there is room.
   */
  tryHold(bytes: number, isUrgent: boolean): boolean {
    const { bytes: held } = this.#held;
    if (!isUrgent && held > 0 && held + bytes > this.#plan.inFlightBytes) return false;
    return this.#tryResize(held + bytes) ||
      (this.#freeMemory() && this.#tryResize(held + bytes));
  }

  #tryResize(bytes: number): boolean {
    try {
      this.#held.resize(bytes);
      return true;
    } catch (error) {
      if (error instanceof BudgetError) return false;
      throw error;
    }
  }

  /** Gives bytes back. */
  giveBack(bytes: number): void {
    this.#held.resize(this.#held.bytes - bytes);
  }
}
