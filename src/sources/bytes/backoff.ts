/**
 * Retries with growing delays.
 *
 * @module
 */

import { checkedFunction, checkedInteger, checkedNumber } from "../../checks.ts";
import { MAX_TIMER_MS, sleep } from "../../waiting.ts";

/** How often to retry, and how soon. */
export interface BackoffOptions {
  /** Attempts in all, the first included. */
  readonly attempts?: number;
  /** Delay before the second attempt in milliseconds; each further delay is twice as long. */
  readonly firstDelayMs?: number;
  /** Longest delay in milliseconds; a server that asks for a longer one is not asked again. */
  readonly maxDelayMs?: number;
  /** Random numbers from 0 to 1: delays are shortened by up to half, so that clients spread out. */
  readonly random?: () => number;
}

/** Defaults of {@linkcode BackoffOptions}. */
export const BACKOFF_DEFAULTS: Readonly<Required<BackoffOptions>> = Object.freeze({
  attempts: 5,
  firstDelayMs: 100,
  maxDelayMs: 30_000,
  random: Math.random,
});

/**
 * Checks options where they are taken.
 *
 * @throws {InvalidArgumentError} if one has the wrong type.
 * @throws {OutOfRangeError} if one is out of its range.
 */
export function checkBackoffOptions(options: BackoffOptions, failure: string): void {
  const { attempts, firstDelayMs, maxDelayMs, random } = { ...BACKOFF_DEFAULTS, ...options };
  checkedInteger(attempts, { name: "attempts", failure, range: [1, Infinity] });
  checkedNumber(firstDelayMs, { name: "firstDelayMs", failure, range: [0, MAX_TIMER_MS] });
  checkedNumber(maxDelayMs, { name: "maxDelayMs", failure, range: [0, MAX_TIMER_MS] });
  checkedFunction(random, { name: "random", failure });
}

/** Result of one attempt. An attempt that throws is final. */
export type Attempt<T> =
  | { readonly done: true; readonly value: T }
  | {
    readonly done: false;
    /** Thrown if no attempt is left. */
    readonly error: Error;
    /** Shortest delay that the server asks for, in milliseconds. */
    readonly retryAfterMs?: number;
  };

/**
 * Repeats an attempt until one is done, one throws, or none is left.
 *
 * @throws the error of the last attempt, or the signal's reason.
 */
export async function withBackoff<T>(
  attempt: () => Promise<Attempt<T>>,
  options: BackoffOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const { attempts, firstDelayMs, maxDelayMs, random } = { ...BACKOFF_DEFAULTS, ...options };
  for (let made = 1;; made++) {
    options.signal?.throwIfAborted();
    const result = await attempt();
    if (result.done) return result.value;
    const asked = result.retryAfterMs ?? 0;
    if (made >= attempts || asked > maxDelayMs) throw result.error;
    const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (made - 1)) * (1 - random() / 2);
    await sleep(Math.max(asked, delayMs), options.signal);
  }
}
