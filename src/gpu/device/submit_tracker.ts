/**
 * Numbers submits, and knows which of them the GPU has finished.
 *
 * @module
 */

import { checkedFunction, checkedInteger, describeValue } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import type { DeviceHealth } from "./device_health.ts";
import { asDeviceError } from "./guarded_work.ts";

/** Options of {@linkcode SubmitTracker}. */
export interface SubmitTrackerOptions {
  /**
   * Whether to ask after each submit when it is done; only where that does not block the thread.
   */
  readonly watchesEachSubmit: boolean;
  /** Whether all is done once asking has returned, before the answer; default false. */
  readonly isDoneOnReturn?: boolean;
}

/**
 * Numbers the submits of one device from 1 and knows which are done.
 *
 * The queue works in order, so that one number says it all. Where asking blocks the thread (Deno),
 * `completed` grows only when something calls {@linkcode wait} or {@linkcode waitNow}, or learns it
 * from a read-back.
 */
export class SubmitTracker {
  readonly #queue: GPUQueue;
  readonly #health: DeviceHealth;
  readonly #watchesEachSubmit: boolean;
  readonly #isDoneOnReturn: boolean;
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
    this.#isDoneOnReturn = options.isDoneOnReturn ?? false;
  }

  /** Number of the newest submit; 0 before the first. */
  get lastSubmitted(): number {
    return this.#lastSubmitted;
  }

  /** Number of the newest submit that is known to be done; 0 before the first. */
  get completed(): number {
    return this.#completed;
  }

  /** Whether the device is lost, so that nothing that was submitted uses its objects any more. */
  get isLost(): boolean {
    return this.#health.isLost;
  }

  /**
   * Submits commands and runs the functions that {@linkcode afterNextSubmit} has kept for it.
   *
   * @returns The number of the submit.
   * @throws {InvalidArgumentError} if it is not a list of command buffers.
   * @throws {DeviceError} if the device is lost, or the call fails; nothing is submitted.
   */
  submit(commands: readonly GPUCommandBuffer[]): number {
    this.#health.assertAlive();
    try {
      this.#queue.submit([...commands]);
    } catch (cause) {
      if (isCommandList(commands)) throw asDeviceError(cause, "submit");
      throw new InvalidArgumentError(
        "commands",
        `Cannot submit as commands must be a list of command buffers: current value is ` +
          describeValue(commands),
        { cause },
      );
    }
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
    checkedFunction(callback, { name: "callback", failure: "Cannot wait for submit" });
    this.#afterSubmit.push(callback);
  }

  /**
   * Runs the functions that wait for the next submit, as the commands recorded for it are dropped.
   */
  dropRecorded(): void {
    const callbacks = this.#afterSubmit;
    this.#afterSubmit = [];
    for (const callback of callbacks) callback(false);
  }

  /** Notes that a submit, and so every earlier one, is done. */
  markCompleted(serial: number): void {
    this.#checkSerial(serial);
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
    this.#checkSerial(serial);
    if (serial <= this.#completed) return;
    if (this.waitNow()) return;
    const newest = this.#lastSubmitted;
    await this.#health.unlessLost(this.#queue.onSubmittedWorkDone(), signal);
    this.markCompleted(newest);
  }

  /**
   * Waits on the spot, where the platform lets that be known (Deno); else does nothing.
   *
   * @returns Whether everything that was submitted is done now.
   * @throws {DeviceError} if the device is lost.
   */
  waitNow(): boolean {
    if (this.#completed === this.#lastSubmitted) return true;
    if (!this.#isDoneOnReturn) return false;
    this.#health.assertAlive();
    this.#queue.onSubmittedWorkDone().catch(ignoreLoss);
    this.noteBlockingCall();
    return true;
  }

  /** Notes that a call that waits for the queue on this platform, such as `mapAsync`, has returned. */
  noteBlockingCall(): void {
    if (this.#isDoneOnReturn) this.#completed = this.#lastSubmitted;
  }

  #checkSerial(serial: number): void {
    checkedInteger(serial, {
      name: "serial",
      failure: "Cannot follow submit",
      range: [0, this.#lastSubmitted],
    });
  }
}

function isCommandList(commands: unknown): boolean {
  return Array.isArray(commands) && commands.every((one) => one instanceof GPUCommandBuffer);
}

/** A lost device is reported by the next check of its health. */
function ignoreLoss(): void {}
