import assert from "node:assert/strict";
import { MOST_FRAMES_BETWEEN, StepLog } from "./step_log.ts";

/** A log in which things happened in some frames. */
function logOf(happened: Readonly<Record<string, readonly number[]>>, frames: number): StepLog {
  const log = new StepLog();
  for (const kind of Object.keys(happened)) log.expect(kind);
  for (let frame = 1; frame <= frames; frame++) {
    log.frame = frame;
    for (const [kind, when] of Object.entries(happened)) if (when.includes(frame)) log.note(kind);
  }
  return log;
}

Deno.test("what does not happen for too many frames is missing, at any part of a run", () => {
  const most = MOST_FRAMES_BETWEEN;
  const log = logOf({
    often: [most, 2 * most, 3 * most],
    late: [most + 1, 2 * most, 3 * most],
    "with a gap": [1, 2 * most, 3 * most],
    "not at the end": [most, 2 * most - 1],
    never: [],
  }, 3 * most);
  assert.deepEqual(log.missing(), [
    `"late" did not happen for ${most + 1} frames`,
    `"with a gap" did not happen for ${2 * most - 1} frames`,
    `"not at the end" did not happen for ${most + 1} frames`,
    `"never" never happened in ${3 * most} frames`,
  ]);
});

Deno.test("in a run of few frames nothing is missing", () => {
  assert.deepEqual(logOf({ never: [] }, MOST_FRAMES_BETWEEN).missing(), []);
});

Deno.test("only what is expected can be noted, or its absence would not be noticed", () => {
  assert.throws(() => new StepLog().note("something else"), RangeError);
});

Deno.test("the kind that was not seen for the longest time is found", () => {
  const log = logOf({ a: [3], b: [2], c: [4] }, 5);
  assert.equal(log.longestAgo(["a", "b", "c"]), "b");
  assert.equal(log.longestAgo(["a", "c"]), "a");
});
