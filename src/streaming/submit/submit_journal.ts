/**
 * Decisions of residency that the GPU has not received, or not confirmed.
 *
 * Content, page-table edits and moves of pools are written down here first, and then recorded and
 * submitted together: content before mapping. They stay until the GPU has reported that the submit
 * was valid, and are recorded again otherwise. No other submit follows one whose report is awaited,
 * so that a replay meets the tables and slots exactly as the failed submit did.
 *
 * Recording and submitting have error scopes of their own. If the submit is refused, nothing of it was
 * done. If it is not, but something failed while it was recorded, it was done with what content there
 * was: moves and edits, which bring their data along, then stand, and content is recorded again.
 *
 * @module
 */

import { BudgetError, type DeviceError } from "../../errors.ts";
import { asDeviceError, type ForgeDevice } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import { LEAST_GROWTH_BYTES } from "../memory/budget_plan.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import { writeGuarded } from "./guarded_writes.ts";
import {
  drawnTilesOf,
  type JournaledMove,
  noWork,
  scratchOf,
  scratchOfTile,
  type Work,
  workWithout,
} from "./journal_work.ts";
import { JournalWatch, type SubmitCounts } from "./journal_watch.ts";
import { isCurrent, type JournaledTile, recordTiles } from "./record_tiles.ts";
import type { FrameProfile } from "../frame/frame_profile.ts";
import type { SystemSettings } from "../options.ts";
import type { TextureState } from "../texture_state.ts";
import type { WakeUp } from "../wait/wake_up.ts";

/** Work that one submit takes along, and that is not recorded again if it fails. */
export interface Passenger {
  record(encoder: GPUCommandEncoder): void;
  /** Called if the submit has failed. */
  failed(): void;
}

/** What a journal works with; all of it is borrowed. */
export interface JournalParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly settings: SystemSettings;
  readonly wakeUp: WakeUp;
  readonly profile: FrameProfile;
}

/** Records and submits what residency decides, and again if that fails. */
export class SubmitJournal {
  readonly #parts: JournalParts;
  #waiting: Work = noWork();
  /** What the last submit carried, until the GPU has said whether it was valid. */
  #sent: Work = noWork();
  /** Settles when the GPU has said whether the last submit was valid. */
  #report: Promise<void> | null = null;
  readonly #counts: SubmitCounts = {
    valid: 0,
    failed: 0,
    lastFailure: null,
    validAtFailure: 0,
  };
  /** Whether a submit waits for the report of the last one. */
  #isPutOff = false;
  #scratchBytes = 0;
  #droppedCount = 0;

  /** An empty journal. */
  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  /** Whether the GPU has not said yet if the last submit was valid; nothing can be submitted then. */
  get isUnconfirmed(): boolean {
    return this.#report !== null;
  }

  /** Staging and scratch memory that recording what is written down will take. */
  get scratchBytes(): number {
    return this.#scratchBytes;
  }

  /** Tiles that the next submit will draw, as far as they are written down. */
  get drawnTileCount(): number {
    return drawnTilesOf(this.#waiting);
  }

  /** Whether the GPU has not confirmed yet all that a texture's table is to show. */
  isBehind(texture: TextureState): boolean {
    this.#collectEdits();
    return [this.#waiting, this.#sent].some(({ tiles, edits }) =>
      tiles.some((tile) => tile.texture === texture) ||
      edits.some((edit) => edit.texture === texture)
    );
  }

  /** Whether content of a tile has a slot, and is in no submit yet that may be valid. */
  isUnsubmitted(texture: TextureState, tile: number): boolean {
    return this.#waiting.tiles.some((one) => one.texture === texture && one.ticket.tile === tile);
  }

  /** Follows the submits from now on, for a wait that must not go on for ever. */
  watch(): JournalWatch {
    return new JournalWatch(this.#counts);
  }

  /**
   * Tiles so far that were dropped, as others have taken the memory for recording them since a submit
   * with them failed. They have lost their slots, and may be asked for again.
   */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Writes content down that has got a slot. */
  addTile(tile: JournaledTile): void {
    this.#waiting.tiles.push(tile);
    this.#scratchBytes += scratchOfTile(tile);
  }

  /** Writes a move down. */
  addMove(move: JournaledMove): void {
    this.#waiting.moves.push(move);
  }

  /** Drops the moves of a pool that no texture is in. */
  forgetPool(pool: GpuPool): void {
    for (const work of [this.#waiting, this.#sent]) {
      for (const move of work.moves) if (move.pool === pool) move.finished();
      work.moves = work.moves.filter((move) => move.pool !== pool);
    }
  }

  /** Drops what concerns a texture whose table and slots are gone. */
  forgetTexture(texture: TextureState): void {
    this.#waiting = workWithout(texture, this.#waiting);
    this.#sent = workWithout(texture, this.#sent);
    this.#countScratch();
  }

  /**
   * Submits everything that is written down and the edits of every table that is out of date, in one
   * command buffer. While the report of the last submit is awaited, that is put off until it has come.
   *
   * @param passenger More work for the same commands.
   * @returns Whether something was submitted.
   * @throws {DeviceError} if the device is lost.
   */
  submit(passenger: Passenger | null = null): boolean {
    if (this.#report !== null) {
      this.#isPutOff = true;
      return false;
    }
    this.#isPutOff = false;
    const { device, settings } = this.#parts;
    device.assertAlive();
    this.#collectEdits();
    if (passenger === null && !this.#hasWork) return false;
    if (!this.#makeContentFit()) return false;
    const label = `${settings.label} update`;
    const work = this.#waiting;
    this.#sent = work;
    this.#waiting = noWork();
    this.#scratchBytes = 0;
    try {
      const recorded = device.guard(label, () => this.#record(work, label, passenger));
      for (const move of work.moves) move.submitted();
      this.#report = this.#awaitReport([recorded.error, recorded.value], work, passenger);
    } catch (cause) {
      device.submits.dropRecorded();
      this.#fail(asDeviceError(cause, label), { isDone: false });
      passenger?.failed();
      return false;
    }
    return true;
  }

  async #awaitReport(
    errors: readonly [Promise<DeviceError | null>, Promise<DeviceError | null>],
    work: Work,
    passenger: Passenger | null,
  ): Promise<void> {
    const written = this.#writeSlotFrames(work);
    const [recording, submitting] = await Promise.all(errors);
    await written;
    this.#report = null;
    const failure = recording ?? submitting;
    if (failure === null) {
      this.#confirm();
      if (this.#isPutOff) this.#submitPutOff();
      return;
    }
    this.#fail(failure, { isDone: submitting === null });
    if (submitting !== null) passenger?.failed();
  }

  /** Submits what was put off, unless the device is lost, which its next use reports. */
  #submitPutOff(): void {
    if (this.#parts.device.health.isLost) return;
    try {
      this.submit();
    } catch {
      // A closed device shows nothing.
    }
  }

  /**
   * Drops content if there was no memory to record it in. What lands fits, but after a failure others
   * may have taken the memory. False while memory that the GPU is done with may yet be given back.
   */
  #makeContentFit(): boolean {
    const { tiles } = this.#waiting;
    const { lastFailure, valid, validAtFailure } = this.#counts;
    const isFailing = lastFailure !== null && valid === validAtFailure;
    if (tiles.length === 0 || !isFailing || !(lastFailure.cause instanceof BudgetError)) {
      return true;
    }
    const { device: { submits }, residency } = this.#parts;
    // Edits are recorded after the content, and cannot be dropped.
    const available = Math.min(...tiles.map(({ texture }) => texture.recorder.availableBytes)) -
      LEAST_GROWTH_BYTES;
    if (this.#scratchBytes <= available) return true;
    if (submits.completed < submits.lastSubmitted) {
      // A lost device is reported by the next call that needs it.
      submits.wait().catch(() => {});
      return false;
    }
    // A tail's few tiles always fit, and nothing can be shown without them: all others share what is left.
    const stays = ({ texture, pool, slot }: JournaledTile) =>
      texture.isRestored && pool.residency.slots.isPinned(slot);
    let bytes = scratchOf(tiles.filter((tile) => isCurrent(tile) && stays(tile)));
    this.#waiting.tiles = tiles.filter((tile) => {
      const { texture, pool, slot, ticket } = tile;
      if (!isCurrent(tile)) {
        ticket.release();
        return false;
      }
      if (stays(tile)) return true;
      const scratchBytes = scratchOfTile(tile);
      bytes += scratchBytes;
      const isPinned = pool.residency.slots.isPinned(slot);
      // After a loss of the device the tails of all textures may have come at once.
      const isFirst = bytes === scratchBytes;
      if (bytes <= available || (isPinned && isFirst)) return true;
      bytes -= scratchBytes;
      residency.dropTile(texture.residency, ticket.tile);
      if (isPinned) texture.residency.noteLackingTail();
      ticket.release();
      this.#droppedCount++;
      return false;
    });
    this.#countScratch();
    this.#collectEdits();
    return true;
  }

  get #hasWork(): boolean {
    const { moves, tiles, edits } = this.#waiting;
    return moves.length + tiles.length + edits.length > 0;
  }

  #collectEdits(): void {
    for (const texture of this.#parts.textures.values()) {
      const { mappings } = texture.residency;
      if (!mappings.dirty) continue;
      const edits = mappings.takeEdits();
      if (edits.length > 0) this.#waiting.edits.push({ texture, edits });
    }
  }

  /** Records and submits; returns what the GPU says of the submit alone. */
  #record(
    { moves, tiles, edits }: Work,
    label: string,
    passenger: Passenger | null,
  ): Promise<DeviceError | null> {
    const { device, profile } = this.#parts;
    profile.begin();
    const encoder = device.gpu.createCommandEncoder({ label });
    for (const move of moves) move.record(encoder);
    recordTiles(encoder, tiles, profile);
    profile.end("recording");
    for (const { texture, edits: batch } of edits) {
      texture.table.recordEdits(encoder, batch);
      profile.count("pageTableEdits", batch.length);
    }
    profile.end("page_tables");
    passenger?.record(encoder);
    const commands = encoder.finish();
    const { error } = device.guard(label, () => device.submits.submit([commands]));
    profile.end("submit");
    profile.count("submits", 1);
    return error;
  }

  /** Tells the shaders since when slots have their content; a frame writes again what fails here. */
  async #writeSlotFrames({ moves, tiles }: Work): Promise<void> {
    const pools = new Set([...moves, ...tiles].map(({ pool }) => pool));
    if (pools.size > 0) await writeGuarded(this.#parts.device, "slots' frames", pools);
  }

  #confirm(): void {
    const { moves, tiles } = this.#sent;
    this.#sent = noWork();
    this.#counts.valid++;
    for (const { ticket } of tiles) ticket.release();
    for (const move of moves) move.finished();
    // Others may wait for the memory that was released.
    this.#parts.wakeUp.notify();
  }

  /**
   * Puts what a failed submit carried back to the front.
   *
   * @param options `isDone`: whether the GPU took the submit nevertheless.
   */
  #fail(failure: DeviceError, { isDone }: { isDone: boolean }): void {
    const { device, settings: { logger, label } } = this.#parts;
    const counts = this.#counts;
    const isFirst = counts.lastFailure === null || counts.valid > counts.validAtFailure;
    Object.assign(counts, { lastFailure: failure, validAtFailure: counts.valid });
    counts.failed++;
    if (isFirst && !device.health.isLost) {
      logger.error(`${label}: ${failure.message}. Nothing is lost: it is submitted again`);
    }
    const { moves, tiles, edits } = this.#sent;
    this.#sent = noWork();
    for (const move of moves) isDone ? move.finished() : move.failed();
    this.#waiting = {
      moves: isDone ? this.#waiting.moves : [...moves, ...this.#waiting.moves],
      tiles: [...tiles, ...this.#waiting.tiles],
      edits: isDone ? this.#waiting.edits : [...edits, ...this.#waiting.edits],
    };
    this.#countScratch();
  }

  #countScratch(): void {
    this.#scratchBytes = scratchOf(this.#waiting.tiles);
  }

  /** Forgets everything, as the device is lost; what it reports of the last submit changes nothing. */
  abandon(): void {
    for (const work of [this.#waiting, this.#sent]) {
      for (const { ticket } of work.tiles) ticket.release();
    }
    this.#waiting = noWork();
    this.#sent = noWork();
    this.#scratchBytes = 0;
  }

  /** Waits for the report of the last submit, if it is awaited. */
  async waitForReport(signal?: AbortSignal): Promise<void> {
    if (this.#report !== null) await this.#parts.device.health.unlessLost(this.#report, signal);
  }

  /**
   * Submits until everything that is written down is known to be valid.
   *
   * @param signal Ends the wait, with its reason.
   * @throws {DeviceError} if the device is lost, or keeps refusing it; nothing is lost then.
   */
  async settle(signal?: AbortSignal): Promise<void> {
    const { device } = this.#parts;
    const watch = this.watch();
    for (;;) {
      await this.waitForReport(signal);
      if (this.#report !== null) continue;
      this.#collectEdits();
      if (!this.#hasWork) return;
      // What the failed attempt allocated may have to be gone first.
      if (watch.checkedFailures() > 0) await device.submits.wait(undefined, signal);
      if (!this.submit()) await device.submits.wait(undefined, signal);
    }
  }
}
