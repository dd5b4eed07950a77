/**
 * Connects Python's standard streams to those of the process, unbuffered.
 *
 * @module
 */

/** One of Python's output streams. */
export interface OutputStream {
  /** Whether it leads to a terminal. */
  readonly isatty: boolean;
  /** Takes bytes and answers how many it took: at least one, unless there were none. */
  write(bytes: Uint8Array): number;
  /** Size of the terminal, where there is one. */
  getTerminalSize?(): { rows: number; columns: number } | undefined;
}

/** Python's input stream. */
export interface InputStream {
  /** Whether it comes from a terminal. */
  readonly isatty: boolean;
  /** Fills at most the given bytes, waiting for the first; 0 is the end of the stream. */
  read(bytes: Uint8Array): number;
}

/** The three standard streams. */
export interface StandardStreams {
  /** What `sys.stdin` reads. */
  readonly stdin: InputStream;
  /** What `sys.stdout` writes to. */
  readonly stdout: OutputStream;
  /** What `sys.stderr` writes to. */
  readonly stderr: OutputStream;
}

/** The part of `Deno.stdout` and `Deno.stderr` that is used. */
export interface DenoOutput {
  /** Writes some of the bytes and answers how many. */
  writeSync(bytes: Uint8Array): number;
  /** Whether someone reads it on a terminal. */
  isTerminal(): boolean;
}

/**
 * An output stream of the process.
 *
 * Failures carry the POSIX name that Python's error is made from: a reader that has closed the
 * stream is a `BrokenPipeError`, as in any Python.
 */
export function outputStream(target: DenoOutput): OutputStream {
  return {
    isatty: target.isTerminal(),
    write: (bytes) => {
      // WebAssembly memory may be shared or move: pass on a private copy.
      const copy = bytes.slice();
      for (;;) {
        try {
          return target.writeSync(copy);
        } catch (error) {
          if (error instanceof Deno.errors.WouldBlock) continue;
          if (error instanceof Deno.errors.BrokenPipe) throw posixError("EPIPE", error);
          throw posixError("EIO", error);
        }
      }
    },
    getTerminalSize: () => {
      try {
        return Deno.consoleSize();
      } catch {
        return undefined;
      }
    },
  };
}

/** An input that ends at once, for interpreters without a user. */
export const EMPTY_INPUT: InputStream = { isatty: false, read: () => 0 };

/** An error that Python sees as an `OSError` with the given POSIX name. */
export function posixError(code: string, cause?: unknown): Error {
  return Object.assign(new Error(code, { cause }), { code });
}
