/**
 * Giving finished tiles their slots, fairly over all supplies and within an update's budgets.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { BudgetError } from "../../errors.ts";
import { asTileError } from "../supply/tile_error.ts";
import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { MemoryPlan } from "../memory/memory_plan.ts";
import type { SystemSettings } from "../options.ts";
import { type FinishedTiles, nextFinishedTiles } from "./finished_tiles.ts";
import type { FrameProfile } from "./frame_profile.ts";
import type { TextureState } from "../texture_state.ts";
import type { QueueWaits } from "../wait/queue_waits.ts";
import type { Passenger, SubmitJournal } from "../submit/submit_journal.ts";

/** Tiles that one supply hands out before the others have their turn and the clock is looked at. */
const CHUNK_TILES = 8;

/** Frames in a row in which nothing changes, after which what is kept for the next tiles is freed. */
const RESTS_BEFORE_FREEING = 8;

/** Looks in a row, at an idle GPU, that find too little memory for a tile, before its tiles fail. */
const MOST_SHORTAGES = 64;

/** What landing works with; all of it is borrowed. */
export interface LandingParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly residency: Residency;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly settings: SystemSettings;
  readonly journal: SubmitJournal;
  readonly plan: MemoryPlan;
  readonly waits: QueueWaits;
  readonly profile: FrameProfile;
}

/** How much may still land in an update. */
export interface LandingBudget {
  tiles: number;
  /** Bytes that are uploaded. */
  bytes: number;
  /** Estimated GPU time. */
  gpuMs: number;
  /** Time for taking and recording tiles, waiting not included. */
  ms: number;
  /** Tiles that are drawn instead of uploaded; Infinity for no limit of their own. */
  drawnTiles: number;
  /** Tiles that were taken so far; the first one may exceed all but the tiles. */
  taken: number;
}

/** When to stop, and what frame will show the tiles. */
export interface LandingOptions {
  /** Number of the frame that will show the tiles first. */
  readonly frame: number;
  /** Clock reading after which nothing more is taken, whatever the budget; default none. */
  readonly deadlineMs?: number;
  /** Lands tiles of this texture only. */
  readonly texture?: TextureState;
}

/** Takes finished tiles and writes down what is to be recorded of them. */
export class Landing {
  readonly #parts: LandingParts;
  #isAsking = false;
  #restCount = 0;
  #isStarvationKnown = false;
  /** Looks in a row that found too little memory for a tile of a texture. */
  readonly #shortages = new WeakMap<TextureState, number>();
  /** Which supply has the first turn. */
  #firstTurn = 0;
  /** Time that recording a tile took lately, in milliseconds. */
  #recordMs = 0;

  constructor(parts: LandingParts) {
    this.#parts = parts;
  }

  /** Finished tiles and failures of all supplies that wait to be taken. */
  get finishedCount(): number {
    let count = 0;
    for (const { producer } of this.#parts.textures.values()) count += producer.finishedCount;
    return count;
  }

  /**
   * Takes finished tiles within a budget, which shrinks by what was taken, and submits them with the
   * page tables' edits.
   *
   * @param passenger More work for the same submit.
   * @returns Number of tiles that landed.
   */
  landTiles(
    budget: LandingBudget,
    options: LandingOptions,
    passenger: Passenger | null = null,
  ): number {
    const { journal, settings, profile } = this.#parts;
    profile.begin();
    for (const texture of this.#parts.textures.values()) this.#takeFailures(texture);
    const landed = journal.isUnconfirmed ? 0 : this.#takeTiles(budget, options);
    profile.end("landing");
    const before = settings.clock();
    journal.submit(passenger);
    this.#restCount = 0;
    if (landed > 0) this.#recordMs = (settings.clock() - before) / landed;
    return landed;
  }

  /** Notes a frame in which nothing can land: after some of them spare memory is freed. */
  noteRest(): void {
    if (++this.#restCount === RESTS_BEFORE_FREEING) this.#parts.ledger.dropSpares();
  }

  #takeTiles(budget: LandingBudget, options: LandingOptions): number {
    const { textures, settings, profile } = this.#parts;
    const { frame, deadlineMs = Infinity, texture } = options;
    // What a failed submit carried is drawn again by the next one.
    const drawnAgain = this.#parts.journal.drawnTileCount;
    const turns = texture === undefined ? this.#turns([...textures.values()]) : [texture];
    let landed = 0;
    let now = settings.clock();
    // What has landed is recorded afterwards, which takes its time too.
    while (turns.length > 0 && now + landed * this.#recordMs < deadlineMs) {
      const next = turns.shift()!;
      const finished = nextFinishedTiles(next);
      const chunk = this.#chunkOf(next, finished, { budget, drawnAgain });
      if (chunk === 0) continue;
      const tickets = next.producer.takeFinishedTiles(chunk);
      if (tickets.length === 0) continue;
      const { isDrawn, cost: { uploadBytes, gpuMs } } = finished;
      for (const ticket of tickets) {
        if (this.#land(next, ticket, { frame, uploadBytes })) landed++;
      }
      budget.taken += tickets.length;
      budget.tiles -= tickets.length;
      budget.bytes -= tickets.length * uploadBytes;
      budget.gpuMs -= tickets.length * gpuMs;
      if (isDrawn) budget.drawnTiles -= tickets.length;
      profile.count("gpuMs", tickets.length * gpuMs);
      if (gpuMs > 0) profile.count("tilesTimed", tickets.length);
      const before = now;
      now = settings.clock();
      budget.ms -= now - before + tickets.length * this.#recordMs;
      turns.push(next);
    }
    return landed;
  }

  /** Supplies with finished tiles; each update another one comes first. */
  #turns(textures: readonly TextureState[]): TextureState[] {
    const ready = textures.filter(({ producer }) => producer.finishedCount > 0);
    if (ready.length === 0) return ready;
    const first = this.#firstTurn++ % ready.length;
    return [...ready.slice(first), ...ready.slice(0, first)];
  }

  /** Tiles that a supply may hand out now; 0 if its turn is over. */
  #chunkOf(
    texture: TextureState,
    { count, isDrawn, cost }: FinishedTiles,
    { budget, drawnAgain }: { readonly budget: LandingBudget; readonly drawnAgain: number },
  ): number {
    const { recorder } = texture;
    const { journal, plan } = this.#parts;
    const { uploadBytes, scratchBytes, gpuMs } = cost;
    if (count === 0 || budget.tiles < 1) return 0;
    if (budget.taken > 0 && budget.ms <= 0) return 0;
    const drawnTiles = isDrawn ? budget.drawnTiles - drawnAgain : Infinity;
    if (drawnTiles < 1) return 0;
    const least = budget.taken === 0 ? 1 : 0;
    if (plan.isMoving) return 0;
    const roomFor = () => {
      const free = recorder.availableBytes - plan.slackBytes - journal.scratchBytes;
      return scratchBytes === 0 ? CHUNK_TILES : Math.floor(free / scratchBytes);
    };
    let room = roomFor();
    if (room < 1) {
      this.#parts.ledger.dropSpares();
      room = roomFor();
    }
    if (room < 1 && this.#learnCompletion()) {
      room = roomFor();
      if (room < 1 && journal.scratchBytes === 0) this.#noteShortage(texture);
    }
    if (room < 1) return 0;
    this.#shortages.delete(texture);
    return Math.min(
      CHUNK_TILES,
      count,
      budget.tiles,
      drawnTiles,
      room,
      Math.max(least, fitting(budget.bytes, uploadBytes)),
      Math.max(least, fitting(budget.gpuMs, gpuMs)),
    );
  }

  #land(
    texture: TextureState,
    ticket: LandedTicket,
    { frame, uploadBytes }: { readonly frame: number; readonly uploadBytes: number },
  ): boolean {
    const { residency, journal } = this.#parts;
    const landed = residency.land(texture.residency, ticket);
    if (landed === null) {
      ticket.release();
      return false;
    }
    const { pool } = texture;
    // Newer content of a tile that is in view takes its place at once.
    if (landed.isNew) pool.setSlotFrame(landed.slot, frame);
    residency.counters.bytesUploaded += uploadBytes;
    texture.bytesUploaded += uploadBytes;
    journal.addTile({ texture, pool, slot: landed.slot, ticket });
    return true;
  }

  /** Whether an update may land nothing more. */
  isSpent(budget: LandingBudget): boolean {
    if (budget.tiles < 1) return true;
    if (budget.taken === 0) return false;
    if (budget.ms <= 0) return true;
    const isDrawnSpent = budget.drawnTiles < 1;
    for (const { recorder: { cost }, isDrawn, residency } of this.#parts.textures.values()) {
      // Once nothing more may be drawn, only what is in flight is worth waiting for.
      if (isDrawnSpent && (isDrawn || residency.pendingCount === 0)) continue;
      const fits = fitting(budget.bytes, cost.uploadBytes) > 0 &&
        fitting(budget.gpuMs, cost.gpuMs) > 0;
      if (fits) return false;
    }
    return true;
  }

  /** Others may hold the memory for a moment. */
  #noteShortage(texture: TextureState): void {
    const count = (this.#shortages.get(texture) ?? 0) + 1;
    this.#shortages.set(texture, count);
    if (count >= MOST_SHORTAGES) this.#failWithoutRoom(texture);
  }

  /**
   * Fails tiles that need more scratch memory than is free although the GPU has nothing to do: more may be
   * drawn into them than when memory was shared out. Like tiles that cannot be read, they are tried again.
   */
  #failWithoutRoom(texture: TextureState): void {
    const { residency: all, plan, settings: { budgetBytes } } = this.#parts;
    const { producer, recorder, residency, description: { name } } = texture;
    const { scratchBytes } = recorder.cost;
    const freeBytes = Math.max(0, recorder.availableBytes - plan.slackBytes);
    const minimum = budgetBytes + scratchBytes - freeBytes;
    const error = new BudgetError(
      budgetBytes,
      minimum,
      `Cannot draw tiles of ${name} as that needs ${scratchBytes} bytes of scratch memory: ` +
        `${freeBytes} are free. Draw less into them, or make the memory budget >= ${minimum} bytes`,
    );
    for (const ticket of producer.takeFinishedTiles(CHUNK_TILES)) {
      ticket.release();
      if (residency.pendingVersion(ticket.tile) !== ticket.version) continue;
      texture.lastFailure = error;
      all.failed(residency, ticket.tile);
    }
    this.#report(texture, error);
  }

  #takeFailures(texture: TextureState): void {
    if (texture.producer.finishedCount === 0) return;
    const { residency } = texture;
    for (const failure of texture.producer.takeFailures()) {
      // Like a ticket: what nobody waits for any more says nothing of what is in flight.
      if (residency.pendingVersion(failure.tile) !== failure.version) continue;
      // A producer of the caller's may say anything.
      const error = asTileError(failure.error, texture.description.name, failure.tile);
      texture.lastFailure = error;
      if (texture.isLoaded) {
        this.#parts.residency.failed(texture.residency, failure.tile);
        this.#report(texture, error);
      } else {
        residency.clearPending(failure.tile);
      }
    }
  }

  /** Warns of a texture's first failure, so that a broken file does not fill the log. */
  #report(texture: TextureState, error: Error): void {
    const { logger, label } = this.#parts.settings;
    const message = `${label}: cannot read a tile of ${texture.description.name}: ${
      thrownText(error)
    }`;
    if (texture.warned) logger.debug(message);
    else {
      texture.warned = true;
      logger.warn(
        `${message}. A coarser one is shown, and it is tried again; failures are counted`,
      );
    }
  }

  /** Says once that tiles cannot land as nobody may ask the GPU how far it is. */
  #warnOfStarvation(): void {
    if (this.#isStarvationKnown) return;
    this.#isStarvationKnown = true;
    const { logger, label } = this.#parts.settings;
    logger.warn(
      `${label}: upload memory is used up, and with gpuWaitShare 0 updateNow never finds out when ` +
        `the GPU is done with it. Tiles land at the next finishUpdate, update, flush or render`,
    );
  }

  /**
   * Finds out how far the GPU is, so that this frame or a later one can use the upload memory again.
   *
   * @returns Whether everything that was submitted is done now.
   */
  #learnCompletion(): boolean {
    const { device, waits } = this.#parts;
    if (waits.isForbidden) this.#warnOfStarvation();
    if (this.#isAsking || !waits.mayWait) return false;
    if (waits.measure(() => device.submits.waitNow())) return true;
    this.#isAsking = true;
    const done = () => this.#isAsking = false;
    // A lost device is reported by the next call that needs it.
    waits.measure(() => device.submits.wait()).then(done, done);
    return false;
  }
}

type LandedTicket = Parameters<SubmitJournal["addTile"]>[0]["ticket"];

/** How many tiles fit into what is left; any number if they cost nothing of it. */
function fitting(left: number, each: number): number {
  return each === 0 ? Infinity : Math.max(0, Math.floor(left / each));
}
