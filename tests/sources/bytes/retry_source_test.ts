import assert from "node:assert/strict";
import { SourceChangedError, SourceReadError } from "../../../src/errors.ts";
import {
  type BackoffOptions,
  type ByteSource,
  memorySource,
  retrySource,
} from "../../../src/sources/mod.ts";
import { withBackoff } from "../../../src/sources/bytes/backoff.ts";

const BYTES = Uint8Array.of(1, 2, 3, 4);

/** A source whose first reads fail. */
function failing(times: number, error: Error) {
  const inner = memorySource(BYTES);
  let calls = 0;
  const source: ByteSource = {
    name: "failing",
    size: () => inner.size(),
    read: (offset, length) => calls++ < times ? Promise.reject(error) : inner.read(offset, length),
    close: () => inner.close(),
  };
  return { source, calls: () => calls };
}

const QUICK: BackoffOptions = { firstDelayMs: 0 };
const READ_ERROR = new SourceReadError("failing", 0, 1, "Cannot read failing");

Deno.test("a read that fails is repeated until it succeeds", async () => {
  const { source, calls } = failing(4, READ_ERROR);
  assert.deepEqual(await retrySource(source, QUICK).read(1, 2), Uint8Array.of(2, 3));
  assert.equal(calls(), 5);
});

Deno.test("the last error is thrown when no attempt is left", async () => {
  const { source, calls } = failing(9, READ_ERROR);
  await assert.rejects(retrySource(source, { ...QUICK, attempts: 3 }).read(0, 1), READ_ERROR);
  assert.equal(calls(), 3);
});

Deno.test("errors that will not go away are not retried", async () => {
  const changed = new SourceChangedError("failing", "Cannot read failing");
  const { source, calls } = failing(9, changed);
  await assert.rejects(retrySource(source, QUICK).read(0, 1), changed);
  assert.equal(calls(), 1);
  const past = failing(0, READ_ERROR);
  await assert.rejects(retrySource(past.source, QUICK).read(3, 2), /only 1 are there/);
  assert.equal(past.calls(), 0);
});

Deno.test("waits double up to the longest, and are shortened by at most half", async () => {
  const waits: number[] = [];
  const before = globalThis.setTimeout;
  const fake = (run: () => void, delay: number) => {
    waits.push(delay);
    return before(run, 0);
  };
  globalThis.setTimeout = fake as typeof setTimeout;
  try {
    const error = new Error("no");
    const attempt = () => Promise.resolve({ done: false as const, error });
    const options = { attempts: 5, firstDelayMs: 100, maxDelayMs: 300 };
    await assert.rejects(withBackoff(attempt, { ...options, random: () => 0 }), error);
    await assert.rejects(withBackoff(attempt, { ...options, random: () => 1 }), error);
  } finally {
    globalThis.setTimeout = before;
  }
  assert.deepEqual(waits, [100, 200, 300, 300, 50, 100, 150, 150]);
});

Deno.test("waiting can be cancelled", async () => {
  const { source } = failing(9, READ_ERROR);
  const giveUp = new AbortController();
  const read = retrySource(source, { firstDelayMs: 60_000, maxDelayMs: 60_000 })
    .read(0, 1, { signal: giveUp.signal });
  const reason = new Error("enough");
  setTimeout(() => giveUp.abort(reason), 5);
  await assert.rejects(read, reason);
});

Deno.test("name, size and closing are those of the source underneath", async () => {
  const source = retrySource(memorySource(BYTES, "four"));
  assert.equal(source.name, "four");
  assert.equal(await source.size(), 4);
  source.close();
  await assert.rejects(source.read(0, 0), { name: "DisposedError" });
});
