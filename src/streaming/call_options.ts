/**
 * Options that several calls of a system share, and their checks.
 *
 * @module
 */

import { checkedSignal, checkedSignalOption, checkOptionNames } from "../checks.ts";
import type { StreamedTexture } from "./streamed_texture.ts";
import { checkedTimeBudget, type WaitOptions } from "./wait/tile_waiter.ts";

/** Options of calls that can be cancelled. */
export interface AbortOptions {
  /** Cancels the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode VirtualTextureSystem.updateNow}. */
export interface UpdateOptions {
  /** Streams for this texture only; the others keep what they have as far as there is room. */
  readonly texture?: StreamedTexture | null;
}

/** Options of a wait for tiles, checked. */
export interface CheckedWait {
  /** Null for no limit. */
  readonly timeBudgetMs: number | null;
  readonly signal: AbortSignal | undefined;
}

const UPDATE_FAILURE = "Cannot update";
const WAIT_FAILURE = "Cannot wait for tiles";

const UPDATE_NOW_NAMES: readonly (keyof UpdateOptions)[] = ["texture"];
const WAIT_NAMES: readonly (keyof WaitOptions)[] = ["timeBudgetMs", "signal"];
const UPDATE_NAMES: readonly string[] = [...UPDATE_NOW_NAMES, ...WAIT_NAMES];

/**
 * Checks the options of a call that can be cancelled.
 *
 * @param failure What cannot be done, for the message.
 * @returns The signal.
 * @throws {InvalidArgumentError} for an option that does not exist, or a signal that is none.
 */
export function checkedAbort(options: AbortOptions, failure: string): AbortSignal | undefined {
  return checkedSignalOption(options, failure);
}

/**
 * Checks the names of the options of a frame that does not wait.
 *
 * @throws {InvalidArgumentError} for an option that does not exist.
 */
export function checkUpdateNow(options: UpdateOptions): void {
  checkOptionNames(options, { failure: UPDATE_FAILURE, names: UPDATE_NOW_NAMES });
}

/**
 * Checks the options of a frame that waits, before it waits for anything.
 *
 * @param textures Throws for what is not a texture of the system.
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} if the time budget is negative or NaN.
 */
export function checkedUpdate(
  options: UpdateOptions & WaitOptions,
  textures: { stateOf(texture: StreamedTexture): unknown },
): CheckedWait {
  checkOptionNames(options, { failure: UPDATE_FAILURE, names: UPDATE_NAMES });
  const { texture = null } = options;
  if (texture !== null) textures.stateOf(texture);
  return checkedWaitValues(options, UPDATE_FAILURE);
}

/**
 * Checks the options of a wait for tiles.
 *
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} if the time budget is negative or NaN.
 */
export function checkedWait(options: WaitOptions): CheckedWait {
  checkOptionNames(options, { failure: WAIT_FAILURE, names: WAIT_NAMES });
  return checkedWaitValues(options, WAIT_FAILURE);
}

function checkedWaitValues({ timeBudgetMs, signal }: WaitOptions, failure: string): CheckedWait {
  return {
    timeBudgetMs: checkedTimeBudget(timeBudgetMs),
    signal: checkedSignal(signal, failure),
  };
}
