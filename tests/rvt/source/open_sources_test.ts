import assert from "node:assert/strict";
import type { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import type { PlacedTexture } from "../../../src/rvt/sample/sampled_assets.ts";
import { OpenSources } from "../../../src/rvt/source/mod.ts";
import type { SourceTexture } from "../../../src/streaming/supply/source_tiles.ts";

const ASSET = { name: "asset", materialType: "mask4" } as RuntimeVirtualTexture;

/** Sources of one asset, whose texture the test exchanges. */
function openSources() {
  let texture: object | null = null;
  const replaced: unknown[] = [];
  const open = new OpenSources(
    {
      frame: 0,
      takeStaleTiles() {},
      open: () => ({ isLoaded: true, close() {} }) as unknown as SourceTexture,
    },
    {
      placedOf: () => texture === null ? null : { texture } as unknown as PlacedTexture,
      events: {
        landed() {},
        improved() {},
        invalidated() {},
        replaced: (object) => void replaced.push(object),
      },
    },
  );
  const place = (made: object | null) => void (texture = made);
  return { open, place, takeReplaced: () => replaced.splice(0) };
}

Deno.test("that another texture stands for an asset is told once, by whichever call finds it", () => {
  const { open, place, takeReplaced } = openSources();
  // Nothing was made from it before.
  open.sourceOf(ASSET);
  assert.deepEqual(takeReplaced(), []);
  for (const texture of [{ name: "one" }, { name: "another" }, null, { name: "third" }]) {
    place(texture);
    open.sourceOf(ASSET);
    assert.deepEqual(takeReplaced(), [ASSET]);
    open.refresh();
    open.sourceOf(ASSET);
    assert.deepEqual(takeReplaced(), []);
  }
  place({ name: "fourth" });
  open.refresh();
  assert.deepEqual(takeReplaced(), [ASSET]);
});
