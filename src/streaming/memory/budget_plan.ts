/**
 * How the budget is cut: feedback, tiles in flight, staging, scratch, page tables, and the rest for
 * atlases. Pure.
 *
 * @module
 */

import { leastPoolBytes, type PoolDemand, VIEW_TILES, viewPoolBytes } from "./pool_budget.ts";

/** What a plan must have room for. */
export interface BudgetNeeds {
  readonly pools: readonly PoolDemand[];
  /** Bytes of all page tables with their buffers. */
  readonly tableBytes: number;
  /** Staging bytes of the largest tile that is uploaded. */
  readonly largestTileBytes: number;
  /** Scratch bytes of the largest tile that is drawn; 0 if none is. */
  readonly scratchBytes: number;
}

/** Bytes of each part. */
export interface BudgetPlan {
  readonly feedbackKeys: number;
  readonly feedbackBytes: number;
  /**
   * Memory through which tiles are uploaded and pools moved, and beside them for scratch: what
   * encodes textures while they are loaded.
   */
  readonly stagingBytes: number;
  /** Part of the staging bytes that encoding leaves to uploads: one tile of the largest kind. */
  readonly largestTileBytes: number;
  /** Memory for drawing the largest tile. */
  readonly scratchBytes: number;
  /** CPU memory for tiles that are being read or wait to be uploaded. */
  readonly inFlightBytes: number;
  /** Kept free for what comes and goes: records of edits, rounding. */
  readonly slackBytes: number;
  /** What is left for atlases, in steps. */
  readonly atlasBytes: number;
  /** What is really left: atlases that are larger than {@linkcode atlasBytes} may stay so. */
  readonly mostAtlasBytes: number;
}

/** Bytes that the feedback's table, its reduction and its ring of three take for each key. */
const FEEDBACK_BYTES_PER_KEY = 5 * 8;
const FEEDBACK_HEADERS = 5 * 8;
/** An atlas may have fewer slots than asked for, by this factor: ask for that much more. */
export const ATLAS_ROUNDING = 1.02;
const MIB = 1024 * 1024;
/** Scratch without which nothing can be encoded: a row of blocks of tiles of 1024 texels. */
const LEAST_ENCODING_BYTES = 32 * 1024;
/** The least that is kept free for records of edits. */
export const LEAST_GROWTH_BYTES = 32 * 1024;
const LEAST_FEEDBACK_KEYS = 256;
const MOST_FEEDBACK_KEYS = 16384;
/** Part of the budget through which tiles come, and the least where memory is short. */
const TRANSFER_PART = 1 / 4;
const LEAST_TRANSFER_PART = 1 / 8;
const MOST_TRANSFER_BYTES = 48 * MIB;
/**
 * What a small budget gives that holds the tiles of a view anyway, until they find room in flight all
 * together: a tile holds memory for as many updates as its read takes, so that too little of it costs a
 * round of reads for each time that it is filled.
 */
const VIEW_TRANSFER_PART = 3 / 8;
/** Part of that for tiles in flight; what they leave free is for those on their way to the GPU. */
const IN_FLIGHT_PART = 7 / 8;
/**
 * Budgets are cut in steps of this, in which every share is an integer that grows less than its
 * budget: more memory never means smaller atlases, and what fits into a budget fits into any larger.
 */
const GRAIN_BYTES = 64 * 1024;
/**
 * What atlases get shrinks in steps of this part of the budget as textures are added, so that pools
 * are not moved for every texture.
 */
const ATLAS_STEPS = 32;
/** What the least pools need is rounded up to so many steps from one power of two to the next. */
const STEPS_PER_DOUBLING = 8;

/** Cuts a budget; the atlas part may come out negative if it is too small. */
export function planBudget(budgetBytes: number, needs: BudgetNeeds): BudgetPlan {
  const whole = budgetBytes - budgetBytes % GRAIN_BYTES;
  const feedbackShare = Math.min(
    MOST_FEEDBACK_KEYS * FEEDBACK_BYTES_PER_KEY,
    Math.max(LEAST_FEEDBACK_KEYS * FEEDBACK_BYTES_PER_KEY, whole / 64),
  );
  const feedbackKeys = 2 ** Math.floor(Math.log2(feedbackShare / FEEDBACK_BYTES_PER_KEY));
  const feedbackBytes = feedbackKeys * FEEDBACK_BYTES_PER_KEY + FEEDBACK_HEADERS;
  const growthBytes = Math.max(LEAST_GROWTH_BYTES, Math.min(4 * MIB, whole / 64));
  const { scratchBytes, tableBytes, largestTileBytes } = needs;
  const least = leastPoolBytes(needs.pools);
  const view = viewPoolBytes(needs.pools);
  const shared = whole - feedbackShare - FEEDBACK_HEADERS - growthBytes - scratchBytes -
    tableBytes;
  const leastStaging = largestTileBytes + LEAST_ENCODING_BYTES;
  const leastTransfer = largestTileBytes + Math.max(leastStaging, mostPinnedBytes(needs.pools));
  const transferBytes = Math.max(
    leastTransfer,
    Math.min(
      MOST_TRANSFER_BYTES,
      Math.max(whole * TRANSFER_PART, viewTransfer(whole, largestTileBytes, shared - view)),
      Math.max(Math.floor(whole * LEAST_TRANSFER_PART), shared - inSteps(least)),
    ),
  );
  const most = shared - transferBytes;
  const stepped = whole === 0
    ? most
    : Math.floor(most * ATLAS_STEPS / whole) * (whole / ATLAS_STEPS);
  const atlasBytes = Math.min(most, Math.max(stepped, least, view));
  // What the steps leave over is of use here.
  const wholeTransfer = transferBytes + most - atlasBytes;
  const inFlightBytes = Math.min(
    Math.max(largestTileBytes, Math.floor(wholeTransfer * IN_FLIGHT_PART)),
    wholeTransfer - leastStaging,
  );
  const stagingBytes = wholeTransfer - inFlightBytes;
  return {
    feedbackKeys,
    feedbackBytes,
    stagingBytes,
    largestTileBytes,
    scratchBytes,
    inFlightBytes,
    slackBytes: growthBytes + (budgetBytes - whole) +
      (feedbackShare + FEEDBACK_HEADERS - feedbackBytes),
    atlasBytes,
    mostAtlasBytes: most,
  };
}

/** Rounds up in steps that do not depend on the budget. */
function inSteps(bytes: number): number {
  if (bytes <= 0) return 0;
  const step = Math.ceil(2 ** Math.floor(Math.log2(bytes)) / STEPS_PER_DOUBLING);
  return Math.ceil(bytes / step) * step;
}

/** What the tiles of a view come through at once, as far as a view leaves it free. */
function viewTransfer(whole: number, largestTileBytes: number, freeBytes: number): number {
  return Math.min(
    Math.floor(whole * VIEW_TRANSFER_PART),
    Math.ceil(VIEW_TILES * largestTileBytes / IN_FLIGHT_PART),
    freeBytes,
  );
}

/**
 * Most bytes that a pool's pinned tiles take. A pool is resized through the memory that tiles come
 * through, so there must be that much even while there is one pool: others may come.
 */
function mostPinnedBytes(pools: readonly PoolDemand[]): number {
  let most = 0;
  for (const { slotBytes, textures } of pools) {
    const pinned = textures.reduce((sum, texture) => sum + texture.pinned, 0);
    most = Math.max(most, slotBytes * Math.ceil(pinned * ATLAS_ROUNDING));
  }
  return most;
}

function fits(budgetBytes: number, needs: BudgetNeeds): boolean {
  return planBudget(budgetBytes, needs).atlasBytes >= leastPoolBytes(needs.pools);
}

/** Whether a budget has room for the needs; if not, the least that has, in bytes. */
export function missingBudget(budgetBytes: number, needs: BudgetNeeds): number | null {
  if (fits(budgetBytes, needs)) return null;
  let low = budgetBytes;
  let high = Math.max(MIB, budgetBytes);
  while (!fits(high, needs)) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle, needs)) high = middle;
    else low = middle;
  }
  return high;
}
