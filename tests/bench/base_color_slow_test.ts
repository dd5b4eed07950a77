import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { benchBaseColor } from "./base_color_bench.ts";
import { resultBreach } from "./result_breach.ts";

Deno.test("YCoCg is 4 dB above BC1 on pictures and 8 dB on a dark gradient, magnified four times", async () => {
  using device = await requestDevice();
  const result = await benchBaseColor(device, { pictures: true, rounds: 1 });
  assert.equal(resultBreach(result), "");
  for (const variant of ["tile_scale", "block_scale"]) {
    for (const kind of ["pictures", "dark_gradient"]) {
      const { median, target } = result.metrics[`${kind}_${variant}_vs_bc1`]!;
      assert.ok(median <= target!, `${kind} with ${variant}: ${-median} dB, not ${-target!} dB`);
    }
  }
  // Decoded before filtering, every picture is.
  const { max } = result.metrics["pictures_block_scale_vs_bc1"]!;
  assert.ok(max <= -4, `${-max} dB`);
});
