/**
 * Puts tiles that were read and tiles that are rendered into slots.
 *
 * @module
 */

import type { Atlas, RecordedTile, TileRecorder } from "../../gpu/mod.ts";
import type { TileCost } from "../../residency/mod.ts";
import type { TilePayload } from "../../streaming/mod.ts";
import type { TileToRender } from "../tile/render_producer.ts";
import type { JoinedPayload } from "./joined_producer.ts";

function isRead(payload: JoinedPayload): payload is TilePayload {
  return Array.isArray(payload);
}

/** Sends each tile to one of two recorders. */
export class JoinedRecorder implements TileRecorder<JoinedPayload> {
  readonly memory = "scratch";
  readonly #rendered: TileRecorder<TileToRender>;
  readonly #baked: TileRecorder<TilePayload>;

  /** Borrows both. */
  constructor(rendered: TileRecorder<TileToRender>, baked: TileRecorder<TilePayload>) {
    this.#rendered = rendered;
    this.#baked = baked;
  }

  /** That of a rendered tile, which takes more than one that is copied. */
  get cost(): TileCost {
    const { cost } = this.#rendered;
    const scratchBytes = Math.max(cost.scratchBytes, this.#baked.cost.scratchBytes);
    return { ...cost, scratchBytes };
  }

  /** That of a tile that was read. */
  get uploadCost(): TileCost {
    return this.#baked.cost;
  }

  /** See {@linkcode TileRecorder.isUploaded}. */
  isUploaded(payload: JoinedPayload): boolean {
    return isRead(payload);
  }

  /** See {@linkcode TileRecorder.scratchBytesOf}. */
  scratchBytesOf(payload: JoinedPayload): number {
    if (isRead(payload)) return this.#baked.cost.scratchBytes;
    return this.#rendered.scratchBytesOf!(payload);
  }

  /** See {@linkcode TileRecorder.availableBytes}. */
  get availableBytes(): number {
    return Math.min(this.#rendered.availableBytes, this.#baked.availableBytes);
  }

  /** See {@linkcode TileRecorder.record}. */
  record(
    encoder: GPUCommandEncoder,
    atlas: Atlas,
    items: readonly RecordedTile<JoinedPayload>[],
  ): void {
    const read: RecordedTile<TilePayload>[] = [];
    const rendered: RecordedTile<TileToRender>[] = [];
    for (const { slot, payload } of items) {
      if (isRead(payload)) read.push({ slot, payload });
      else rendered.push({ slot, payload });
    }
    if (read.length > 0) this.#baked.record(encoder, atlas, read);
    if (rendered.length > 0) this.#rendered.record(encoder, atlas, rendered);
  }
}
