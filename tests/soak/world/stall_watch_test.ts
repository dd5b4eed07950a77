import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { StallWatch } from "./stall_watch.ts";

Deno.test("what does not end in time is named", async () => {
  const watch = new StallWatch({ mostMs: 20 });
  watch.begin("a frame");
  watch.begin("a rest");
  await assert.rejects(watch.stalled, { message: "a rest does not end within 0.02 s" });
});

Deno.test("what goes on, and a watch that was stopped, are left alone", async () => {
  const watch = new StallWatch({ mostMs: 1000 });
  const ended = watch.stalled.then(() => "stalled", () => "stalled");
  for (let i = 0; i < 6; i++) {
    watch.begin(`frame ${i}`);
    await pause(200);
  }
  watch.stop();
  assert.equal(await Promise.race([ended, pause(1100, "went on")]), "went on");
});
