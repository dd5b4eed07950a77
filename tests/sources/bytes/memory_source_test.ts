import assert from "node:assert/strict";
import { DisposedError, OutOfRangeError, SourceReadError } from "../../../src/errors.ts";
import { memorySource } from "../../../src/sources/mod.ts";

const BYTES = Uint8Array.of(1, 2, 3, 4, 5);

Deno.test("memory is read by range, into bytes of the caller's own", async () => {
  const source = memorySource(BYTES.subarray(1), "four");
  assert.equal(await source.size(), 4);
  assert.equal(source.name, "four");
  const read = await source.read(1, 2);
  assert.deepEqual(read, Uint8Array.of(3, 4));
  read.fill(0);
  assert.deepEqual(await source.read(0, 4), Uint8Array.of(2, 3, 4, 5));
  assert.equal((await source.read(4, 0)).length, 0);
});

Deno.test("reading memory past its end, by wrong numbers or after closing is a typed error", async () => {
  const source = memorySource(BYTES);
  await assert.rejects(source.read(3, 3), (error) => {
    assert.ok(error instanceof SourceReadError);
    assert.deepEqual([error.offset, error.length], [3, 3]);
    assert.match(error.message, /only 2 are there/);
    return true;
  });
  await assert.rejects(source.read(9, 1), SourceReadError);
  for (const [offset, length] of [[-1, 1], [0, -1], [0.5, 1], [0, NaN], [2 ** 60, 1]]) {
    await assert.rejects(source.read(offset!, length!), OutOfRangeError);
  }
  await assert.rejects(source.read(0, 1, { signal: AbortSignal.abort() }), { name: "AbortError" });
  source.close();
  await assert.rejects(source.read(0, 1), DisposedError);
});
