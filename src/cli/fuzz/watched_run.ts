/**
 * Runs inputs in a child process under watch: one that hangs or dies is a finding, and the run goes
 * on behind the input at fault.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { bytesOf, type Fault, type FindingRecord } from "./fuzzer.ts";
import { loadFuzzer } from "./load_fuzzers.ts";

/** What to run. */
export interface WatchedRun {
  /** Path of the fuzzer's module. */
  readonly module: string;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Permission flags of the child. */
  readonly permissions: readonly string[];
  /** Called with the number of inputs that are done. */
  readonly onProgress: (done: number) => void;
  readonly onFinding: (finding: FindingRecord) => void;
  readonly signal?: AbortSignal;
  /** Longest time without an input being done; default {@linkcode MOST_SILENT_MS}. */
  readonly mostSilentMs?: number;
}

/** How a run went. */
export interface RunTotals {
  readonly tried: number;
  readonly accepted: number;
}

/**
 * A reader that takes longer than this hangs. It is several times what a slow one may take, which is
 * told with its time, since a busy machine stops any process for a while; an input that is made
 * smaller is silent for as long.
 */
const MOST_SILENT_MS = 8000;
/** Longest time until the first input: a process has to start, and samples to be made. */
const MOST_START_MS = 30_000;
const CHILD = fileURLToPath(new URL("./fuzz_child.ts", import.meta.url));
/** A busy machine makes anything slow once: such findings must be found again. */
const TO_CONFIRM: readonly Fault[] = ["slow", "memory", "hang", "crash"];
const STDERR_CHARACTERS = 2000;

/** Tries the inputs, all of them whatever happens. */
export async function runWatched(run: WatchedRun): Promise<RunTotals> {
  const end = run.first + run.count;
  let accepted = 0;
  let at = run.first;
  while (at < end && !run.signal?.aborted) {
    const done = at - run.first;
    const part = await runPart({
      ...run,
      first: at,
      count: end - at,
      onProgress: (more) => run.onProgress(done + more),
    });
    accepted += part.accepted;
    at = part.death === null && !run.signal?.aborted ? end : part.next;
    for (const finding of [...part.doubtful, ...part.death === null ? [] : [part.death]]) {
      if (await isFoundAgain(run, finding)) run.onFinding(finding);
    }
  }
  return { tried: at - run.first, accepted };
}

async function isFoundAgain(run: WatchedRun, { index }: FindingRecord): Promise<boolean> {
  const none = { onProgress() {}, onFinding() {} };
  const again = await runPart({ ...run, ...none, first: index, count: 1 });
  return again.death !== null || again.doubtful.length > 0;
}

interface PartResult {
  /** Index behind the last input that was begun. */
  readonly next: number;
  readonly accepted: number;
  /** Findings that are to be confirmed; the others have been told. */
  readonly doubtful: readonly FindingRecord[];
  readonly death: FindingRecord | null;
}

/** Runs one child to its end, by itself or by force. */
async function runPart(run: WatchedRun): Promise<PartResult> {
  const { module, seed, first, count, mostSilentMs = MOST_SILENT_MS } = run;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only", ...run.permissions],
      ...[CHILD, module, ...[seed, first, count].map(String)],
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const doubtful: FindingRecord[] = [];
  let begun = first;
  let accepted = 0;
  let lastMs = performance.now();
  let isStarted = false;
  let fault: Fault | null = null;
  const watch = setInterval(() => {
    const mostMs = isStarted ? mostSilentMs : MOST_START_MS;
    if (performance.now() - lastMs < mostMs && !run.signal?.aborted) return;
    if (!run.signal?.aborted) fault = "hang";
    kill(child);
  }, 250);
  const errors = new Response(child.stderr).text();
  try {
    for await (const line of lines(child.stdout)) {
      lastMs = performance.now();
      isStarted = true;
      if (line.startsWith("{")) {
        const finding: FindingRecord = JSON.parse(line);
        if (TO_CONFIRM.includes(finding.fault)) doubtful.push(finding);
        else run.onFinding(finding);
        continue;
      }
      [begun, accepted] = line.split(" ").map(Number) as [number, number];
      run.onProgress(begun - run.first);
    }
  } finally {
    clearInterval(watch);
    kill(child);
  }
  const { success, signal, code } = await child.status;
  const text = (await errors).slice(-STDERR_CHARACTERS);
  if ((success && begun === first + count) || run.signal?.aborted) {
    return { next: begun, accepted, doubtful, death: null };
  }
  const message = fault === "hang"
    ? `did not end within ${mostSilentMs} ms`
    : `ended the process: ${signal ?? `exit code ${code}`}: ${text}`;
  // The process that died cannot say what it was given.
  const input = await (await loadFuzzer(module)).makeInput(seed, begun);
  const death: FindingRecord = {
    index: begun,
    fault: fault ?? "crash",
    message,
    sample: input.sample,
    edits: input.edits.map(({ what }) => what),
    bytes: bytesOf(input).toBase64(),
  };
  return { next: begun + 1, accepted, doubtful, death };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncIterable<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
