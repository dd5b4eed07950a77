/**
 * From filled tiles to slots of an atlas: packing, encoding, copying.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedNumber,
  checkOptionNames,
  describeValue,
} from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import {
  type Atlas,
  BlockEncoder,
  checkEncodeQuality,
  type EncodeQuality,
  type EncodeTransform,
  type ForgeDevice,
  type MemoryLedger,
  type TrackedBuffer,
} from "../../gpu/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import { DEFAULT_SETTINGS, YCOCG_SCALES, type YcocgScale } from "../asset/asset_settings.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../asset/material_type.ts";
import {
  NO_TINT,
  PACK_PARAMS_BYTES,
  PACK_WORKGROUP,
  packPipeline,
  type Tint,
  writePackParams,
} from "./pack_pipeline.ts";
import { layoutPackedPlanes, type PackedPlanes } from "./packed_planes.ts";
import { planeFormats, type PlaneKind, type PlaneLayout, planeLayout } from "./plane_layout.ts";

/** Options of {@linkcode PlanePacker}. */
export interface PlanePackerOptions extends PlaneKind {
  /** Edge of a tile in texels, border included: a multiple of 4, 4 to 2048. */
  readonly slotTexels: number;
  /** Most tiles of a batch, at least 1. Scratch memory is made for as many. */
  readonly maxTiles: number;
  /** Effort of the block encoders; default `medium`. */
  readonly quality?: EncodeQuality;
  /**
   * Which texels share a scale where colours are stored in YCoCg; default `block`. Shaders must tap
   * the planes accordingly, see {@linkcode planeTaps}.
   */
  readonly ycocgScale?: YcocgScale;
}

/** A batch of filled tiles. */
export interface FilledTiles {
  /**
   * A `2d-array` view of each of the material type's targets, tile t in layer t from (0, 0) on, made
   * with `TEXTURE_BINDING`.
   */
  readonly targets: readonly GPUTextureView[];
  /** Number of tiles, 1 to `maxTiles`. */
  readonly count: number;
  /** World z of stored heights 0 and 1, the first below the second; needed by World Height alone. */
  readonly heightRange?: readonly [number, number];
  /** What base colours are mixed with; default nothing. */
  readonly tint?: Tint;
}

const FAILURE = "Cannot pack planes";
const OPTION_NAMES: readonly (keyof PlanePackerOptions)[] = [
  "materialType",
  "compressed",
  "slotTexels",
  "maxTiles",
  "quality",
  "ycocgScale",
];

/** Of a plane's table for the block encoder, and of each tile in it; of YCoCg, its scale too. */
const ENCODE_TABLE_BYTES = 256;
const ENCODE_TILE_BYTES = 32;
const YCOCG_TILE_BYTES = 36;

/**
 * Packs batches of filled tiles into the planes of a material type. Values are clamped, normals
 * normalised (a vector of length 0 becomes 0, 0, 1), base colours encoded to sRGB, everything rounded
 * to the nearest step; nothing else is done to them. A tile's texels depend on no other tile of its
 * batch.
 *
 * Owns its buffers, counted as `scratch`.
 */
export class PlanePacker {
  /** Formats of the planes, as of the atlas that tiles are copied to. */
  readonly formats: readonly TexelFormat[];
  /** Edge of a tile in texels, border included. */
  readonly slotTexels: number;
  /** Most tiles of a batch. */
  readonly maxTiles: number;
  /** Bytes that the packer holds, those that a batch takes until its submit included. */
  readonly scratchBytes: number;
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #encoder: BlockEncoder;
  readonly #kind: PlaneKind;
  readonly #layout: readonly PlaneLayout[];
  readonly #quality: EncodeQuality;
  readonly #ycocg: EncodeTransform;
  readonly #packed: PackedPlanes;
  readonly #texels: TrackedBuffer;
  readonly #blocks: TrackedBuffer | null;

  /**
   * Makes the buffers of a batch.
   *
   * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
   * @throws {OutOfRangeError} if one is unknown, out of range, or not a multiple of what it must be.
   * @throws {BudgetError} if the scratch memory does not fit the budget; nothing is made.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, options: PlanePackerOptions) {
    checkOptions(options);
    const { materialType, compressed, slotTexels, maxTiles } = options;
    this.#device = device;
    this.#ledger = ledger;
    this.#encoder = new BlockEncoder(device, { ledger });
    this.#kind = { materialType, compressed };
    this.#layout = planeLayout(this.#kind);
    this.#quality = checkEncodeQuality(options.quality);
    const { ycocgScale = DEFAULT_SETTINGS.ycocgScale } = options;
    this.#ycocg = ycocgScale === "block" ? "ycocg_block_scale" : "ycocg";
    this.formats = planeFormats(device, this.#kind);
    this.slotTexels = slotTexels;
    this.maxTiles = maxTiles;
    this.#packed = layoutPackedPlanes(this.formats, { slotTexels, tiles: maxTiles });
    const { texelBytes, blockBytes } = this.#packed;
    checkBinding(device, { texelBytes, maxTiles });
    this.scratchBytes = scratchBytesOf(this.#packed, { kind: this.#kind, tiles: maxTiles });
    this.#texels = ledger.createBuffer("scratch", device, {
      label: `texels of ${materialType}`,
      size: texelBytes,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    });
    try {
      this.#blocks = blockBytes === 0 ? null : ledger.createBuffer("scratch", device, {
        label: `blocks of ${materialType}`,
        size: blockBytes,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
      });
    } catch (error) {
      this.#texels.destroy();
      throw error;
    }
  }

  /** Bytes that the packer holds between batches. */
  get heldBytes(): number {
    return this.#texels.bytes + (this.#blocks?.bytes ?? 0);
  }

  /**
   * Bytes of scratch memory that a packer of so many tiles takes.
   *
   * @throws As the constructor does for its options.
   */
  static scratchBytesFor(
    device: Pick<ForgeDevice, "supports">,
    options: PlanePackerOptions,
  ): number {
    checkOptions(options);
    const { materialType, compressed, slotTexels, maxTiles } = options;
    const kind = { materialType, compressed };
    const packed = layoutPackedPlanes(planeFormats(device, kind), { slotTexels, tiles: maxTiles });
    return scratchBytesOf(packed, { kind, tiles: maxTiles });
  }

  /**
   * Records the packing of a batch and the encoding of its blocks. The encoder must be part of the
   * device's next submit, with {@linkcode recordCopies} before the next batch is recorded.
   *
   * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
   * @throws {OutOfRangeError} if the number of tiles or of targets is wrong, or the range of heights is
   * empty, not finite, or missing.
   * @throws {BudgetError} if the ledger has no room for the parameters.
   */
  record(encoder: GPUCommandEncoder, batch: FilledTiles): void {
    const heightRange = this.#checkBatch(batch);
    const { targets, count } = batch;
    const { gpu } = this.#device;
    const { pipeline, layout } = packPipeline(gpu, this.#kind);
    const params = this.#ledger.createBuffer("scratch", this.#device, {
      label: "pack parameters",
      size: PACK_PARAMS_BYTES,
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    this.#device.submits.afterNextSubmit(() => params.destroy());
    writePackParams(params.buffer.getMappedRange(), {
      planes: this.#packed.texels,
      slotTexels: this.slotTexels,
      heightRange,
      tint: batch.tint ?? NO_TINT,
    });
    params.buffer.unmap();
    const resources = [{ buffer: params.buffer }, { buffer: this.#texels.buffer }, ...targets];
    const group = gpu.createBindGroup({
      label: pipeline.label,
      layout,
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
    const pass = encoder.beginComputePass({ label: pipeline.label });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    const [columns, rows] = PACK_WORKGROUP;
    const quads = this.slotTexels / 4;
    pass.dispatchWorkgroups(Math.ceil(quads / columns), Math.ceil(this.slotTexels / rows), count);
    pass.end();
    this.#recordBlocks(encoder, count);
  }

  #recordBlocks(encoder: GPUCommandEncoder, count: number): void {
    for (const [plane, blocks] of this.#packed.blocks.entries()) {
      if (blocks === null) continue;
      const texels = this.#packed.texels[plane]!;
      this.#encoder.recordEncode(encoder, {
        format: this.formats[plane]!,
        quality: this.#quality,
        transform: this.#layout[plane]!.isYcocg ? this.#ycocg : "none",
        source: this.#texels.buffer,
        target: this.#blocks!.buffer,
        regions: Array.from({ length: count }, (_, tile) => ({
          width: this.slotTexels,
          height: this.slotTexels,
          source: { offset: texels.offset + tile * texels.tileBytes, bytesPerRow: texels.rowBytes },
          targetOffset: blocks.offset + tile * blocks.tileBytes,
          targetBytesPerRow: blocks.rowBytes,
        })),
      });
    }
  }

  /**
   * Records the copies of the batch that was recorded last: every plane of tile t into slot
   * `slots[t]`.
   *
   * @throws {InvalidArgumentError} if the atlas has other formats or another slot size.
   * @throws {OutOfRangeError} if there is no such slot, or there are more slots than tiles.
   */
  recordCopies(encoder: GPUCommandEncoder, atlas: Atlas, slots: readonly number[]): void {
    if (atlas.slotTexels !== this.slotTexels || atlas.formats.join() !== this.formats.join()) {
      throw new InvalidArgumentError(
        "atlas",
        `${FAILURE} into atlas "${atlas.label}" as formats and slot size must be ` +
          `${this.formats.join()} of ${this.slotTexels}: current values are ` +
          `${atlas.formats.join()} of ${atlas.slotTexels}`,
      );
    }
    const range = [0, this.maxTiles] as const;
    checkedInteger(slots.length, { name: "slots.length", failure: FAILURE, range });
    for (const slot of slots) atlas.checkSlot(slot);
    const { texels, blocks } = this.#packed;
    for (const [tile, slot] of slots.entries()) {
      const origin = [atlas.slotLeft(slot), atlas.slotTop(slot), atlas.slotLayer(slot)];
      for (const [plane, texture] of atlas.planes.entries()) {
        const place = blocks[plane] ?? texels[plane]!;
        encoder.copyBufferToTexture(
          {
            buffer: blocks[plane] ? this.#blocks!.buffer : this.#texels.buffer,
            offset: place.offset + tile * place.tileBytes,
            bytesPerRow: place.rowBytes,
          },
          { texture, origin },
          [this.slotTexels, this.slotTexels, 1],
        );
      }
    }
  }

  #checkBatch(batch: FilledTiles): readonly [number, number] {
    checkOptionNames(batch, {
      failure: FAILURE,
      names: ["targets", "count", "heightRange", "tint"],
    });
    const { targets, count, heightRange } = batch;
    checkedInteger(count, { name: "count", failure: FAILURE, range: [1, this.maxTiles] });
    const wanted = MATERIAL_TYPES[this.#kind.materialType].targets.length;
    if (targets?.length !== wanted) {
      throw new OutOfRangeError(
        "targets",
        `${FAILURE} as targets must be the ${wanted} of ${this.#kind.materialType}: ` +
          `current count is ${targets?.length}`,
      );
    }
    if (this.#kind.materialType !== "world_height") return [0, 1];
    if (heightRange === undefined) {
      throw new OutOfRangeError(
        "heightRange",
        `${FAILURE} as heightRange must be given for world_height: current value is undefined`,
      );
    }
    if (!Array.isArray(heightRange) || heightRange.length !== 2) {
      throw new InvalidArgumentError(
        "heightRange",
        `${FAILURE} as heightRange must be two numbers: ` +
          `current value is ${describeValue(heightRange)}`,
      );
    }
    const finite = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
    const [least, most] = heightRange;
    checkedNumber(least, { name: "heightRange[0]", failure: FAILURE, range: finite });
    checkedNumber(most, { name: "heightRange[1]", failure: FAILURE, range: finite });
    if (Math.fround(least) < Math.fround(most)) return [least, most];
    throw new OutOfRangeError(
      "heightRange",
      `${FAILURE} as heightRange must rise in 32-bit floats: current value is ${least} to ${most}`,
    );
  }

  /** Destroys the buffers; see {@linkcode TrackedBuffer.destroy}. May be called again. */
  destroy(lastUse?: number): void {
    this.#texels.destroy(lastUse);
    this.#blocks?.destroy(lastUse);
  }
}

/** Bytes of the buffers of a batch, those included that it makes for itself. */
function scratchBytesOf(
  { texelBytes, blockBytes, blocks }: PackedPlanes,
  { kind, tiles }: { readonly kind: PlaneKind; readonly tiles: number },
): number {
  let bytes = texelBytes + blockBytes + PACK_PARAMS_BYTES;
  for (const [plane, { isYcocg }] of planeLayout(kind).entries()) {
    if (blocks[plane] === null) continue;
    bytes += ENCODE_TABLE_BYTES + tiles * (isYcocg ? YCOCG_TILE_BYTES : ENCODE_TILE_BYTES);
  }
  return bytes;
}

function checkOptions(options: PlanePackerOptions): void {
  const failure = FAILURE;
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const { materialType, compressed, slotTexels, maxTiles, quality } = options;
  const { ycocgScale = DEFAULT_SETTINGS.ycocgScale } = options;
  checkedChoice(materialType, { name: "materialType", failure, choices: MATERIAL_TYPE_NAMES });
  checkedBoolean(compressed, { name: "compressed", failure });
  checkedInteger(slotTexels, { name: "slotTexels", failure, range: [4, 2048], multipleOf: 4 });
  checkedInteger(maxTiles, { name: "maxTiles", failure, range: [1, 65_535] });
  checkEncodeQuality(quality);
  checkedChoice(ycocgScale, { name: "ycocgScale", failure, choices: YCOCG_SCALES });
}

function checkBinding(
  device: ForgeDevice,
  { texelBytes, maxTiles }: { readonly texelBytes: number; readonly maxTiles: number },
): void {
  const most = Math.min(
    device.limit("maxStorageBufferBindingSize"),
    device.limit("maxBufferSize"),
  );
  if (texelBytes <= most) return;
  const fitting = Math.floor(most / (texelBytes / maxTiles));
  throw new OutOfRangeError(
    "maxTiles",
    `${FAILURE} as maxTiles must be <= ${fitting} on device "${device.label}": ` +
      `current value is ${maxTiles}`,
  );
}
