/**
 * Sharing out a range of bytes: best fit, with neighbours that are free joined. Pure: no GPU.
 *
 * @module
 */

/** A part of the range, free or taken. Neighbours are linked. */
interface Span {
  offset: number;
  bytes: number;
  isFree: boolean;
  before: Span | null;
  after: Span | null;
}

/** Bytes that were taken; valid until they are given back. */
export interface TakenSpan {
  /** First byte; another one after the range was packed. */
  readonly offset: number;
  /** How many, rounded up to the alignment. */
  readonly bytes: number;
}

/** A taken part of the range that packing moves towards the front. */
export interface SpanMove {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** Every offset and size is a multiple of this: the strictest that WebGPU asks of a binding. */
export const BLOCK_ALIGNMENT = 256;

/**
 * Takes parts of a range of bytes and gives them back. Free parts are kept by powers of 2 of their
 * size, so that a search looks at those of about the right size only.
 */
export class BlockAllocator {
  /** Bytes of the range. */
  readonly totalBytes: number;
  readonly #freeBySize = new Map<number, Set<Span>>();
  #first: Span;
  #freeBytes: number;

  /** @param totalBytes A multiple of {@linkcode BLOCK_ALIGNMENT}. */
  constructor(totalBytes: number) {
    this.totalBytes = totalBytes;
    this.#freeBytes = totalBytes;
    this.#first = { offset: 0, bytes: totalBytes, isFree: true, before: null, after: null };
    this.#addFree(this.#first);
  }

  /** Bytes that are not taken. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** Bytes of the largest part that is free. */
  get largestFreeBytes(): number {
    const largestClass = Math.max(-1, ...this.#freeBySize.keys());
    let largest = 0;
    for (const { bytes } of this.#freeBySize.get(largestClass) ?? []) {
      largest = Math.max(largest, bytes);
    }
    return largest;
  }

  /** Takes the smallest free part that holds so many bytes, of equal ones the first; null if none does. */
  take(size: number): TakenSpan | null {
    const bytes = Math.ceil(size / BLOCK_ALIGNMENT) * BLOCK_ALIGNMENT;
    const span = this.#bestFit(bytes);
    if (span === null) return null;
    this.#removeFree(span);
    if (span.bytes > bytes) {
      const rest: Span = {
        offset: span.offset + bytes,
        bytes: span.bytes - bytes,
        isFree: true,
        before: span,
        after: span.after,
      };
      if (rest.after !== null) rest.after.before = rest;
      span.after = rest;
      span.bytes = bytes;
      this.#addFree(rest);
    }
    span.isFree = false;
    this.#freeBytes -= bytes;
    return span;
  }

  /** Gives back what {@linkcode take} gave and was not given back. */
  giveBack(taken: TakenSpan): void {
    let span = taken as Span;
    this.#freeBytes += span.bytes;
    span.isFree = true;
    const { before, after } = span;
    if (after?.isFree) {
      this.#removeFree(after);
      this.#join(span, after);
    }
    if (before?.isFree) {
      this.#removeFree(before);
      this.#join(before, span);
      span = before;
    }
    this.#addFree(span);
  }

  /**
   * Moves everything that is taken to the front, without gaps and in its order.
   *
   * @returns The moves, front first. Neighbours that move together are one; its source and its target
   * may overlap.
   */
  pack(): readonly SpanMove[] {
    const moves: SpanMove[] = [];
    const taken: Span[] = [];
    for (let span: Span | null = this.#first; span !== null; span = span.after) {
      if (!span.isFree) taken.push(span);
    }
    this.#freeBySize.clear();
    let end = 0;
    let last: Span | null = null;
    for (const span of taken) {
      if (span.offset !== end) addMove(moves, { from: span.offset, to: end, bytes: span.bytes });
      span.offset = end;
      end += span.bytes;
      span.before = last;
      if (last === null) this.#first = span;
      else last.after = span;
      span.after = null;
      last = span;
    }
    if (end < this.totalBytes) {
      const rest: Span = {
        offset: end,
        bytes: this.totalBytes - end,
        isFree: true,
        before: last,
        after: null,
      };
      if (last === null) this.#first = rest;
      else last.after = rest;
      this.#addFree(rest);
    }
    return moves;
  }

  #bestFit(bytes: number): Span | null {
    const least = sizeClass(bytes);
    const classes = [...this.#freeBySize.keys()].filter((each) => each >= least);
    for (const each of classes.sort((a, b) => a - b)) {
      let best: Span | null = null;
      for (const span of this.#freeBySize.get(each)!) {
        if (span.bytes < bytes) continue;
        const isBetter = best === null || span.bytes < best.bytes ||
          span.bytes === best.bytes && span.offset < best.offset;
        if (isBetter) best = span;
      }
      if (best !== null) return best;
    }
    return null;
  }

  #join(span: Span, next: Span): void {
    span.bytes += next.bytes;
    span.after = next.after;
    if (next.after !== null) next.after.before = span;
  }

  #addFree(span: Span): void {
    const key = sizeClass(span.bytes);
    const spans = this.#freeBySize.get(key);
    if (spans === undefined) this.#freeBySize.set(key, new Set([span]));
    else spans.add(span);
  }

  #removeFree(span: Span): void {
    const key = sizeClass(span.bytes);
    const spans = this.#freeBySize.get(key)!;
    spans.delete(span);
    if (spans.size === 0) this.#freeBySize.delete(key);
  }
}

function sizeClass(bytes: number): number {
  return Math.floor(Math.log2(bytes));
}

function addMove(moves: SpanMove[], move: SpanMove): void {
  const last = moves.at(-1);
  if (last === undefined || last.from + last.bytes !== move.from) moves.push(move);
  else moves[moves.length - 1] = { ...last, bytes: last.bytes + move.bytes };
}
