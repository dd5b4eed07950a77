import assert from "node:assert/strict";
import { MadeTiles } from "../../../src/rvt/source/made_tiles.ts";
import { useChain } from "./use_chain.ts";

for (
  const [seed, mebibytes] of [[3, 2], [7, 2.25], [11, 2.5], [22, 2.25], [23, 2.25], [
    67,
    2,
  ]] as const
) {
  Deno.test(`random use of a chain in ${mebibytes} MiB leaves the tiles of a rebuild (${seed})`, async () => {
    const { wrong, openPreloads, steps } = await useChain({ seed, mebibytes, steps: 40 });
    assert.deepEqual(wrong, [], steps.join(", "));
    assert.equal(openPreloads, 0, steps.join(", "));
  });
}

Deno.test("negative control: where edits of sources are not noticed, tiles differ from a rebuild", async () => {
  const { noteInvalidated } = MadeTiles.prototype;
  MadeTiles.prototype.noteInvalidated = () => {};
  try {
    const { wrong } = await useChain({ seed: 3, mebibytes: 2.5, steps: 40 });
    assert.ok(wrong.length > 0);
  } finally {
    MadeTiles.prototype.noteInvalidated = noteInvalidated;
  }
});
