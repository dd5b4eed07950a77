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

Deno.test("negative control: where nothing is told of better tiles, others differ from a rebuild", async () => {
  const { set } = MadeTiles.prototype;
  MadeTiles.prototype.set = function (tile, made) {
    set.call(this, tile, made);
    return false;
  };
  try {
    let wrong = 0;
    for (const seed of [22, 23, 24, 3, 7, 10]) {
      if (wrong === 0) {
        wrong = (await useChain({ seed, mebibytes: 2.25, steps: 40 })).wrong.length;
      }
    }
    assert.ok(wrong > 0);
  } finally {
    MadeTiles.prototype.set = set;
  }
});
