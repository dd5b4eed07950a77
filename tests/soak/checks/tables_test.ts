import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileReason } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../../streaming/cameras.ts";
import { insideOf } from "../../streaming/inside.ts";
import { mapSource } from "../../streaming/sources.ts";
import { checkSlots } from "./tables.ts";

/** Slots in use of a system that has settled, after something was done to its residency. */
async function slotsAfter(
  breakIt: (residency: ReturnType<typeof insideOf>["residency"]) => void = () => {},
): Promise<number> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 2 ** 22, tileSize: 64 });
  const textures = [
    await system.loadTexture(mapSource()),
    await system.loadTexture(mapSource({ seed: 1 })),
  ];
  await system.update(lookDown(1000, 1100, heightOfLevel(0)));
  breakIt(insideOf(textures[0]!).residency);
  return checkSlots(system, textures);
}

Deno.test("the slots in use are those of resident tiles", async () => {
  assert.ok(await slotsAfter() > 20);
});

Deno.test("negative control: a slot without a tile, a promise and a pending tile are noticed", async () => {
  const options = { version: 0, pinned: false, ahead: false };
  await assert.rejects(
    slotsAfter(({ pool }) => void pool.slots.takeSlot(1, 0, options)),
    /slots of rgba8unorm\/64\+4 in use, and resident tiles/,
  );
  await assert.rejects(
    slotsAfter(({ pool, slotOf }) => {
      const slot = pool.slots.takeSlot(1, 0, { ...options, pinned: true });
      slotOf.set(0, slot);
    }),
    /pinned slots of/,
  );
  await assert.rejects(
    slotsAfter(({ pool }) => void pool.slotsPromised++),
    /slots of .* that are promised/,
  );
  await assert.rejects(
    slotsAfter((residency) =>
      residency.setPending(0, { frame: 0, reason: TileReason.visible, version: 0 })
    ),
    /tiles of .* in flight/,
  );
});
