/**
 * How long the GPU takes for something that is recorded again and again.
 *
 * @module
 */

import type { ForgeDevice } from "./device.ts";
import type { MemoryLedger, TrackedBuffer } from "./memory_ledger.ts";

/** A measurement. */
export interface GpuTime {
  /** Milliseconds between the timestamps. */
  readonly ms: number;
  /** How much was done between them, as {@linkcode GpuTimer.recordEnd} was told. */
  readonly units: number;
}

/** A measurement cycles through: idle, begun, recorded, submitted, mapping, arrived. */
type TimerState = "idle" | "begun" | "recorded" | "submitted" | "mapping" | "arrived";

const STAMP_BYTES = 8;
/** Readings beyond this are no times: some drivers reset their clocks. */
const LONGEST_MS = 10_000;

/**
 * Measures one piece of work at a time by timestamps, without waiting for anything. Owns its query set and
 * buffers.
 */
export class GpuTimer {
  readonly #device: ForgeDevice;
  readonly #label: string;
  readonly #querySet: GPUQuerySet;
  readonly #resolved: TrackedBuffer;
  readonly #readable: TrackedBuffer;
  #state: TimerState = "idle";
  #units = 0;
  #serial = 0;
  #result: GpuTime | null = null;
  #isDestroyed = false;

  /**
   * Makes a timer on a device that {@linkcode isSupported}.
   *
   * @param ledger Counts its buffers as `feedback`.
   * @throws {BudgetError} if they do not fit the budget.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, label = "GPU timer") {
    this.#device = device;
    this.#label = label;
    const make = (name: string, usage: number) =>
      ledger.createBuffer("feedback", device, {
        label: `${label} ${name}`,
        size: 2 * STAMP_BYTES,
        usage,
      });
    this.#resolved = make("stamps", GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC);
    try {
      this.#readable = make("readback", GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    } catch (error) {
      this.#resolved.destroy();
      throw error;
    }
    this.#querySet = device.gpu.createQuerySet({ label, type: "timestamp", count: 2 });
  }

  /** Whether a device has timestamps. */
  static isSupported(device: ForgeDevice): boolean {
    return device.features.has("timestamp-query");
  }

  /** Whether {@linkcode startReadback} has something to map. */
  get hasSubmitted(): boolean {
    return this.#state === "submitted";
  }

  /** Whether {@linkcode takeResult} has something to take. */
  get hasArrived(): boolean {
    return this.#state === "arrived";
  }

  /**
   * Records where the measurement begins, unless the last one is on its way. The encoder must be part of the
   * device's next submit.
   */
  recordStart(encoder: GPUCommandEncoder): void {
    if (this.#state !== "idle") return;
    this.#state = "begun";
    this.#recordStamp(encoder, { beginningOfPassWriteIndex: 0 });
  }

  /**
   * Records where it ends, in the encoder in which it began.
   *
   * @param units How much was done; comes back with the result.
   */
  recordEnd(encoder: GPUCommandEncoder, units: number): void {
    if (this.#state !== "begun") return;
    this.#state = "recorded";
    this.#units = units;
    this.#recordStamp(encoder, { endOfPassWriteIndex: 1 });
    encoder.resolveQuerySet(this.#querySet, 0, 2, this.#resolved.buffer, 0);
    const bytes = 2 * STAMP_BYTES;
    encoder.copyBufferToBuffer(this.#resolved.buffer, 0, this.#readable.buffer, 0, bytes);
    this.#device.submits.afterNextSubmit((isSubmitted) => {
      this.#serial = this.#device.submits.lastSubmitted;
      this.#state = isSubmitted ? "submitted" : "idle";
    });
  }

  /** Forgets a measurement that was begun, as what was recorded is dropped. */
  cancel(): void {
    if (this.#state === "begun") this.#state = "idle";
  }

  #recordStamp(
    encoder: GPUCommandEncoder,
    indices: Omit<GPUComputePassTimestampWrites, "querySet">,
  ): void {
    encoder.beginComputePass({
      label: this.#label,
      timestampWrites: { querySet: this.#querySet, ...indices },
    }).end();
  }

  /**
   * Begins to map what has been submitted, and returns at once. In Deno the mapping blocks the thread until
   * the queue is empty: call it where something else is mapped anyway.
   */
  startReadback(): void {
    if (this.#state !== "submitted") return;
    this.#state = "mapping";
    void this.#map();
  }

  async #map(): Promise<void> {
    const { buffer } = this.#readable;
    try {
      const { value: mapping } = this.#device.guard(
        `reading ${this.#label}`,
        () => buffer.mapAsync(GPUMapMode.READ),
      );
      this.#device.submits.noteBlockingCall();
      await mapping;
      if (this.#isDestroyed) return;
      this.#device.submits.markCompleted(this.#serial);
      const [start, end] = new BigUint64Array(buffer.getMappedRange().slice(0));
      buffer.unmap();
      const ms = Number(end! - start!) / 1e6;
      if (ms > 0 && ms <= LONGEST_MS) this.#result = { ms, units: this.#units };
    } catch {
      // Destroyed or lost meanwhile: the device's next check says why.
    } finally {
      this.#state = "arrived";
    }
  }

  /** Takes the measurement that has arrived, after which the next one can begin; null if none has. */
  takeResult(): GpuTime | null {
    if (this.#state !== "arrived") return null;
    const result = this.#result;
    this.#result = null;
    this.#state = "idle";
    return result;
  }

  /** Destroys the query set and the buffers. May be called again. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#querySet.destroy();
    this.#resolved.destroy();
    this.#readable.destroy();
  }
}
