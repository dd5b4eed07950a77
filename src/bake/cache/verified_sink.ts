import type { ByteSink, Scratch } from "../../sources/mod.ts";

/** A sink whose content is checked before it becomes visible. */
export class VerifiedSink implements ByteSink {
  readonly #inner: ByteSink;
  readonly #verify: () => Promise<void>;

  /**
   * Wraps a sink.
   *
   * @param inner Owned from now on.
   * @param verify Throws if the content must not be used.
   */
  constructor(inner: ByteSink, verify: () => Promise<void>) {
    this.#inner = inner;
    this.#verify = verify;
  }

  /** Name of the sink underneath. */
  get name(): string {
    return this.#inner.name;
  }

  /** See {@linkcode ByteSink.write}. */
  write(offset: number, bytes: Uint8Array): Promise<void> {
    return this.#inner.write(offset, bytes);
  }

  /** See {@linkcode ByteSink.read}. */
  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#inner.read(offset, length);
  }

  /** See {@linkcode ByteSink.openScratch}. */
  openScratch(): Promise<Scratch> {
    return this.#inner.openScratch();
  }

  /** Verifies, then makes the content visible; what must not be used is abandoned. */
  async commit(): Promise<void> {
    try {
      await this.#verify();
    } catch (error) {
      await this.#inner.abort();
      throw error;
    }
    await this.#inner.commit();
  }

  /** See {@linkcode ByteSink.abort}. */
  abort(): Promise<void> {
    return this.#inner.abort();
  }
}
