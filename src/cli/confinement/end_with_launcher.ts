/**
 * Ends this process when the one that started it ends.
 *
 * @module
 */

import { openCLibrary } from "./c_library.ts";

/** From `linux/prctl.h`. */
const SET_PARENT_DEATH_SIGNAL = 1;
const SIGKILL = 9n;

/**
 * Lets Linux end this process when its launcher ends, even if that is killed: nobody would remove what a
 * script leaves, or decode its pictures. Does nothing on other systems, and without native code.
 */
export function endWithLauncher(): void {
  if (Deno.build.os !== "linux") return;
  try {
    openCLibrary().prctl(SET_PARENT_DEATH_SIGNAL, SIGKILL, 0n, 0n, 0n);
  } catch {
    // The filter of system calls says what is missing.
  }
}
