import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { checkScene } from "../../../src/rvt/mod.ts";
import { PlacedScene } from "../scene/placed_scene.ts";

Deno.test("low mips that were never baked are found while their volume is in a scene", async () => {
  using device = await requestDevice();
  await using world = new PlacedScene(device, { volume: { streamingLowMips: 1 } });
  const codes = () => checkScene(world.scene).map(({ code }) => code);
  await world.place([]);
  assert.ok(codes().includes("stale_bake"), `${codes()}`);
  world.volume.change({ streamingLowMips: 0 });
  await world.scene.settled();
  assert.ok(!codes().includes("stale_bake"), `${codes()}`);
});
