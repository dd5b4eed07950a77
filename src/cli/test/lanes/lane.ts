/**
 * Lanes: tests that run together, in one environment that they need.
 *
 * @module
 */

import type { SetupHost } from "../../setup_host.ts";

/** Tests that run together. */
export interface Lane {
  /** Name as typed. */
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
  /** Matches its test files: paths with forward slashes, from the project's folder. */
  readonly files: RegExp;
  /** True if no other lane runs its files, so that the lane `fast` leaves them out. */
  readonly ownsFiles: boolean;
  /** True if it runs by default. */
  readonly isDefault: boolean;
  /**
   * True if it runs only when it is named, not with all lanes: one that takes longer than five
   * minutes on two cores.
   */
  readonly isOnRequest?: boolean;
  /** Environment variables of its tests. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Installs what its tests need, where that can be done.
   *
   * @throws {Error} if what it needs exists but does not work, which counts as a failed test
   */
  setUp?(host: SetupHost): Promise<LaneSetup>;
}

/** Outcome of setting up a lane. */
export type LaneSetup =
  /** Its tests can run, with these environment variables beside the lane's own. */
  | { readonly environment: Readonly<Record<string, string>> }
  /** They cannot, for this reason. */
  | { readonly skipReason: string };
