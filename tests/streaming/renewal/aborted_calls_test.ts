import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { mapSource, settlesWithin } from "../sources.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
/** Turns of the microtask queue that a load takes at most before it waits for a report. */
const MOST_TURNS = 60;

Deno.test("a load that is aborted right after its device was lost rejects with the signal's reason", async () => {
  for (let turns = 0; turns < MOST_TURNS; turns += 3) {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      maxMemoryBytes: 3 * 2 ** 20,
      tileSize: 64,
      logger: quiet,
    });
    await system.loadTexture(mapSource());
    await system.update(lookDown(1000, 1100, heightOfLevel(0)));
    const stop = new AbortController();
    const reason = new Error("enough");
    // Of another format: the pool that is there must be moved to make room.
    const loading = system.loadTexture(mapSource({ format: "r8unorm" }), { signal: stop.signal });
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    device.gpu.destroy();
    stop.abort(reason);
    assert.ok(await settlesWithin(loading, 2000), `after ${turns} turns`);
    await loading.then(
      () => assert.fail(`loaded after ${turns} turns`),
      (error) => assert.equal(error, reason, `after ${turns} turns`),
    );
    await system.renewed();
    assert.equal(system.textures.length, 1);
  }
});
