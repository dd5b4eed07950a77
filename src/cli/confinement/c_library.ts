/**
 * Functions of the C library of Linux that no API of Deno stands for.
 *
 * @module
 */

const NAME = "libc.so.6";

/** The functions; see prctl(2) and syscall(2). */
export interface CLibrary {
  prctl(option: number, a: bigint, b: bigint, c: bigint, d: bigint): number;
  syscall(number: bigint, a: bigint, b: bigint, c: Uint8Array<ArrayBuffer>): bigint;
}

/** Opens the library, for good: every process uses it. Needs the right to load native code. */
export function openCLibrary(): CLibrary {
  return Deno.dlopen(NAME, {
    prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
    syscall: { parameters: ["i64", "u64", "u64", "buffer"], result: "i64" },
  }).symbols;
}
