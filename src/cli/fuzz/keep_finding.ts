/**
 * Keeps findings as files.
 *
 * @module
 */

import { join } from "node:path";
import type { FindingRecord } from "./fuzzer.ts";

/**
 * Writes a finding into a folder: `READER-SEED-INDEX.bin`, its input, and a `.json` that says what
 * was found.
 */
export function keepFinding(
  folder: string,
  { reader, seed, finding }: {
    readonly reader: string;
    readonly seed: number;
    readonly finding: FindingRecord;
  },
): void {
  Deno.mkdirSync(folder, { recursive: true });
  const path = join(folder, `${reader}-${seed}-${finding.index}`);
  const { bytes, ...rest } = finding;
  Deno.writeTextFileSync(`${path}.json`, JSON.stringify({ reader, seed, ...rest }, null, 2));
  Deno.writeFileSync(`${path}.bin`, Uint8Array.fromBase64(bytes));
}
