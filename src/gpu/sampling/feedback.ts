/**
 * Reports from the GPU of the tiles that draws have sampled.
 *
 * @module
 */

import reduceCode from "../../../shaders/feedback/feedback_reduce.wgsl" with { type: "text" };
import { checkedInteger } from "../../checks.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger, TrackedBuffer } from "../device/memory_ledger.ts";
import { oncePerDevice } from "../device/per_device.ts";

/** Options of {@linkcode Feedback}. */
export interface FeedbackOptions {
  /** About how many different keys a frame can hold; rounded up to a power of two, 64 to 2^20. */
  readonly capacity: number;
  /** Read-backs that can be pending at once; default 3. */
  readonly ringSize?: number;
  /** What to call it in messages and in GPU objects. */
  readonly label?: string;
}

/** The tiles that were sampled up to a frame, since the previous read-back. */
export interface FeedbackFrame {
  /** The frame that {@linkcode Feedback.recordReadback} was given. */
  readonly frame: number;
  /** Keys of the tiles that were sampled, ascending, each once. */
  readonly keys: Uint32Array;
  /** Samples of each key. */
  readonly counts: Uint32Array;
  /** Samples whose key found no free slot. */
  readonly overflow: number;
}

/** A read-back buffer cycles through: free, recorded, submitted, mapping, arrived. */
type RingState = "free" | "recorded" | "submitted" | "mapping" | "arrived";

interface RingSlot {
  readonly tracked: TrackedBuffer;
  state: RingState;
  /** Order of recording; results are handed out in this order. */
  sequence: number;
  frame: number;
  serial: number;
  pending: Promise<void> | null;
  result: FeedbackFrame | null;
  /** Whether the submit that should have filled it has failed, so that it holds what it did before. */
  isDropped: boolean;
}

const FAILURE = "Cannot make feedback";
const MIN_CAPACITY = 64;
const MAX_CAPACITY = 2 ** 20;
const DEFAULT_RING_SIZE = 3;
const MAX_RING_SIZE = 16;
const HEADER_BYTES = 8;
const PAIR_BYTES = 8;
const WORKGROUP = 64;

const reducePipeline: (gpu: GPUDevice) => GPUComputePipeline = oncePerDevice(createReducePipeline);

function createReducePipeline(gpu: GPUDevice): GPUComputePipeline {
  return gpu.createComputePipeline({
    label: "feedback_reduce",
    layout: "auto",
    compute: {
      module: gpu.createShaderModule({ label: "feedback_reduce", code: reduceCode }),
      entryPoint: "reduce",
    },
  });
}

/**
 * A hash table that draws fill (`shaders/feedback/feedback.wgsl`), reduced on the GPU to unique
 * keys with counts, and a ring of buffers that bring them back. Owns its buffers.
 *
 * A late or missing read-back loses no samples: while the ring is full, the table keeps
 * accumulating.
 */
export class Feedback {
  /** The hash table that draws write: `VtFeedback` of `shaders/feedback/feedback.wgsl`. */
  readonly storageBuffer: GPUBuffer;
  /** Different keys that the table can hold. */
  readonly capacity: number;
  readonly #device: ForgeDevice;
  readonly #label: string;
  readonly #table: TrackedBuffer;
  readonly #unique: TrackedBuffer;
  readonly #ring: RingSlot[] = [];
  readonly #bindGroup: GPUBindGroup;
  #nextSequence = 0;
  #nextTaken = 0;
  #destroyed = false;

  /**
   * Makes an empty table and its ring.
   *
   * @throws {InvalidArgumentError} if the capacity or the ring's size is not a number.
   * @throws {OutOfRangeError} if it is out of range.
   * @throws {BudgetError} if it does not fit the budget; nothing is made.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, options: FeedbackOptions) {
    const { capacity, ringSize = DEFAULT_RING_SIZE, label = "feedback" } = options;
    checkedInteger(capacity, { name: "capacity", failure: FAILURE, range: [1, MAX_CAPACITY] });
    // A ring of one never converges: the only read-back is always of a frame that has passed.
    checkedInteger(ringSize, { name: "ringSize", failure: FAILURE, range: [2, MAX_RING_SIZE] });
    this.#device = device;
    this.#label = label;
    this.capacity = Math.max(MIN_CAPACITY, 2 ** Math.ceil(Math.log2(capacity)));
    const size = HEADER_BYTES + this.capacity * PAIR_BYTES;
    const made: TrackedBuffer[] = [];
    function make(name: string, usage: GPUBufferUsageFlags): TrackedBuffer {
      const tracked = ledger.createBuffer("feedback", device, {
        label: `${label} ${name}`,
        size,
        usage,
      });
      made.push(tracked);
      return tracked;
    }
    try {
      this.#table = make("table", GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
      this.#unique = make(
        "unique keys",
        GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      );
      for (let index = 0; index < ringSize; index++) {
        this.#ring.push({
          tracked: make(`ring ${index}`, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ),
          state: "free",
          sequence: 0,
          frame: 0,
          serial: 0,
          pending: null,
          result: null,
          isDropped: false,
        });
      }
      this.#bindGroup = device.gpu.createBindGroup({
        label: `${label} reduce`,
        layout: reducePipeline(device.gpu).getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: this.#table.buffer } },
          { binding: 1, resource: { buffer: this.#unique.buffer } },
        ],
      });
    } catch (error) {
      for (const tracked of made) tracked.destroy();
      throw error;
    }
    this.storageBuffer = this.#table.buffer;
  }

  /** Read-backs that were recorded and not taken yet. */
  get pendingCount(): number {
    return this.#ring.filter((slot) => slot.state !== "free").length;
  }

  /** Whether the ring has room for another read-back. */
  get canRecord(): boolean {
    return this.#ring.some((slot) => slot.state === "free");
  }

  /** Whether there is a submitted read-back that {@linkcode startReadbacks} would map. */
  get hasSubmitted(): boolean {
    return this.#ring.some((slot) => slot.state === "submitted");
  }

  /**
   * Records the reduction of everything that was written so far, empties the table and copies the
   * result to the ring. The encoder must be part of the device's next submit.
   *
   * @param frame Any number that identifies the frame.
   * @returns false if the ring is full; nothing is recorded then, and the table keeps its content.
   */
  recordReadback(encoder: GPUCommandEncoder, frame: number): boolean {
    const slot = this.#ring.find((candidate) => candidate.state === "free");
    if (slot === undefined) return false;
    slot.state = "recorded";
    slot.frame = frame;
    slot.isDropped = false;
    slot.sequence = this.#nextSequence++;
    this.#device.submits.afterNextSubmit((isSubmitted) => {
      slot.serial = this.#device.submits.lastSubmitted;
      if (isSubmitted) slot.state = "submitted";
      else this.#drop(slot);
    });
    const unique = this.#unique.buffer;
    encoder.clearBuffer(unique, 0, HEADER_BYTES);
    const pass = encoder.beginComputePass({ label: `${this.#label} reduce` });
    pass.setPipeline(reducePipeline(this.#device.gpu));
    pass.setBindGroup(0, this.#bindGroup);
    pass.dispatchWorkgroups(this.capacity / WORKGROUP);
    pass.end();
    encoder.copyBufferToBuffer(unique, 0, slot.tracked.buffer, 0, slot.tracked.bytes);
    return true;
  }

  /**
   * Drops the read-back of a frame whose submit has failed. The table on the GPU still has what was
   * written, for the next read-back.
   */
  dropReadback(frame: number): void {
    for (const slot of this.#ring) {
      if (slot.state !== "free" && slot.frame === frame) this.#drop(slot);
    }
  }

  #drop(slot: RingSlot): void {
    slot.isDropped = true;
    if (slot.state !== "mapping") slot.state = "arrived";
  }

  /**
   * Begins to map what has been submitted, and returns at once. In Deno the mapping blocks the
   * thread until the queue is empty: call it at most once per update, before submitting anything.
   */
  startReadbacks(): void {
    for (const slot of this.#ring) {
      if (slot.state !== "submitted") continue;
      slot.state = "mapping";
      slot.pending = this.#map(slot);
    }
  }

  /**
   * Waits for everything that has been submitted to arrive.
   *
   * @param signal Ends the wait, with its reason.
   * @throws {DeviceError} if the device is lost.
   */
  async waitForReadbacks(signal?: AbortSignal): Promise<void> {
    this.startReadbacks();
    for (const { pending } of this.#ring) {
      if (pending !== null) await this.#device.health.unlessLost(pending, signal);
    }
  }

  /**
   * Takes the frames that have arrived, oldest first; none comes before every earlier one is there.
   */
  takeFrames(): FeedbackFrame[] {
    const frames: FeedbackFrame[] = [];
    while (this.#nextTaken < this.#nextSequence) {
      const slot = this.#ring.find((candidate) =>
        candidate.state !== "free" && candidate.sequence === this.#nextTaken
      );
      if (slot?.state !== "arrived") break;
      if (slot.result !== null && !slot.isDropped) frames.push(slot.result);
      slot.state = "free";
      slot.result = null;
      this.#nextTaken++;
    }
    return frames;
  }

  /** Destroys the buffers; pending read-backs are dropped. May be called again. */
  destroy(): void {
    this.#destroyed = true;
    this.#table.destroy();
    this.#unique.destroy();
    for (const slot of this.#ring) slot.tracked.destroy();
  }

  async #map(slot: RingSlot): Promise<void> {
    const { buffer } = slot.tracked;
    try {
      const { value: mapping } = this.#device.guard(
        `reading ${this.#label}`,
        () => buffer.mapAsync(GPUMapMode.READ),
      );
      this.#device.submits.noteBlockingCall();
      await mapping;
      if (this.#destroyed) return;
      this.#device.submits.markCompleted(slot.serial);
      slot.result = this.#read(buffer, slot.frame);
      buffer.unmap();
    } catch {
      // Destroyed or lost meanwhile: the frame is missing, and the device's next check says why.
      slot.result = null;
    } finally {
      slot.state = "arrived";
      slot.pending = null;
    }
  }

  #read(buffer: GPUBuffer, frame: number): FeedbackFrame {
    const [pairCount = 0, overflow = 0] = new Uint32Array(buffer.getMappedRange(0, HEADER_BYTES));
    const keys = new Uint32Array(pairCount);
    const counts = new Uint32Array(pairCount);
    if (pairCount > 0) {
      const bytes = buffer.getMappedRange(HEADER_BYTES, pairCount * PAIR_BYTES);
      // The GPU's order is not always the same; by key it is.
      const words = new Uint32Array(new BigUint64Array(bytes.slice(0)).sort().buffer);
      for (let i = 0; i < pairCount; i++) {
        counts[i] = words[2 * i]!;
        keys[i] = words[2 * i + 1]!;
      }
    }
    return { frame, keys, counts, overflow };
  }
}
