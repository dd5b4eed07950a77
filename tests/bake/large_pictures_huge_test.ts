import assert from "node:assert/strict";
import { HAS_PROCESS_MEMORY } from "../helpers/process_memory.ts";
import { memoryOfBake, type WritePicture } from "./large_pictures.ts";

/** Most memory of all processes of a bake together, in MiB. */
const MOST_MB = 1536;

const KINDS: readonly [ending: string, side: number, format: string, write: WritePicture][] = [
  ["jpg", 16384, "bc7", (pipeline) => pipeline.jpeg({ quality: 85 })],
  ["png", 16384, "rgba8", (pipeline) => pipeline.png({ compressionLevel: 1 })],
  ["tif", 16384, "rgba8", (pipeline) => pipeline.tiff({ compression: "lzw" })],
  [
    "tif",
    32768,
    "rgba8",
    (pipeline) =>
      pipeline.tiff({ compression: "deflate", tile: true, tileWidth: 256, tileHeight: 256 }),
  ],
];

for (const [ending, side, format, write] of KINDS) {
  Deno.test({
    name:
      `a ${ending} of ${side}×${side} texels bakes to ${format} in less than ${MOST_MB} MiB of ` +
      "all processes (needs Linux)",
    ignore: !HAS_PROCESS_MEMORY,
    fn: async () => {
      const { sum, single } = await memoryOfBake(ending, side, { format, write });
      console.log(`${ending} ${side}: ${sum} MiB of all processes, ${single} MiB of one`);
      assert.ok(sum < MOST_MB, `${sum} MiB of all processes, ${single} MiB of one`);
    },
  });
}
