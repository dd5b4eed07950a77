/**
 * The recorder of a runtime virtual texture: renders tiles, packs their planes and copies them into
 * slots.
 *
 * @module
 */

import {
  type Atlas,
  type EncodeQuality,
  GpuTimer,
  type RecordedTile,
  type TileRecorder,
} from "../../gpu/mod.ts";
import type { SupplyHost } from "../../streaming/mod.ts";
import type { TileCost } from "../../residency/mod.ts";
import type { MaterialTypeName, YcocgScale } from "../asset/mod.ts";
import { PlanePacker, type Tint } from "../planes/mod.ts";
import { recordBytes } from "../draw/record_draws.ts";
import { targetBytes } from "./fill_targets.ts";
import { type FillOptions, type FillParts, recordFill } from "./fill_tiles.ts";
import type { TileFill } from "./fill_tiles.ts";
import { TILE_BYTES } from "./fill_uniform.ts";
import type { TileToRender } from "./render_producer.ts";
import type { ScratchKind, ScratchPool } from "./scratch_pool.ts";

/** What tiles are made of. */
export interface TileContent {
  readonly materialType: MaterialTypeName;
  /** Whether planes are BC blocks. */
  readonly compressed: boolean;
  /** Edge of a tile with its borders in texels. */
  readonly slotTexels: number;
  /** Effort of the block encoders now. */
  readonly quality: EncodeQuality;
  /** Which texels of YCoCg colours share a scale. */
  readonly ycocgScale: YcocgScale;
  /** What base colours are mixed with, to tell such tiles from others. */
  readonly tint: Tint;
  /** What the tiles have in common. */
  readonly fill: Omit<FillOptions, "materialType">;
  /** Most things that are drawn into one tile. */
  readonly mostRecords: number;
  /** Things that are drawn into a tile, as the scene is now. */
  recordsOf(tile: number): number;
  /** What is drawn into a tile, as the scene is now. */
  fillOf(tile: number): TileFill;
}

/** What tiles are rendered with. */
export interface RecorderParts extends FillParts {
  /** What they are rendered in. */
  readonly scratch: ScratchPool;
}

/** Least bytes that a uniform buffer of a tile takes, as offsets are aligned. */
const TILE_STRIDE = Math.max(256, TILE_BYTES);

/** Part of each new measurement in the estimate of a tile's time. */
const SMOOTHING = 1 / 4;

/** Renders tiles, and measures how long that takes. */
export class RenderRecorder implements TileRecorder<TileToRender> {
  readonly memory = "scratch";
  /** Tiles that were rendered so far. */
  renderedCount = 0;
  readonly #parts: RecorderParts;
  readonly #content: () => TileContent;
  #gpuMs = 0;
  readonly #timer: GpuTimer | null;
  readonly #stopListening: () => void;
  #costKey = "";
  #fixedBytes = 0;

  /**
   * @param parts What it draws with; borrowed.
   * @param content What tiles are made of now.
   * @param readbacks When its measurements may be mapped; they are made where the device has timestamps.
   */
  constructor(
    parts: RecorderParts,
    content: () => TileContent,
    readbacks: SupplyHost["readbacks"],
  ) {
    this.#parts = parts;
    this.#content = content;
    const { device, ledger } = parts;
    const isTimed = readbacks.measuresTime && GpuTimer.isSupported(device);
    this.#timer = isTimed ? new GpuTimer(device, ledger, "rendered tiles") : null;
    this.#stopListening = readbacks.subscribe(
      () => this.#readTimer(),
      () => this.#timer !== null && (this.#timer.hasSubmitted || this.#timer.hasArrived),
    );
  }

  /** Takes what was measured, and maps what was submitted since. */
  #readTimer(): void {
    const measured = this.#timer?.takeResult() ?? null;
    if (measured !== null) {
      const ms = measured.ms / measured.units;
      this.#gpuMs = this.#gpuMs === 0 ? ms : this.#gpuMs + SMOOTHING * (ms - this.#gpuMs);
    }
    this.#timer?.startReadback();
  }

  /** Stops measuring. May be called again. */
  close(): void {
    this.#stopListening();
    this.#timer?.destroy();
  }

  /** What one tile costs; scratch memory grows with what may be drawn into it. */
  get cost(): TileCost {
    const content = this.#content();
    const { materialType, compressed, slotTexels, mostRecords } = content;
    // Asked of every tile that is admitted.
    const key = `${materialType}|${compressed}|${slotTexels}`;
    if (key !== this.#costKey) {
      const { device } = this.#parts;
      this.#costKey = key;
      this.#fixedBytes = TILE_STRIDE + targetBytes(device, materialType, slotTexels) +
        PlanePacker.scratchBytesFor(device, { ...scratchKind(content), maxTiles: 1 });
    }
    const scratchBytes = this.#fixedBytes + recordBytes(mostRecords);
    return { uploadBytes: 0, scratchBytes, gpuMs: this.#gpuMs };
  }

  /** Scratch bytes of a tile: most have a few of the things that the coarsest has all of. */
  scratchBytesOf({ tile }: TileToRender): number {
    const { scratchBytes } = this.cost;
    const { mostRecords, recordsOf } = this.#content();
    return scratchBytes - recordBytes(mostRecords) + recordBytes(recordsOf(tile));
  }

  /** Bytes of the budget that are free. */
  get availableBytes(): number {
    return this.#parts.ledger.availableBytes;
  }

  /** See {@linkcode TileRecorder.record}. */
  record(
    encoder: GPUCommandEncoder,
    atlas: Atlas,
    items: readonly RecordedTile<TileToRender>[],
  ): void {
    const { device, scratch } = this.#parts;
    const content = this.#content();
    const { materialType, fill } = content;
    const tiles = items.map(({ payload }) => content.fillOf(payload.tile));
    let owned: readonly { destroy(): void }[] = [];
    try {
      this.#timer?.recordStart(encoder);
      const { targets, packer } = scratch.take(scratchKind(content), tiles.length);
      owned = recordFill(encoder, this.#parts, { ...fill, materialType, tiles, targets });
      const { views } = targets;
      const { heightRange } = fill;
      const { tint } = content;
      packer.record(encoder, { targets: views, count: tiles.length, heightRange, tint });
      packer.recordCopies(encoder, atlas, items.map(({ slot }) => slot));
      this.#timer?.recordEnd(encoder, tiles.length);
    } catch (error) {
      this.#timer?.cancel();
      for (const object of owned) object.destroy();
      throw error;
    }
    this.renderedCount += tiles.length;
    device.submits.afterNextSubmit(() => {
      for (const object of owned) object.destroy();
    });
  }
}

function scratchKind(content: TileContent): ScratchKind {
  const { materialType, compressed, slotTexels, quality, ycocgScale } = content;
  return { materialType, compressed, slotTexels, quality, ycocgScale };
}
