import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import type { VolumeSettings } from "../../../src/rvt/volume/mod.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import { allTiles, builtTiles, placeLowMips, takeRecorded } from "./low_mip_scene.ts";

/** World length of a texel of level 0 of the world, whose layers lie at z = 0. */
const TEXEL = 1 / 16;

/** Places of the volume, and how many of its five baked tiles are stale; null where none can be used. */
const PLACES: readonly (readonly [string, VolumeSettings, number | null])[] = [
  ["a deeper one", { position: [0, 0, -2], scale: [16, 16, 30] }, 0],
  ["one that may cut what it shows", { position: [0, 0, 10] }, 5],
  ["a sixteenth of a texel aside", { position: [TEXEL / 16, 0, 0] }, 5],
  ["a longer one by a tenth of a texel", { scale: [16 + TEXEL / 10, 16, 20] }, 5],
  ["a texel aside", { position: [0, TEXEL, 0] }, null],
  ["a longer one by a texel", { scale: [16, 16 + TEXEL, 20] }, null],
];

Deno.test("of a volume that lies deeper, or elsewhere by less than is seen, tiles are used, stale where they differ", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  for (const [name, volume, stale] of PLACES) {
    await using placed = await placeLowMips(device, { builder, volume, scene: { mode: "game" } });
    const warnings = placed.volume.warnings.join();
    assert.equal(placed.asset.streamedLowMips, stale === null ? 0 : 2, `${name}: ${warnings}`);
    if (stale === 0) assert.equal(warnings, "", name);
    else if (stale === null) {
      assert.match(
        warnings,
        /with other settings: (position|scale) is .* and was .* Build it again$/,
      );
    } else assert.match(warnings, new RegExp(`^${stale} of 5 baked tiles .* are stale`), name);
  }
});

Deno.test("tiles of a volume that lies deeper are those that it would render", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  const volume = { ...PLACES[0]![1], useStreamingLowMipsInEditor: true };
  await using placed = await placeLowMips(device, { builder, volume });
  await using rendered = await placeLowMips(device, { count: 0, volume });
  assert.deepEqual(differingTiles(await allTiles(placed), await allTiles(rendered)), []);
  assert.equal(takeRecorded(placed.texture).copied, 5);
});

Deno.test("World Height of a volume that lies deeper is not used, as it has other heights", async () => {
  using device = await requestDevice();
  const options = { materialType: "world_height" } as const;
  const builder = await builtTiles(device, options);
  const volume = { scale: [16, 16, 30] } as const;
  await using placed = await placeLowMips(device, { ...options, builder, volume });
  assert.match(placed.volume.warnings.join(), /scale is \[16,16,30\] and was \[16,16,20\]/);
});
