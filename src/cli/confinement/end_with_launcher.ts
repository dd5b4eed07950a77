/**
 * Ends this process when the one that started it ends.
 *
 * @module
 */

import { EXIT_FAILED } from "../../exit_codes.ts";
import { openCLibrary } from "./c_library.ts";

/** From `linux/prctl.h`. */
const SET_PARENT_DEATH_SIGNAL = 1;
const SIGKILL = 9n;

/**
 * Lets Linux end this process when its launcher ends, even if that is killed: nobody would remove what a
 * script leaves, or decode its pictures. Does nothing on other systems, and without native code.
 *
 * @param launcher Process number of the launcher.
 */
export function endWithLauncher(launcher: number): void {
  if (Deno.build.os !== "linux") return;
  try {
    openCLibrary().prctl(SET_PARENT_DEATH_SIGNAL, SIGKILL, 0n, 0n, 0n);
  } catch {
    // The filter of system calls says what is missing.
  }
  // It may have ended before the kernel was asked.
  if (Deno.ppid !== launcher) Deno.exit(EXIT_FAILED);
}
