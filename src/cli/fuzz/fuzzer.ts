/**
 * What a fuzzer is: a module `tests/fuzz/READER_fuzz.ts` that exports `fuzzer`.
 *
 * @module
 */

/** One replacement in bytes: at a place, some bytes by others. */
export interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly inserted: Uint8Array;
  /** What the edit does, in words. */
  readonly what: string;
}

/** An input: a valid file and the edits that were made to it. */
export interface FuzzInput {
  /** Name of the valid file. */
  readonly sample: string;
  readonly bytes: Uint8Array;
  readonly edits: readonly Edit[];
  /** Corrects checksums in place after the edits; absent if there are none to correct. */
  readonly seal?: ((bytes: Uint8Array) => void) | undefined;
}

/** What a reader did with an input, and was right to do. */
export type Verdict = "accepted" | "refused";

/** Kinds of what a reader must not do. */
export type Fault =
  | "untyped error"
  | "wrong accept"
  | "wrong refusal"
  | "wrong texels"
  | "slow"
  | "memory"
  | "hang"
  | "crash";

/** Something that a reader must not do. */
export class Finding extends Error {
  readonly fault: Fault;
  /** Takes the kind, and what happened. */
  constructor(fault: Fault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** A finding as the child tells it. */
export interface FindingRecord {
  readonly index: number;
  readonly fault: Fault;
  readonly message: string;
  /** The valid file that the input was made from. */
  readonly sample: string;
  /** What was changed in it. */
  readonly edits: readonly string[];
  /** The input, or one that was made smaller and fails in the same way, in base64. */
  readonly bytes: string;
}

/** Makes inputs for one reader, and judges what the reader does with them. */
export interface Fuzzer {
  /** As typed on the command line. */
  readonly name: string;
  /** What is read, in one line. */
  readonly description: string;
  /** Input number `index` of a seed: the same arguments give the same bytes. */
  makeInput(seed: number, index: number): FuzzInput | Promise<FuzzInput>;
  /**
   * Reads a file as the library does.
   *
   * @throws {Finding} if the reader does not do what an independent judge expects.
   * @throws What the reader throws that is no error of the library.
   */
  tryBytes(bytes: Uint8Array): Promise<Verdict>;
  /** Bytes that reading a file may allocate, by what its dimensions imply. */
  allowedBytes(bytes: Uint8Array): number;
}

/** Bytes of an input, or of one with fewer edits. */
export function bytesOf(input: FuzzInput, edits: readonly Edit[] = input.edits): Uint8Array {
  let bytes = input.bytes.slice();
  for (const { at, removed, inserted } of edits) {
    const begin = Math.min(at, bytes.length);
    const end = Math.min(begin + removed, bytes.length);
    const edited = new Uint8Array(begin + inserted.length + bytes.length - end);
    edited.set(bytes.subarray(0, begin));
    edited.set(inserted, begin);
    edited.set(bytes.subarray(end), begin + inserted.length);
    bytes = edited;
  }
  input.seal?.(bytes);
  return bytes;
}
