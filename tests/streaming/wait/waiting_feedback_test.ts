import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { insideOf } from "../inside.ts";
import { mapSource, pause } from "../sources.ts";

/** Tiles that feedback names after some pictures, where frames may not wait for the GPU. */
async function namedTiles(update: "update" | "updateNow" | "flush"): Promise<number> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * 2 ** 20,
    tileSize: 64,
    gpuWaitShare: 0,
  });
  const texture = await system.loadTexture(mapSource());
  const camera = lookDown(1000, 1100, heightOfLevel(0.5));
  for (let i = 0; i < 4; i++) {
    if (update === "update") await system.update(camera);
    else system.updateNow(camera);
    if (update === "flush") await system.flush();
    // From another place, which the footprint of the update does not name.
    await render(system, lookDown(300, 300, heightOfLevel(0.5)));
    await pause(15);
  }
  return insideOf(texture).feedback.size;
}

Deno.test("calls that wait take feedback, however little frames may wait", async () => {
  assert.ok(await namedTiles("update") > 0);
  assert.ok(await namedTiles("flush") > 0);
});

Deno.test("negative control: frames that may not wait take none where asking blocks", async () => {
  assert.equal(await namedTiles("updateNow"), 0);
});
