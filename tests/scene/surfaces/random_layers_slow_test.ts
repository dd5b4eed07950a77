import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES } from "../../../src/rvt/asset/mod.ts";
import { MOST_LAYERS_ERROR, randomLayersErrors } from "./random_layers.ts";

const POSES = ["upright", "yawed", "tilted"] as const;

for (const [i, materialType] of MATERIAL_TYPE_NAMES.entries()) {
  const pose = POSES[i % 3]!;
  Deno.test(`random layers of ${materialType} in a volume that is ${pose}, shaded directly, are the oracle's within ${MOST_LAYERS_ERROR}`, async () => {
    using device = await requestDevice();
    for (const seed of [60 + i, 80 + i]) {
      const errors = await randomLayersErrors(device, { seed, pose, materialType });
      for (const [attribute, error] of errors) {
        assert.ok(error <= MOST_LAYERS_ERROR, `seed ${seed}, ${attribute}: ${error}`);
      }
    }
  });
}
