/**
 * Decompresses what may be hostile: the output is bounded, and comes in parts.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import { Complaint } from "../complaint.ts";

/**
 * Compressed bytes that are given to the decompressor at once. Some decompressors turn all of them
 * into one part, up to 1032 times as large.
 */
const STEP_BYTES = 4096;

/**
 * Decompresses gzip part by part; leaving the loop ends the work.
 *
 * @throws {Complaint} if the bytes are damaged.
 */
export async function* inflatedParts(
  bytes: Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let at = 0;
  const steps = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(at, at + STEP_BYTES));
      at += STEP_BYTES;
    },
  });
  try {
    // What the caller does with a part is outside of this.
    yield* steps.pipeThrough(new DecompressionStream("gzip"));
  } catch (cause) {
    throw new Complaint(thrownText(cause), { cause });
  }
}

/**
 * Decompresses gzip.
 *
 * @throws {Complaint} if more than `limitBytes` come out, or the bytes are damaged.
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  { limitBytes }: { readonly limitBytes: number },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of inflatedParts(bytes)) {
    total += part.byteLength;
    if (total > limitBytes) throw new Complaint(`more than ${limitBytes} bytes come out of gzip`);
    parts.push(part);
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
