/**
 * Putting finished tiles into the atlas: slots, uploads and page-table edits in one submit, content
 * before mapping.
 *
 * @module
 */

import type { ForgeDevice, RecordedTile, TileRecorder } from "../../gpu/mod.ts";
import type { FailedTile, PageEdit, Residency, Ticket, TileProducer } from "../../residency/mod.ts";
import type { TilePayload } from "./file_producer.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import type { SystemSettings } from "../options.ts";
import type { TextureState } from "../texture_state.ts";

/** Tiles that are taken between two looks at the clock. */
const CHUNK_TILES = 8;

/** What lands in slots, and what it works with; all of it is borrowed. */
export interface LandingParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly producer: TileProducer<TilePayload>;
  readonly recorder: TileRecorder<TilePayload>;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly settings: SystemSettings;
  /** Bytes of the budget that staging must leave free. */
  readonly slackBytes: () => number;
}

/** How much may still land in an update. */
export interface LandingBudget {
  tiles: number;
  bytes: number;
  /** Time for taking and recording tiles, waiting not included. */
  ms: number;
  /** Tiles that were taken so far; the first one may exceed the bytes and the time. */
  taken: number;
}

/** Whether an update may land nothing more, given the bytes of the largest tile. */
function isSpent(budget: LandingBudget, largestTile: number): boolean {
  return budget.tiles <= 0 ||
    (budget.taken > 0 && (budget.bytes < largestTile || budget.ms <= 0));
}

/** Records what has finished into commands, and keeps the tables in step. */
export class Landing {
  readonly #parts: LandingParts;
  #asking = false;

  constructor(parts: LandingParts) {
    this.#parts = parts;
  }

  /**
   * Takes finished tiles within a budget, which shrinks by what was taken, and records their uploads.
   *
   * @param deadlineMs Clock reading after which nothing more is taken, whatever the budget.
   * @param frame Number of the frame that will show them first.
   * @returns Number of tiles that were recorded.
   */
  recordTiles(
    encoder: GPUCommandEncoder,
    budget: LandingBudget,
    { frame, deadlineMs = Infinity }: { frame: number; deadlineMs?: number },
  ): number {
    const { residency, producer, settings } = this.#parts;
    for (const failure of producer.takeFailures()) {
      residency.failed(failure.textureId, failure.tile);
      this.#report(failure);
    }
    let landed = 0;
    let now = settings.clock();
    const { largest, largestTile, density } = this.#stagingNeeds();
    while (producer.finishedCount > 0 && !isSpent(budget, largestTile)) {
      const available = this.#availableBytes();
      if (available < largest) {
        this.#learnCompletion();
        break;
      }
      const room = Math.min(budget.bytes, available * density);
      const tickets = producer.take(Math.min(budget.tiles, CHUNK_TILES), Math.max(1, room));
      if (tickets.length === 0) break;
      landed += this.#record(encoder, tickets, frame);
      budget.taken += tickets.length;
      budget.tiles -= tickets.length;
      for (const ticket of tickets) budget.bytes -= ticket.byteLength;
      const before = now;
      now = settings.clock();
      budget.ms -= now - before;
      if (now >= deadlineMs) break;
    }
    return landed;
  }

  /** Whether an update may land nothing more. */
  isSpent(budget: LandingBudget): boolean {
    return isSpent(budget, this.#stagingNeeds().largestTile);
  }

  /** Warns of a texture's first failure, so that a broken file does not fill the log. */
  #report({ textureId, error }: FailedTile): void {
    const { settings, textures } = this.#parts;
    const state = textures.get(textureId);
    const message =
      `${settings.label}: cannot read a tile of ${state?.source.name}: ${error.message}`;
    if (state === undefined || state.warned) settings.logger.debug(message);
    else {
      state.warned = true;
      settings.logger.warn(
        `${message}. A coarser one is shown, and it is tried again; failures are counted`,
      );
    }
  }

  /** Finds out how far the GPU is, so that a later frame can use the staging memory again. */
  #learnCompletion(): void {
    if (this.#asking) return;
    this.#asking = true;
    const done = () => this.#asking = false;
    // A lost device is reported by the next call that needs it.
    this.#parts.device.submits.wait().then(done, done);
  }

  /** Bytes that staging may use now. */
  #availableBytes(): number {
    return this.#parts.recorder.availableBytes - this.#parts.slackBytes();
  }

  /** Staging bytes and bytes of the largest tile, and the least part of staging that is texels. */
  #stagingNeeds(): { largest: number; largestTile: number; density: number } {
    let largest = 0;
    let largestTile = 0;
    let density = 1;
    for (const { pool } of this.#parts.textures.values()) {
      const staged = this.#parts.recorder.bytesFor(pool.atlas);
      largest = Math.max(largest, staged);
      largestTile = Math.max(largestTile, pool.tileBytes);
      density = Math.min(density, pool.tileBytes / staged);
    }
    return { largest, largestTile, density };
  }

  #record(
    encoder: GPUCommandEncoder,
    tickets: readonly Ticket<TilePayload>[],
    frame: number,
  ): number {
    const { residency, recorder, textures } = this.#parts;
    const uploads = new Map<GpuPool, RecordedTile<TilePayload>[]>();
    let landed = 0;
    for (const ticket of tickets) {
      const slot = residency.land(ticket);
      if (slot === -1) continue;
      const { pool } = textures.get(ticket.textureId)!;
      let list = uploads.get(pool);
      if (list === undefined) uploads.set(pool, list = []);
      list.push({ slot, payload: ticket.payload });
      pool.setSlotFrame(slot, frame);
      residency.counters.bytesUploaded += ticket.byteLength;
      landed++;
    }
    for (const [pool, list] of uploads) {
      recorder.record(encoder, pool.atlas, lastOfEachSlot(list));
      pool.uploadSlotFrames();
    }
    return landed;
  }

  /**
   * Puts the tiles of a texture's tail into slots that they never lose, in submits of their own.
   *
   * @param tail Texels of the tail's tiles, finest level first.
   */
  async pinTail(texture: TextureState, tail: readonly Uint8Array[]): Promise<void> {
    const { device, residency, recorder } = this.#parts;
    const { grid, pool } = texture;
    const staged = recorder.bytesFor(pool.atlas);
    const { mappings } = texture.residency;
    const edits: PageEdit[][] = [];
    const slots = tail.map((_, i) => {
      const { firstTile } = grid.levels[grid.tailLevel + i]!;
      const slot = residency.pin(texture.residency, firstTile);
      // The finest first: it covers all below, which the coarser ones then need not write.
      if (i === 0) edits.push(mappings.takeEdits());
      return slot;
    });
    edits.push(mappings.takeEdits());
    for (let first = 0; first < tail.length;) {
      if (this.#availableBytes() < staged) await device.submits.wait();
      const count = Math.max(1, Math.floor(this.#availableBytes() / staged));
      const encoder = device.gpu.createCommandEncoder({ label: "virtual texture tail" });
      // Tiles of other textures may have lost the slots that are written now.
      this.recordEdits(encoder);
      recorder.record(
        encoder,
        pool.atlas,
        tail.slice(first, first + count).map((bytes, i) => ({
          slot: slots[first + i]!,
          payload: [bytes],
        })),
      );
      first += count;
      // The mappings come with the last of the content.
      if (first >= tail.length) {
        for (const batch of edits) texture.table.recordEdits(encoder, batch);
      }
      device.submits.submit([encoder.finish()]);
    }
  }

  /** Records the edits of every table that is out of date; whether there were any. */
  recordEdits(encoder: GPUCommandEncoder): boolean {
    let any = false;
    for (const { residency, table } of this.#parts.textures.values()) {
      if (!residency.mappings.dirty) continue;
      table.recordEdits(encoder, residency.mappings.takeEdits());
      any = true;
    }
    return any;
  }
}

/** A slot that two tiles of one batch went through keeps the later one. */
function lastOfEachSlot(
  uploads: readonly RecordedTile<TilePayload>[],
): RecordedTile<TilePayload>[] {
  const bySlot = new Map<number, RecordedTile<TilePayload>>();
  for (const upload of uploads) bySlot.set(upload.slot, upload);
  return [...bySlot.values()];
}
