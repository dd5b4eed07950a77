/**
 * Renders the low mips of a texture into a tile store.
 *
 * @module
 */

import {
  Atlas,
  type ForgeDevice,
  type MemoryLedger,
  ReadbackBatch,
  slotBytes,
} from "../../gpu/mod.ts";
import type { Ticket } from "../../residency/mod.ts";
import { type ByteSink, TileStoreWriter } from "../../sources/mod.ts";
import { formatInfo, type TexelFormat } from "../../texels/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { NO_TINT, type Tint } from "../planes/mod.ts";
import type { TileToRender } from "../tile/render_producer.ts";
import type { RenderSupply } from "../tile/render_supply.ts";
import { type BakeRecord, writeRecord } from "./bake_record.ts";
import { type BakeSettings, fileFormat } from "./bake_settings.ts";
import { incompleteDigits } from "./incomplete_tiles.ts";
import type { LowMipLevels } from "./low_mip_levels.ts";

/** Tiles that are rendered and read back together at most. */
const MOST_BATCH_TILES = 16;
/** Part of the free memory that they take at most. */
const MEMORY_SHARE = 1 / 2;

/** How far a bake is. */
export interface BakeProgress {
  /** Tiles that were baked so far. */
  readonly tiles: number;
  /** Tiles that there are. */
  readonly tileCount: number;
}

/** Bytes and tiles of a bake. */
export interface BakeSummary extends BakeProgress {
  /** Tiles that lack something of what their materials sample. */
  readonly incompleteTiles: number;
  /** Bytes of its tile store. */
  readonly byteLength: number;
}

/** Red, of which half is mixed with base colours. */
const TINT: Tint = [1, 0.05, 0.05, 0.5];

/** What base colours are mixed with. */
export function bakeTint(isTinted: boolean): Tint {
  return isTinted ? TINT : NO_TINT;
}

/** What is baked, and with what. */
export interface LowMipsBake {
  readonly device: ForgeDevice;
  /** Counts what tiles are rendered to. */
  readonly ledger: MemoryLedger;
  /** Renders tiles; borrowed. */
  readonly supply: RenderSupply;
  /** Tiles of the whole texture, and texels around each. */
  readonly texture: { readonly grid: TileGrid; readonly border: number };
  readonly levels: LowMipLevels;
  /** Formats of the planes in the atlas. */
  readonly formats: readonly TexelFormat[];
  readonly record: Omit<BakeRecord, "incomplete"> & { readonly settings: BakeSettings };
  /** Waits a little for what tiles wait for. */
  readonly waitForOthers: () => Promise<void>;
  /** Throws if what is drawn has changed since the bake began. */
  readonly assertCurrent: () => void;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: BakeProgress) => void;
}

/**
 * Bakes all tiles of the low mips, every plane, to a sink: what a slot of the atlas would hold, bit for bit.
 *
 * @throws {BudgetError} if the system's budget has no room for a few tiles.
 * @throws {BakeError} if the store cannot be written.
 * @throws {DeviceError} if the device is lost.
 * @throws The signal's reason. Nothing is left behind in any of these cases.
 */
export async function bakeLowMips(bake: LowMipsBake, sink: ByteSink): Promise<BakeSummary> {
  const { texture, levels, formats, record, device, ledger, signal, supply } = bake;
  const { producer } = supply;
  const [first, ...others] = formats.map((format) => ({
    format: fileFormat(format),
    colorSpace: formatInfo(format).colorSpace,
  }));
  const { width, height, tileSize } = levels.grid;
  const hasHoles = texture.grid.levelCount < levels.firstLevel + levels.grid.levelCount;
  const sourceWith = (incomplete: Iterable<number>) =>
    writeRecord({ ...record, incomplete: incompleteDigits(levels.grid, incomplete) });
  const writer = await TileStoreWriter.openWriter(sink, {
    width,
    height,
    tileSize,
    border: texture.border,
    ...first!,
    furtherPlanes: others,
    firstLevel: 0,
    lastLevel: "tile",
    holes: hasHoles ? formats.map((format) => new Uint8Array(formatInfo(format).blockBytes)) : null,
    source: sourceWith([]),
    info: `${levels.grid.levelCount} low mips of "${record.name}"`,
  });
  let atlas: Atlas | null = null;
  let tileCount: number;
  try {
    const { border } = texture;
    const wantedSlots = batchTiles(bake);
    atlas = new Atlas(device, ledger, {
      formats,
      tileSize,
      border,
      label: "low mips",
      wantedSlots,
    });
    tileCount = await bakeTiles(bake, writer, atlas);
  } catch (error) {
    await writer.abort();
    throw error;
  } finally {
    atlas?.destroy();
  }
  const { firstTile } = texture.grid.level(levels.firstLevel);
  const incomplete = [...producer.improvableTiles].map((tile) => tile - firstTile);
  const source = sourceWith(incomplete);
  const { byteLength } = await writer.finish({
    source,
    ...(signal === undefined ? {} : { signal }),
  });
  return { tiles: tileCount, tileCount, incompleteTiles: incomplete.length, byteLength };
}

/** How many tiles find room at the same time, one at least: what they are drawn in, a slot, and its copy. */
function batchTiles({ ledger, supply, formats, texture, levels }: LowMipsBake): number {
  const slotTexels = levels.grid.tileSize + 2 * texture.border;
  const tileBytes = supply.recorder.cost.scratchBytes + 2 * slotBytes(formats, slotTexels);
  const fitting = Math.floor(ledger.availableBytes * MEMORY_SHARE / tileBytes);
  return Math.max(1, Math.min(MOST_BATCH_TILES, fitting));
}

/** Returns the number of tiles. */
async function bakeTiles(
  bake: LowMipsBake,
  writer: TileStoreWriter,
  atlas: Atlas,
): Promise<number> {
  const { texture: { grid }, levels: { firstLevel }, supply: { producer }, onProgress } = bake;
  const { firstTile } = grid.level(firstLevel);
  const tileCount = grid.tileCount - firstTile;
  const slots = atlas.plan.slotCount;
  let tiles = 0;
  for (let next = firstTile; tiles < tileCount;) {
    bake.signal?.throwIfAborted();
    while (next < grid.tileCount && producer.pendingCount < slots) {
      producer.request(next++, 1, Infinity);
    }
    const tickets = producer.takeFinishedTiles(slots);
    if (tickets.length === 0) {
      await bake.waitForOthers();
      continue;
    }
    try {
      const planes = await renderedPlanes(bake, atlas, tickets);
      for (const { tile } of tickets) producer.noteLanded(tile);
      for (const [i, { tile }] of tickets.entries()) {
        await writer.putTilePlanes(tile - firstTile, planes[i]!);
      }
    } finally {
      for (const ticket of tickets) ticket.release();
    }
    tiles += tickets.length;
    onProgress({ tiles, tileCount });
    bake.assertCurrent();
  }
  return tileCount;
}

/** Renders tiles into the first slots, and reads all planes of each. */
async function renderedPlanes(
  { device, ledger, supply: { recorder }, signal }: LowMipsBake,
  atlas: Atlas,
  tickets: readonly Ticket<TileToRender>[],
): Promise<Uint8Array[][]> {
  device.assertAlive();
  const { error } = device.guard("low mips", () => {
    const encoder = device.gpu.createCommandEncoder({ label: "low mips" });
    try {
      recorder.record(encoder, atlas, tickets.map(({ payload }, slot) => ({ slot, payload })));
    } catch (thrown) {
      device.submits.dropRecorded();
      throw thrown;
    }
    device.submits.submit([encoder.finish()]);
  });
  const failure = await error;
  if (failure !== null) throw failure;
  const batch = new ReadbackBatch(device, "low mips", { ledger });
  for (const slot of tickets.keys()) {
    for (const plane of atlas.planes) {
      batch.addTexture(plane, {
        x: atlas.slotLeft(slot),
        y: atlas.slotTop(slot),
        layer: atlas.slotLayer(slot),
        width: atlas.slotTexels,
        height: atlas.slotTexels,
      });
    }
  }
  const read = await batch.read(signal);
  const { length } = atlas.planes;
  return tickets.map((_, i) => read.slice(i * length, (i + 1) * length));
}
