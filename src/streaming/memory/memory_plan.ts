/**
 * How much memory each part of a system may use now. `PoolSet` writes it, the others read it.
 *
 * @module
 */

import type { BudgetPlan } from "./budget_plan.ts";

/** The plan in force. */
export class MemoryPlan {
  #plan: BudgetPlan;
  #isMoving = false;
  #isReadingPaused = false;
  #poolBytes = 0;

  /** Begins with a plan. */
  constructor(plan: BudgetPlan) {
    this.#plan = plan;
  }

  /** Bytes of tiles that may be in flight: none while pools need that memory to be moved. */
  get inFlightBytes(): number {
    if (this.#isReadingPaused) return 0;
    const { inFlightBytes, atlasBytes, largestTileBytes } = this.#plan;
    // Pools that are larger than their share take of what tiles in flight may hold.
    return Math.max(largestTileBytes, inFlightBytes - Math.max(0, this.#poolBytes - atlasBytes));
  }

  /** Bytes that the budget leaves for atlases. */
  get mostAtlasBytes(): number {
    return this.#plan.mostAtlasBytes;
  }

  /** Notes how much the pools take, once they have been moved. */
  notePools(bytes: number): void {
    this.#poolBytes = bytes;
  }

  /** Lets no tile be read until the pools have been moved. */
  pauseReading(): void {
    this.#isReadingPaused = this.#isMoving;
  }

  /** Bytes that uploads must leave free: all of them while pools are moved through that memory. */
  get slackBytes(): number {
    return this.#isMoving ? Infinity : this.#plan.slackBytes;
  }

  /** Staging bytes of the largest tile. */
  get largestTileBytes(): number {
    return this.#plan.largestTileBytes;
  }

  /** Bytes kept free for what grows. */
  get growthBytes(): number {
    return this.#plan.slackBytes;
  }

  /** Whether pools are being moved, so that no tile may land. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** Puts a plan into force. */
  replacePlan(plan: BudgetPlan): void {
    this.#plan = plan;
  }

  /** Does work while no tile lands. */
  async withoutLandings<T>(work: () => Promise<T>): Promise<T> {
    this.#isMoving = true;
    try {
      return await work();
    } finally {
      this.#isMoving = false;
      this.#isReadingPaused = false;
    }
  }
}
