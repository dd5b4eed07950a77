/**
 * The codes of materials that are in use: equal ones share modules and pipelines.
 *
 * @module
 */

/** A code; holds what is made of it, on any device. */
export interface SharedCode {
  /** Short, and never used again for another code. */
  readonly key: string;
}

interface Entry extends SharedCode {
  readonly code: string;
  users: number;
}

/** Codes without a user that are kept, for materials that come back. */
const MOST_UNUSED = 16;

/** Gives equal codes the same object while they are used, and for a while after. */
export class SharedCodes {
  readonly #entries = new Map<string, Entry>();
  /** Entries without a user, the one that was used last at the end. */
  readonly #unused = new Set<Entry>();
  #count = 0;

  /** How many codes there are, used or not. */
  get size(): number {
    return this.#entries.size;
  }

  /** The object of a code. Each call is paired with one of {@linkcode release}. */
  acquire(code: string): SharedCode {
    let entry = this.#entries.get(code);
    if (entry === undefined) {
      entry = { key: `material ${this.#count++}`, code, users: 0 };
      this.#entries.set(code, entry);
    }
    this.#unused.delete(entry);
    entry.users++;
    return entry;
  }

  /** Ends a use of a code. */
  release(shared: SharedCode): void {
    const entry = shared as Entry;
    if (--entry.users > 0) return;
    this.#unused.add(entry);
    if (this.#unused.size <= MOST_UNUSED) return;
    const [oldest] = this.#unused;
    this.#unused.delete(oldest!);
    this.#entries.delete(oldest!.code);
  }
}
