/**
 * Copying buffers and textures back to the CPU, many at once.
 *
 * @module
 */

import { DeviceError, DisposedError, OutOfRangeError } from "../../errors.ts";
import { formatInfo, isTexelFormat } from "../../texels/mod.ts";
import { textureBytes } from "./descriptor_bytes.ts";
import type { ForgeDevice } from "./device.ts";
import type { MemoryLedger } from "./memory_ledger.ts";

/** Bytes that a row must be a multiple of in a copy between buffer and texture. */
export const COPY_ROW_ALIGNMENT = 256;

/** Which part of a texture to read. */
export interface TextureRegion {
  /** Left edge in texels; default 0. */
  readonly x?: number;
  /** Top edge in texels; default 0. */
  readonly y?: number;
  /** Layer; default 0. */
  readonly layer?: number;
  /** Mip level; default 0. */
  readonly mipLevel?: number;
  /** Width in texels; default up to the right edge. */
  readonly width?: number;
  /** Height in texels; default up to the bottom edge. */
  readonly height?: number;
}

interface Part {
  readonly offset: number;
  readonly rows: number;
  readonly rowBytes: number;
  readonly rowPitch: number;
}

/**
 * Collects copies of buffers and textures and reads them all with one submit and one map, which is
 * what a read-back costs where mapping blocks the thread. Its buffer lives while it is read and, unless
 * a ledger is given, is not part of a system's memory budget; feedback has buffers of its own.
 */
export class ReadbackBatch {
  readonly #device: ForgeDevice;
  readonly #label: string;
  readonly #ledger: MemoryLedger | null;
  readonly #parts: Part[] = [];
  readonly #copies: ((encoder: GPUCommandEncoder, target: GPUBuffer) => void)[] = [];
  #bytes = 0;
  #read = false;

  /**
   * Begins an empty batch.
   *
   * @param device Of the objects that are read.
   * @param label What to call the batch in GPU objects.
   * @param options `ledger` counts its buffer as `scratch`.
   */
  constructor(
    device: ForgeDevice,
    label = "readback",
    options: { readonly ledger?: MemoryLedger | null } = {},
  ) {
    this.#device = device;
    this.#label = label;
    this.#ledger = options.ledger ?? null;
  }

  /**
   * Adds bytes of a buffer made with `COPY_SRC`.
   *
   * @param offset In bytes, a multiple of 4.
   * @param size In bytes, a multiple of 4; default up to the end.
   */
  addBuffer(buffer: GPUBuffer, offset = 0, size: number = buffer.size - offset): void {
    const part = this.#addPart(1, size, size);
    this.#copies.push((encoder, target) => {
      encoder.copyBufferToBuffer(buffer, offset, target, part.offset, size);
    });
  }

  /** Adds a region of a texture made with `COPY_SRC`; it is read as tight rows of whole blocks. */
  addTexture(texture: GPUTexture, region: TextureRegion = {}): void {
    const { x = 0, y = 0, layer = 0, mipLevel = 0 } = region;
    const blockTexels = isTexelFormat(texture.format) ? formatInfo(texture.format).blockTexels : 1;
    const blockBytes = textureBytes({ format: texture.format, size: [1, 1], usage: 0 });
    const wholeBlocks = (size: number) =>
      Math.ceil(Math.max(1, size >> mipLevel) / blockTexels) * blockTexels;
    const width = region.width ?? wholeBlocks(texture.width) - x;
    const height = region.height ?? wholeBlocks(texture.height) - y;
    const rowBytes = Math.ceil(width / blockTexels) * blockBytes;
    const rowPitch = Math.ceil(rowBytes / COPY_ROW_ALIGNMENT) * COPY_ROW_ALIGNMENT;
    const part = this.#addPart(Math.ceil(height / blockTexels), rowBytes, rowPitch);
    this.#copies.push((encoder, target) => {
      encoder.copyTextureToBuffer(
        { texture, mipLevel, origin: [x, y, layer] },
        { buffer: target, offset: part.offset, bytesPerRow: rowPitch, rowsPerImage: part.rows },
        [width, height, 1],
      );
    });
  }

  #addPart(rows: number, rowBytes: number, rowPitch: number): Part {
    if (!(rows > 0) || !(rowBytes > 0)) {
      throw new OutOfRangeError(
        "size",
        `Cannot read back as rows and bytes of a row must be > 0: current values are ${rows} ` +
          `and ${rowBytes}`,
      );
    }
    const part = { offset: this.#bytes, rows, rowBytes, rowPitch };
    this.#parts.push(part);
    this.#bytes += Math.ceil(rows * rowPitch / COPY_ROW_ALIGNMENT) * COPY_ROW_ALIGNMENT;
    return part;
  }

  /**
   * Submits the copies and waits for them. A batch is read once.
   *
   * @param signal Ends the wait, with its reason.
   * @returns The bytes of each part, in the order in which they were added.
   * @throws {DeviceError} if the device is lost or a copy is invalid.
   * @throws {BudgetError} if the ledger has no room for the buffer.
   */
  async read(signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]> {
    if (this.#read) {
      throw new DisposedError(this.#label, `Cannot read batch "${this.#label}" a second time`);
    }
    this.#read = true;
    if (this.#parts.length === 0) return [];
    const { gpu, submits, health } = this.#device;
    this.#device.assertAlive();
    const owned: { destroy(): void }[] = [];
    const descriptor = {
      label: this.#label,
      size: this.#bytes,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    };
    try {
      const label = `read-back "${this.#label}"`;
      const { value: { target, serial }, error } = this.#device.guard(label, () => {
        const tracked = this.#ledger?.createBuffer("scratch", this.#device, descriptor);
        const target = tracked?.buffer ?? gpu.createBuffer(descriptor);
        owned.push(tracked ?? target);
        const encoder = gpu.createCommandEncoder({ label: this.#label });
        for (const copy of this.#copies) copy(encoder, target);
        return { target, serial: submits.submit([encoder.finish()]) };
      });
      const failure = await health.unlessLost(error, signal);
      if (failure !== null) throw failure;
      const mapping = this.#device.guard(label, () => target.mapAsync(GPUMapMode.READ)).value;
      try {
        await health.unlessLost(mapping, signal);
      } catch (cause) {
        signal?.throwIfAborted();
        this.#device.assertAlive();
        throw new DeviceError("device-failed", `Cannot read back "${this.#label}"`, { cause });
      }
      submits.markCompleted(serial);
      const mapped = new Uint8Array(target.getMappedRange());
      const parts = this.#parts.map((part) => tightRows(mapped, part));
      target.unmap();
      this.#device.assertAlive();
      this.#device.noteUse();
      return parts;
    } finally {
      for (const object of owned) object.destroy();
    }
  }
}

function tightRows(mapped: Uint8Array, part: Part): Uint8Array<ArrayBuffer> {
  const { offset, rows, rowBytes, rowPitch } = part;
  if (rowBytes === rowPitch) return mapped.slice(offset, offset + rows * rowBytes);
  const tight = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const start = offset + row * rowPitch;
    tight.set(mapped.subarray(start, start + rowBytes), row * rowBytes);
  }
  return tight;
}
