/**
 * Bytes of a resource on a web server, read by range.
 *
 * `fetch` does not fail on an error status, on a whole file in place of a range, on a range that
 * is short or not the requested one, or on a body that was compressed in transit; all of these are
 * checked here. The resource is pinned by its entity tag, its date and its size.
 *
 * @module
 */

import { checkedFunction, checkedNumber, checkedString, checkOptionNames } from "../../checks.ts";
import {
  FileError,
  OutOfRangeError,
  SourceChangedError,
  SourceReadError,
  UnsupportedError,
} from "../../errors.ts";
import { MAX_TIMER_MS } from "../../waiting.ts";
import {
  type Attempt,
  BACKOFF_DEFAULTS,
  type BackoffOptions,
  checkBackoffOptions,
  withBackoff,
} from "./backoff.ts";
import type { ByteSource, ReadOptions } from "./byte_source.ts";
import { parseContentRange, readBody, retryAfterMs } from "./http_response.ts";
import { assertOpen, type ByteRange, checkedRead, shortRead } from "./read_range.ts";

/** Options of {@linkcode httpSource}. */
export interface HttpSourceOptions extends BackoffOptions {
  /** Headers of every request, such as an authorization. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An attempt that takes longer is aborted and counts as a network error. Milliseconds; default a
   * minute. */
  readonly timeoutMs?: number;
  /** Makes the requests in place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** The state of a resource when it was first read. */
interface Pin {
  readonly size: number;
  readonly entityTag: string | null;
  readonly lastModified: string | null;
}

/** Statuses after which the same request may succeed later. */
function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

class HttpSource implements ByteSource {
  readonly name: string;
  readonly #options: HttpSourceOptions;
  readonly #closing = new AbortController();
  #pin: Promise<Pin> | null = null;

  constructor(url: string, options: HttpSourceOptions) {
    this.name = url;
    this.#options = options;
  }

  async size(): Promise<number> {
    assertOpen(this.name, this.#closing.signal.aborted);
    return (await this.#pinned()).size;
  }

  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const range = { offset, length };
    assertOpen(this.name, this.#closing.signal.aborted);
    const signal = checkedRead(this.name, range, options);
    signal?.throwIfAborted();
    const pin = await this.#pinned();
    if (pin.size - offset < length) throw shortRead(this.name, range, pin.size - offset);
    if (length === 0) return new Uint8Array(0);
    return await this.#request(range, {
      signal,
      take: (response) => this.#takeBody(response, range, pin),
    });
  }

  /** Requests the first byte to learn size and identity; a later call retries after a failure. */
  async #pinned(): Promise<Pin> {
    const first = { offset: 0, length: 1 };
    this.#pin ??= this.#request(first, {
      signal: undefined,
      take: (response) => this.#takePin(response, first),
    });
    try {
      return await this.#pin;
    } catch (error) {
      this.#pin = null;
      throw error;
    }
  }

  #request<T>(
    range: ByteRange,
    { signal, take }: {
      signal: AbortSignal | undefined;
      take: (response: Response) => Promise<Attempt<T>>;
    },
  ): Promise<T> {
    const { headers, timeoutMs = DEFAULT_TIMEOUT_MS, fetch: ask = fetch } = this.#options;
    return withBackoff(async () => {
      const ending = new AbortController();
      const end = () => ending.abort();
      const timer = setTimeout(end, timeoutMs);
      for (const other of [signal, this.#closing.signal]) other?.addEventListener("abort", end);
      try {
        const response = await ask(this.name, {
          headers: {
            // The bytes of a body that is compressed in transit are not those of the resource.
            "Accept-Encoding": "identity",
            ...headers,
            "Range": `bytes=${range.offset}-${range.offset + range.length - 1}`,
          },
          signal: ending.signal,
        });
        try {
          return await take(response);
        } finally {
          if (response.body?.locked === false) await response.body.cancel();
        }
      } catch (cause) {
        signal?.throwIfAborted();
        assertOpen(this.name, this.#closing.signal.aborted);
        if (ending.signal.aborted) {
          const error = this.#failed(range, `no answer within ${timeoutMs} ms`, cause);
          return { done: false, error };
        }
        // This is how fetch reports that the network failed.
        if (!(cause instanceof TypeError)) throw cause;
        return { done: false, error: this.#failed(range, cause.message, cause) };
      } finally {
        clearTimeout(timer);
        for (const other of [signal, this.#closing.signal]) {
          other?.removeEventListener("abort", end);
        }
      }
    }, { ...this.#options, signal });
  }

  async #takePin(response: Response, range: ByteRange): Promise<Attempt<Pin>> {
    const identity = {
      entityTag: response.headers.get("ETag"),
      lastModified: response.headers.get("Last-Modified"),
    };
    const found = parseContentRange(response.headers.get("Content-Range"));
    // The first byte of an empty resource cannot be read, and the answer says how many there are.
    if (response.status === 416 && found?.total === 0) {
      return { done: true, value: { size: 0, ...identity } };
    }
    const body = await this.#takeRange(response, range);
    if (!body.done) return body;
    if (found === null || found.total === null) {
      throw this.#failed(range, "the server does not state the number of bytes");
    }
    return { done: true, value: { size: found.total, ...identity } };
  }

  async #takeBody(response: Response, range: ByteRange, pin: Pin): Promise<Attempt<Uint8Array>> {
    if (response.ok) this.#assertSame(response, pin);
    return await this.#takeRange(response, range);
  }

  #assertSame(response: Response, pin: Pin): void {
    const total = parseContentRange(response.headers.get("Content-Range"))?.total ?? pin.size;
    const entityTag = response.headers.get("ETag") ?? pin.entityTag;
    const lastModified = response.headers.get("Last-Modified") ?? pin.lastModified;
    const changed = total !== pin.size
      ? `its size went from ${pin.size} to ${total} bytes`
      : entityTag !== pin.entityTag
      ? "its entity tag changed"
      : lastModified !== pin.lastModified
      ? "it was written to"
      : null;
    if (changed !== null) {
      throw new SourceChangedError(
        this.name,
        `Cannot read ${this.name} as ${changed} since it was opened: load it again`,
      );
    }
  }

  /** Checks status, range, encoding and length of an answer. */
  async #takeRange(response: Response, range: ByteRange): Promise<Attempt<Uint8Array>> {
    const { status, headers } = response;
    if (isTransient(status)) {
      const afterMs = retryAfterMs(headers.get("Retry-After"), Date.now());
      const error = this.#failed(range, `the server answers ${status}`);
      return { done: false, error, ...(afterMs === null ? {} : { retryAfterMs: afterMs }) };
    }
    if (status === 404 || status === 410) {
      throw new FileError(
        "file-not-found",
        this.name,
        `Cannot open ${this.name}: the server answers ${status}`,
      );
    }
    if (status === 401 || status === 403) {
      throw new FileError(
        "file-unreadable",
        this.name,
        `Cannot open ${this.name} without permission: the server answers ${status}`,
      );
    }
    if (status === 200) {
      throw new UnsupportedError(
        "HTTP server without range requests",
        `Cannot read ${this.name} by range as the server sends the whole resource: use a server ` +
          `that supports range requests`,
      );
    }
    if (status !== 206) throw this.#failed(range, `the server answers ${status}`);
    const encoding = headers.get("Content-Encoding");
    if (encoding !== null && encoding.toLowerCase() !== "identity") {
      throw this.#failed(range, `the answer is encoded with ${encoding}`);
    }
    const found = parseContentRange(headers.get("Content-Range"));
    const last = range.offset + range.length - 1;
    if (found === null || found.first !== range.offset || found.last !== last) {
      const got = headers.get("Content-Range") ?? "none";
      throw this.#failed(range, `the answer's range must be ${range.offset}-${last}: it is ${got}`);
    }
    const bytes = await readBody(response, range.length);
    if (bytes === null) throw this.#failed(range, "the answer is longer than its range");
    if (bytes.byteLength < range.length) {
      const error = this.#failed(range, `the answer ends after ${bytes.byteLength} bytes`);
      return { done: false, error };
    }
    return { done: true, value: bytes };
  }

  #failed({ offset, length }: ByteRange, reason: string, cause?: unknown): SourceReadError {
    return new SourceReadError(
      this.name,
      offset,
      length,
      `Cannot read ${length} bytes of ${this.name} from byte ${offset} on: ${reason}`,
      cause === undefined ? {} : { cause },
    );
  }

  close(): void {
    this.#closing.abort();
  }
}

/**
 * A byte source over a URL, by HTTP range requests. No request is made before the first call of
 * `size` or `read`.
 *
 * Network errors and the statuses 408, 429 and 5xx are retried with growing delays, at least as
 * long as `Retry-After` asks. Everything else is final: a missing resource is a `FileError`, a
 * server without range requests an `UnsupportedError`, a resource that changed a
 * `SourceChangedError`.
 *
 * @param url An `http:` or `https:` URL. For a URL of another origin, browsers need the server to
 * expose the header `Content-Range`.
 * @throws {InvalidArgumentError} if an argument has the wrong type.
 * @throws {OutOfRangeError} if it is another kind of URL, or an option is out of its range.
 */
export function httpSource(url: string | URL, options: HttpSourceOptions = {}): ByteSource {
  const failure = "Cannot read over HTTP";
  const wanted = { name: "url", failure };
  const text = checkedString(url instanceof URL ? url.href : url, wanted);
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new OutOfRangeError(
      "url",
      `Cannot read over HTTP as url must begin with http:// or https://: current value is ${text}`,
    );
  }
  const names = ["headers", "timeoutMs", "fetch", ...Object.keys(BACKOFF_DEFAULTS)];
  checkOptionNames(options, { failure, names });
  checkBackoffOptions(options, failure);
  const { timeoutMs = DEFAULT_TIMEOUT_MS, fetch: ask = fetch } = options;
  checkedNumber(timeoutMs, { name: "timeoutMs", failure, range: [0, MAX_TIMER_MS] });
  checkedFunction(ask, { name: "fetch", failure });
  return new HttpSource(parsed.href, options);
}
