/**
 * Functions of the C library of Linux that no API of Deno stands for.
 *
 * @module
 */

const NAME = "libc.so.6";

/** The functions; see prctl(2), syscall(2), open(2) and execv(3). */
export interface CLibrary {
  prctl(option: number, a: bigint, b: bigint, c: bigint, d: bigint): number;
  syscall(number: bigint, a: bigint, b: bigint, c: bigint, d: bigint): bigint;
  open(path: Uint8Array<ArrayBuffer>, flags: number): number;
  close(file: number): number;
  execv(path: Uint8Array<ArrayBuffer>, argv: Uint8Array<ArrayBuffer>): number;
}

/** Opens the library, for good: every process uses it. Needs the right to load native code. */
export function openCLibrary(): CLibrary {
  return Deno.dlopen(NAME, {
    prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
    syscall: { parameters: ["i64", "u64", "u64", "u64", "u64"], result: "i64" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    execv: { parameters: ["buffer", "buffer"], result: "i32" },
  }).symbols;
}

/** The address of a buffer, which must outlive its use. */
export function addressOf(buffer: Uint8Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
}

/** A text as C has it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** From `linux/prctl.h`. */
const SET_NO_NEW_PRIVILEGES = 38;

/**
 * Lets no program that this thread starts have more rights than it has, which restrictions of the kernel
 * ask for. False if the kernel refuses.
 */
export function refuseNewPrivileges({ prctl }: CLibrary): boolean {
  return prctl(SET_NO_NEW_PRIVILEGES, 1n, 0n, 0n, 0n) === 0;
}

/** Replaces this process by a program; returns only if that fails. */
export function becomeProgram({ execv }: CLibrary, program: string, args: readonly string[]): void {
  const words = [program, ...args].map(cString);
  const argv = new Uint8Array(8 * (words.length + 1));
  const view = new DataView(argv.buffer);
  for (const [index, word] of words.entries()) {
    view.setBigUint64(8 * index, addressOf(word), true);
  }
  execv(words[0]!, argv);
}
