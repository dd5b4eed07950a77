/**
 * A byte source that retries failed reads.
 *
 * @module
 */

import { checkOptionNames } from "../../checks.ts";
import { SourceReadError } from "../../errors.ts";
import {
  type Attempt,
  BACKOFF_DEFAULTS,
  type BackoffOptions,
  checkBackoffOptions,
  withBackoff,
} from "./backoff.ts";
import type { ByteSource, ReadOptions } from "./byte_source.ts";
import { checkedRead, shortRead } from "./read_range.ts";

class RetrySource implements ByteSource {
  readonly #inner: ByteSource;
  readonly #options: BackoffOptions;

  constructor(inner: ByteSource, options: BackoffOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  get name(): string {
    return this.#inner.name;
  }

  size(): Promise<number> {
    return this.#inner.size();
  }

  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const signal = checkedRead(this.name, { offset, length }, options);
    const available = await this.size() - offset;
    // Bytes past the end will still be missing later.
    if (available < length) throw shortRead(this.name, { offset, length }, available);
    return await withBackoff(async (): Promise<Attempt<Uint8Array>> => {
      try {
        return { done: true, value: await this.#inner.read(offset, length, options) };
      } catch (error) {
        if (error instanceof SourceReadError) return { done: false, error };
        throw error;
      }
    }, { ...this.#options, signal });
  }

  close(): void {
    this.#inner.close();
  }
}

/**
 * Wraps a source so that reads which fail with a {@linkcode SourceReadError} are retried with
 * growing delays. `httpSource` does this by itself.
 *
 * @param inner Source of the bytes; closed with this one.
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if an option is out of its range.
 */
export function retrySource(inner: ByteSource, options: BackoffOptions = {}): ByteSource {
  const failure = `Cannot retry reads of ${inner.name}`;
  checkOptionNames(options, { failure, names: Object.keys(BACKOFF_DEFAULTS) });
  checkBackoffOptions(options, failure);
  return new RetrySource(inner, options);
}
