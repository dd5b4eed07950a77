import assert from "node:assert/strict";
import { runSoak } from "./run_soak.ts";

/** What the lane takes on two cores, with what else is in it, is less than three minutes. */
const MINUTES = 1.2;

Deno.test("a soak of a minute finds nothing, and does everything once in 1,000 frames", async () => {
  const { frames, figures } = await runSoak({ seed: Date.now() % 2 ** 31, minutes: MINUTES });
  assert.ok(frames > 2000, `${frames} frames`);
  assert.ok(figures.length > 5, "figures were compared");
});
