/**
 * Counts the live GPU objects of a device independently of the code that makes them.
 *
 * @module
 */

import { bufferBytes, type ForgeDevice, textureBytes } from "../../src/gpu/mod.ts";

/** Counts the bytes of every buffer and texture that is made on a device from now on. */
export class LiveGpuBytes {
  /** The most bytes that lived at once. */
  peak = 0;
  readonly #device: ForgeDevice;
  #live = 0;
  /** Objects that were destroyed; their memory is held until the GPU is done with them. */
  #retired: { serial: number; bytes: number }[] = [];

  /** Begins to count. */
  constructor(device: ForgeDevice) {
    this.#device = device;
    const { gpu } = device;
    const createBuffer = gpu.createBuffer.bind(gpu);
    const createTexture = gpu.createTexture.bind(gpu);
    gpu.createBuffer = (descriptor) =>
      this.#count(createBuffer(descriptor), bufferBytes(descriptor));
    gpu.createTexture = (descriptor) =>
      this.#count(createTexture(descriptor), textureBytes(descriptor));
  }

  #count<T extends { destroy(): undefined }>(object: T, bytes: number): T {
    const { submits } = this.#device;
    this.#retired = this.#retired.filter((retired) => {
      if (retired.serial > submits.completed) return true;
      this.#live -= retired.bytes;
      return false;
    });
    this.#live += bytes;
    this.peak = Math.max(this.peak, this.#live);
    let destroyed = false;
    const destroy = object.destroy.bind(object);
    object.destroy = () => {
      destroy();
      if (!destroyed) this.#retired.push({ serial: submits.lastSubmitted, bytes });
      destroyed = true;
    };
    return object;
  }
}
