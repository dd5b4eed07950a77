/**
 * What is resident against what textures hold.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { ReadbackBatch } from "../../../src/gpu/mod.ts";
import type { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import type { LoadedTexture } from "../world/soak_system.ts";

/**
 * Number of planes of resident tiles whose bytes in the atlas are not those of their textures. Stale
 * tiles are passed over; nothing may be in flight.
 */
export async function wrongPlanes(
  system: VirtualTextureSystem,
  loaded: Iterable<LoadedTexture>,
): Promise<number> {
  let wrong = 0;
  for (const { soak, texture } of loaded) {
    const { pool: { atlas }, residency, grid } = insideOf(texture);
    const batch = new ReadbackBatch(system.device, "soak");
    const wanted: Promise<readonly Uint8Array[]>[] = [];
    residency.slotOf.forEach((tile, slot) => {
      if (residency.isStale(tile, slot)) return;
      const { level, x, y } = grid.addressOf(tile);
      const planes = soak.planesOf(texture, level, x, y);
      if (planes === null) return;
      wanted.push(planes);
      for (const plane of atlas.planes) {
        batch.addTexture(plane, {
          x: atlas.slotLeft(slot),
          y: atlas.slotTop(slot),
          layer: atlas.slotLayer(slot),
          width: atlas.slotTexels,
          height: atlas.slotTexels,
        });
      }
    });
    if (wanted.length === 0) continue;
    const [all, read] = await Promise.all([Promise.all(wanted), batch.read()]);
    for (const [i, bytes] of all.flat().entries()) {
      if (Buffer.compare(read[i]!, bytes) !== 0) wrong++;
    }
  }
  return wrong;
}
