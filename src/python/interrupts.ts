/**
 * Ctrl-C and standard input while Python is busy.
 *
 * Python runs on the main thread and may not return to the event loop for minutes, so a worker
 * listens for the signal and reads standard input. Both talk through shared memory: the
 * interpreter looks at the signal between bytecodes, and a blocked read looks at it many times a
 * second.
 *
 * @module
 */
import { READ_CHUNK_BYTES, SHARED } from "./interrupt_memory.ts";
import { type InputStream, posixError } from "./stdio.ts";

const POLL_MS = 50;
/** How long the worker may take to hear of a signal that this thread has heard of. */
const GRACE_MS = 50;

/** A signal watcher with an input stream that it can interrupt. */
export interface Interrupts {
  /** What Pyodide's `setInterruptBuffer` wants. */
  readonly buffer: Uint8Array;
  /** Standard input of the process. */
  readonly stdin: InputStream;
  /** Resolves to false after a time, or to true soon after Ctrl-C. */
  wakeAfter(delayMs: number): Promise<boolean>;
  /** Stops listening; Ctrl-C ends the process again. */
  close(): void;
}

/**
 * Starts to watch for Ctrl-C.
 *
 * @param onStuck Called when Python is suspended in a wait and so cannot notice the signal, or
 *   noticed it outside the program's own frames.
 */
export function watchInterrupts(onStuck: () => void): Interrupts {
  const memory = new SharedArrayBuffer(SHARED.dataBytes + READ_CHUNK_BYTES);
  const words = new Int32Array(memory, 0, SHARED.dataBytes / 4);
  const worker = new Worker(new URL("./interrupt_worker.ts", import.meta.url), {
    type: "module",
    name: "forge3d: signals and standard input",
  });
  worker.postMessage({ memory });

  const sleepers = new Set<() => void>();
  // The event loop turns only while Python is suspended. Its own callbacks, which may run before
  // the program goes on, must not see the signal: take it back, and hand it to who sleeps.
  const suspended = () => {
    setTimeout(() => {
      if (Atomics.exchange(words, SHARED.signal, 0) === 0) return;
      if (sleepers.size === 0) onStuck();
      for (const wake of sleepers) wake();
    }, GRACE_MS);
  };
  Deno.addSignalListener("SIGINT", suspended);
  // Between two callbacks of an event loop in Python there is no frame that could catch it.
  const uncaught = (event: PromiseRejectionEvent) => {
    if ((event.reason as { type?: string } | null)?.type !== "KeyboardInterrupt") return;
    event.preventDefault();
    onStuck();
  };
  globalThis.addEventListener("unhandledrejection", uncaught);

  return {
    buffer: new Uint8Array(memory, SHARED.signal, 1),
    stdin: sharedInput(worker, memory, words),
    wakeAfter: (delayMs) =>
      new Promise((resolve) => {
        const finish = (interrupted: boolean) => {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve(interrupted);
        };
        const wake = () => finish(true);
        const timer = setTimeout(finish, delayMs, false);
        sleepers.add(wake);
      }),
    close: () => {
      globalThis.removeEventListener("unhandledrejection", uncaught);
      Deno.removeSignalListener("SIGINT", suspended);
      worker.terminate();
    },
  };
}

function sharedInput(worker: Worker, memory: SharedArrayBuffer, words: Int32Array): InputStream {
  const data = new Uint8Array(memory, SHARED.dataBytes);
  let asked = false;
  // An interrupted read may be answered later, for a reader that wants less.
  let left = new Uint8Array();
  const take = (bytes: Uint8Array): number => {
    const length = Math.min(left.length, bytes.length);
    bytes.set(left.subarray(0, length));
    left = left.subarray(length);
    return length;
  };
  const read = (bytes: Uint8Array): number => {
    if (bytes.length === 0 || left.length > 0) return take(bytes);
    if (!asked) {
      asked = true;
      worker.postMessage({ read: Math.min(bytes.length, READ_CHUNK_BYTES) });
    }
    while (Atomics.wait(words, SHARED.ready, 0, POLL_MS) === "timed-out") {
      if (Atomics.load(words, SHARED.signal) !== 0) throw posixError("EINTR");
    }
    asked = false;
    Atomics.store(words, SHARED.ready, 0);
    const length = Atomics.load(words, SHARED.length);
    if (length < 0) throw posixError("EIO");
    left = data.slice(0, length);
    return take(bytes);
  };
  return { isatty: Deno.stdin.isTerminal(), read };
}
