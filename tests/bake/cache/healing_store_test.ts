import assert from "node:assert/strict";
import { HealingTileStore } from "../../../src/bake/cache/healing_store.ts";
import { MalformedFileError } from "../../../src/errors.ts";
import type { TileStore } from "../../../src/sources/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";

/** A store whose reads fail while `isDamaged` says so. */
function madeStore(isDamaged: () => boolean): TileStore {
  const read = () =>
    isDamaged()
      ? Promise.reject(new MalformedFileError("made", "Cannot read tile"))
      : Promise.resolve(Uint8Array.of(1));
  return {
    name: "made",
    version: 2,
    planes: [],
    grid: new TileGrid(64, 64, 64),
    border: 4,
    format: "rgba8unorm",
    colorSpace: "linear",
    info: "made",
    counters: { bytesRead: 0, bytesUsed: 0 },
    description: {} as TileStore["description"],
    readTile: read,
    readTilePlanes: async () => [await read()],
    close() {},
  };
}

Deno.test("a store in whose place none can be read is not replaced for every tile", async () => {
  let replaced = 0;
  const store = new HealingTileStore(madeStore(() => true), {
    name: "a.png",
    reopen: () => {
      replaced++;
      return Promise.resolve(madeStore(() => true));
    },
  });
  for (let i = 0; i < 50; i++) await assert.rejects(() => store.readTile(0, 0, 0));
  assert.equal(replaced, 1);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  for (let i = 0; i < 50; i++) await assert.rejects(() => store.readTile(0, 0, 0));
  assert.equal(replaced, 2, "a later read tries again");
  store.close();
});

Deno.test("each damage is replaced once, as long as tiles can be read in between", async () => {
  let replaced = 0;
  let isDamaged = false;
  const store = new HealingTileStore(madeStore(() => isDamaged), {
    name: "a.png",
    reopen: () => {
      replaced++;
      isDamaged = false;
      return Promise.resolve(madeStore(() => isDamaged));
    },
  });
  for (let i = 1; i <= 20; i++) {
    isDamaged = true;
    await Promise.all(Array.from({ length: 5 }, () => store.readTile(0, 0, 0)));
    assert.equal(replaced, i);
  }
  store.close();
});

Deno.test("errors that are no damage are passed on", async () => {
  const failing = madeStore(() => false);
  failing.readTile = () => Promise.reject(new RangeError("no such tile"));
  const store = new HealingTileStore(failing, {
    name: "a.png",
    reopen: () => Promise.reject(new Error("not called")),
  });
  await assert.rejects(() => store.readTile(9, 0, 0), RangeError);
  store.close();
});
