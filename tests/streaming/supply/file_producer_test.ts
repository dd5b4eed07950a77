import assert from "node:assert/strict";
import { FileProducer } from "../../../src/streaming/supply/file_producer.ts";
import { ControlledSource, mapSource, never, pause, settlesWithin } from "../sources.ts";

const TILE_BYTES = 72 * 72 * 4;

function make(options: { limitTiles?: number } = {}) {
  const source = new ControlledSource(mapSource({ width: 512, height: 512 }));
  const producer = new FileProducer(() => (options.limitTiles ?? 100) * TILE_BYTES);
  producer.addSource(1, source, TILE_BYTES);
  return { source, producer };
}

async function settle(producer: FileProducer, count: number): Promise<void> {
  while (producer.finishedCount < count) await pause();
}

Deno.test("finished tiles carry the texture, tile and version that were asked for", async () => {
  const { source, producer } = make();
  assert.equal(producer.request(1, 5, 3), "pending");
  assert.equal(producer.request(1, 5, 3), "pending");
  assert.equal(producer.request(1, 6, 0), "pending");
  await settle(producer, 2);
  assert.equal(producer.request(1, 5, 3), "available");
  const taken = producer.take(10, 1e9);
  assert.deepEqual(taken.map((t) => [t.textureId, t.tile, t.version, t.byteLength]), [
    [1, 5, 3, TILE_BYTES],
    [1, 6, 0, TILE_BYTES],
  ]);
  assert.deepEqual(taken[0]!.payload[0], await source.inner.readTile(0, 5, 0));
  assert.equal(producer.heldBytes, 0);
  assert.equal(producer.pendingCount, 0);
});

Deno.test("what does not exist is invalid", () => {
  const { producer } = make();
  assert.equal(producer.request(2, 0, 0), "invalid");
  assert.equal(producer.request(1, -1, 0), "invalid");
  assert.equal(producer.request(1, 1e6, 0), "invalid");
});

Deno.test("a newer version withdraws the one under way, whichever finishes first", async () => {
  const { source, producer } = make();
  let release = () => {};
  source.before = () => new Promise((resolve) => release = resolve);
  producer.request(1, 5, 0);
  const releaseOld = release;
  producer.request(1, 5, 1);
  release();
  await settle(producer, 1);
  releaseOld();
  await pause();
  assert.deepEqual(producer.take(10, 1e9).map((t) => t.version), [1]);
  assert.equal(producer.heldBytes, 0);
});

Deno.test("a cancelled tile is aborted and never handed out, nor is its failure", async () => {
  const { source, producer } = make();
  const signals: AbortSignal[] = [];
  source.before = ({ tile }, signal) => {
    signals.push(signal!);
    return tile === 7 ? Promise.reject(new Error("broken")) : pause();
  };
  producer.request(1, 5, 0);
  producer.cancel(1, 5);
  assert.ok(signals[0]!.aborted);
  producer.request(1, 6, 0);
  producer.request(1, 7, 0);
  await settle(producer, 2);
  producer.cancel(1, 6);
  producer.cancel(1, 7);
  assert.deepEqual(producer.take(10, 1e9), []);
  assert.deepEqual(producer.takeFailures(), []);
  assert.equal(producer.heldBytes, 0);
  assert.equal(producer.pendingCount, 0);
  producer.cancel(1, 99);
  producer.cancel(9, 99);
});

Deno.test("bytes under way are bounded, but one tile is always let through", async () => {
  const { producer } = make({ limitTiles: 2 });
  assert.equal(producer.request(1, 0, 0), "pending");
  assert.equal(producer.request(1, 1, 0), "pending");
  assert.equal(producer.request(1, 2, 0), "saturated");
  await settle(producer, 2);
  assert.equal(producer.request(1, 2, 0), "saturated", "tiles that wait to be taken count");
  producer.take(1, 1e9);
  assert.equal(producer.request(1, 2, 0), "pending");
  const tiny = make({ limitTiles: 0 }).producer;
  assert.equal(tiny.request(1, 0, 0), "pending");
  assert.equal(tiny.request(1, 1, 0), "saturated");
});

Deno.test("tiles are handed out within a number and bytes, at least one", async () => {
  const { producer } = make();
  for (let tile = 0; tile < 6; tile++) producer.request(1, tile, 0);
  await settle(producer, 6);
  assert.equal(producer.take(1, 1e9).length, 1);
  assert.equal(producer.take(5, 1).length, 1);
  assert.equal(producer.take(5, 2 * TILE_BYTES).length, 2);
  assert.equal(producer.take(0, 1e9).length, 0);
  assert.equal(producer.take(5, 1e9).length, 2);
});

Deno.test("failures are handed out once, as errors, and free what they held", async () => {
  const { source, producer } = make();
  source.before = ({ tile }) => {
    if (tile === 3) throw "a thrown text";
    return Promise.reject(new Error("broken"));
  };
  producer.request(1, 3, 0);
  producer.request(1, 4, 2);
  await settle(producer, 2);
  const failures = producer.takeFailures().sort((a, b) => a.tile - b.tile);
  assert.deepEqual(failures.map((f) => [f.textureId, f.tile, f.version, f.error.message]), [
    [1, 3, 0, "a thrown text"],
    [1, 4, 2, "broken"],
  ]);
  assert.deepEqual(producer.takeFailures(), []);
  assert.equal(producer.heldBytes, 0);
  assert.equal(producer.request(1, 3, 0), "pending");
});

Deno.test("a tile of the wrong size is a failure", async () => {
  const { source, producer } = make();
  const inner = source.inner.readTile.bind(source.inner);
  source.inner.readTile = async (...tile) => (await inner(...tile)).subarray(4);
  producer.request(1, 3, 0);
  await settle(producer, 1);
  assert.deepEqual(producer.take(5, 1e9), []);
  const [failure] = producer.takeFailures();
  assert.match(failure!.error.message, /20732.*20736|20736.*20732/);
});

Deno.test("those who wait hear of what finishes, fails or is withdrawn", async () => {
  const { source, producer } = make();
  const cases: [string, () => void][] = [
    ["finishes", () => {}],
    ["fails", () => source.before = () => Promise.reject(new Error("broken"))],
    ["is withdrawn", () => {
      source.before = never;
      setTimeout(() => producer.cancel(1, 5));
    }],
    ["loses its source", () => {
      source.before = never;
      setTimeout(() => producer.removeSource(1));
    }],
  ];
  for (const [name, prepare] of cases) {
    prepare();
    producer.request(1, 5, 0);
    const heard = Promise.all([producer.settled(), producer.settled()]);
    assert.ok(await settlesWithin(heard, 1000), name);
    producer.take(9, 1e9);
    producer.takeFailures();
  }
});

Deno.test("waits that were given up leave nothing behind", async () => {
  const { source, producer } = make();
  source.before = never;
  producer.request(1, 5, 0);
  for (let i = 0; i < 20_000; i++) {
    const abort = new AbortController();
    const waiting = producer.settled(abort.signal);
    abort.abort();
    await waiting;
  }
  await producer.settled(AbortSignal.abort());
  producer.cancel(1, 5);
});
