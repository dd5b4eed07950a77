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

  /** Begins with a plan. */
  constructor(plan: BudgetPlan) {
    this.#plan = plan;
  }

  /** Bytes of tiles that may be in flight. */
  get inFlightBytes(): number {
    return this.#plan.inFlightBytes;
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
    }
  }
}
