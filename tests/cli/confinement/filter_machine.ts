/**
 * The kernel's filter machine, for the operations that filters of system calls use here.
 *
 * @module
 */

/** A system call as a filter sees it. */
export interface SeenCall {
  readonly number: number;
  /** Calling convention: `AUDIT_ARCH_…`. */
  readonly convention: number;
  readonly arguments?: readonly bigint[];
}

/** What the filter answers: `SECCOMP_RET_…`. */
export function runFilter(program: Uint8Array, call: SeenCall): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.convention, true);
  for (const [index, value] of (call.arguments ?? []).entries()) {
    data.setBigUint64(16 + 8 * index, value, true);
  }
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  let accumulator = 0;
  for (let at = 0;; at++) {
    if (8 * at >= program.byteLength) throw new Error("the program has no answer");
    const operation = code.getUint16(8 * at, true);
    const [ifTrue, ifFalse] = [code.getUint8(8 * at + 2), code.getUint8(8 * at + 3)];
    const value = code.getUint32(8 * at + 4, true);
    if (operation === 0x06) return value;
    if (operation === 0x20) accumulator = data.getUint32(value, true);
    else if (operation === 0x15) at += accumulator === value ? ifTrue : ifFalse;
    else if (operation === 0x35) at += accumulator >= value ? ifTrue : ifFalse;
    else if (operation === 0x45) at += (accumulator & value) !== 0 ? ifTrue : ifFalse;
    else throw new Error(`operation ${operation} is not known`);
  }
}
