/**
 * Counts the live GPU objects of a device independently of the code that makes them.
 *
 * @module
 */

import { bufferBytes, type ForgeDevice, textureBytes } from "../../src/gpu/mod.ts";

/** The device whose objects are counted. */
export type CountedDevice = Pick<ForgeDevice, "gpu" | "submits">;

/** Which objects are counted. */
export interface LiveGpuBytesOptions {
  /** Whether an object with such a label counts; default all. */
  readonly counts?: (label: string) => boolean;
}

/** Counts the bytes of every buffer and texture that is made on a device from now on. */
export class LiveGpuBytes {
  /** The most bytes that lived at once, since the count began or {@linkcode resetPeak}. */
  peak = 0;
  readonly #device: CountedDevice;
  readonly #counts: (label: string) => boolean;
  /** Labels of the objects that were not destroyed. */
  readonly #objects = new Map<object, string>();
  #live = 0;
  /** Objects that were destroyed; their memory is held until the GPU is done with them. */
  #retired: { serial: number; bytes: number }[] = [];

  /** Begins to count. */
  constructor(device: CountedDevice, options: LiveGpuBytesOptions = {}) {
    this.#device = device;
    this.#counts = options.counts ?? (() => true);
    const { gpu } = device;
    const createBuffer = gpu.createBuffer.bind(gpu);
    const createTexture = gpu.createTexture.bind(gpu);
    gpu.createBuffer = (descriptor) =>
      this.#count(createBuffer(descriptor), descriptor.label, bufferBytes(descriptor));
    gpu.createTexture = (descriptor) =>
      this.#count(createTexture(descriptor), descriptor.label, textureBytes(descriptor));
  }

  /** Bytes that live now. */
  get bytes(): number {
    this.#collect();
    return this.#live;
  }

  /** Makes what lives now the peak. */
  resetPeak(): void {
    this.peak = this.bytes;
  }

  /** Number of objects, counted in bytes or not. */
  get objectCount(): number {
    return this.#objects.size;
  }

  /** Number of objects, counted in bytes or not, by their labels. */
  objects(): Map<string, number> {
    const byLabel = new Map<string, number>();
    for (const label of this.#objects.values()) byLabel.set(label, 1 + (byLabel.get(label) ?? 0));
    return byLabel;
  }

  #collect(): void {
    const { submits } = this.#device;
    this.#retired = this.#retired.filter((retired) => {
      if (retired.serial > submits.completed) return true;
      this.#live -= retired.bytes;
      return false;
    });
  }

  #count<T extends { destroy(): undefined }>(
    object: T,
    label: string = "",
    bytes: number,
  ): T {
    const destroy = object.destroy.bind(object);
    this.#objects.set(object, label);
    const isCounted = this.#counts(label);
    if (isCounted) {
      this.#collect();
      this.#live += bytes;
      this.peak = Math.max(this.peak, this.#live);
    }
    object.destroy = () => {
      destroy();
      if (!this.#objects.delete(object) || !isCounted) return;
      this.#retired.push({ serial: this.#device.submits.lastSubmitted, bytes });
    };
    return object;
  }
}
