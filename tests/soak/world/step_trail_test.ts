import assert from "node:assert/strict";
import { StepTrail } from "./step_trail.ts";

Deno.test("a trail tells what was done to the texture that a message names, and to all", () => {
  let frame = 0;
  const trail = new StepTrail(() => frame);
  for (frame = 1; frame <= 5000; frame++) trail.note("evicted", { name: "other" });
  trail.note("loaded", { name: "map 1" });
  trail.note("the device is lost");
  trail.note("loaded", { name: "map 2" });
  assert.deepEqual(trail.linesFor('no texture: "map 1"'), [
    "frame 5001: loaded: map 1",
    "frame 5001: the device is lost",
  ]);
  assert.equal(trail.linesFor("something else").length, 10);
  assert.deepEqual(trail.linesFor("something else", 2), [
    "frame 5001: the device is lost",
    "frame 5001: loaded: map 2",
  ]);
});

Deno.test("a trail of nothing has no lines", () => {
  assert.deepEqual(new StepTrail(() => 0).linesFor("x"), []);
});
