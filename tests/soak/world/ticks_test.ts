import assert from "node:assert/strict";
import { never, pause } from "../../streaming/sources.ts";
import { Ticks } from "./ticks.ts";

Deno.test("what sleeps wakes when its ticks have passed, in order, and not before", async () => {
  const ticks = new Ticks();
  const woken: string[] = [];
  ticks.sleep(2).then(() => woken.push("two"));
  ticks.sleep(1).then(() => woken.push("one"));
  ticks.sleep(2).then(() => woken.push("also two"));
  assert.equal(ticks.sleeperCount, 3);
  await ticks.pass();
  assert.deepEqual(woken, ["one"]);
  await ticks.pass();
  assert.deepEqual(woken, ["one", "two", "also two"]);
  assert.equal(ticks.sleeperCount, 0);
});

Deno.test("time passes while work waits for it, and stands still while it waits for others", async () => {
  const ticks = new Ticks();
  await ticks.during(ticks.sleep(30), "sleep");
  assert.equal(ticks.now, 30);
  await ticks.during(pause(20), "a pause");
  assert.equal(ticks.now, 30);
  await assert.rejects(ticks.during(Promise.reject(new Error("no")), "failing"), /no/);
});

Deno.test("work that never ends is named", async () => {
  const ticks = new Ticks({ mostWaitMs: 50 });
  await assert.rejects(ticks.during(never(), "waiting for ever"), /waiting for ever does not end/);
});
