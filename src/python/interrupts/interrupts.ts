/**
 * Ctrl-C and standard input while Python is busy.
 *
 * Python runs on the main thread and may not return to the event loop for minutes, so a worker
 * listens for the signal and reads standard input. Both talk through shared memory: the
 * interpreter checks for the signal between bytecodes, and a blocked read does so many times a
 * second.
 *
 * @module
 */
import {
  INTERRUPT_SIGNAL,
  READ_CHUNK_BYTES,
  SHARED,
  type WorkerReport,
} from "./interrupt_memory.ts";
import { type InputStream, posixError } from "../stdio.ts";

const POLL_MS = 50;
/** How long a running program may take to see a signal. */
const GRACE_MS = 50;
/** How often a signal that nobody has taken is offered again. */
const TRIES = 4;

/** One wait of a program. */
export interface Wait {
  /**
   * Resolves when what is waited for has settled, or Ctrl-C has come. A property, as Python then
   * gets the promise itself: a returned one would go through its event loop first.
   */
  readonly over: Promise<unknown>;
  /** Ends the wait once the program runs again; returns whether Ctrl-C came first. */
  end(): boolean;
}

/** How Ctrl-C reaches a program that waits. */
export interface Waits {
  /**
   * Begins a wait. It counts until its end, not only until the promise settles: in between, the
   * program still stands in this wait, and interrupting the one around it would wait for a task
   * that cannot be cancelled.
   */
  begin(promise: Promise<unknown>): Wait;
  /** Interrupts the wait that began last; false when there is none. */
  wake(): boolean;
  /**
   * Stores a signal again, a little later, that came where the program cannot be interrupted: at once
   * it would come in the same place.
   */
  again(): void;
}

/** A signal watcher with an input stream that it can interrupt. */
export interface Interrupts {
  /** The buffer for Pyodide's `setInterruptBuffer`. */
  readonly buffer: Uint8Array;
  /** Standard input of the process. */
  readonly stdin: InputStream;
  /** Through which Python waits. */
  readonly waits: Waits;
  /** Begins to listen for Ctrl-C, which ends the process until the answer. */
  listen(): Promise<void>;
  /** Stops listening; Ctrl-C ends the process again. */
  close(): void;
}

/**
 * Makes what hears Ctrl-C once it is told to listen.
 *
 * @param onStuck Called when no program runs, or it waits in a way that cannot be interrupted.
 */
export function watchInterrupts(onStuck: () => void): Interrupts {
  const memory = new SharedArrayBuffer(SHARED.dataBytes + READ_CHUNK_BYTES);
  const words = new Int32Array(memory, 0, SHARED.dataBytes / 4);
  const worker = new Worker(new URL("./interrupt_worker.ts", import.meta.url), {
    type: "module",
    name: "forge3d: signals and standard input",
  });
  worker.postMessage({ memory });

  const waiting: (() => void)[] = [];
  const wake = () => {
    const interrupt = waiting.pop();
    interrupt?.();
    return interrupt !== undefined;
  };
  const begin = (promise: Promise<unknown>): Wait => {
    const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
    waiting.push(interrupt);
    return {
      over: Promise.race([promise, interrupted]),
      end: () => {
        const at = waiting.indexOf(interrupt);
        if (at >= 0) waiting.splice(at, 1);
        return at < 0;
      },
    };
  };
  // The event loop runs only while the program waits: take the signal back, and end the wait.
  const suspended = (tries: number) => {
    setTimeout(() => {
      if (Atomics.exchange(words, SHARED.signal, 0) === 0 || wake()) return;
      if (tries <= 1) return onStuck();
      // Between two waits: the program, or its next wait, may still take the signal.
      Atomics.store(words, SHARED.signal, INTERRUPT_SIGNAL);
      suspended(tries - 1);
    }, GRACE_MS);
  };
  const heard = () => suspended(TRIES);
  // Only the worker listens, and reports a signal after storing it. With two listeners the order is
  // not defined, and the second one could store the signal when nothing checks for it any more.
  const { promise: listens, resolve: listening } = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
    if (data === "listening") listening();
    else heard();
  };

  return {
    buffer: new Uint8Array(memory, SHARED.signal, 1),
    stdin: sharedInput(worker, memory, words),
    waits: {
      begin,
      wake,
      again: () => worker.postMessage({ again: true }),
    },
    listen: () => {
      worker.postMessage({ listen: true });
      return listens;
    },
    close: () => worker.terminate(),
  };
}

function sharedInput(worker: Worker, memory: SharedArrayBuffer, words: Int32Array): InputStream {
  const data = new Uint8Array(memory, SHARED.dataBytes);
  let asked = false;
  // The answer to an interrupted read may come later, when the next reader wants fewer bytes.
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
