import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { MOST_LAYERS_ERROR, randomLayersErrors } from "./random_layers.ts";

const SCENE = { seed: 41, pose: "yawed", materialType: "mask4" } as const;

Deno.test("a stack of sixteen random layers, shaded directly, is the oracle's", async () => {
  using device = await requestDevice();
  const error = (await randomLayersErrors(device, SCENE)).get("mask4")!;
  assert.ok(error <= MOST_LAYERS_ERROR, `${error}`);
  const control = await randomLayersErrors(device, {
    ...SCENE,
    drawsOf: (draws) => [...draws.slice(0, 1), ...draws.slice(1).reverse()],
  });
  assert.ok(control.get("mask4")! > 0.1, `negative control: order shows: ${control.get("mask4")}`);
});
