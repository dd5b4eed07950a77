/**
 * Submits, numbered, and how far the GPU has come with them.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { DeviceHealth } from "./device_health.ts";

/** Options of {@linkcode SubmitTracker}. */
export interface SubmitTrackerOptions {
  /** Asks after each submit when it is done; only where that does not block the thread. */
  readonly watchesEachSubmit: boolean;
}

/**
 * Numbers the submits of one device from 1 and knows which are done.
 *
 * The queue works in order, so that one number says it all. Where asking blocks the thread (Deno),
 * `completed` only grows by {@linkcode wait} and by those who learn it anyway, from a read-back.
 */
export class SubmitTracker {
  readonly #queue: GPUQueue;
  readonly #health: DeviceHealth;
  readonly #watchesEachSubmit: boolean;
  #afterSubmit: ((isSubmitted: boolean) => void)[] = [];
  #lastSubmitted = 0;
  #completed = 0;

  /**
   * Follows a queue.
   *
   * @param queue The device's queue; borrowed.
   * @param health Of the same device; checked before each submit.
   */
  constructor(queue: GPUQueue, health: DeviceHealth, options: SubmitTrackerOptions) {
    this.#queue = queue;
    this.#health = health;
    this.#watchesEachSubmit = options.watchesEachSubmit;
  }

  /** Number of the newest submit; 0 before the first. */
  get lastSubmitted(): number {
    return this.#lastSubmitted;
  }

  /** Number of the newest submit that is known to be done; 0 before the first. */
  get completed(): number {
    return this.#completed;
  }

  /**
   * Submits commands and runs what {@linkcode afterNextSubmit} has kept for it.
   *
   * @returns The number of the submit.
   * @throws {DeviceError} if the device is lost; nothing is submitted.
   */
  submit(commands: readonly GPUCommandBuffer[]): number {
    this.#health.assertAlive();
    this.#queue.submit([...commands]);
    const serial = ++this.#lastSubmitted;
    const callbacks = this.#afterSubmit;
    if (callbacks.length > 0) {
      this.#afterSubmit = [];
      for (const callback of callbacks) callback(true);
    }
    if (this.#watchesEachSubmit) {
      this.#queue.onSubmittedWorkDone().then(() => this.markCompleted(serial), ignoreLoss);
    }
    return serial;
  }

  /**
   * Runs a function once, right after the next submit. For those who record into an encoder and
   * must know when it has gone: the encoder has to be part of the next submit.
   *
   * @param callback Told whether there was a submit, or what was recorded was dropped.
   */
  afterNextSubmit(callback: (isSubmitted: boolean) => void): void {
    this.#afterSubmit.push(callback);
  }

  /** Runs what waits for the next submit, since what was recorded for it is dropped. */
  dropRecorded(): void {
    const callbacks = this.#afterSubmit;
    this.#afterSubmit = [];
    for (const callback of callbacks) callback(false);
  }

  /** Notes that a submit, and so every earlier one, is done. */
  markCompleted(serial: number): void {
    if (serial > this.#lastSubmitted) throw this.#notSubmitted(serial);
    if (serial > this.#completed) this.#completed = serial;
  }

  /**
   * Resolves when a submit is done. Blocks the thread meanwhile where the platform does (Deno).
   *
   * @param signal Ends the wait, with its reason.
   * @throws {DeviceError} if the device is lost before.
   * @throws {OutOfRangeError} if there was no such submit yet.
   */
  async wait(serial: number = this.#lastSubmitted, signal?: AbortSignal): Promise<void> {
    if (serial > this.#lastSubmitted) throw this.#notSubmitted(serial);
    if (serial <= this.#completed) return;
    const newest = this.#lastSubmitted;
    await this.#health.unlessLost(this.#queue.onSubmittedWorkDone(), signal);
    this.markCompleted(newest);
  }

  #notSubmitted(serial: number): OutOfRangeError {
    return new OutOfRangeError(
      "serial",
      `Cannot follow submit as its number must be <= ${this.#lastSubmitted}: current value is ${serial}`,
    );
  }
}

/** A lost device is reported by the next check of its health. */
function ignoreLoss(): void {}
