import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DisposedError, OutOfRangeError, SourceReadError } from "../../../src/errors.ts";
import { memorySource, openTileStore, readKtx2 } from "../../../src/sources/mod.ts";
import { makeArchive, openBytes, SMALL } from "../tile_store/made_store.ts";

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

Deno.test("a read of Node's Buffer is a copy too, and a store in one opens", async () => {
  const archive = await makeArchive(SMALL);
  const pool = Buffer.alloc(archive.length + 100);
  pool.set(archive, 50);
  const bytes = pool.subarray(50, 50 + archive.length);
  const source = memorySource(bytes);
  const first = await source.read(0, 4);
  first.fill(0);
  assert.deepEqual(bytes.subarray(0, 4), Buffer.from(archive.subarray(0, 4)));
  const store = await openTileStore(source);
  assert.deepEqual(
    await store.readTile(0, 1, 1),
    await (await openBytes(archive)).readTile(0, 1, 1),
  );
});

Deno.test("a store opens over a source of a caller's that gives slices of one buffer", async () => {
  const archive = await makeArchive(SMALL);
  const pool = Buffer.concat([Buffer.alloc(64), archive, Buffer.alloc(64)]);
  const source = {
    name: "theirs",
    size: () => Promise.resolve(archive.length),
    read: (offset: number, length: number) =>
      Promise.resolve(pool.subarray(64 + offset, 64 + offset + length)),
    close() {},
  };
  const store = await openTileStore(source);
  assert.deepEqual(
    await store.readTile(0, 1, 1),
    await (await openBytes(archive)).readTile(0, 1, 1),
  );
});

Deno.test("bytes that are transferred away are an error before and after the source is made", async () => {
  const bytes = new Uint8Array(8);
  const source = memorySource(bytes);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  await assert.rejects(source.read(0, 4), SourceReadError);
  assert.throws(() => memorySource(bytes), { name: "InvalidArgumentError", argument: "bytes" });
});

Deno.test("a source of a caller's that gives other bytes than were asked for is named", async () => {
  for (const given of [new Uint8Array(3), new Uint8Array(200), "text", null, [1, 2]]) {
    const source = {
      name: "theirs",
      size: () => Promise.resolve(1000),
      read: () => Promise.resolve(given as Uint8Array),
      close() {},
    };
    await assert.rejects(readKtx2(source), { name: "SourceReadError", source: "theirs" });
    await assert.rejects(openTileStore(source), { name: "SourceReadError", source: "theirs" });
    for (const size of [undefined, NaN, -1, "7", 1.5, 2 ** 60]) {
      const sized = { ...source, size: () => Promise.resolve(size as number) };
      await assert.rejects(readKtx2(sized), { name: "InvalidArgumentError" });
      await assert.rejects(openTileStore(sized), { name: "InvalidArgumentError" });
    }
  }
});
