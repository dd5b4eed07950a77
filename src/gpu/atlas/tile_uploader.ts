/**
 * Uploading tiles: block bytes into slots of an atlas.
 *
 * @module
 */

import { BudgetError, DeviceError, InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { regionBytes, type TexelFormat } from "../../texels/mod.ts";
import type { TileCost } from "../../residency/mod.ts";
import type { Atlas } from "./atlas.ts";
import { slotBytes } from "./atlas_plan.ts";
import { layoutPlanes, padTile, stagingBytes, type TileLayout } from "./tile_layout.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger } from "../device/memory_ledger.ts";
import { type MemorySystem, sharedMemory } from "../memory/memory_system.ts";
import type { StagedRoom } from "../memory/staging_rings.ts";
import type { RecordedTile, TileRecorder } from "./tile_recorder.ts";

/** One tile to upload: bytes of each plane, tight rows of blocks, top down, of a whole slot. */
export type TileUpload = RecordedTile<readonly Uint8Array[]>;

/** Options of {@linkcode TileUploader}. */
export interface TileUploaderOptions {
  /** Most bytes of staging buffers at a time, those in flight included. */
  readonly maxBytes: number;
  /** What to call it in messages and in GPU objects. */
  readonly label?: string;
  /** Finds out how far the GPU is, if that may be done now; default never. */
  readonly learnCompletion?: () => void;
}

interface InFlight {
  readonly serial: number;
  readonly bytes: number;
}

/**
 * The GPU half of supplies whose payloads are block bytes. Tiles go through the device's staging rings,
 * once it has some; those that find no room there, and all of them until then, go through one buffer a
 * batch, which is mapped when it is made and destroyed when it has been submitted.
 */
export class TileUploader {
  /** Most bytes of staging buffers at a time. */
  readonly maxBytes: number;
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #label: string;
  readonly #learnCompletion: () => void;
  readonly #memory: MemorySystem;
  /** A tile on its way to a staging ring. */
  #padded = new Uint8Array(0);
  readonly #recorders = new Map<string, TileRecorder<readonly Uint8Array[]>>();
  #inFlight: InFlight[] = [];
  #inFlightBytes = 0;

  /**
   * Makes an uploader; it allocates nothing until it records.
   *
   * @throws {OutOfRangeError} if `maxBytes` is below 1.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, options: TileUploaderOptions) {
    if (!(options.maxBytes >= 1)) {
      throw new OutOfRangeError(
        "maxBytes",
        `Cannot make tile uploader as maxBytes must be >= 1: current value is ${options.maxBytes}`,
      );
    }
    this.#device = device;
    this.#ledger = ledger;
    this.maxBytes = options.maxBytes;
    this.#label = options.label ?? "tile staging";
    this.#learnCompletion = options.learnCompletion ?? doNothing;
    this.#memory = sharedMemory(device);
  }

  /**
   * Bytes that {@linkcode record} may use now: of its own share, and of the whole budget. Grows
   * when submits are done.
   */
  get availableBytes(): number {
    this.#collect();
    return Math.max(
      0,
      Math.min(
        this.maxBytes - this.#inFlightBytes,
        this.#ledger.availableBytes,
        this.#device.limit("maxBufferSize"),
      ),
    );
  }

  /**
   * The recorder of tiles of some formats; the same object for the same kind of slot, so that tiles
   * of several textures share a staging buffer.
   */
  recorderFor(
    formats: readonly TexelFormat[],
    slotTexels: number,
  ): TileRecorder<readonly Uint8Array[]> {
    const key = `${formats.join()}/${slotTexels}`;
    let recorder = this.#recorders.get(key);
    if (recorder === undefined) {
      recorder = new UploadRecorder(this, {
        uploadBytes: slotBytes(formats, slotTexels),
        scratchBytes: stagingBytes(formats, slotTexels),
        gpuMs: 0,
      });
      this.#recorders.set(key, recorder);
    }
    return recorder;
  }

  /**
   * Records the upload of tiles into slots. The encoder must be part of the device's next submit.
   *
   * @throws {BudgetError} if the tiles take more than {@linkcode availableBytes}.
   * @throws {InvalidArgumentError} if a payload is not exactly a slot's bytes.
   * @throws {DeviceError} if the device is lost or gives no memory. In each case nothing is
   * recorded.
   */
  record(encoder: GPUCommandEncoder, atlas: Atlas, items: readonly TileUpload[]): void {
    if (items.length === 0) return;
    for (const item of items) checkItem(atlas, item);
    this.#device.assertAlive();
    const layout = layoutPlanes(atlas.formats, atlas.slotTexels);
    const rooms = this.#takeRooms(items.length, layout.bytes);
    const others = items.filter((_, index) => rooms[index] === null);
    const staging = others.length === 0 ? null : this.#stageOthers(others, layout);
    let position = 0;
    for (const [index, { slot, payload }] of items.entries()) {
      const ringRoom = rooms[index]!;
      if (ringRoom !== null) this.#writeTile(ringRoom, payload, layout);
      const room = ringRoom ?? { buffer: staging!, offset: layout.bytes * position++ };
      copyTile(encoder, { room, atlas, slot, layout });
    }
  }

  /** Room in the device's staging rings for each of some tiles; null for those that find none. */
  #takeRooms(count: number, tileBytes: number): readonly (StagedRoom | null)[] {
    const { rings } = this.#memory;
    if (rings === null) return new Array<null>(count).fill(null);
    return Array.from(
      { length: count },
      () => rings.takeRoom(this.#device, tileBytes, this.#learnCompletion),
    );
  }

  #writeTile(room: StagedRoom, payload: readonly Uint8Array[], layout: TileLayout): void {
    if (this.#padded.length < layout.bytes) this.#padded = new Uint8Array(layout.bytes);
    padTile(this.#padded, 0, { payload, planes: layout.planes });
    const { buffer, offset } = room;
    this.#device.gpu.queue.writeBuffer(buffer, offset, this.#padded, 0, layout.bytes);
  }

  /** Puts tiles into one buffer that is mapped when it is made and destroyed after the next submit. */
  #stageOthers(items: readonly TileUpload[], layout: TileLayout): GPUBuffer {
    const bytes = items.length * layout.bytes;
    const available = this.availableBytes;
    if (bytes > available) {
      throw new BudgetError(
        available,
        bytes,
        `Cannot upload ${items.length} tiles at once as their staging bytes must be <= ` +
          `${available}: current value is ${bytes}`,
      );
    }
    const staging = this.#ledger.createBuffer("staging", this.#device, {
      label: this.#label,
      size: bytes,
      usage: GPUBufferUsage.COPY_SRC,
      mappedAtCreation: true,
    });
    try {
      const mapped = new Uint8Array(staging.buffer.getMappedRange());
      for (const [index, { payload }] of items.entries()) {
        padTile(mapped, index * layout.bytes, { payload, planes: layout.planes });
      }
      staging.buffer.unmap();
    } catch (cause) {
      staging.destroy();
      throw new DeviceError(
        "device-failed",
        `Cannot upload ${items.length} tiles as device "${this.#device.label}" gave no staging ` +
          `buffer of ${bytes} bytes`,
        { cause },
      );
    }
    const recorded = { serial: this.#device.submits.lastSubmitted + 1, bytes };
    this.#inFlight.push(recorded);
    this.#inFlightBytes += bytes;
    this.#device.submits.afterNextSubmit((isSubmitted) => {
      staging.destroy();
      if (!isSubmitted) this.#keepInFlight((one) => one !== recorded);
    });
    return staging.buffer;
  }

  #collect(): void {
    const completed = this.#device.submits.completed;
    if (this.#inFlight.length > 0 && this.#inFlight[0]!.serial <= completed) {
      this.#keepInFlight(({ serial }) => serial > completed);
    }
    this.#ledger.collect();
  }

  #keepInFlight(isKept: (recorded: InFlight) => boolean): void {
    this.#inFlight = this.#inFlight.filter(isKept);
    this.#inFlightBytes = this.#inFlight.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

/** The recorder of a supply whose payloads are block bytes. */
class UploadRecorder implements TileRecorder<readonly Uint8Array[]> {
  readonly cost: TileCost;
  readonly memory = "staging";
  readonly #uploader: TileUploader;

  constructor(uploader: TileUploader, cost: TileCost) {
    this.#uploader = uploader;
    this.cost = cost;
  }

  get availableBytes(): number {
    return this.#uploader.availableBytes;
  }

  record(encoder: GPUCommandEncoder, atlas: Atlas, items: readonly TileUpload[]): void {
    this.#uploader.record(encoder, atlas, items);
  }
}

function copyTile(
  encoder: GPUCommandEncoder,
  { room, atlas, slot, layout }: {
    readonly room: StagedRoom;
    readonly atlas: Atlas;
    readonly slot: number;
    readonly layout: TileLayout;
  },
): void {
  const origin = [atlas.slotLeft(slot), atlas.slotTop(slot), atlas.slotLayer(slot)];
  const size = [atlas.slotTexels, atlas.slotTexels, 1];
  for (const [index, { offset, rows, rowPitch }] of layout.planes.entries()) {
    encoder.copyBufferToTexture(
      {
        buffer: room.buffer,
        offset: room.offset + offset,
        bytesPerRow: rowPitch,
        rowsPerImage: rows,
      },
      { texture: atlas.planes[index]!, origin },
      size,
    );
  }
}

function doNothing(): void {}

function checkItem(atlas: Atlas, { slot, payload }: TileUpload): void {
  atlas.checkSlot(slot);
  if (payload.length !== atlas.formats.length) {
    throw new InvalidArgumentError(
      "payload",
      `Cannot upload tile to atlas "${atlas.label}" as it needs ${atlas.formats.length} planes: ` +
        `current count is ${payload.length}`,
    );
  }
  for (const [plane, format] of atlas.formats.entries()) {
    const wanted = regionBytes(format, atlas.slotTexels, atlas.slotTexels);
    const current = payload[plane]!.byteLength;
    if (current !== wanted) {
      throw new InvalidArgumentError(
        "payload",
        `Cannot upload tile to atlas "${atlas.label}" as plane ${plane} must have ${wanted} ` +
          `bytes: current value is ${current}`,
      );
    }
  }
}
