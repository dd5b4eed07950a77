/**
 * Which of the tiles that are wanted are asked of their producers in a frame.
 *
 * @module
 */

import { TileReason, type TileReasonValue } from "../tiles/mod.ts";
import type { RequestQueue, ServeOutcome } from "./request_queue.ts";
import type { Counters } from "./statistics.ts";
import type { TextureResidency } from "./texture_residency.ts";

/** Frames for which a request outlives the last frame that wanted it. */
const PATIENCE_FRAMES = 8;

/** What may be asked for; shrinks by what was. */
export interface AdmissionBudget {
  /** Tiles that may be newly asked for. */
  tiles: number;
  /** How many of those may be loaded ahead of being seen while something seen is missing. */
  aheadTiles: number;
  /** How many of those are kept for stale tiles while something is missing. */
  staleTiles: number;
  /** Bytes that those may upload; one tile that uploads is always let through. */
  bytes: number;
  /** GPU time that those may take, in milliseconds; one tile that is drawn is always let through. */
  gpuMs: number;
  /** Whether a tile was asked for already that uploads bytes. */
  isUploading: boolean;
  /** Whether a tile was asked for already that takes GPU time. */
  isDrawing: boolean;
}

/** Asks producers for candidates, and withdraws what nobody wants any more. */
export class Admission {
  readonly #queue: RequestQueue;
  readonly #textures: ReadonlyMap<number, TextureResidency>;
  readonly #counters: Counters;
  #frame = 0;
  /** Tiles of the frame that wait for their back-off to pass. */
  #waitingCount = 0;
  /** Candidates before this one are not both seen and missing any more. */
  #firstSeenMissing = 0;
  /** Which texture is served first; another one each time. */
  #firstTurn = 0;

  /** Works on the candidates, textures and counters of a `Residency`. */
  constructor(
    queue: RequestQueue,
    textures: ReadonlyMap<number, TextureResidency>,
    counters: Counters,
  ) {
    this.#queue = queue;
    this.#textures = textures;
    this.#counters = counters;
  }

  /** Begins a frame. */
  beginFrame(frame: number): void {
    this.#frame = frame;
    this.#waitingCount = 0;
    this.#firstSeenMissing = 0;
  }

  /** Tiles wanted in this frame that were not asked for yet. */
  get queuedCount(): number {
    return this.#queue.isSorted ? this.#queue.queuedCount + this.#waitingCount : this.#queue.count;
  }

  /** Asks for candidates; see `Residency.admit`. */
  admit(
    budget: AdmissionBudget,
    noteFailed: (texture: TextureResidency, tile: number) => void,
  ): number {
    const queue = this.#queue;
    if (!queue.isSorted) {
      this.#renewPending(noteFailed);
      queue.sortCandidates((index) => this.#isEligible(index));
      this.#cancelForgotten();
    }
    queue.unblock();
    const seenMissing = this.#isSeenMissing();
    const serve = (index: number) => this.#serve(index, { budget, seenMissing, noteFailed });
    // Which kind comes first matters where bytes or GPU time suffice for one tile alone.
    let admitted = this.#frame % 2 === 0 ? this.#serveStaleShare(budget, serve) : 0;
    admitted += this.#serveMissing(Math.max(1, budget.tiles - budget.staleTiles), serve);
    admitted += this.#serveStaleShare(budget, serve);
    admitted += this.#serveMissing(budget.tiles, serve);
    admitted += queue.serveLine("stale", budget.tiles, serve);
    this.#counters.tilesRequested += admitted;
    return admitted;
  }

  #serveStaleShare(budget: AdmissionBudget, serve: (index: number) => ServeOutcome): number {
    const served = this.#queue.serveLine("stale", Math.min(budget.staleTiles, budget.tiles), serve);
    budget.staleTiles -= served;
    return served;
  }

  /** Serves each texture its share of half the tiles, and the most wanted of all the other half. */
  #serveMissing(most: number, serve: (index: number) => ServeOutcome): number {
    const queue = this.#queue;
    if (most < 1) return 0;
    const textures = queue.waitingTextures("missing");
    let served = 0;
    if (textures > 1) {
      const shared = Math.max(1, Math.floor(most / 2));
      const mostOfEach = Math.max(1, Math.floor(shared / textures));
      served = queue.serveFairly(
        "missing",
        { most: shared, mostOfEach, first: this.#firstTurn++ },
        serve,
      );
    }
    return served + queue.serveLine("missing", most - served, serve);
  }

  /** Tells producers how much the tiles in flight are wanted by now. */
  #renewPending(noteFailed: (texture: TextureResidency, tile: number) => void): void {
    const { count, textures, tiles, reasons, dropped } = this.#queue;
    for (let index = 0; index < count; index++) {
      const texture = textures[index]!;
      const tile = tiles[index]!;
      if (dropped.has(index) || !texture.isPending(tile)) continue;
      const version = texture.pendingVersion(tile);
      const answer = texture.producer.request(tile, version, this.#priorityOf(index));
      if (answer === "invalid") noteFailed(texture, tile);
      else if (answer === "saturated") this.cancel(texture, tile);
      else texture.renewPending(tile, this.#frame, reasons[index]! as TileReasonValue);
    }
  }

  #priorityOf(index: number): number {
    return this.#queue.reasons[index]! * 2 ** 40 + this.#queue.scores[index]!;
  }

  /** Whether a candidate stands in line: it is neither in flight nor backing off. */
  #isEligible(index: number): boolean {
    const texture = this.#queue.textures[index]!;
    const tile = this.#queue.tiles[index]!;
    if (texture.isPending(tile)) return false;
    if (!texture.retries.isWaiting(tile, this.#frame)) return true;
    this.#waitingCount++;
    return false;
  }

  /** Whether a tile that is seen is still missing; what has come in a frame stays. */
  #isSeenMissing(): boolean {
    const { count, textures, tiles, reasons, stale, dropped } = this.#queue;
    for (; this.#firstSeenMissing < count; this.#firstSeenMissing++) {
      const index = this.#firstSeenMissing;
      if (reasons[index] !== TileReason.visible || stale[index] === 1) continue;
      if (dropped.has(index)) continue;
      if (!textures[index]!.slotOf.has(tiles[index]!)) return true;
    }
    return false;
  }

  #serve(
    index: number,
    options: {
      budget: AdmissionBudget;
      seenMissing: boolean;
      noteFailed: (texture: TextureResidency, tile: number) => void;
    },
  ): ServeOutcome {
    const { budget, seenMissing, noteFailed } = options;
    const { textures, tiles, reasons, stale } = this.#queue;
    const texture = textures[index]!;
    const tile = tiles[index]!;
    const reason = reasons[index]! as TileReasonValue;
    const isAhead = reason !== TileReason.visible;
    const isMissing = stale[index] === 0;
    const { slots, slotsPromised } = texture.pool;
    if (texture.isPending(tile) || (isMissing && texture.slotOf.has(tile))) return "skipped";
    if (budget.tiles < 1) return "blocked";
    const { uploadBytes, gpuMs } = texture.cost;
    // The one tile that is let through may leave less than nothing.
    if (budget.isUploading && uploadBytes > Math.max(0, budget.bytes)) return "blocked";
    if (budget.isDrawing && gpuMs > Math.max(0, budget.gpuMs)) return "blocked";
    if (isAhead && seenMissing && budget.aheadTiles < 1) return "blocked";
    if (isMissing && slotsPromised >= slots.availableCount) return "blocked";
    const version = texture.versions.newest;
    const answer = texture.producer.request(tile, version, this.#priorityOf(index));
    if (answer === "saturated") return "blocked";
    if (answer === "invalid") {
      noteFailed(texture, tile);
      return "skipped";
    }
    texture.setPending(tile, { frame: this.#frame, reason, version });
    budget.isUploading ||= uploadBytes > 0;
    budget.isDrawing ||= gpuMs > 0;
    budget.tiles--;
    budget.bytes -= uploadBytes;
    budget.gpuMs -= gpuMs;
    if (isAhead) budget.aheadTiles--;
    return "served";
  }

  #cancelForgotten(): void {
    for (const texture of this.#textures.values()) {
      if (texture.pendingCount === 0) continue;
      const forgotten: number[] = [];
      texture.forEachPending(this.#frame, (tile, unwantedFrames) => {
        if (unwantedFrames > PATIENCE_FRAMES && !texture.isTail(tile)) forgotten.push(tile);
      });
      for (const tile of forgotten.sort((a, b) => a - b)) this.cancel(texture, tile);
    }
  }

  /** Withdraws a request. */
  cancel(texture: TextureResidency, tile: number): void {
    texture.producer.cancel(tile);
    texture.clearPending(tile);
    texture.forgetVersion(tile);
    this.#counters.tilesCancelled++;
  }
}
