/**
 * What the kernel can hold of a script's process.
 *
 * @module
 */

import { openCLibrary } from "./c_library.ts";
import { whyNoFilter } from "./filter_calls.ts";
import { whyNoLandlock } from "./landlock.ts";

/** Why the kernel does not hold something, or null where it does. */
export interface KernelReport {
  /** The files that a process reaches, whatever way leads to them. */
  readonly files: string | null;
  /** Calls that no permission of Deno stands for. */
  readonly calls: string | null;
}

/** Asks the kernel. Needs the right to load native code on Linux. */
export function kernelReport(): KernelReport {
  if (Deno.build.os !== "linux") {
    const reason = "only Linux can hold it";
    return { files: reason, calls: reason };
  }
  try {
    const library = openCLibrary();
    return { files: whyNoLandlock(library), calls: whyNoFilter(library) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { files: reason, calls: reason };
  }
}
