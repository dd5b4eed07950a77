/**
 * Encoding texels to BC1, BC3, BC4, BC5 and BC7 blocks on the GPU.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { regionBytes, type TexelFormat } from "../../texels/mod.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger } from "../device/memory_ledger.ts";
import { ReadbackBatch } from "../device/readback.ts";
import { type EncodeBand, EncodeBatches } from "./encode_batches.ts";
import { assertInput, type EncodeInput, stageTexels } from "./encode_input.ts";
import { EncodeMemory, type OwnedBuffer } from "./encode_memory.ts";
import { blockKind, encodePipeline } from "./encode_pipelines.ts";
import { checkEncodeQuality, type EncodeQuality } from "./encode_quality.ts";
import { checkEncodeTransform, type EncodeTransform } from "./encode_transform.ts";
import {
  type EncodeRegion,
  encodeTableBytes,
  encodeWorkgroups,
  writeEncodeTable,
} from "./encode_table.ts";

/** Options of {@linkcode BlockEncoder.encode}. */
export interface EncodeOptions {
  /** Effort; default `medium`. */
  readonly quality?: EncodeQuality | undefined;
  /** Bytes of a texel: 4 for RGBA8 (default), 1 for grey, which is encoded as opaque. */
  readonly channels?: 1 | 4 | undefined;
  /** Stops between batches of about a quarter of a million to a million texels. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@linkcode BlockEncoder.recordEncode} records. */
export interface RecordEncodeOptions {
  /** A BC format. */
  readonly format: TexelFormat;
  /** Effort; default `medium`. */
  readonly quality?: EncodeQuality | undefined;
  /** What blocks hold; default `none`: the texels. The others take `bc3-rgba-unorm`. */
  readonly transform?: EncodeTransform | undefined;
  /**
   * Texels: a buffer made with `STORAGE`, or a `2d-array` view, without sRGB decoding, of an RGBA8
   * texture made with `TEXTURE_BINDING`. Regions have places of the same kind.
   */
  readonly source: GPUBuffer | GPUTextureView;
  /** Blocks: a buffer made with `STORAGE`, not the source. */
  readonly target: GPUBuffer;
  /** What to encode, at most 65,535 regions, which may differ in size. */
  readonly regions: readonly EncodeRegion[];
}

/** Options of {@linkcode BlockEncoder}. */
export interface BlockEncoderOptions {
  /**
   * Counts the encoder's buffers as `scratch`. Batches are then no larger than it has room for,
   * down to one row of blocks, about 24 bytes for each texel of its width; if not even that is
   * free, a batch waits.
   */
  readonly ledger?: MemoryLedger;
  /** Bytes of the ledger that batches leave free for others, asked before each; default none. */
  readonly keptFreeBytes?: () => number;
}

/**
 * Encodes stored values as they are: texels of sRGB formats stay gamma-encoded, and errors are
 * minimised in that scale, equally in all channels. Opaque texels of BC7 and BC3 stay exactly
 * opaque; BC1 makes texels whose alpha is below one half transparent black.
 *
 * Holds nothing between calls. The device need not support BC textures.
 */
export class BlockEncoder {
  readonly #device: ForgeDevice;
  readonly #memory: EncodeMemory;
  readonly #batches = new Set<Promise<void>>();

  /**
   * Makes an encoder on a device, which is borrowed.
   *
   * @param options A ledger for its buffers.
   */
  constructor(device: ForgeDevice, options: BlockEncoderOptions = {}) {
    this.#device = device;
    this.#memory = new EncodeMemory(
      device,
      options.ledger ?? null,
      options.keptFreeBytes ?? (() => 0),
    );
  }

  /** Waits until the batches in flight are done and their buffers destroyed. Never rejects. */
  async waitForBatches(): Promise<void> {
    await Promise.allSettled([...this.#batches]);
  }

  /**
   * Encodes one picture or tile.
   *
   * @param format A BC format.
   * @param texels Tight rows of RGBA8 (or grey, by option), top down.
   * @param width Width in texels, at least 1.
   * @param height Height in texels, at least 1. Blocks over the edges repeat the edges' texels.
   * @returns Tight rows of blocks.
   * @throws {UnsupportedError} if the format is not a BC format.
   * @throws {OutOfRangeError} if the size is not positive, the number of texels does not match it,
   * or the quality is unknown.
   * @throws {InvalidArgumentError} if an argument has the wrong type.
   * @throws {DeviceError} if the device fails.
   * @throws {BudgetError} if the ledger has had no room for a row of blocks for half a minute.
   */
  async encode(
    format: TexelFormat,
    texels: Uint8Array,
    width: number,
    height: number,
    options: EncodeOptions = {},
  ): Promise<Uint8Array> {
    const [blocks] = await this.encodeTiles(format, [{ texels, width, height }], options);
    return blocks!;
  }

  /**
   * Encodes many pictures or tiles, in batches whose buffers take a few MiB and fit the ledger:
   * waiting for the GPU costs some milliseconds each time.
   *
   * @returns Tight rows of blocks of each input, in the order of inputs.
   * @throws As {@linkcode encode} does.
   */
  async encodeTiles(
    format: TexelFormat,
    inputs: readonly EncodeInput[],
    options: EncodeOptions = {},
  ): Promise<Uint8Array[]> {
    const quality = checkEncodeQuality(options.quality);
    const channels = options.channels ?? 4;
    blockKind(format);
    for (const input of inputs) assertInput(format, input, channels);
    const outputs = inputs.map(({ width, height }) =>
      new Uint8Array(regionBytes(format, width, height))
    );
    const { signal } = options;
    // On a device that is there, the first batch is submitted within the call.
    if (this.#device.health.isLost) await this.#device.renewed(signal);
    const batches = new EncodeBatches(inputs, { format, quality });
    while (!batches.done) {
      signal?.throwIfAborted();
      const { leastBytes } = batches;
      const sinceMs = performance.now();
      let room = this.#memory.roomFor(leastBytes);
      while (room === 0) {
        await this.#memory.waitForRoom(leastBytes, { sinceMs, signal });
        room = this.#memory.roomFor(leastBytes);
      }
      // The buffers are made before anyone else can take the room.
      const batch = this.#encodeBatch(batches.takeBatch(room), {
        format,
        quality,
        channels,
        inputs,
        outputs,
      });
      this.#batches.add(batch);
      await batch.finally(() => this.#batches.delete(batch));
    }
    return outputs;
  }

  /**
   * Records the encoding of regions of a buffer or a texture into a buffer, from which blocks can
   * be copied to a texture (with the default pitch of rows). The encoder must be part of the next
   * submit of the device's `submits`, after which the recording's own table is destroyed.
   *
   * @throws {UnsupportedError} if the format is not a BC format, or not one for the transform.
   * @throws {OutOfRangeError} if a number of a region is out of range, or the quality or the transform
   * is unknown.
   * @throws {InvalidArgumentError} if a region's place is not of the source's kind.
   * @throws {BudgetError} if the ledger has no room for the table (32 bytes a region and 256; 36 a
   * region for YCoCg).
   */
  recordEncode(encoder: GPUCommandEncoder, options: RecordEncodeOptions): void {
    const { format, source, target, regions } = options;
    const quality = checkEncodeQuality(options.quality);
    blockKind(format);
    const transform = checkEncodeTransform(options.transform, format);
    if (regions.length === 0) return;
    const sourceKind = source instanceof GPUBuffer ? "buffer" : "texture";
    for (const region of regions) {
      if (("offset" in region.source) !== (sourceKind === "buffer")) {
        throw new InvalidArgumentError(
          "regions",
          `Cannot encode region as its place must be in a ${sourceKind}, like the source`,
        );
      }
    }
    const { pipeline, layout, measure } = encodePipeline(this.#device.gpu, {
      format,
      quality,
      source: sourceKind,
      transform,
    });
    const label = pipeline.label;
    const table = this.#makeTable(regions, format);
    const group = this.#device.gpu.createBindGroup({
      label,
      layout,
      entries: [
        { binding: 0, resource: { buffer: table.buffer } },
        { binding: 1, resource: source instanceof GPUBuffer ? { buffer: source } : source },
        { binding: 2, resource: { buffer: target } },
        ...(transform === "none" ? [] : [{
          binding: 3,
          resource: { buffer: this.#makeScratch("encode scales", 4 * regions.length).buffer },
        }]),
      ],
    });
    const pass = encoder.beginComputePass({ label });
    pass.setBindGroup(0, group);
    for (const step of measure === null ? [pipeline] : [measure, pipeline]) {
      pass.setPipeline(step);
      pass.dispatchWorkgroups(encodeWorkgroups(regions), regions.length);
    }
    pass.end();
  }

  #makeTable(regions: readonly EncodeRegion[], format: TexelFormat): OwnedBuffer {
    const words = new Uint32Array(encodeTableBytes(regions.length) / 4);
    writeEncodeTable(words, regions, format);
    const table = this.#makeScratch("encode table", words.byteLength, true);
    new Uint32Array(table.buffer.getMappedRange()).set(words);
    table.buffer.unmap();
    return table;
  }

  /** A buffer that is destroyed after the next submit. */
  #makeScratch(label: string, size: number, mappedAtCreation = false): OwnedBuffer {
    const usage = GPUBufferUsage.STORAGE;
    const made = this.#memory.createBuffer({ label, size, usage, mappedAtCreation });
    this.#device.submits.afterNextSubmit(() => made.destroy());
    return made;
  }

  async #encodeBatch(
    batch: readonly EncodeBand[],
    job: {
      readonly format: TexelFormat;
      readonly quality: EncodeQuality;
      readonly channels: 1 | 4;
      readonly inputs: readonly EncodeInput[];
      readonly outputs: readonly Uint8Array[];
    },
  ): Promise<void> {
    const { format, quality, channels, inputs, outputs } = job;
    const regions: EncodeRegion[] = [];
    let sourceBytes = 0;
    let targetBytes = 0;
    for (const { input, rows } of batch) {
      const { width } = inputs[input]!;
      regions.push({
        width,
        height: rows,
        source: { offset: sourceBytes, bytesPerRow: 4 * width },
        targetOffset: targetBytes,
        targetBytesPerRow: regionBytes(format, width, 1),
      });
      sourceBytes += 4 * width * rows;
      targetBytes += regionBytes(format, width, rows);
    }
    const owned: OwnedBuffer[] = [];
    const make = (descriptor: GPUBufferDescriptor): GPUBuffer => {
      const made = this.#memory.createBuffer(descriptor);
      owned.push(made);
      return made.buffer;
    };
    const { submits } = this.#device;
    try {
      const { value: target, error } = this.#device.guard(`encoding to ${format}`, () => {
        const source = make({
          label: "encode source",
          size: sourceBytes,
          usage: GPUBufferUsage.STORAGE,
          mappedAtCreation: true,
        });
        const staged = new Uint8Array(source.getMappedRange());
        for (const [index, { input, firstRow, rows }] of batch.entries()) {
          const { texels, width } = inputs[input]!;
          const size = channels * width;
          const band = texels.subarray(firstRow * size, (firstRow + rows) * size);
          const { offset } = regions[index]!.source as { offset: number };
          stageTexels(band, staged, offset, channels);
        }
        source.unmap();
        const target = make({
          label: "encode target",
          size: targetBytes,
          usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
        });
        const encoder = this.#device.gpu.createCommandEncoder({ label: "encode blocks" });
        this.recordEncode(encoder, { format, quality, source, target, regions });
        submits.submit([encoder.finish()]);
        return target;
      });
      const { ledger } = this.#memory;
      const readback = new ReadbackBatch(this.#device, "encoded blocks", { ledger });
      readback.addBuffer(target);
      const reading = readback.read();
      // The copy is submitted: only what is read back lives until it has arrived.
      for (const object of owned) object.destroy();
      reading.catch(() => {});
      const failure = await error;
      if (failure !== null) throw failure;
      const [blocks] = await reading;
      for (const [index, { input, firstRow, rows }] of batch.entries()) {
        const { width } = inputs[input]!;
        const { targetOffset } = regions[index]!;
        const size = regionBytes(format, width, rows);
        outputs[input]!.set(
          blocks!.subarray(targetOffset, targetOffset + size),
          firstRow / 4 * regionBytes(format, width, 1),
        );
      }
    } finally {
      for (const object of owned) object.destroy();
    }
  }
}
