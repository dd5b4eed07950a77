/// <reference lib="deno.worker" />
/**
 * The other side of `interrupts.ts`: waits for the signal and for standard input.
 *
 * @module
 */
import { INTERRUPT_SIGNAL, SHARED, type WorkerReport } from "./interrupt_memory.ts";

/** A signal this soon after another is the same Ctrl-C. */
const ECHO_MS = 100;
/** Until a signal is stored again. */
const AGAIN_MS = 10;

interface Message {
  /** First of all: the memory to answer through. */
  readonly memory?: SharedArrayBuffer;
  /** From now on, Ctrl-C is stored instead of ending the process. */
  readonly listen?: true;
  /** The signal is stored once more. */
  readonly again?: true;
  /** Most bytes of standard input to read. */
  readonly read?: number;
}

let words = new Int32Array(new SharedArrayBuffer(0));
let data = new Uint8Array(new SharedArrayBuffer(0));

self.onmessage = ({ data: { memory, listen, again, read } }: MessageEvent<Message>) => {
  if (memory) {
    words = new Int32Array(memory, 0, SHARED.dataBytes / 4);
    data = new Uint8Array(memory, SHARED.dataBytes);
  }
  if (again) setTimeout(storeSignal, AGAIN_MS);
  if (listen) {
    let last = -Infinity;
    Deno.addSignalListener("SIGINT", () => {
      // A terminal signals the command and the task runner above it, which passes the signal on.
      const now = performance.now();
      if (now - last > ECHO_MS) storeSignal();
      last = now;
    });
    report("listening");
  }
  if (read) answer(read);
};

function storeSignal(): void {
  Atomics.store(words, SHARED.signal, INTERRUPT_SIGNAL);
  report("signal");
}

function report(what: WorkerReport): void {
  self.postMessage(what);
}

async function answer(wantedBytes: number): Promise<void> {
  const bytes = new Uint8Array(wantedBytes);
  const length = await Deno.stdin.read(bytes).catch(() => -1) ?? 0;
  if (length > 0) data.set(bytes.subarray(0, length));
  Atomics.store(words, SHARED.length, length);
  Atomics.store(words, SHARED.ready, 1);
  Atomics.notify(words, SHARED.ready);
}
