/**
 * Fewer, longer reads: ranges that are requested at the same time and lie near each other are read
 * together.
 *
 * @module
 */

import { checkedNumber, checkedSignalOption, checkOptionNames } from "../../checks.ts";
import type { ByteSource, ReadOptions } from "./byte_source.ts";
import { type MergeOptions, type PlannedRead, planReads } from "./range_plan.ts";
import { assertOpen, assertRange, type ByteRange } from "./read_range.ts";

/** Options of {@linkcode CoalescingSource}. */
export interface CoalescingOptions extends Partial<MergeOptions> {
  /** Reads in flight at once; further ones wait. With `maxReadBytes` it bounds the memory. */
  readonly maxConcurrentReads?: number;
}

/** Counters of what was merged so far. */
export interface CoalescingCounters {
  /** Ranges that were requested. */
  rangesWanted: number;
  /** Reads made for them. */
  reads: number;
  /** Bytes that the reads requested. */
  bytesRead: number;
  /** Bytes of those that some range requested; a byte counts once per read. */
  bytesUsed: number;
}

/** Defaults of {@linkcode CoalescingOptions}. */
export const COALESCING_DEFAULTS: Readonly<Required<CoalescingOptions>> = Object.freeze({
  maxGapBytes: 32 * 1024,
  maxReadBytes: 4 * 1024 * 1024,
  maxConcurrentReads: 8,
});

/** One call of `readRanges` that waits for its bytes. */
interface Request {
  readonly ranges: readonly ByteRange[];
  readonly chunks: Uint8Array[];
  readonly signal: AbortSignal | undefined;
  /** Ranges that have not arrived yet. */
  missing: number;
  /** Whether the caller has its result or its error. */
  settled: boolean;
  /** Settles the caller's promise, once, with the chunks or with an error. */
  readonly settle: (failure?: { readonly reason: unknown }) => void;
}

/** A range of a batch and the request it belongs to. */
interface BatchRange extends ByteRange {
  readonly request: Request;
  readonly index: number;
}

const EMPTY = new Uint8Array(0);

/**
 * A byte source that merges the reads requested in one turn of the event loop: ten bytes from 0 and
 * ten from 20 become one read of 30, of which 20 are used, as `counters` says.
 */
export class CoalescingSource implements ByteSource {
  readonly #inner: ByteSource;
  readonly #options: Required<CoalescingOptions>;
  readonly #counters: CoalescingCounters = {
    rangesWanted: 0,
    reads: 0,
    bytesRead: 0,
    bytesUsed: 0,
  };
  #batch: Request[] = [];
  readonly #queue: (() => Promise<void>)[] = [];
  #running = 0;
  #closed = false;

  /**
   * Wraps a source.
   *
   * @param inner Source of the bytes; closed with this one.
   */
  constructor(inner: ByteSource, options: CoalescingOptions = {}) {
    this.#inner = inner;
    const failure = `Cannot merge reads of ${inner.name}`;
    checkOptionNames(options, { failure, names: Object.keys(COALESCING_DEFAULTS) });
    this.#options = { ...COALESCING_DEFAULTS, ...options };
    const { maxGapBytes, maxReadBytes, maxConcurrentReads } = this.#options;
    checkedNumber(maxGapBytes, { name: "maxGapBytes", failure, range: [0, Infinity] });
    checkedNumber(maxReadBytes, { name: "maxReadBytes", failure, range: [0, Infinity] });
    checkedNumber(maxConcurrentReads, {
      name: "maxConcurrentReads",
      failure,
      range: [1, Infinity],
    });
  }

  /** Name of the source underneath. */
  get name(): string {
    return this.#inner.name;
  }

  /** Counters of the reads so far. */
  get counters(): Readonly<CoalescingCounters> {
    return this.#counters;
  }

  /** Size in bytes. */
  size(): Promise<number> {
    return this.#inner.size();
  }

  /** Reads one range, together with others that are requested in the same turn. */
  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const [bytes] = await this.readRanges([{ offset, length }], options);
    return bytes!.slice();
  }

  /**
   * Reads several ranges, together with others that are requested in the same turn.
   *
   * @returns One chunk per range, in their order. Chunks may share memory with each other and with
   * those of other callers: do not write to them, and do not keep them, as each keeps the memory of
   * its whole read alive.
   * @throws {SourceReadError} if the bytes of any range cannot be read.
   */
  // deno-lint-ignore require-await -- errors must come as rejections
  async readRanges(
    ranges: readonly ByteRange[],
    options: ReadOptions = {},
  ): Promise<Uint8Array[]> {
    assertOpen(this.name, this.#closed);
    for (const range of ranges) assertRange(this.name, range);
    const signal = checkedSignalOption(options, `Cannot read ${this.name}`);
    signal?.throwIfAborted();
    this.#counters.rangesWanted += ranges.length;
    const missing = ranges.reduce((count, { length }) => count + (length > 0 ? 1 : 0), 0);
    const chunks = ranges.map(() => EMPTY);
    if (missing === 0) return chunks;
    return new Promise((resolve, reject) => {
      const onAbort = () => request.settle({ reason: signal!.reason });
      const request: Request = {
        ranges,
        chunks,
        signal,
        missing,
        settled: false,
        settle(failure) {
          if (this.settled) return;
          this.settled = true;
          signal?.removeEventListener("abort", onAbort);
          if (failure) reject(failure.reason);
          else resolve(chunks);
        },
      };
      signal?.addEventListener("abort", onAbort);
      this.#batch.push(request);
      if (this.#batch.length === 1) queueMicrotask(() => this.#flush());
    });
  }

  #flush(): void {
    const wanted: BatchRange[] = [];
    for (const request of this.#batch) {
      if (request.settled) continue;
      request.ranges.forEach((range, index) => wanted.push({ ...range, request, index }));
    }
    this.#batch = [];
    for (const read of planReads(wanted, this.#options)) {
      this.#queue.push(() => this.#serve(read, read.serves.map((index) => wanted[index]!)));
    }
    this.#startReads();
  }

  #startReads(): void {
    while (this.#running < this.#options.maxConcurrentReads && this.#queue.length > 0) {
      this.#running++;
      this.#queue.shift()!().finally(() => {
        this.#running--;
        this.#startReads();
      });
    }
  }

  /** Makes one read and hands its pieces out; never rejects. */
  async #serve(read: PlannedRead, served: readonly BatchRange[]): Promise<void> {
    const waiting = new Set(served.map(({ request }) => request));
    const giveUp = new AbortController();
    const giveUpWhenUnwanted = () => {
      for (const request of waiting) if (!request.settled) return;
      giveUp.abort();
    };
    giveUpWhenUnwanted();
    if (giveUp.signal.aborted) return;
    this.#counters.reads++;
    this.#counters.bytesRead += read.length;
    this.#counters.bytesUsed += read.usedBytes;
    for (const { signal } of waiting) signal?.addEventListener("abort", giveUpWhenUnwanted);
    try {
      const bytes = await this.#inner.read(read.offset, read.length, { signal: giveUp.signal });
      for (const { request, index, offset, length } of served) {
        const start = offset - read.offset;
        request.chunks[index] = bytes.subarray(start, start + length);
        if (--request.missing === 0) request.settle();
      }
    } catch (reason) {
      for (const request of waiting) request.settle({ reason });
    } finally {
      for (const { signal } of waiting) signal?.removeEventListener("abort", giveUpWhenUnwanted);
    }
  }

  /** Closes this source and the one underneath; pending reads fail. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inner.close();
  }
}
