/**
 * The calls that say what a system does and holds.
 *
 * @module
 */

import type { PartsKeeper } from "./renewal/parts_keeper.ts";
import { lacksContent } from "./renewal/restore_content.ts";
import {
  type MemoryInfo,
  memoryInfo,
  type StreamingStatistics,
  streamingStatistics,
} from "./report.ts";

/** Looks at a system, and changes nothing. */
export class ReportCalls {
  readonly #keeper: PartsKeeper;

  /** @param keeper Borrowed. */
  constructor(keeper: PartsKeeper) {
    this.#keeper = keeper;
  }

  /** See `VirtualTextureSystem.getStatistics`. */
  getStatistics(): StreamingStatistics {
    const { residency, ledger, pools, plan, set, frames } = this.#keeper.parts;
    return streamingStatistics(residency, ledger, {
      pools: [...pools.pools],
      atlasBytes: plan.mostAtlasBytes,
      ...set.counters,
      feedbackOverflow: frames.feedbackLoop.overflow,
    });
  }

  /** See `VirtualTextureSystem.getMemoryInfo`. */
  getMemoryInfo(): MemoryInfo {
    const { ledger, pools } = this.#keeper.parts;
    return memoryInfo(ledger, [...pools.pools]);
  }

  /** See `VirtualTextureSystem.peakMemory`. */
  get peakMemory(): number {
    return this.#keeper.parts.ledger.peakBytes;
  }

  /** See `VirtualTextureSystem.isRestored`. */
  get isRestored(): boolean {
    return !this.#keeper.isWaiting && !lacksContent(this.#keeper.parts);
  }
}
