import assert from "node:assert/strict";
import fc from "fast-check";
import { DisposedError, OutOfRangeError, SourceReadError } from "../../../src/errors.ts";
import {
  type ByteRange,
  type ByteSource,
  type CoalescingOptions,
  CoalescingSource,
  memorySource,
} from "../../../src/sources/mod.ts";
import { planReads } from "../../../src/sources/bytes/range_plan.ts";
import { randomBytes } from "../../helpers/random.ts";

const BYTES = randomBytes(10_000, 3);

/** A source whose reads are recorded, and may be held back. */
function recorded(hold?: () => Promise<void>) {
  const inner = memorySource(BYTES);
  const reads: ByteRange[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const source: ByteSource = {
    name: "recorded",
    size: () => inner.size(),
    async read(offset, length, options) {
      reads.push({ offset, length });
      signals.push(options?.signal);
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      await hold?.();
      inFlight--;
      return await inner.read(offset, length, options);
    },
    close: () => inner.close(),
  };
  return { source, reads, signals, mostInFlight: () => mostInFlight };
}

function coalescing(options: CoalescingOptions, hold?: () => Promise<void>) {
  const inner = recorded(hold);
  return { ...inner, inner: inner.source, source: new CoalescingSource(inner.source, options) };
}

const ranges = fc.array(
  fc.record({ offset: fc.nat(9000), length: fc.nat(1000) }),
  { maxLength: 30 },
);

Deno.test("every range lies in one planned read, reads are apart, and gaps are counted", () => {
  fc.assert(fc.property(ranges, fc.nat(500), fc.nat(3000), (wanted, maxGapBytes, maxReadBytes) => {
    const plan = planReads(wanted, { maxGapBytes, maxReadBytes });
    const served = plan.flatMap(({ serves }) => serves);
    assert.deepEqual(
      served.toSorted((a, b) => a - b),
      wanted.flatMap(({ length }, index) => length > 0 ? [index] : []),
    );
    for (const { offset, length, serves, usedBytes } of plan) {
      const isUsed = new Uint8Array(length);
      for (const index of serves) {
        const start = wanted[index]!.offset - offset;
        assert.ok(start >= 0 && start + wanted[index]!.length <= length);
        isUsed.fill(1, start, start + wanted[index]!.length);
      }
      assert.equal(usedBytes, isUsed.reduce((sum, used) => sum + used, 0));
    }
  }));
});

Deno.test("ranges that are near are one read, ranges that are far are several", () => {
  const wanted = [{ offset: 100, length: 10 }, { offset: 0, length: 50 }, {
    offset: 60,
    length: 5,
  }];
  const limits = { maxReadBytes: 1000 };
  assert.deepEqual(planReads(wanted, { ...limits, maxGapBytes: 10 }), [
    { offset: 0, length: 65, serves: [1, 2], usedBytes: 55 },
    { offset: 100, length: 10, serves: [0], usedBytes: 10 },
  ]);
  assert.equal(planReads(wanted, { ...limits, maxGapBytes: 9 }).length, 3);
  assert.equal(planReads(wanted, { ...limits, maxGapBytes: 35 }).length, 1);
  assert.equal(planReads(wanted, { maxReadBytes: 100, maxGapBytes: 35 }).length, 2);
});

Deno.test("ranges requested in one turn come back as they are in the source", async () => {
  await fc.assert(fc.asyncProperty(fc.array(ranges, { maxLength: 5 }), async (calls) => {
    const { source } = coalescing({ maxGapBytes: 64, maxReadBytes: 2048, maxConcurrentReads: 2 });
    await Promise.all(calls.map(async (wanted) => {
      const chunks = await source.readRanges(wanted);
      wanted.forEach(({ offset, length }, index) =>
        assert.deepEqual(chunks[index], BYTES.subarray(offset, offset + length))
      );
    }));
  }));
});

Deno.test("reads of one turn are merged, reads of the next are not, and the counters say so", async () => {
  const { source, reads } = coalescing({ maxGapBytes: 10 });
  await Promise.all([source.read(0, 100), source.read(105, 95), source.read(5000, 10)]);
  assert.deepEqual(reads, [{ offset: 0, length: 200 }, { offset: 5000, length: 10 }]);
  assert.deepEqual(source.counters, {
    rangesWanted: 3,
    reads: 2,
    bytesRead: 210,
    bytesUsed: 205,
  });
  await source.read(0, 100);
  assert.deepEqual(source.counters, {
    rangesWanted: 4,
    reads: 3,
    bytesRead: 310,
    bytesUsed: 305,
  });
});

Deno.test("single reads return the caller's own memory", async () => {
  const { source } = coalescing({});
  const [first, second] = await Promise.all([source.read(0, 10), source.read(0, 10)]);
  first.fill(0);
  assert.deepEqual(second, BYTES.slice(0, 10));
});

Deno.test("no more reads are in flight than allowed", async () => {
  const { source, mostInFlight } = coalescing(
    { maxGapBytes: 0, maxConcurrentReads: 3 },
    () => new Promise((resolve) => setTimeout(resolve, 1)),
  );
  await source.readRanges(Array.from({ length: 20 }, (_, k) => ({ offset: k * 100, length: 10 })));
  assert.equal(mostInFlight(), 3);
});

Deno.test("a shared read goes on while any caller wants it, and is aborted when none does", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { source, signals } = coalescing({ maxGapBytes: 100 }, () => promise);
  const [one, two] = [new AbortController(), new AbortController()];
  const first = source.read(0, 10, { signal: one.signal });
  const second = source.read(20, 10, { signal: two.signal });
  await Promise.resolve();
  one.abort(new Error("first"));
  await assert.rejects(first, /first/);
  assert.equal(signals[0]!.aborted, false);
  two.abort(new Error("second"));
  await assert.rejects(second, /second/);
  assert.equal(signals[0]!.aborted, true);
  resolve();
});

Deno.test("a range that is cancelled before its turn is not read", async () => {
  const { source, reads } = coalescing({});
  const giveUp = new AbortController();
  const read = source.read(0, 10, { signal: giveUp.signal });
  giveUp.abort();
  await assert.rejects(read, { name: "AbortError" });
  await source.read(500, 10);
  assert.deepEqual(reads, [{ offset: 500, length: 10 }]);
});

Deno.test("a read that fails fails its ranges and no others", async () => {
  const { source } = coalescing({ maxGapBytes: 0 });
  const bad = source.readRanges([{ offset: 10, length: 10 }, { offset: 9_999, length: 2 }]);
  const good = source.readRanges([{ offset: 100, length: 10 }]);
  await assert.rejects(bad, SourceReadError);
  assert.deepEqual(await good, [BYTES.subarray(100, 110)]);
});

Deno.test("wrong numbers and closed sources are typed errors; no ranges make no reads", async () => {
  const { source, reads } = coalescing({});
  await assert.rejects(source.readRanges([{ offset: -1, length: 1 }]), OutOfRangeError);
  assert.deepEqual(await source.readRanges([]), []);
  assert.deepEqual(await source.readRanges([{ offset: 5, length: 0 }]), [new Uint8Array(0)]);
  assert.equal(reads.length, 0);
  assert.equal(await source.size(), 10_000);
  source.close();
  await assert.rejects(source.read(0, 1), DisposedError);
});
