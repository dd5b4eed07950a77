import assert from "node:assert/strict";
import { SoakError } from "../../src/cli/soak/soak_run.ts";
import { runSoak } from "./run_soak.ts";

Deno.test("negative control: what is found names its frame, and can be seen again", async () => {
  const options = { seed: 7, frames: 60, restFrames: 30, pace: 1 };
  const seen: number[] = [];
  for (let run = 0; run < 2; run++) {
    const soaking = runSoak(options, {
      inFrame({ log, device }) {
        // An object that no system counts.
        if (log.frame === 20) device.gpu.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST });
      },
    });
    await assert.rejects(soaking, (error) => {
      assert.ok(error instanceof SoakError);
      assert.match(error.message, /bytes of live GPU objects/);
      assert.equal(error.seed, 7);
      seen.push(error.frame);
      return true;
    });
  }
  assert.deepEqual(seen, [21, 21]);
});

Deno.test("a soak ends when it is told to", async () => {
  const stop = new AbortController();
  const { frames } = await runSoak({
    seed: 2,
    frames: 1000,
    signal: stop.signal,
    onFrame: ({ frame }) => frame === 5 && stop.abort(),
  });
  assert.equal(frames, 5);
});
