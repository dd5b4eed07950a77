import assert from "node:assert/strict";
import { DeviceError } from "../../src/errors.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { LiveGpuBytes } from "../helpers/live_gpu_bytes.ts";
import { heightOfLevel, lookDown } from "../streaming/cameras.ts";
import { addFaults } from "../streaming/faulty_gpu.ts";
import { mapSource, pause } from "../streaming/sources.ts";

/** More calls than a picture takes. */
const MOST_CALLS = 40;
/** Turns of 5 ms after which nothing is read back any more. */
const MOST_TURNS = 200;

Deno.test("a picture that fails at any call of the GPU leaves no object behind", async () => {
  using device = await requestDevice();
  let calls = 0;
  let failing = -1;
  let failure = 0;
  // What is drawn after a call that fails says how it does.
  const random = () => calls > failing ? failure : calls++ === failing ? 0 : 1;
  const faults = addFaults(device.gpu, random);
  const live = new LiveGpuBytes(device);
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 2 ** 22, tileSize: 64 });
  await system.loadTexture(mapSource());
  const camera = lookDown(1000, 1100, heightOfLevel(0));
  const before = live.objects();
  assert.equal(live.objectCount, before.size, "one of each name");
  let failures = 0;
  for (failing = 0; failing < MOST_CALLS; failing++) {
    for (failure of [0, 0.5]) {
      calls = 0;
      faults.probability = 0.1;
      try {
        await render(system, camera);
      } catch (error) {
        assert.ok(error instanceof DeviceError, `${error}`);
        failures++;
      }
      faults.probability = 0;
      // The read-back of a picture that has failed is still going on.
      for (let turn = 0; turn < MOST_TURNS && live.objectCount > before.size; turn++) {
        await pause(5);
      }
      assert.deepEqual(live.objects(), before, `after call ${failing} has failed`);
    }
  }
  assert.ok(failures > 10, `${failures} pictures failed`);
});
