/** Where progress is written, and how. */
export interface ProgressOptions {
  /** True to redraw one line; default, whether standard error is a terminal. */
  isTerminal?: boolean;
  /** Where it is shown: on terminals alone, never, or by default as a few lines elsewhere, too. */
  shown?: "everywhere" | "on terminals" | "never";
  /** Milliseconds that pass before anything is shown; a job that is over sooner shows nothing. */
  quietMs?: number;
  /** Takes the text; default, standard error. */
  write?: (text: string) => void;
  /** Milliseconds since any fixed moment; default, the process's clock. */
  now?: () => number;
  /** Characters in the bar. */
  barWidth?: number;
  /** Columns of the terminal, for which long labels are cut; default, those that it has. */
  columns?: number;
}

/** A job that is over sooner needs no progress. */
export const QUIET_MS = 1000;

const REDRAW_INTERVAL_MS = 50;
const LINE_INTERVAL_MS = 5000;
const USUAL_COLUMNS = 80;
const LINE_STEP = 0.25;

/** Progress of a long job: a bar that redraws itself on a terminal, a few lines elsewhere. */
export class Progress {
  readonly #label: string;
  readonly #isTerminal: boolean;
  readonly #isShown: boolean;
  readonly #quietMs: number;
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #barWidth: number;
  readonly #columns: number;
  readonly #startMs: number;
  #lastWriteMs = -Infinity;
  #lastFraction = 0;
  #isDone = false;

  /** Begins a job with the given label; nothing is written yet. */
  constructor(label: string, options: ProgressOptions = {}) {
    this.#label = label;
    this.#isTerminal = options.isTerminal ?? Deno.stderr.isTerminal();
    const { shown = "everywhere" } = options;
    this.#isShown = shown === "everywhere" || shown === "on terminals" && this.#isTerminal;
    this.#quietMs = options.quietMs ?? 0;
    this.#write = options.write ?? writeToStandardError;
    this.#now = options.now ?? nowMs;
    this.#barWidth = options.barWidth ?? 30;
    this.#columns = options.columns ?? (this.#isTerminal ? terminalColumns() : Infinity);
    this.#startMs = this.#now();
  }

  /**
   * Shows how much of the job is done, `fraction` in 0..1, with an optional note on what is
   * happening.
   */
  update(fraction: number, detail = ""): void {
    if (this.#isDone || !this.#isShown) return;
    const share = Math.min(1, Math.max(0, fraction));
    const now = this.#now();
    if (now - this.#startMs < this.#quietMs) return;
    const sinceWriteMs = now - this.#lastWriteMs;
    if (this.#isTerminal) {
      if (sinceWriteMs < REDRAW_INTERVAL_MS && share < 1) return;
      this.#write(`\r\x1b[2K${this.#line(share, detail)}`);
    } else {
      const isFirst = this.#lastWriteMs === -Infinity;
      const isStep = share - this.#lastFraction >= LINE_STEP || sinceWriteMs >= LINE_INTERVAL_MS;
      if (!isFirst && !isStep) return;
      this.#write(`${this.#label}: ${percentText(share)}${detail && ` (${detail})`}\n`);
    }
    this.#lastWriteMs = now;
    this.#lastFraction = share;
  }

  /** Writes a line that stays above the bar. */
  note(text: string): void {
    this.#write(`${this.#isTerminal ? "\r\x1b[2K" : ""}${text}\n`);
    this.#lastWriteMs = this.#isTerminal ? -Infinity : this.#lastWriteMs;
  }

  /** Ends the job with a line that stays, followed by the time that it took. */
  done(summary: string): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const seconds = ((this.#now() - this.#startMs) / 1000).toFixed(1);
    const clear = this.#isTerminal ? "\r\x1b[2K" : "";
    this.#write(`${clear}${this.#label}: ${summary} in ${seconds} s\n`);
  }

  /** Ends the job without a word, so that an error can be printed on a clean line. */
  abandon(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (this.#isTerminal && this.#lastWriteMs !== -Infinity) this.#write("\r\x1b[2K");
  }

  #line(share: number, detail: string): string {
    const filled = Math.round(share * this.#barWidth);
    const bar = "█".repeat(filled) + "░".repeat(this.#barWidth - filled);
    const rest = ` ${bar} ${percentText(share)}${detail && ` ${detail}`}`;
    // A line that wraps could not be redrawn. The end of a label tells more than its middle.
    const room = Math.max(1, this.#columns - rest.length - 1);
    const cut = this.#label.length > room;
    const label = cut ? `…${this.#label.slice(this.#label.length - room + 1)}` : this.#label;
    return `${label}${rest}`;
  }
}

function percentText(share: number): string {
  return `${Math.floor(share * 100)} %`.padStart(5);
}

/** Columns of the terminal, or of a usual one where that is not known. */
function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || USUAL_COLUMNS;
  } catch {
    return USUAL_COLUMNS;
  }
}

function nowMs(): number {
  return performance.now();
}

function writeToStandardError(text: string): void {
  const bytes = new TextEncoder().encode(text);
  let written = 0;
  while (written < bytes.length) written += Deno.stderr.writeSync(bytes.subarray(written));
}
