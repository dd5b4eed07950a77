/**
 * Tries a row of inputs in a process of its own, which may hang or die. Standard output has a line
 * for each input before it is tried, and a line of JSON for each finding.
 *
 * @module
 */

import { bytesOf, type Fault, Finding, type FindingRecord } from "./fuzzer.ts";
import { loadFuzzer } from "./load_fuzzers.ts";
import { minimise, MOST_MINIMISED } from "./minimise.ts";
import { tryBytes } from "./try_bytes.ts";

const encoder = new TextEncoder();

function say(line: string): void {
  const bytes = encoder.encode(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

const [module = "", seedText, firstText, countText] = Deno.args;
const [seed, first, count] = [seedText, firstText, countText].map(Number) as [
  number,
  number,
  number,
];
const fuzzer = await loadFuzzer(module);
const counts = new Map<Fault, number>();
let accepted = 0;
for (let index = first; index < first + count; index++) {
  say(`${index} ${accepted}`);
  const input = await fuzzer.makeInput(seed, index);
  const found = await tryBytes(fuzzer, bytesOf(input));
  if (found === "accepted") accepted++;
  if (!(found instanceof Finding)) continue;
  const seen = (counts.get(found.fault) ?? 0) + 1;
  counts.set(found.fault, seen);
  // Making it smaller takes a time of its own.
  say(`${index} ${accepted}`);
  const { bytes, edits } = seen <= MOST_MINIMISED
    ? await minimise(fuzzer, input, found)
    : { bytes: bytesOf(input), edits: input.edits };
  const record: FindingRecord = {
    index,
    fault: found.fault,
    message: found.message,
    sample: input.sample,
    edits: edits.map(({ what }) => what),
    bytes: bytes.toBase64(),
  };
  say(JSON.stringify(record));
}
say(`${first + count} ${accepted}`);
