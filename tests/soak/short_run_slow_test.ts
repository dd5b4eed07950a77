import assert from "node:assert/strict";
import { runSoak } from "./run_soak.ts";

Deno.test("a short soak does everything and finds nothing", async () => {
  const { frames, counts, figures } = await runSoak({
    seed: 1,
    frames: 480,
    restFrames: 120,
    pace: 1,
  });
  assert.equal(frames, 480);
  const missing = counts.filter(({ count }) => count === 0).map(({ name }) => name);
  assert.deepEqual(missing, [], "everything has happened");
  assert.ok(figures.length > 5, "figures were compared");
});
