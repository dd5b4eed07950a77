/**
 * Ctrl-C in the launcher, from its first moment on. It imports nothing, so that it comes first.
 *
 * A terminal signals every process of the command; `kill` may signal the launcher alone. The signal
 * is passed on to the process that works, which may so get it twice.
 *
 * @module
 */

/** Exit code of a program that Ctrl-C ended: 128 and the signal's number. */
const EXIT_INTERRUPTED = 130;

/** What Ctrl-C does while a process works. */
export class Interruption {
  readonly #name: string;
  readonly #ends: (() => void)[] = [];
  #child: Deno.ChildProcess | null = null;
  #isReported = false;

  /**
   * Begins to listen.
   *
   * @param name The task, which decides what is printed.
   */
  constructor(name: string) {
    this.#name = name;
    Deno.addSignalListener("SIGINT", () => {
      if (this.#child === null) this.#exit(this.report());
      else pass(this.#child, "SIGINT");
    });
    if (Deno.build.os !== "windows") {
      Deno.addSignalListener("SIGTERM", () => {
        if (this.#child === null) this.#exit(143);
        else pass(this.#child, "SIGTERM");
      });
    }
  }

  /** Calls a function when a signal ends this process. */
  atExit(end: () => void): void {
    this.#ends.push(end);
  }

  /** Waits for a process, to which signals are passed on meanwhile, and returns its exit code. */
  async waitFor(child: Deno.ChildProcess): Promise<number> {
    this.#child = child;
    const { code, signal } = await child.status;
    this.#child = null;
    return signal === "SIGINT" ? this.report() : code;
  }

  /** Says that Ctrl-C ended the command, as Python would, and returns the exit code. */
  report(): number {
    // The signal may be heard after it has ended the process that works.
    if (this.#name === "py" && !this.#isReported) {
      Deno.stderr.writeSync(new TextEncoder().encode("KeyboardInterrupt\n"));
    }
    this.#isReported = true;
    return EXIT_INTERRUPTED;
  }

  #exit(code: number): never {
    for (const end of this.#ends) end();
    Deno.exit(code);
  }
}

function pass(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended.
  }
}
