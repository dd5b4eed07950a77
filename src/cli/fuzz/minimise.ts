/**
 * Makes a failing input smaller, as long as it fails in the same way.
 *
 * @module
 */

import { bytesOf, type Edit, Finding, type Fuzzer, type FuzzInput } from "./fuzzer.ts";
import { tryBytes } from "./try_bytes.ts";

/** Findings of one kind that are made smaller, in one process. */
export const MOST_MINIMISED = 12;
/** Longest time that is spent on one input. */
const MOST_MS = 5000;

/**
 * The input with the fewest edits, and of these bytes the shortest beginning, that still gives the
 * same kind of finding.
 */
export async function minimise(
  fuzzer: Fuzzer,
  input: FuzzInput,
  finding: Finding,
): Promise<{ readonly bytes: Uint8Array; readonly edits: readonly Edit[] }> {
  const endMs = performance.now() + MOST_MS;
  const isSame = async (bytes: Uint8Array) => {
    const found = await tryBytes(fuzzer, bytes);
    return found instanceof Finding && found.fault === finding.fault;
  };
  let edits = input.edits;
  for (let at = edits.length - 1; at >= 0 && performance.now() < endMs; at--) {
    const fewer = edits.filter((_, index) => index !== at);
    if (await isSame(bytesOf(input, fewer))) edits = fewer;
  }
  let bytes = bytesOf(input, edits);
  for (let cut = bytes.length >> 1; cut > 0 && performance.now() < endMs;) {
    const shorter = bytes.slice(0, bytes.length - cut);
    if (shorter.length > 0 && await isSame(shorter)) bytes = shorter;
    else cut >>= 1;
  }
  return { bytes, edits };
}
