import assert from "node:assert/strict";
import { QueueWaits } from "../../../src/streaming/wait/queue_waits.ts";
import { seededRandom } from "../../helpers/random.ts";

/** Milliseconds that count as saved at most. */
const SAVED_MS = 200;

/** Milliseconds of waits in some frames, and how many frames could not wait. */
function runFrames(options: {
  share: number;
  blocks?: boolean;
  frames: number;
  frameMs: number;
  waitMs: (frame: number) => number;
}) {
  let now = 0;
  const waits = new QueueWaits({
    share: options.share,
    blocks: options.blocks ?? true,
    clock: () => now,
  });
  let waited = 0;
  let longest = 0;
  let refused = 0;
  for (let frame = 0; frame < options.frames; frame++) {
    now += options.frameMs;
    if (!waits.mayWait) {
      refused++;
      continue;
    }
    const before = now;
    waits.measure(() => now += options.waitMs(frame));
    waited += now - before;
    longest = Math.max(longest, now - before);
  }
  return { waited, longest, refused, elapsed: now };
}

Deno.test("waits stay within their share of the time, but for what was saved and one wait", () => {
  const random = seededRandom(11);
  for (let i = 0; i < 300; i++) {
    const share = [0.02, 0.1, 0.5][i % 3]!;
    const mostMs = 10 ** (3 * random() - 1);
    const run = runFrames({
      share,
      frames: 400,
      frameMs: 1 + 20 * random(),
      waitMs: () => mostMs * random(),
    });
    const bound = share * (run.elapsed + SAVED_MS) + run.longest;
    assert.ok(run.waited <= bound, `${run.waited} of ${bound}`);
  }
});

Deno.test("short waits are never put off, and one long wait among them costs no frames", () => {
  const short = runFrames({ share: 0.1, frames: 200, frameMs: 3, waitMs: () => 0.2 });
  assert.equal(short.refused, 0);
  const one = runFrames({
    share: 0.1,
    frames: 400,
    frameMs: 3,
    waitMs: (frame) => frame === 200 ? 15 : 0.1,
  });
  assert.equal(one.refused, 0);
});

Deno.test("a wait behind heavy work is followed by nine times its time without another", () => {
  const heavy = runFrames({ share: 0.1, frames: 600, frameMs: 16, waitMs: () => 650 });
  // 9.6 seconds of frames: two waits.
  assert.ok(heavy.waited <= 2 * 650, `${heavy.waited}`);
});

Deno.test("negative control: frames that always wait exceed the share", () => {
  const always = runFrames({ share: 1, frames: 600, frameMs: 16, waitMs: () => 650 });
  assert.ok(always.waited > 0.1 * (always.elapsed + SAVED_MS) + always.longest);
});

Deno.test("a share of 0 never waits, and nothing is put off where asking does not block", () => {
  assert.equal(runFrames({ share: 0, frames: 50, frameMs: 16, waitMs: () => 1 }).refused, 50);
  const free = runFrames({ share: 0, blocks: false, frames: 50, frameMs: 1, waitMs: () => 100 });
  assert.equal(free.refused, 0);
});
