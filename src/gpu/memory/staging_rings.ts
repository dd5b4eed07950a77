/**
 * The rings of buffers that uploads go through, on one device after the other.
 *
 * @module
 */

import type { DeviceError } from "../../errors.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { SubmitTracker } from "../device/submit_tracker.ts";
import { RingTurns } from "./ring_turns.ts";

/** Size of a ring. */
export interface RingSize {
  /** Number of buffers. */
  readonly ringCount: number;
  /** Bytes of each. */
  readonly bufferSize: number;
}

/** What staging rings have done and hold. All are 0 before they are initialised. */
export interface StagingStats {
  /** Bytes in buffers whose submit is not known to be done: 0 once a system was flushed. */
  readonly bytesInFlight: number;
  /** The buffer that was filled last, from 0. */
  readonly currentRingIndex: number;
  /**
   * Tiles so far that found no room, as the next buffer was still read by the GPU or the tile is
   * larger than a buffer. They were uploaded without the rings.
   */
  readonly bufferStalls: number;
  /** Number of buffers. */
  readonly ringCount: number;
  /** Bytes of each. */
  readonly bufferSize: number;
}

/** Room in a buffer, for commands of the next submit. */
export interface StagedRoom {
  /** The buffer; the rings own it. */
  readonly buffer: GPUBuffer;
  /** First byte in it: a multiple of 256. */
  readonly offset: number;
}

/** Buffers on one device. */
interface MadeRing {
  readonly gpu: GPUDevice;
  readonly submits: SubmitTracker;
  readonly buffers: readonly GPUBuffer[];
  readonly turns: RingTurns;
  /** Whether the device has accepted them. */
  isReady: boolean;
  /** The submit whose end was asked for, so that each is asked for once. */
  watchedSerial: number;
}

const NO_STATS: StagingStats = {
  bytesInFlight: 0,
  currentRingIndex: 0,
  bufferStalls: 0,
  ringCount: 0,
  bufferSize: 0,
};

/** The numbers of rings that were not initialised. */
export function noStagingStats(): StagingStats {
  return { ...NO_STATS };
}

/**
 * A ring of GPU buffers that tiles are written to and copied from. A buffer is filled again only once
 * the submit that reads it is known to be done. Nothing here waits or maps. When the device is lost,
 * the first upload to the next one makes the buffers again; until they are there, tiles go without.
 */
export class StagingRings {
  readonly size: RingSize;
  #made: MadeRing | null = null;
  /** Frees the buffers of the ring that was made last. */
  #free: () => void = () => {};
  #stalls = 0;
  #isClosed = false;

  /** Use {@linkcode makeStagingRings}. */
  constructor(size: RingSize) {
    this.size = size;
  }

  /** Bytes of all buffers. */
  get totalBytes(): number {
    return this.size.ringCount * this.size.bufferSize;
  }

  /**
   * Makes the buffers on a device.
   *
   * @throws {DeviceError} if it is lost, or gives no memory; nothing is kept then.
   */
  async make(device: ForgeDevice): Promise<void> {
    const failure = await device.health.unlessLost(this.#makeOn(device));
    if (failure !== null) throw failure;
  }

  /** Makes the buffers; resolves to null, or to why the device has refused them. */
  async #makeOn(device: ForgeDevice): Promise<DeviceError | null> {
    const { value: made, error } = device.guard("making staging rings", () => this.#create(device));
    this.#made = made;
    const destroy = () => made.buffers.forEach((buffer) => buffer.destroy());
    // A borrowed GPUDevice outlives the closing of its ForgeDevice.
    const stopListening = device.health.subscribeLoss(destroy);
    this.#free = () => {
      stopListening();
      destroy();
    };
    const failure = await error;
    if (failure === null) made.isReady = true;
    else this.#free();
    return failure;
  }

  #create({ gpu, submits }: ForgeDevice): MadeRing {
    const { ringCount, bufferSize } = this.size;
    const turns = new RingTurns(ringCount, bufferSize);
    const buffers = Array.from({ length: ringCount }, (_, index) =>
      gpu.createBuffer({
        label: `staging ring ${index}`,
        // Copies take multiples of 4 bytes.
        size: Math.ceil(bufferSize / 4) * 4,
        usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      }));
    return { gpu, submits, buffers, turns, isReady: false, watchedSerial: 0 };
  }

  /**
   * Takes room for commands of a device's next submit.
   *
   * @param device As it is now; the buffers are made again on one that has taken another's place.
   * @param bytes A multiple of 256.
   * @param learnCompletion Finds out how far the GPU is, if that may be done now.
   * @returns Null, and a stall is counted, if there is no room.
   */
  takeRoom(device: ForgeDevice, bytes: number, learnCompletion: () => void): StagedRoom | null {
    const made = this.#ringOn(device);
    if (made === null) return this.#stall();
    const { submits, turns, buffers } = made;
    const serial = submits.lastSubmitted + 1;
    let place = turns.place(bytes, { serial, completed: submits.completed });
    const isSubmitted = turns.nextSerial < serial;
    if (place === null && bytes <= turns.bufferBytes && isSubmitted) {
      learnCompletion();
      place = turns.place(bytes, { serial, completed: submits.completed });
    }
    if (place === null) return this.#stall();
    if (made.watchedSerial !== serial) {
      made.watchedSerial = serial;
      submits.afterNextSubmit((isSubmitted) => {
        if (isSubmitted) return;
        made.watchedSerial = 0;
        turns.drop(serial);
      });
    }
    return { buffer: buffers[place.index]!, offset: place.offsetBytes };
  }

  #ringOn(device: ForgeDevice): MadeRing | null {
    const made = this.#made;
    if (made?.gpu === device.gpu) return made.isReady ? made : null;
    if (this.#isClosed || device.health.isLost) return null;
    // What the device says against it shows in the stalls: nobody waits for it.
    this.#makeOn(device).catch(() => {});
    return null;
  }

  #stall(): null {
    this.#stalls++;
    return null;
  }

  /** What they have done and hold. */
  stats(): StagingStats {
    const made = this.#made;
    const isLive = made !== null && !made.submits.isLost;
    return {
      bytesInFlight: isLive ? made.turns.bytesInFlight(made.submits.completed) : 0,
      currentRingIndex: isLive ? made.turns.currentIndex : 0,
      bufferStalls: this.#stalls,
      ringCount: this.size.ringCount,
      bufferSize: this.size.bufferSize,
    };
  }

  /** Destroys the buffers; what was submitted still reads them. May be called again. */
  close(): void {
    this.#isClosed = true;
    this.#free();
    this.#made = null;
  }
}
