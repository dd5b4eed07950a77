import assert from "node:assert/strict";
import { HAS_PROCESS_MEMORY, memoryPeak } from "../helpers/process_memory.ts";
import { memoryOfBake, type WritePicture } from "./large_pictures.ts";

/** Most memory of all processes of a bake, and of any one, in MiB. */
const MOST_MB = { sum: 1024, single: 512 };

const KINDS: readonly [ending: string, format: string, write: WritePicture][] = [
  ["jpg", "rgba8", (pipeline) => pipeline.jpeg({ quality: 85 })],
  ["png", "rgba8", (pipeline) => pipeline.png({ compressionLevel: 1 })],
];

for (const [ending, format, write] of KINDS) {
  Deno.test({
    name: `a ${ending} of 8192×8192 texels bakes to ${format} in less than ${MOST_MB.sum} MiB of ` +
      "all processes (needs Linux)",
    ignore: !HAS_PROCESS_MEMORY,
    fn: async () => {
      const { sum, single, processes } = await memoryOfBake(ending, 8192, { format, write });
      assert.ok(processes >= 3, "the task, the bake and its decoder");
      assert.ok(sum < MOST_MB.sum, `${sum} MiB of all processes`);
      assert.ok(single < MOST_MB.single, `${single} MiB of one process`);
    },
  });
}

Deno.test({
  name: "negative control: memory that a child of a child takes is seen (needs Linux)",
  ignore: !HAS_PROCESS_MEMORY,
  fn: async () => {
    const hold = "globalThis.held = new Uint8Array(600 << 20).fill(1); " +
      "await new Promise((resolve) => setTimeout(resolve, 1000));";
    const start = `await new Deno.Command(Deno.execPath(), { args: ["eval", ${
      JSON.stringify(hold)
    }] }).output();`;
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", start] }).spawn();
    const { sum, single } = await memoryPeak(child);
    assert.ok(single > MOST_MB.single && sum > single, `${sum} and ${single} MiB`);
  },
});
