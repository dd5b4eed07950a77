/**
 * Decisions of residency that the GPU has not received, or not confirmed.
 *
 * Content, page-table edits and moves of pools are written down here first, and then recorded and
 * submitted together: content before mapping. They stay until the GPU has reported that the submit
 * was valid, and are recorded again otherwise. No other submit follows one whose report is awaited,
 * so that a replay meets the tables and slots exactly as the failed submit did.
 *
 * @module
 */

import { DeviceError } from "../../errors.ts";
import type { ForgeDevice, RecordedTile, TileRecorder } from "../../gpu/mod.ts";
import type { PageEdit, Ticket } from "../../residency/mod.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import type { SystemSettings } from "../options.ts";
import type { TextureState } from "../texture_state.ts";

/** Attempts after which the calls that wait are told of the failure. */
const MAX_ATTEMPTS = 4;

/** Content that goes into a slot. */
export interface JournaledTile {
  readonly texture: TextureState;
  readonly pool: GpuPool;
  readonly slot: number;
  readonly ticket: Ticket<unknown>;
}

/** Other work that belongs in the same submit, before everything else. */
export interface JournaledStep {
  record(encoder: GPUCommandEncoder): void;
  /** Called right after the submit. */
  submitted(): void;
  /** Called if the submit turns out to have failed. */
  failed(): void;
  /** Called when the submit is known to be valid. */
  finished(): void;
}

/** What a journal works with; all of it is borrowed. */
export interface JournalParts {
  readonly device: ForgeDevice;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly settings: SystemSettings;
}

/** The edits of one table, in the order in which they were made. */
interface JournaledEdits {
  readonly texture: TextureState;
  readonly edits: readonly PageEdit[];
}

/** What is written down, each in its order. */
interface Work {
  steps: JournaledStep[];
  tiles: JournaledTile[];
  edits: JournaledEdits[];
}

function noWork(): Work {
  return { steps: [], tiles: [], edits: [] };
}

/** What is left of work without a texture, whose tiles give their memory back. */
function workWithout(texture: TextureState, { steps, tiles, edits }: Work): Work {
  for (const tile of tiles) if (tile.texture === texture) tile.ticket.release();
  return {
    steps,
    tiles: tiles.filter((tile) => tile.texture !== texture),
    edits: edits.filter((edit) => edit.texture !== texture),
  };
}

/** Records and submits what residency decides, and again if that fails. */
export class SubmitJournal {
  readonly #parts: JournalParts;
  #waiting: Work = noWork();
  /** What the last submit carried, until the GPU has said whether it was valid. */
  #sent: Work = noWork();
  /** Settles when the GPU has said whether the last submit was valid. */
  #report: Promise<void> | null = null;
  #failures = 0;
  #lastFailure: DeviceError | null = null;
  #scratchBytes = 0;

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

  /** Submits that failed since the last valid one. */
  get failures(): number {
    return this.#failures;
  }

  /** Writes content down that has got a slot. */
  addTile(tile: JournaledTile): void {
    this.#waiting.tiles.push(tile);
    this.#scratchBytes += tile.texture.recorder.cost.scratchBytes;
  }

  /** Writes other work down. */
  addStep(step: JournaledStep): void {
    this.#waiting.steps.push(step);
  }

  /** Drops what concerns a texture whose table and slots are gone. */
  forgetTexture(texture: TextureState): void {
    this.#waiting = workWithout(texture, this.#waiting);
    this.#sent = workWithout(texture, this.#sent);
    this.#countScratch();
  }

  /**
   * Submits everything that is written down and the edits of every table that is out of date, in one
   * command buffer. Does nothing while the report of the last submit is awaited.
   *
   * @param record Records more work into the same commands.
   * @returns Whether something was submitted.
   * @throws {DeviceError} if the device is lost.
   */
  submit(record: ((encoder: GPUCommandEncoder) => void) | null = null): boolean {
    if (this.#report !== null) return false;
    const { device, settings } = this.#parts;
    device.assertAlive();
    this.#collectEdits();
    if (record === null && !this.#hasWork) return false;
    const label = `${settings.label} update`;
    const work = this.#waiting;
    try {
      const { error } = device.guard(label, () => this.#record(work, label, record));
      this.#sent = work;
      this.#waiting = noWork();
      this.#scratchBytes = 0;
      for (const step of work.steps) step.submitted();
      this.#report = error.then((failure) => {
        this.#report = null;
        if (failure === null) this.#confirm();
        else this.#fail(failure);
      });
      return true;
    } catch (cause) {
      device.submits.dropRecorded();
      device.assertAlive();
      this.#fail(failureOf(cause, label));
      return false;
    }
  }

  get #hasWork(): boolean {
    const { steps, tiles, edits } = this.#waiting;
    return steps.length + tiles.length + edits.length > 0;
  }

  #collectEdits(): void {
    for (const texture of this.#parts.textures.values()) {
      const { mappings } = texture.residency;
      if (!mappings.dirty) continue;
      const edits = mappings.takeEdits();
      if (edits.length > 0) this.#waiting.edits.push({ texture, edits });
    }
  }

  #record(
    { steps, tiles, edits }: Work,
    label: string,
    record: ((encoder: GPUCommandEncoder) => void) | null,
  ): void {
    const { device } = this.#parts;
    const encoder = device.gpu.createCommandEncoder({ label });
    for (const step of steps) step.record(encoder);
    recordTiles(encoder, tiles);
    for (const { texture, edits: batch } of edits) texture.table.recordEdits(encoder, batch);
    record?.(encoder);
    device.submits.submit([encoder.finish()]);
  }

  #confirm(): void {
    const { steps, tiles } = this.#sent;
    this.#sent = noWork();
    this.#failures = 0;
    this.#lastFailure = null;
    for (const { ticket } of tiles) ticket.release();
    for (const step of steps) step.finished();
  }

  /** Puts what a failed submit carried back to the front. */
  #fail(failure: DeviceError): void {
    const { logger, label } = this.#parts.settings;
    if (this.#failures++ === 0) {
      logger.error(`${label}: ${failure.message}. Nothing is lost: it is submitted again`);
    }
    this.#lastFailure = failure;
    const { steps, tiles, edits } = this.#sent;
    this.#sent = noWork();
    for (const step of steps) step.failed();
    this.#waiting = {
      steps: [...steps, ...this.#waiting.steps],
      tiles: [...tiles, ...this.#waiting.tiles],
      edits: [...edits, ...this.#waiting.edits],
    };
    this.#countScratch();
  }

  #countScratch(): void {
    this.#scratchBytes = 0;
    for (const { texture } of this.#waiting.tiles) {
      this.#scratchBytes += texture.recorder.cost.scratchBytes;
    }
  }

  /** Waits for the report of the last submit, if it is awaited. */
  async waitForReport(): Promise<void> {
    if (this.#report !== null) await this.#parts.device.health.unlessLost(this.#report);
  }

  /**
   * Submits until everything that is written down is known to be valid.
   *
   * @throws {DeviceError} if the device is lost, or keeps refusing it; nothing is lost then.
   */
  async settle(): Promise<void> {
    const { device } = this.#parts;
    for (let attempts = 0;; attempts++) {
      await this.waitForReport();
      this.#collectEdits();
      if (!this.#hasWork) return;
      if (attempts > 0 && this.#lastFailure !== null) {
        if (attempts >= MAX_ATTEMPTS) throw this.#lastFailure;
        // What the failed attempt allocated may have to be gone first.
        await device.submits.wait();
      }
      this.submit();
    }
  }
}

/** Records content, a batch for each recorder and pool; of several for one slot the last. */
function recordTiles(encoder: GPUCommandEncoder, tiles: readonly JournaledTile[]): void {
  const last = new Map<GpuPool, Map<number, JournaledTile>>();
  for (const tile of tiles) {
    if (!isCurrent(tile)) continue;
    let slots = last.get(tile.pool);
    if (slots === undefined) last.set(tile.pool, slots = new Map());
    slots.set(tile.slot, tile);
  }
  for (const [pool, slots] of last) {
    const batches = new Map<TileRecorder<unknown>, RecordedTile<unknown>[]>();
    for (const { slot, ticket, texture: { recorder } } of slots.values()) {
      let items = batches.get(recorder);
      if (items === undefined) batches.set(recorder, items = []);
      items.push({ slot, payload: ticket.payload });
    }
    for (const [recorder, items] of batches) recorder.record(encoder, pool.atlas, items);
    pool.uploadSlotFrames();
  }
}

/** Whether a slot still waits for this content. */
function isCurrent({ texture, pool, slot, ticket }: JournaledTile): boolean {
  return texture.residency.slotOf.get(ticket.tile) === slot &&
    pool.residency.slots.versionOf(slot) === ticket.version;
}

function failureOf(cause: unknown, label: string): DeviceError {
  if (cause instanceof DeviceError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeviceError("device-failed", `Cannot finish ${label}: ${reason}`, { cause });
}
