/**
 * What must hold of a system at any moment.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ReadbackBatch } from "../../src/gpu/mod.ts";
import { PAGE_ENTRY_NONE, type TextureResidency } from "../../src/residency/mod.ts";
import type { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import type { FileSupply } from "../../src/streaming/supply/file_supply.ts";
import { ControlledSource, pause } from "./sources.ts";
import { insideOf } from "./inside.ts";

/** Checks that the budget holds and that the parts add up. */
export function checkMemory(system: VirtualTextureSystem): void {
  const info = system.getMemoryInfo();
  assert.ok(info.usedMemory <= info.totalBudget, `${info.usedMemory} <= ${info.totalBudget}`);
  assert.ok(system.peakMemory <= info.totalBudget, "the peak is within the budget");
  assert.equal(info.usedMemory + info.availableMemory, info.totalBudget);
  assert.equal(
    info.atlasMemory + info.pageTableMemory + info.feedbackMemory + info.stagingMemory +
      info.scratchMemory + info.cacheMemory,
    info.usedMemory,
  );
  assert.ok(info.atlasSlotsUsed <= info.atlasSlotsTotal);
  assert.equal(info.activeTiles, info.atlasSlotsUsed);
  const statistics = system.getStatistics();
  const { memoryUsed, memoryLimit, compressedBytes, uncompressedBytes } = statistics;
  assert.equal(memoryUsed, compressedBytes);
  assert.equal(memoryLimit, uncompressedBytes || info.totalBudget);
  assert.ok(compressedBytes <= info.atlasMemory && compressedBytes <= uncompressedBytes);
  assert.ok(statistics.memoryUtilization >= 0 && statistics.memoryUtilization <= 100);
  assert.ok(statistics.atlasUtilization >= 0 && statistics.atlasUtilization <= 1);
  for (const value of Object.values(info)) assert.ok(Number.isInteger(value) && value >= 0);
}

/** The table made from nothing but the slots. */
export function rebuiltTable(texture: TextureResidency): Uint32Array {
  const { grid, pool } = texture;
  const table = new Uint32Array(grid.tileCount).fill(PAGE_ENTRY_NONE);
  const own = new Map<number, number>();
  for (let slot = 0; slot < pool.slots.capacity; slot++) {
    if (pool.slots.textureOf(slot) === texture.id) own.set(pool.slots.tileOf(slot), slot);
  }
  for (let tile = grid.tileCount - 1; tile >= 0; tile--) {
    const parent = grid.parentOf(tile);
    if (parent !== -1) table[tile] = table[parent]!;
    const slot = own.get(tile);
    if (slot !== undefined) table[tile] = pool.pageEntryFor(slot, grid.levelOf(tile));
  }
  return table;
}

/** Number of page entries on the GPU that differ from a rebuild. */
export async function wrongEntries(system: VirtualTextureSystem): Promise<number> {
  // Edits that were made while the report of a submit was awaited follow as soon as it has come.
  await pause(2);
  let wrong = 0;
  for (const texture of system.textures) {
    const { table, residency } = insideOf(texture);
    const read = await table.readBack();
    const wanted = rebuiltTable(residency);
    assert.equal(read.length, wanted.length);
    for (let tile = 0; tile < wanted.length; tile++) {
      if (read[tile] !== wanted[tile]) wrong++;
    }
  }
  return wrong;
}

/** Number of slots whose bytes in the atlas are not those of the tile that is mapped to them. */
export async function wrongSlots(system: VirtualTextureSystem): Promise<number> {
  let wrong = 0;
  for (const texture of system.textures) {
    const { pool: { atlas }, residency, supply, grid } = insideOf(texture);
    const { source } = supply as FileSupply;
    const plain = source instanceof ControlledSource ? source.inner : source;
    const batch = new ReadbackBatch(system.device);
    const entries: number[] = [];
    residency.slotOf.forEach((tile, slot) => {
      entries.push(tile);
      batch.addTexture(atlas.planes[0]!, {
        x: atlas.slotLeft(slot),
        y: atlas.slotTop(slot),
        layer: atlas.slotLayer(slot),
        width: atlas.slotTexels,
        height: atlas.slotTexels,
      });
    });
    const read = await batch.read();
    for (const [i, tile] of entries.entries()) {
      const { level, x, y } = grid.addressOf(tile);
      const wanted = await plain.readTile(level, x, y);
      if (Buffer.compare(read[i]!, wanted) !== 0) wrong++;
    }
  }
  return wrong;
}

/** Checks memory, page tables and the atlases' content. */
export async function checkEverything(system: VirtualTextureSystem): Promise<void> {
  checkMemory(system);
  assert.equal(await wrongEntries(system), 0, "page tables are those of a rebuild");
  assert.equal(await wrongSlots(system), 0, "slots hold the tiles that are mapped to them");
}
