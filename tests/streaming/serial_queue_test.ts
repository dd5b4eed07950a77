import assert from "node:assert/strict";
import { SerialQueue } from "../../src/streaming/serial_queue.ts";
import { pause } from "./sources.ts";

Deno.test("work runs one at a time, in the order of the calls, whatever fails", async () => {
  const serialQueue = new SerialQueue();
  const log: string[] = [];
  const work = (name: string, ms: number, fails: boolean) =>
    serialQueue.enqueue(async () => {
      log.push(`${name} begins`);
      await pause(ms);
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([
    work("a", 8, false),
    work("b", 1, true),
    work("c", 0, false),
  ]);
  assert.deepEqual(results.map((r) => r.status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(
    log,
    ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"],
  );
});

Deno.test("work that throws before its first wait does not stop what follows", async () => {
  const serialQueue = new SerialQueue();
  const broken = serialQueue.enqueue(() => {
    throw new Error("at once");
  });
  await assert.rejects(broken, /at once/);
  assert.equal(await serialQueue.enqueue(() => Promise.resolve(3)), 3);
});
