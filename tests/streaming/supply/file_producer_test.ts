import assert from "node:assert/strict";
import { MemoryLedger } from "../../../src/gpu/mod.ts";
import { FileProducer, sourceReader } from "../../../src/streaming/supply/file_producer.ts";
import { InFlightBudget } from "../../../src/streaming/supply/in_flight_budget.ts";
import { fakeDevice } from "../../gpu/fake_device.ts";
import { ControlledSource, mapSource, never, pause } from "../sources.ts";

const TILE_BYTES = 72 * 72 * 4;

function make(options: { limitTiles?: number; budgetTiles?: number } = {}) {
  const { limitTiles = 100, budgetTiles = 1000 } = options;
  const { device } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, budgetTiles * TILE_BYTES);
  const inFlight = new InFlightBudget(ledger, { inFlightBytes: limitTiles * TILE_BYTES });
  const source = new ControlledSource(mapSource({ width: 512, height: 512 }));
  return {
    source,
    inFlight,
    producer: new FileProducer(sourceReader(source), TILE_BYTES, inFlight),
  };
}

async function untilFinished(producer: FileProducer, count: number): Promise<void> {
  while (producer.finishedCount < count) await pause();
}

Deno.test("finished tiles carry the tile and version that were asked for, and hold memory till released", async () => {
  const { source, producer, inFlight } = make();
  assert.equal(producer.request(5, 3, 1), "pending");
  assert.equal(producer.request(5, 3, 2), "pending");
  assert.equal(producer.request(6, 0, 1), "pending");
  await untilFinished(producer, 2);
  assert.equal(producer.request(5, 3, 1), "available");
  const taken = producer.takeFinishedTiles(10);
  assert.deepEqual(taken.map((t) => [t.tile, t.version]), [[5, 3], [6, 0]]);
  assert.deepEqual(taken[0]!.payload, [await source.inner.readTile(0, 5, 0)]);
  assert.equal(producer.pendingCount, 0);
  assert.equal(inFlight.heldBytes, 2 * TILE_BYTES);
  for (const ticket of taken) {
    ticket.release();
    ticket.release();
  }
  assert.equal(inFlight.heldBytes, 0);
});

Deno.test("what does not exist is invalid", () => {
  const { producer, inFlight } = make();
  for (const tile of [-1, 1e6, 0.5, NaN]) assert.equal(producer.request(tile, 0, 1), "invalid");
  producer.close();
  assert.equal(producer.request(1, 0, 1), "invalid", "nor does anything once it is closed");
  assert.equal(inFlight.heldBytes, 0);
});

Deno.test("a newer version replaces the one in flight, whichever finishes first; an older one does not", async () => {
  const { source, producer, inFlight } = make();
  let release = () => {};
  source.before = () => new Promise((resolve) => release = resolve);
  producer.request(5, 1, 1);
  const releaseOld = release;
  producer.request(5, 2, 1);
  assert.equal(producer.request(5, 1, 1), "pending");
  assert.equal(source.reads.length, 2);
  release();
  await untilFinished(producer, 1);
  releaseOld();
  await pause();
  const taken = producer.takeFinishedTiles(10);
  assert.deepEqual(taken.map((t) => t.version), [2]);
  taken[0]!.release();
  assert.equal(inFlight.heldBytes, 0);
});

Deno.test("a cancelled tile is aborted and never handed out, nor is its failure", async () => {
  const { source, producer, inFlight } = make();
  const signals: AbortSignal[] = [];
  source.before = ({ tile }, signal) => {
    signals.push(signal!);
    return tile === 7 ? Promise.reject(new Error("broken")) : pause();
  };
  producer.request(5, 0, 1);
  producer.cancel(5);
  assert.ok(signals[0]!.aborted);
  producer.request(6, 0, 1);
  producer.request(7, 0, 1);
  await untilFinished(producer, 2);
  producer.cancel(6);
  producer.cancel(7);
  assert.deepEqual(producer.takeFinishedTiles(10), []);
  assert.deepEqual(producer.takeFailures(), []);
  assert.equal(producer.finishedCount, 0);
  assert.equal(inFlight.heldBytes, 0);
  assert.equal(producer.pendingCount, 0);
  producer.cancel(99);
});

Deno.test("bytes in flight are bounded, but one tile is always let through, and an urgent one", async () => {
  const { producer } = make({ limitTiles: 2 });
  assert.equal(producer.request(0, 0, 1), "pending");
  assert.equal(producer.request(1, 0, 1), "pending");
  assert.equal(producer.request(2, 0, 1), "saturated");
  await untilFinished(producer, 2);
  assert.equal(producer.request(2, 0, 1), "saturated", "tiles that wait to be taken count");
  const [ticket] = producer.takeFinishedTiles(1);
  assert.equal(producer.request(2, 0, 1), "saturated", "so do those that are not in the atlas yet");
  ticket!.release();
  assert.equal(producer.request(2, 0, 1), "pending");
  assert.equal(producer.request(3, 0, Infinity), "pending", "a tail does not wait for others");
  const tiny = make({ limitTiles: 0 }).producer;
  assert.equal(tiny.request(0, 0, 1), "pending");
  assert.equal(tiny.request(1, 0, 1), "saturated");
  const full = make({ budgetTiles: 1 }).producer;
  assert.equal(full.request(0, 0, Infinity), "pending");
  assert.equal(full.request(1, 0, Infinity), "saturated", "the whole budget is never exceeded");
});

Deno.test("tiles are handed out in the order in which they finished, at most so many", async () => {
  const { source, producer } = make();
  source.before = ({ tile }) => pause(12 - 2 * tile);
  for (let tile = 0; tile < 6; tile++) producer.request(tile, 0, 1);
  await untilFinished(producer, 6);
  const tilesOf = (most: number) => producer.takeFinishedTiles(most).map(({ tile }) => tile);
  assert.deepEqual(tilesOf(0), []);
  assert.deepEqual(tilesOf(2), [5, 4]);
  assert.deepEqual(tilesOf(9), [3, 2, 1, 0]);
});

Deno.test("failures are handed out once, as errors, and free what they held", async () => {
  const { source, producer, inFlight } = make();
  source.before = ({ tile }) => {
    if (tile === 3) throw "a thrown text";
    return Promise.reject(new Error("broken"));
  };
  producer.request(3, 0, 1);
  producer.request(4, 2, 1);
  await untilFinished(producer, 2);
  const failures = producer.takeFailures().sort((a, b) => a.tile - b.tile);
  assert.deepEqual(failures.map((f) => [f.tile, f.version, f.error.message]), [
    [3, 0, "Cannot read tile 3 of map 0: a thrown text"],
    [4, 2, "broken"],
  ]);
  assert.deepEqual(producer.takeFailures(), []);
  assert.equal(inFlight.heldBytes, 0);
  assert.equal(producer.request(3, 0, 1), "pending");
});

Deno.test("a tile that is not exactly a slot's bytes is a failure", async () => {
  const wrong = [new Uint8Array(3), new ArrayBuffer(TILE_BYTES), null, undefined, "text", [1]];
  for (const bytes of wrong) {
    const { source, producer } = make();
    source.inner.readTile = () => Promise.resolve(bytes as Uint8Array);
    producer.request(5, 0, 1);
    await untilFinished(producer, 1);
    const [failure] = producer.takeFailures();
    assert.match(failure!.error.message, /tile 5 .* must have 20736 bytes/);
    assert.deepEqual(producer.takeFinishedTiles(9), []);
  }
});

Deno.test("the listener is told of every finish, failure and withdrawal", async () => {
  const { source, producer } = make();
  let heard = 0;
  producer.setListener(() => heard++);
  producer.request(5, 0, 1);
  await untilFinished(producer, 1);
  assert.equal(heard, 1);
  source.before = () => Promise.reject(new Error("broken"));
  producer.request(6, 0, 1);
  await untilFinished(producer, 2);
  assert.equal(heard, 2);
  source.before = never;
  producer.request(7, 0, 1);
  producer.cancel(7);
  assert.equal(heard, 3);
  producer.setListener(null);
  producer.request(8, 0, 1);
  producer.close();
  assert.equal(heard, 3);
});
