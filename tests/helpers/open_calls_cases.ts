import { requestDevice } from "../../src/gpu/mod.ts";

/** More than Deno settles in a turn of the event loop. */
const CALLS = 160;

for (let round = 0; round < 20; round++) {
  Deno.test(`${CALLS} calls are open when the test ends, round ${round}`, async () => {
    using device = await requestDevice();
    for (let i = 0; i < CALLS; i++) void device.gpu.queue.onSubmittedWorkDone();
    Deno.kill(Deno.ppid, "SIGUSR1");
  });
}
