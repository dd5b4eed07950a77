/**
 * Puts a filter of system calls on this process.
 *
 * @module
 */

import { addressOf, type CLibrary, openCLibrary, refuseNewPrivileges } from "./c_library.ts";
import { callFilter, INSTRUCTION_BYTES } from "./call_filter.ts";
import { type Architecture, type DeniedCall } from "./denied_calls.ts";

/** From `linux/seccomp.h`. */
const SET_MODE_FILTER = 1n;
const IS_ACTION_AVAILABLE = 2n;
const FAIL_WITH_ERROR = 0x00050000;
const ALL_THREADS = 1n;
const SECCOMP: Record<Architecture, bigint> = { x86_64: 317n, aarch64: 277n };

/** Bytes of `struct sock_fprog`, and where its pointer is. */
const PROGRAM_BYTES = 16;
const PROGRAM_POINTER = 8;

/** Permission flags of a process that will call {@linkcode filterSystemCalls}, and revoke them then. */
export function confiningFlags(): string[] {
  return Deno.build.os === "linux" ? ["--allow-ffi"] : [];
}

/**
 * Denies system calls to all threads of this process, for good: the kernel holds it, whatever the
 * runtime in this process does. Needs the right to load native code.
 *
 * @returns Why there is no filter, or null if there is: systems other than Linux have none.
 */
export function filterSystemCalls(denied: readonly DeniedCall[]): string | null {
  const { os, arch } = Deno.build;
  if (os !== "linux") return null;
  if (!(arch in SECCOMP)) return `numbers of system calls are not known for ${arch}`;
  try {
    return installFilter(openCLibrary(), { denied, architecture: arch });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why system calls cannot be filtered, or null if they can. */
export function whyNoFilter(library: CLibrary): string | null {
  const { arch } = Deno.build;
  if (!(arch in SECCOMP)) return `numbers of system calls are not known for ${arch}`;
  const action = new Uint8Array(Uint32Array.of(FAIL_WITH_ERROR).buffer);
  const answer = library.syscall(SECCOMP[arch], IS_ACTION_AVAILABLE, 0n, addressOf(action), 0n);
  return answer === 0n ? null : "the kernel has no filter of system calls";
}

function installFilter(
  library: CLibrary,
  { denied, architecture }: {
    denied: readonly DeniedCall[];
    architecture: Architecture;
  },
): string | null {
  const filter = callFilter(denied, architecture);
  const program = new Uint8Array(PROGRAM_BYTES);
  const view = new DataView(program.buffer);
  view.setUint16(0, filter.byteLength / INSTRUCTION_BYTES, true);
  view.setBigUint64(PROGRAM_POINTER, addressOf(filter), true);
  // A program that is started with more rights than this process would escape the filter.
  if (!refuseNewPrivileges(library)) {
    return "the kernel keeps programs with further rights";
  }
  const number = SECCOMP[architecture];
  const result = library.syscall(number, SET_MODE_FILTER, ALL_THREADS, addressOf(program), 0n);
  return result === 0n ? null : "the kernel refuses a filter of system calls";
}
