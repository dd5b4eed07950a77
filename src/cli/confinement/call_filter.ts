/**
 * A filter of system calls, as a program for the kernel's packet filter (BPF, see seccomp(2)).
 *
 * @module
 */

import type { Architecture, DeniedArgument, DeniedCall } from "./denied_calls.ts";

/** Bytes of one instruction: `struct sock_filter`. */
export const INSTRUCTION_BYTES = 8;

/** Operations of the filter machine, from `linux/bpf_common.h`. */
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

/** Where things are in `struct seccomp_data`; words are little-endian on both processors. */
const CALL_NUMBER = 0;
const CALL_CONVENTION = 4;
const FIRST_ARGUMENT = 16;
const ARGUMENT_BYTES = 8;

/** What the filter answers, from `linux/seccomp.h`; the error is EPERM. */
const ALLOW = 0x7fff0000;
const FAIL = 0x00050000 | 1;

/** Calling conventions, from `linux/audit.h`. */
const CONVENTION = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const;

/** Numbers of the x32 convention have this bit: its calls have other numbers for the same thing. */
const X32_BIT = 0x40000000;

/** An instruction: jumps count the instructions that they leave out. */
interface Instruction {
  readonly operation: number;
  readonly value: number;
  readonly ifTrue?: number;
  readonly ifFalse?: number;
}

/**
 * A program that lets a call fail with EPERM if it is denied, or comes by another calling convention
 * than the processor's own, and allows every other one.
 */
export function callFilter(
  denied: readonly DeniedCall[],
  architecture: Architecture,
): Uint8Array<ArrayBuffer> {
  const program: Instruction[] = [
    { operation: LOAD_WORD, value: CALL_CONVENTION },
    { operation: JUMP_EQUAL, value: CONVENTION[architecture], ifTrue: 1 },
    { operation: RETURN, value: FAIL },
    { operation: LOAD_WORD, value: CALL_NUMBER },
  ];
  if (architecture === "x86_64") {
    program.push(
      { operation: JUMP_AT_LEAST, value: X32_BIT, ifFalse: 1 },
      { operation: RETURN, value: FAIL },
    );
  }
  for (const call of denied) {
    const number = call[architecture];
    if (number === null) continue;
    const answer = call.only === undefined
      ? [{ operation: RETURN, value: FAIL }]
      : failOnly(call.only);
    program.push({ operation: JUMP_EQUAL, value: number, ifFalse: answer.length }, ...answer);
  }
  program.push({ operation: RETURN, value: ALLOW });
  return encode(program);
}

/** Fails if an argument says so, and allows everything else. */
function failOnly(only: DeniedArgument): Instruction[] {
  const low = FIRST_ARGUMENT + only.argument * ARGUMENT_BYTES;
  const load = { operation: LOAD_WORD, value: low };
  const fail = { operation: RETURN, value: FAIL };
  const allow = { operation: RETURN, value: ALLOW };
  if ("allBut" in only) {
    return [load, { operation: JUMP_EQUAL, value: only.allBut, ifFalse: 1 }, allow, fail];
  }
  if ("bits" in only) {
    return [load, { operation: JUMP_ANY_BIT, value: only.bits, ifFalse: 1 }, fail, allow];
  }
  return [...only.values.flatMap((value) => failForValue(low, value)), allow];
}

/** By the low word alone if the value is not zero: the kernel takes 32 bits of such arguments. */
function failForValue(low: number, value: number): Instruction[] {
  const high: Instruction[] = value !== 0 ? [] : [
    { operation: LOAD_WORD, value: low + 4 },
    { operation: JUMP_EQUAL, value: 0, ifFalse: 1 },
  ];
  return [
    { operation: LOAD_WORD, value: low },
    { operation: JUMP_EQUAL, value, ifFalse: high.length + 1 },
    ...high,
    { operation: RETURN, value: FAIL },
  ];
}

function encode(program: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(program.length * INSTRUCTION_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { operation, value, ifTrue = 0, ifFalse = 0 }] of program.entries()) {
    const at = index * INSTRUCTION_BYTES;
    view.setUint16(at, operation, true);
    view.setUint8(at + 2, ifTrue);
    view.setUint8(at + 3, ifFalse);
    view.setUint32(at + 4, value, true);
  }
  return bytes;
}
