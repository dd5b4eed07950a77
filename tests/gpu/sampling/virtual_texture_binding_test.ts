import { deepEqual } from "node:assert/strict";
import type { SamplingSettings } from "../../../src/gpu/mod.ts";
import { randomContents } from "../../scene/level_contents.ts";
import { withResident } from "../../scene/resident_texture.ts";

Deno.test("settings are uploaded only when they change", async () => {
  const contents = randomContents(64, 64, "r8unorm");
  await withResident({ contents, tileSize: 64 }, (device, { binding }) => {
    const { queue } = device.gpu;
    const writeBuffer = queue.writeBuffer.bind(queue);
    let writes = 0;
    queue.writeBuffer = (...given: Parameters<typeof writeBuffer>) => {
      writes++;
      return writeBuffer(...given);
    };
    const writesOf = (settings: SamplingSettings) => {
      writes = 0;
      binding.writeSettings(settings);
      return writes;
    };
    try {
      const settings = { lodBias: 0.5, fadeFrames: 4, maxAnisotropy: 2 };
      deepEqual(
        [
          writesOf({}),
          writesOf(settings),
          writesOf({ ...settings }),
          writesOf({ ...settings, lodBias: 1 }),
          writesOf({}),
          writesOf({ lodBias: 0, fadeFrames: 1, maxAnisotropy: 1 }),
        ],
        [0, 1, 0, 1, 1, 0],
      );
    } finally {
      queue.writeBuffer = writeBuffer;
    }
    return Promise.resolve();
  });
});
