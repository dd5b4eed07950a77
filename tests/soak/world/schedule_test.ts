import assert from "node:assert/strict";
import { Schedule, type Step } from "./schedule.ts";
import { StepLog } from "./step_log.ts";

const PACE = 2;
const EVERY = 20;

/** Frames in which steps were done, for some numbers of frames between them. */
async function framesDone(
  seed: number,
  steps: readonly { readonly everyFrames: number; readonly isPossible?: (f: number) => boolean }[],
): Promise<number[][]> {
  const done: number[][] = steps.map(() => []);
  const made = steps.map(({ everyFrames, isPossible = () => true }, i): Step<number> => ({
    name: `step ${i}`,
    everyFrames,
    kinds: [`kind ${i}`],
    run(frame) {
      if (!isPossible(frame)) return false;
      done[i]!.push(frame);
      return true;
    },
  }));
  const schedule = new Schedule(made, new StepLog(), { seed, pace: PACE });
  for (let frame = 1; frame <= 2000; frame++) await schedule.runDueSteps(frame, frame);
  return done;
}

Deno.test("a step comes again at random, within one and a half times its mean, at any pace", async () => {
  const [frames] = await framesDone(1, [{ everyFrames: EVERY }]);
  const gaps = frames!.map((frame, i) => frame - (frames![i - 1] ?? 0));
  const most = 1.5 * PACE * EVERY;
  assert.ok(gaps.every((gap) => gap <= most + 1), `${gaps}`);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  assert.ok(Math.abs(mean / (PACE * EVERY) - 1) < 0.2, `${mean} frames between`);
});

Deno.test("the same seed gives the same frames, whatever other steps there are", async () => {
  const [alone] = await framesDone(5, [{ everyFrames: EVERY }]);
  const [beside] = await framesDone(5, [{ everyFrames: EVERY }, { everyFrames: 3 }]);
  assert.deepEqual(beside, alone);
  const [other] = await framesDone(6, [{ everyFrames: EVERY }]);
  assert.notDeepEqual(other, alone);
});

Deno.test("a step that cannot be done is tried again in the next frame", async () => {
  const [frames] = await framesDone(1, [{ everyFrames: EVERY, isPossible: (f) => f >= 500 }]);
  assert.equal(frames![0], 500);
});
