/**
 * Which of the tiles that are wanted are asked of their producers in a frame.
 *
 * @module
 */

import { TileReason, type TileReasonValue } from "../tiles/mod.ts";
import type { PoolResidency } from "./pool.ts";
import { NEED_PRIORITY, type TileExpense } from "./producer.ts";
import type { RequestKind, RequestQueue, ServeOutcome } from "./request_queue.ts";
import type { Counters } from "./statistics.ts";
import type { TextureResidency } from "./texture_residency.ts";
import { UrgentShare } from "./urgent_share.ts";

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
  /** How many of those may be drawn instead of uploaded; Infinity for no limit of their own. */
  drawnTiles: number;
  /** How many of the drawn ones are kept for stale tiles while something is missing. */
  staleDrawnTiles: number;
  /** Whether a tile was asked for already that uploads bytes. */
  isUploading: boolean;
  /** Whether a tile was asked for already that takes GPU time. */
  isDrawing: boolean;
}

/** One pass over a line of candidates. */
interface Pass {
  /** Drawn tiles that it may serve still. */
  drawnTiles: number;
  /** Whether it serves every texture its share, however little it wants its tiles. */
  isFair: boolean;
}

/** What the passes of one call share. */
interface Steps {
  readonly budget: AdmissionBudget;
  readonly pass: Pass;
  readonly serve: (index: number) => ServeOutcome;
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
  /** Counts the textures that were served their share while drawn tiles have a limit. */
  #turns = 0;
  readonly #urgentShare = new UrgentShare();
  /** Counts the passes that shared out drawn tiles: of an odd number one more is shared every other time. */
  #sharedPasses = 0;

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
    this.#urgentShare.beginFrame(frame);
  }

  /** Tiles wanted in this frame that were not asked for yet. */
  get queuedCount(): number {
    const queued = this.#queue.isSorted
      ? this.#queue.queuedCount + this.#waitingCount
      : this.#queue.count;
    return queued + this.openNeedCount;
  }

  /** Needed tiles that could be asked for now. */
  get openNeedCount(): number {
    let count = 0;
    for (const { needed } of this.#textures.values()) {
      if (needed.size > 0) count += needed.openTiles(this.#frame).length;
    }
    return count;
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
    const pass: Pass = { drawnTiles: Infinity, isFair: false };
    const serve = (index: number) => this.#serve(index, { budget, pass, seenMissing, noteFailed });
    const steps = { budget, pass, serve };
    let admitted = this.#serveNeeds(budget, noteFailed);
    const urgent = this.#urgentShare;
    const isBoth = queue.waitingTextures("urgent") > 0 && queue.waitingTextures("missing") > 0;
    urgent.noteWaiting(isBoth);
    admitted += this.#servePass("urgent", {
      ...steps,
      most: urgent.partOf(budget.tiles),
      drawn: urgent.partOf(budget.drawnTiles),
    });
    // Which kind comes first matters where bytes, GPU time or drawn tiles suffice for one tile alone.
    if (this.#frame % 2 === 0) admitted += this.#serveStaleShare(steps);
    const { tiles, staleTiles } = budget;
    admitted += this.#serveMissing(
      Math.max(1, tiles - staleTiles),
      drawnBesideStale(budget),
      steps,
    );
    admitted += this.#serveStaleShare(steps);
    admitted += this.#serveMissing(budget.tiles, budget.drawnTiles, steps);
    for (const kind of ["urgent", "stale"] as const) {
      admitted += this.#servePass(kind, {
        ...steps,
        most: budget.tiles,
        drawn: budget.drawnTiles,
      });
    }
    // What was asked for just now may need tiles.
    admitted += this.#serveNeeds(budget, noteFailed);
    this.#counters.tilesRequested += admitted;
    return admitted;
  }

  /** Asks for what content of other textures is made from. */
  #serveNeeds(
    budget: AdmissionBudget,
    noteFailed: (texture: TextureResidency, tile: number) => void,
  ): number {
    let served = 0;
    for (let before = -1; served > before;) {
      before = served;
      for (const texture of this.#textures.values()) {
        if (texture.needed.size > 0) served += this.#serveNeedsOf(texture, { budget, noteFailed });
      }
    }
    return served;
  }

  /** Whether a pool has a slot for another tile; what is not needed any more gives way at once. */
  #hasSlot(pool: PoolResidency): boolean {
    if (pool.slotsPromised < pool.slots.availableCount) return true;
    let isMore = false;
    for (const { pool: own, needed } of this.#textures.values()) {
      if (own === pool && needed.reclaim()) isMore = true;
    }
    return isMore && pool.slotsPromised < pool.slots.availableCount;
  }

  #serveNeedsOf(
    texture: TextureResidency,
    { budget, noteFailed }: {
      readonly budget: AdmissionBudget;
      readonly noteFailed: (texture: TextureResidency, tile: number) => void;
    },
  ): number {
    let served = 0;
    const { needed, pool, producer } = texture;
    // What was asked for before anything waited for it comes first now.
    for (const tile of needed.takePending()) {
      producer.request(tile, texture.pendingVersion(tile), NEED_PRIORITY);
    }
    for (const tile of needed.openTiles(this.#frame)) {
      const expense = texture.expenseOf(tile);
      if (!hasRoom(budget, expense)) break;
      if (!texture.slotOf.has(tile) && !this.#hasSlot(pool)) break;
      const version = texture.versions.newest;
      const answer = texture.producer.request(tile, version, NEED_PRIORITY);
      if (answer === "saturated") break;
      needed.noteAsked(tile, this.#frame);
      if (answer === "invalid") {
        noteFailed(texture, tile);
        continue;
      }
      texture.setPending(tile, { frame: this.#frame, reason: TileReason.visible, version });
      spend(budget, expense);
      served++;
    }
    return served;
  }

  /** Serves a line, so many drawn tiles at most. */
  #servePass(kind: RequestKind, step: Steps & { most: number; drawn: number }): number {
    this.#queue.endPass();
    step.pass.drawnTiles = step.drawn;
    return this.#queue.serveLine(kind, step.most, step.serve);
  }

  #serveStaleShare(steps: Steps): number {
    const { budget } = steps;
    const drawnBefore = budget.drawnTiles;
    const most = Math.min(budget.staleTiles, budget.tiles);
    const served = this.#servePass("stale", { ...steps, most, drawn: budget.staleDrawnTiles });
    budget.staleTiles -= served;
    if (drawnBefore < Infinity) budget.staleDrawnTiles -= drawnBefore - budget.drawnTiles;
    return served;
  }

  /** Serves each texture its share of half the tiles, and the most wanted of all the other half. */
  #serveMissing(most: number, drawn: number, steps: Steps): number {
    const queue = this.#queue;
    if (most < 1) return 0;
    queue.endPass();
    const textures = queue.waitingTextures("missing");
    let served = 0;
    const drawnBefore = steps.budget.drawnTiles;
    if (textures > 1) {
      const shared = Math.max(1, Math.floor(most / 2));
      const ofEach = Math.max(1, Math.floor(shared / textures));
      const isLimited = drawn < Infinity;
      const sharedDrawn = isLimited ? this.#sharedDrawn(drawn) : Infinity;
      const drawnTextures = queue.waitingTextures("missing", { onlyDrawn: true });
      const drawnOfEach = Math.min(ofEach, Math.max(1, Math.floor(sharedDrawn / drawnTextures)));
      Object.assign(steps.pass, { drawnTiles: sharedDrawn, isFair: isLimited });
      served = queue.serveFairly("missing", {
        most: shared,
        mostOfEach: ({ isDrawn }) => isDrawn ? drawnOfEach : ofEach,
        first: this.#firstTurn++,
        nextTurn: isLimited ? () => ++this.#turns : null,
      }, steps.serve);
      steps.pass.isFair = false;
    }
    const left = drawn < Infinity ? drawn - (drawnBefore - steps.budget.drawnTiles) : Infinity;
    return served + this.#servePass("missing", { ...steps, most: most - served, drawn: left });
  }

  /** Half of so many drawn tiles; of an odd number, the larger half every other time. */
  #sharedDrawn(drawn: number): number {
    return drawn < 1 ? 0 : Math.floor((drawn + (++this.#sharedPasses & 1)) / 2);
  }

  /** Tells producers how much the tiles in flight are wanted by now. */
  #renewPending(noteFailed: (texture: TextureResidency, tile: number) => void): void {
    const { count, textures, tiles, reasons, dropped } = this.#queue;
    for (let index = 0; index < count; index++) {
      const texture = textures[index]!;
      const tile = tiles[index]!;
      if (dropped.has(index) || !texture.isPending(tile)) continue;
      if (texture.isRefreshing(tile) && !texture.slotOf.has(tile)) {
        this.cancel(texture, tile);
        continue;
      }
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
      if (reasons[index] !== TileReason.visible || stale[index] !== 0) continue;
      if (dropped.has(index)) continue;
      if (!textures[index]!.slotOf.has(tiles[index]!)) return true;
    }
    return false;
  }

  #serve(
    index: number,
    options: {
      budget: AdmissionBudget;
      pass: Pass;
      seenMissing: boolean;
      noteFailed: (texture: TextureResidency, tile: number) => void;
    },
  ): ServeOutcome {
    const { budget, pass, seenMissing, noteFailed } = options;
    const { textures, tiles, reasons, stale } = this.#queue;
    const texture = textures[index]!;
    const tile = tiles[index]!;
    const reason = reasons[index]! as TileReasonValue;
    const isAhead = reason !== TileReason.visible;
    const isMissing = stale[index] === 0;
    const { slots, slotsPromised, reservedLeft } = texture.pool;
    if (texture.isPending(tile) || hasComeMeanwhile(texture, tile, isMissing)) return "skipped";
    if (budget.tiles < 1) return "blocked";
    const expense = texture.expenseOf(tile);
    const { isDrawn, cost: { uploadBytes, gpuMs } } = expense;
    if (isDrawn) {
      if (budget.drawnTiles < 1) return "blocked";
      if (pass.drawnTiles < 1 || (pass.isFair && isAhead && seenMissing)) return "deferred";
    }
    // The one tile that is let through may leave less than nothing.
    if (budget.isUploading && uploadBytes > Math.max(0, budget.bytes)) return "blocked";
    if (budget.isDrawing && gpuMs > Math.max(0, budget.gpuMs)) return "blocked";
    if (isAhead && seenMissing && budget.aheadTiles < 1) return "blocked";
    if (isMissing && slotsPromised >= slots.availableCount - reservedLeft) return "blocked";
    const version = texture.versions.newest;
    const answer = texture.producer.request(tile, version, this.#priorityOf(index));
    if (answer === "saturated") return "blocked";
    if (answer === "invalid") {
      noteFailed(texture, tile);
      return "skipped";
    }
    texture.setPending(tile, { frame: this.#frame, reason, version });
    spend(budget, expense);
    if (isDrawn) pass.drawnTiles--;
    if (isAhead) budget.aheadTiles--;
    return "served";
  }

  #cancelForgotten(): void {
    for (const texture of this.#textures.values()) {
      if (texture.pendingCount === 0) continue;
      const forgotten: number[] = [];
      texture.forEachPending(this.#frame, (tile, unwantedFrames) => {
        if (texture.isTail(tile) || texture.isRefreshing(tile)) return;
        if (unwantedFrames > PATIENCE_FRAMES) forgotten.push(tile);
      });
      for (const tile of forgotten.sort((a, b) => a - b)) this.cancel(texture, tile);
    }
  }

  /** Withdraws a request. */
  cancel(texture: TextureResidency, tile: number): void {
    if (!texture.isRefreshing(tile)) this.#counters.tilesCancelled++;
    texture.producer.cancel(tile);
    texture.clearPending(tile);
    texture.forgetVersion(tile);
  }
}

/** Whether what a tile lacked when the frame began has landed in it. */
function hasComeMeanwhile(texture: TextureResidency, tile: number, wasMissing: boolean): boolean {
  const slot = texture.slotOf.get(tile);
  return slot !== -1 && (wasMissing || !texture.isStale(tile, slot));
}

/** Drawn tiles that missing ones may be before stale ones have had their share. */
function drawnBesideStale({ drawnTiles, staleDrawnTiles }: AdmissionBudget): number {
  return drawnTiles === Infinity ? Infinity : Math.max(1, drawnTiles - staleDrawnTiles);
}

/** Whether a budget lets another tile of a texture be asked for. */
function hasRoom(budget: AdmissionBudget, { isDrawn, cost }: TileExpense): boolean {
  if (budget.tiles < 1 || (isDrawn && budget.drawnTiles < 1)) return false;
  if (budget.isUploading && cost.uploadBytes > Math.max(0, budget.bytes)) return false;
  return !budget.isDrawing || cost.gpuMs <= Math.max(0, budget.gpuMs);
}

/** Takes a tile that was asked for from a budget. */
function spend(budget: AdmissionBudget, { isDrawn, cost }: TileExpense): void {
  budget.isUploading ||= cost.uploadBytes > 0;
  budget.isDrawing ||= cost.gpuMs > 0;
  budget.tiles--;
  budget.bytes -= cost.uploadBytes;
  budget.gpuMs -= cost.gpuMs;
  if (isDrawn) budget.drawnTiles--;
}
