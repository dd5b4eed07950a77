/**
 * Work that Ctrl-C ends in an orderly way.
 *
 * @module
 */

import { removeOwnTemporaries } from "../sources/mod.ts";
import { EXIT_INTERRUPTED } from "./command.ts";

/** Time for work to stop by itself; a decoder or a driver may not be able to. */
const GRACE_MS = 1000;

/**
 * Runs work until it is done, or the process is told to end (Ctrl-C, SIGTERM, a terminal that is
 * closed). Then its signal is aborted, and temporary files are removed even if it does not stop.
 *
 * @param work Answers the exit code.
 * @param message What to print on standard error when it was interrupted.
 */
export async function runInterruptible(
  work: (signal: AbortSignal) => Promise<number>,
  message: string,
): Promise<number> {
  const interrupt = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onInterrupt = () => {
    if (interrupt.signal.aborted) return;
    interrupt.abort();
    timer = setTimeout(() => {
      removeOwnTemporaries();
      console.error(message);
      Deno.exit(EXIT_INTERRUPTED);
    }, GRACE_MS);
  };
  const signals = signalsThatEnd();
  for (const name of signals) Deno.addSignalListener(name, onInterrupt);
  try {
    return await work(interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error(message);
    return EXIT_INTERRUPTED;
  } finally {
    clearTimeout(timer);
    for (const name of signals) Deno.removeSignalListener(name, onInterrupt);
  }
}

function signalsThatEnd(): readonly Deno.Signal[] {
  return Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
}
