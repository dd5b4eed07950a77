import assert from "node:assert/strict";
import { RingTurns } from "../../../src/gpu/memory/ring_turns.ts";
import { randomNumbers } from "../random_numbers.ts";

/** A part of a buffer, and the submit that reads it. */
interface Part {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly serial: number;
}

/**
 * Places bytes at random; how often a part was given away although a submit still reads its buffer, or
 * the bytes in flight were wrong.
 */
function overwrittenParts(seed: number, ring: RingTurns, count: number): number {
  const random = randomNumbers(seed);
  let serial = 1;
  let completed = 0;
  let live: Part[] = [];
  let wrong = 0;
  for (let step = 0; step < 2000; step++) {
    const action = random();
    if (action < 0.15) serial++;
    else if (action < 0.2) {
      ring.drop(serial);
      live = live.filter((part) => part.serial !== serial);
    } else if (action < 0.3) completed = Math.max(completed, Math.floor(random() * serial));
    else {
      const bytes = 256 * Math.ceil(random() * 6);
      const place = ring.place(bytes, { serial, completed });
      live = live.filter((part) => part.serial > completed);
      if (place !== null) {
        const part = { ...place, start: place.offsetBytes, end: place.offsetBytes + bytes, serial };
        assert.ok(place.index >= 0 && place.index < count && part.end <= ring.bufferBytes);
        assert.equal(ring.currentIndex, place.index);
        wrong += live.filter((one) =>
          one.index === part.index && (one.serial !== serial || one.end > part.start)
        ).length;
        live.push(part);
      }
    }
    live = live.filter((part) => part.serial > completed);
    const bytes = live.reduce((sum, { start, end }) => sum + end - start, 0);
    if (ring.bytesInFlight(completed) !== bytes) wrong++;
  }
  return wrong;
}

Deno.test("a buffer is filled again only once the submit that reads it is known to be done", () => {
  for (let seed = 0; seed < 8; seed++) {
    for (const count of [1, 2, 3, 7]) {
      assert.equal(overwrittenParts(seed, new RingTurns(count, 4096), count), 0);
    }
  }
});

Deno.test("negative control: a ring that believes every submit to be done is found out", () => {
  class Careless extends RingTurns {
    override place(bytes: number, { serial }: { serial: number }) {
      return super.place(bytes, { serial, completed: serial });
    }
  }
  const found = () => overwrittenParts(1, new Careless(3, 4096), 3);
  assert.ok(found() > 0);
});

Deno.test("buffers take turns, one submit each, and what does not fit finds no room", () => {
  const ring = new RingTurns(3, 1024);
  const place = (bytes: number, serial: number, completed: number) =>
    ring.place(bytes, { serial, completed });
  assert.equal(place(1280, 1, 0), null, "larger than a buffer");
  assert.deepEqual(place(512, 1, 0), { index: 0, offsetBytes: 0 });
  assert.deepEqual(place(512, 1, 0), { index: 0, offsetBytes: 512 });
  assert.deepEqual(place(256, 1, 0), { index: 1, offsetBytes: 0 });
  assert.deepEqual(place(256, 2, 0), { index: 2, offsetBytes: 0 }, "room in a buffer of submit 1");
  assert.equal(place(256, 3, 0), null);
  assert.equal(ring.nextSerial, 1);
  assert.deepEqual(place(1024, 3, 1), { index: 0, offsetBytes: 0 });
  ring.drop(3);
  assert.deepEqual(
    place(1024, 3, 1),
    { index: 0, offsetBytes: 0 },
    "a dropped submit reads nothing",
  );
});
