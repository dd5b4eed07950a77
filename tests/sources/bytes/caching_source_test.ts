import assert from "node:assert/strict";
import fc from "fast-check";
import { DisposedError, OutOfRangeError, SourceReadError } from "../../../src/errors.ts";
import { type ByteSource, CachingSource, memorySource } from "../../../src/sources/mod.ts";
import { randomBytes } from "../../helpers/random.ts";

const BYTES = randomBytes(10_050, 4);

function counted() {
  const inner = memorySource(BYTES);
  const reads: number[] = [];
  const source: ByteSource = {
    name: "counted",
    size: () => inner.size(),
    read(offset, length, options) {
      reads.push(offset);
      return inner.read(offset, length, options);
    },
    close: () => inner.close(),
  };
  return { source, reads };
}

Deno.test("a cache returns the bytes of its source and never keeps more than its limit", async () => {
  const read = fc.record({ offset: fc.nat(9000), length: fc.nat(1050) });
  await fc.assert(fc.asyncProperty(
    fc.array(read, { maxLength: 40 }),
    fc.integer({ min: 1, max: 6000 }),
    fc.integer({ min: 1, max: 700 }),
    async (wanted, maxBytes, blockBytes) => {
      const cache = new CachingSource(memorySource(BYTES), { maxBytes, blockBytes });
      await Promise.all(wanted.map(async ({ offset, length }) => {
        assert.deepEqual(await cache.read(offset, length), BYTES.slice(offset, offset + length));
        assert.ok(cache.usedBytes <= maxBytes);
      }));
    },
  ));
});

Deno.test("cached bytes are not read again; the least recently used block is dropped first", async () => {
  const { source, reads } = counted();
  const cache = new CachingSource(source, { maxBytes: 400, blockBytes: 100 });
  for (const block of [0, 1, 2, 3]) await cache.read(block * 100 + 10, 20);
  await cache.read(30, 50);
  assert.deepEqual(reads, [0, 100, 200, 300]);
  assert.equal(cache.usedBytes, 400);
  await cache.read(400, 10); // Block 1 goes: block 0 was used after it.
  await cache.read(0, 10);
  await cache.read(100, 10);
  assert.deepEqual(reads, [0, 100, 200, 300, 400, 100]);
});

Deno.test("a block in flight is read once; large reads bypass the cache", async () => {
  const { source, reads } = counted();
  const cache = new CachingSource(source, { maxBytes: 4000, blockBytes: 100 });
  await Promise.all([cache.read(0, 10), cache.read(50, 10), cache.read(90, 5)]);
  assert.deepEqual(reads, [0]);
  await cache.read(5, 1001);
  assert.deepEqual(reads, [0, 5]);
  assert.equal(cache.usedBytes, 100);
});

Deno.test("a caller that cancels does not take the block from the others", async () => {
  const cache = new CachingSource(memorySource(BYTES), { maxBytes: 4000, blockBytes: 100 });
  const giveUp = new AbortController();
  const first = cache.read(0, 10, { signal: giveUp.signal });
  const second = cache.read(0, 10);
  await Promise.resolve();
  giveUp.abort();
  await assert.rejects(first, { name: "AbortError" });
  assert.deepEqual(await second, BYTES.slice(0, 10));
});

Deno.test("a failed read is not kept", async () => {
  const { source } = counted();
  let failing = true;
  const cache = new CachingSource({
    ...source,
    read: (offset, length) =>
      failing
        ? Promise.reject(new SourceReadError("x", offset, length, "Cannot read x"))
        : source.read(offset, length),
  }, { maxBytes: 4000 });
  await assert.rejects(cache.read(0, 10), SourceReadError);
  failing = false;
  assert.deepEqual(await cache.read(0, 10), BYTES.slice(0, 10));
});

Deno.test("bad sizes, wrong numbers, the end and closing are typed errors", async () => {
  for (const maxBytes of [0, -1, 1.5, NaN]) {
    assert.throws(() => new CachingSource(memorySource(BYTES), { maxBytes }), OutOfRangeError);
  }
  const cache = new CachingSource(memorySource(BYTES), { maxBytes: 100_000 });
  await assert.rejects(cache.read(-1, 1), OutOfRangeError);
  await assert.rejects(cache.read(10_049, 2), SourceReadError);
  assert.equal((await cache.read(10_050, 0)).length, 0);
  cache.close();
  assert.equal(cache.usedBytes, 0);
  await assert.rejects(cache.read(0, 1), DisposedError);
});
