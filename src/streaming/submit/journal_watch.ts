/**
 * Ending waits for submits that the device keeps refusing.
 *
 * @module
 */

import type { DeviceError } from "../../errors.ts";

/** Attempts after which the calls that wait are told of the failure. */
export const MAX_ATTEMPTS = 4;

/** How submits have ended so far. */
export interface SubmitCounts {
  valid: number;
  failed: number;
  lastFailure: DeviceError | null;
  /** Valid submits before the last failure. */
  validAtFailure: number;
}

/** Ends a wait when the device keeps refusing what is submitted. */
export class JournalWatch {
  readonly #counts: Readonly<SubmitCounts>;
  #valid: number;
  #failed: number;

  constructor(counts: Readonly<SubmitCounts>) {
    this.#counts = counts;
    this.#valid = counts.valid;
    this.#failed = counts.failed;
  }

  /**
   * Submits in a row that have failed since the wait began.
   *
   * @throws {DeviceError} the last failure, if there were several.
   */
  checkedFailures(): number {
    const { valid, failed, lastFailure } = this.#counts;
    if (valid !== this.#valid) {
      this.#valid = valid;
      this.#failed = failed;
    }
    const failures = failed - this.#failed;
    if (failures >= MAX_ATTEMPTS) throw lastFailure!;
    return failures;
  }
}
