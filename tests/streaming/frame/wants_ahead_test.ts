import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type QualitySettings, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileReason } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { mapSource } from "../sources.ts";

/** Steps of the camera in texels: standing, slow, and fast enough to leave all that was seen. */
const STEPS = [0, 40, 40, 40, 40, 300, 0, -350, 200, 200, 200, 0, 30, 30];

/**
 * Flies over textures on top of each other with little memory, and checks at every step that all that
 * is seen is there.
 *
 * @returns The largest part of the room beside what is seen that was wanted ahead.
 */
async function fly(
  options: { textures: number; quality?: QualitySettings; region?: boolean },
): Promise<number> {
  const { textures: count, quality = {}, region = false } = options;
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: count * 1.5 * 2 ** 20,
    tileSize: 64,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  for (let seed = 0; seed < count; seed++) await system.loadTexture(mapSource({ seed }));
  const textures = system.textures.map(insideOf);
  const room = textures[0]!.pool.residency.streamingCapacity;
  system.setQualitySettings(quality);
  let x = 500;
  let mostAhead = 0;
  for (const step of STEPS) {
    x += step;
    for (const texture of region ? system.textures : []) {
      // Asked for before the camera comes, and wanted from then on.
      system.prefetchRegion(texture, { x: x + 200, y: 0, width: 600, height: 2048 });
    }
    await system.update(lookDown(x, 1050, heightOfLevel(0) * 1.01));
    let ahead = 0;
    let seen = 0;
    for (const { wants, residency } of textures) {
      for (let i = 0; i < wants.count; i++) {
        if (wants.reasons[i] !== TileReason.visible) ahead++;
        else {
          seen++;
          assert.ok(residency.slotOf.has(wants.tiles[i]!), `a tile seen at ${x} is missing`);
        }
      }
    }
    assert.ok(seen + ahead <= room, `${seen} and ${ahead} tiles wanted of ${room}`);
    mostAhead = Math.max(mostAhead, ahead / (room - seen));
    checkMemory(system);
  }
  assert.equal(system.getStatistics().mipBias, 0, "what is seen is not coarsened for it");
  await checkEverything(system);
  return mostAhead;
}

for (const textures of [1, 2]) {
  const leave = ["one texture leaves", "two textures leave"][textures - 1];

  Deno.test(`a margin wider than the room that ${leave} takes all of it, and nothing from what is seen`, async () => {
    assert.equal(await fly({ textures, quality: { cachePriorityBoost: 12 } }), 1);
  });

  Deno.test(`regions larger than the room that ${leave} take all of it, and nothing from what is seen`, async () => {
    assert.equal(await fly({ textures, region: true }), 1);
  });
}
