/**
 * One try of a reader: its verdict, or what it did wrong.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { Finding, type Fuzzer, type Verdict } from "./fuzzer.ts";

/** Longest time that a reader may take over an input. */
export const MOST_MS = 2000;
/** What reading any file may allocate, whatever its dimensions. */
const SPARE_BYTES = 96 * 1024 * 1024;

/** Tries an input. Returns what was found, or the verdict. */
export async function tryBytes(fuzzer: Fuzzer, bytes: Uint8Array): Promise<Verdict | Finding> {
  const allowed = SPARE_BYTES + fuzzer.allowedBytes(bytes);
  const startRss = Deno.memoryUsage().rss;
  const startMs = performance.now();
  let verdict: Verdict;
  try {
    verdict = await fuzzer.tryBytes(bytes);
  } catch (error) {
    return error instanceof Finding ? error : untyped(error);
  }
  const ms = performance.now() - startMs;
  if (ms > MOST_MS) {
    return new Finding("slow", `took ${Math.round(ms)} ms and must take at most ${MOST_MS}`);
  }
  const grown = Deno.memoryUsage().rss - startRss;
  if (grown > allowed) {
    return new Finding("memory", `took ${grown} bytes and must take at most ${allowed}`);
  }
  return verdict;
}

function untyped(error: unknown): Finding {
  const text = error instanceof Error ? error.stack ?? error.message : thrownText(error);
  return new Finding("untyped error", text, { cause: error });
}
