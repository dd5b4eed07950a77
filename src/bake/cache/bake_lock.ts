/**
 * The lock that lets one process at a time bake a texture.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { BakeError } from "../../errors.ts";
import { type FileLock, readLockText, tryLockFile } from "../../sources/mod.ts";
import { sleep } from "../../waiting.ts";

const POLL_MS = 100;
const REPORT_INTERVAL_MS = 200;

/** A lock that is held; its file tells others how far the bake is. */
export class BakeLock {
  readonly #lock: FileLock;
  #reportedMs = -Infinity;

  constructor(lock: FileLock) {
    this.#lock = lock;
  }

  /** Tells those who wait how much is done, 0 to 1. */
  reportFraction(fraction: number): void {
    const now = performance.now();
    if (now < this.#reportedMs + REPORT_INTERVAL_MS) return;
    this.#reportedMs = now;
    try {
      this.#lock.writeText(`${fraction.toFixed(4)}\n`);
    } catch {
      // A full disk fails the bake soon enough, with an error that says so.
    }
  }

  /** Lets the next one in. */
  release(): Promise<void> {
    return this.#lock.release();
  }
}

/**
 * Waits for the lock of a texture. It is free once the process that holds it has let go or ended.
 *
 * @param path The lock's file.
 * @param options `name` is what is baked, in messages. `onWait` is called repeatedly while another
 * holds the lock, with the fraction that is done.
 * @throws {BakeError} if the file cannot be made.
 * @throws The signal's reason.
 */
export async function lockBake(
  path: string,
  { name, signal, onWait }: {
    readonly name: string;
    readonly signal: AbortSignal;
    readonly onWait: (fraction: number) => void;
  },
): Promise<BakeLock> {
  for (;;) {
    signal.throwIfAborted();
    let lock: FileLock | null;
    try {
      lock = await tryLockFile(path);
    } catch (cause) {
      const reason = thrownText(cause);
      throw new BakeError(name, `Cannot bake ${name} as ${path} cannot be written: ${reason}`, {
        cause,
      });
    }
    if (lock !== null) return new BakeLock(lock);
    onWait(Number(await readLockText(path)) || 0);
    await sleep(POLL_MS, signal);
  }
}
