/**
 * Uploading tiles: block bytes into slots of an atlas.
 *
 * @module
 */

import { BudgetError, DeviceError, InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../../texels/mod.ts";
import type { TileCost } from "../../residency/mod.ts";
import type { Atlas } from "./atlas.ts";
import { slotBytes } from "./atlas_plan.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger } from "../device/memory_ledger.ts";
import { COPY_ROW_ALIGNMENT } from "../device/readback.ts";
import type { RecordedTile, TileRecorder } from "./tile_recorder.ts";

/** One tile to upload: bytes of each plane, tight rows of blocks, top down, of a whole slot. */
export type TileUpload = RecordedTile<readonly Uint8Array[]>;

/** Options of {@linkcode TileUploader}. */
export interface TileUploaderOptions {
  /** Most bytes of staging buffers at a time, those in flight included. */
  readonly maxBytes: number;
  /** What to call it in messages and in GPU objects. */
  readonly label?: string;
}

/** A plane of a tile in a staging buffer, its rows padded as copies require. */
interface PlaneLayout {
  readonly offset: number;
  readonly rows: number;
  readonly rowBytes: number;
  readonly rowPitch: number;
}

interface InFlight {
  readonly serial: number;
  readonly bytes: number;
}

/**
 * Bytes of staging buffer that one tile takes: rows of blocks padded to 256 bytes, every plane.
 *
 * @param slotTexels Edge of a slot in texels.
 */
export function stagingBytes(formats: readonly TexelFormat[], slotTexels: number): number {
  return layoutPlanes(formats, slotTexels).bytes;
}

function layoutPlanes(
  formats: readonly TexelFormat[],
  slotTexels: number,
): { planes: PlaneLayout[]; bytes: number } {
  let offset = 0;
  const planes = formats.map((format) => {
    const { blockTexels, blockBytes } = formatInfo(format);
    const rows = Math.ceil(slotTexels / blockTexels);
    const rowBytes = rows * blockBytes;
    const rowPitch = Math.ceil(rowBytes / COPY_ROW_ALIGNMENT) * COPY_ROW_ALIGNMENT;
    const plane = { offset, rows, rowBytes, rowPitch };
    offset += rows * rowPitch;
    return plane;
  });
  return { planes, bytes: offset };
}

/**
 * The GPU half of supplies whose payloads are block bytes. Each batch goes through one buffer that
 * is mapped when it is made and destroyed when it has been submitted: cheaper than a `writeTexture`
 * per tile.
 */
export class TileUploader {
  /** Most bytes of staging buffers at a time. */
  readonly maxBytes: number;
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #label: string;
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
    const { planes, bytes: tileBytes } = layoutPlanes(atlas.formats, atlas.slotTexels);
    const bytes = items.length * tileBytes;
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
      for (const [index, item] of items.entries()) {
        for (const [plane, layout] of planes.entries()) {
          padRows(mapped, index * tileBytes, item.payload[plane]!, layout);
        }
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
    const size: [number, number, number] = [atlas.slotTexels, atlas.slotTexels, 1];
    for (const [index, { slot }] of items.entries()) {
      const origin: [number, number, number] = [
        atlas.slotLeft(slot),
        atlas.slotTop(slot),
        atlas.slotLayer(slot),
      ];
      for (const [plane, layout] of planes.entries()) {
        encoder.copyBufferToTexture(
          {
            buffer: staging.buffer,
            offset: index * tileBytes + layout.offset,
            bytesPerRow: layout.rowPitch,
            rowsPerImage: layout.rows,
          },
          { texture: atlas.planes[plane]!, origin },
          size,
        );
      }
    }
    const recorded = { serial: this.#device.submits.lastSubmitted + 1, bytes };
    this.#inFlight.push(recorded);
    this.#inFlightBytes += bytes;
    this.#device.submits.afterNextSubmit((isSubmitted) => {
      staging.destroy();
      if (!isSubmitted) this.#keepInFlight((one) => one !== recorded);
    });
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

function padRows(mapped: Uint8Array, base: number, tight: Uint8Array, plane: PlaneLayout): void {
  const start = base + plane.offset;
  if (plane.rowBytes === plane.rowPitch) {
    mapped.set(tight, start);
    return;
  }
  for (let row = 0; row < plane.rows; row++) {
    const from = row * plane.rowBytes;
    mapped.set(tight.subarray(from, from + plane.rowBytes), start + row * plane.rowPitch);
  }
}
