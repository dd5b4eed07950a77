/**
 * A virtual texture whose tiles are put into the atlas directly, without streaming, beside an
 * ordinary mipmapped texture of the same content.
 *
 * @module
 */

import {
  Atlas,
  Feedback,
  type ForgeDevice,
  MemoryLedger,
  PageTable,
  requestDevice,
  SLOT_FRAMES_HEADER_WORDS,
  slotBytes,
  slotFramesBytes,
  slotFramesHeader,
  TileUploader,
  VirtualTextureBinding,
} from "../../src/gpu/mod.ts";
import { PAGE_ENTRY_NONE } from "../../src/residency/mod.ts";
import {
  type Appearance,
  decodeBlocks,
  formatInfo,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { placementFor } from "../../src/geometry/mod.ts";
import { TileGrid, type Wrap } from "../../src/tiles/mod.ts";
import type { RenderableTexture } from "../../src/scene/mod.ts";
import { cutTile, fitsPlainTexture, type LevelContents } from "./level_contents.ts";

/** Where a tile lies in its grid. */
export interface TilePlace {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/** Options of {@linkcode ResidentTexture}. */
export interface ResidentTextureOptions {
  readonly contents: LevelContents;
  /** Contents of planes 1 and 2, of the same size. */
  readonly morePlanes?: readonly LevelContents[];
  readonly tileSize: number;
  /** Default 4. */
  readonly border?: number;
  /** Which tiles are put into the atlas; default all. */
  readonly resident?: (tile: TilePlace) => boolean;
  /** The tiles to choose from; default all. */
  readonly tiles?: readonly TilePlace[];
  /** Makes a tile of a plane; default {@linkcode cutTile}. */
  readonly makeTile?: typeof cutTile;
  /** Whether alpha is 1 whatever the texels say, of each plane; default false. */
  readonly opaque?: readonly boolean[];
  /** What the ordinary texture of plane 0 holds; default the contents. */
  readonly plain?: LevelContents;
  /** How the texture goes on beyond its edges; default `"clamp"`. */
  readonly wrap?: Wrap;
  /** How its texels are meant; default as usual. */
  readonly appearance?: Appearance;
  /** What borders hold; default as `wrap` says. */
  readonly borderWrap?: Wrap;
  /** Fills borders from the tile itself. */
  readonly ownEdgeInBorder?: boolean;
  /** Puts tiles into every other slot and row, and fills all others with bytes of this value. */
  readonly foreignByte?: number;
}

/** A texture that is resident, in whole or in part. */
export class ResidentTexture implements RenderableTexture {
  readonly contents: LevelContents;
  readonly grid: TileGrid;
  /** Of plane 0. */
  readonly format: TexelFormat;
  /** Of each plane. */
  readonly formats: readonly TexelFormat[];
  readonly placement;
  readonly binding: VirtualTextureBinding;
  readonly feedback: Feedback;
  readonly table: PageTable;
  readonly atlas: Atlas;
  readonly slotFrames: GPUBuffer;
  /** The same content of each plane in an ordinary texture, all levels. */
  readonly plainPlanes: readonly GPUTexture[];
  readonly #gpu: GPUDevice;
  /** Slots for the tiles, in this order. */
  readonly #slots: readonly number[];

  constructor(device: ForgeDevice, options: ResidentTextureOptions) {
    const { contents, tileSize, border = 4, resident = () => true } = options;
    const { format } = contents;
    const planes = [contents, ...options.morePlanes ?? []];
    this.#gpu = device.gpu;
    this.contents = contents;
    this.format = format;
    this.formats = planes.map((plane) => plane.format);
    this.grid = new TileGrid(contents.width, contents.height, tileSize);
    this.placement = placementFor([contents.width, contents.height]);
    const ledger = new MemoryLedger(device.submits, 2 ** 30);
    const kept = (options.tiles ?? this.#everyTile()).filter(resident);
    const makeTile = options.makeTile ?? cutTile;
    this.atlas = new Atlas(device, ledger, {
      formats: this.formats,
      tileSize,
      border,
      // A few more than are needed, so that slots do not lie as tiles do.
      wantedSlots: (kept.length + 7) * (options.foreignByte === undefined ? 1 : 4),
    });
    const { gridX, gridY, slotCount } = this.atlas.plan;
    const isApart = options.foreignByte !== undefined;
    this.#slots = Array.from({ length: slotCount }, (_, i) => slotCount - 1 - i).filter((slot) =>
      !isApart || (slot % gridX) % 2 === 0 && (Math.floor(slot / gridX) % gridY) % 2 === 0
    );
    this.table = new PageTable(device, ledger, this.grid);
    this.feedback = new Feedback(device, ledger, { capacity: 4096 });
    this.slotFrames = device.gpu.createBuffer({
      label: "slot frames",
      size: slotFramesBytes(this.atlas.plan.slotCount),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    const uploader = new TileUploader(device, ledger, { maxBytes: 2 ** 28 });
    const encoder = device.gpu.createCommandEncoder();
    const held = new Map<number, number>();
    const { wrap = "clamp", borderWrap = wrap, ownEdgeInBorder = false } = options;
    const cut = { grid: this.grid, border, ownEdgeInBorder, wrap: borderWrap };
    // Coarse to fine, from the far end of the atlas.
    const byLevel = kept.toSorted((a, b) => b.level - a.level);
    if (options.foreignByte !== undefined) this.#fillSlots(uploader, encoder, options.foreignByte);
    uploader.record(
      encoder,
      this.atlas,
      byLevel.map((tile, i) => ({
        slot: this.#slot(i),
        payload: planes.map((plane) => makeTile(plane, cut, tile)),
      })),
    );
    const edits = byLevel.map((address, i) => {
      const tile = this.grid.tileIndexOf(address.level, address.x, address.y);
      let ancestor = this.grid.parentOf(tile);
      while (ancestor !== -1 && !held.has(ancestor)) ancestor = this.grid.parentOf(ancestor);
      const newValue = this.atlas.pageEntryFor(this.#slot(i), address.level);
      held.set(tile, newValue);
      return { tile, oldValue: held.get(ancestor) ?? PAGE_ENTRY_NONE, newValue };
    });
    this.table.recordEdits(encoder, edits);
    device.submits.submit([encoder.finish()]);
    this.binding = new VirtualTextureBinding(device, ledger, {
      grid: this.grid,
      table: this.table,
      atlas: this.atlas,
      feedback: this.feedback,
      slotFrames: this.slotFrames,
      feedbackBase: 0,
      opaque: options.opaque ?? false,
      wrap,
      appearance: options.appearance ?? {},
      label: "resident texture",
    });
    this.plainPlanes = [options.plain ?? contents, ...planes.slice(1)].map((plane) =>
      plainTexture(device.gpu, plane)
    );
  }

  /** The ordinary texture of plane 0. */
  get plain(): GPUTexture {
    return this.plainPlanes[0]!;
  }

  /** Tells the shaders which frame they draw. */
  writeFrame(frame: number): void {
    this.#gpu.queue.writeBuffer(this.slotFrames, 0, slotFramesHeader(frame));
  }

  /** Says in which frame each slot got its content. */
  writeBirths(births: Uint32Array<ArrayBuffer>): void {
    this.#gpu.queue.writeBuffer(this.slotFrames, 4 * SLOT_FRAMES_HEADER_WORDS, births);
  }

  #fillSlots(uploader: TileUploader, encoder: GPUCommandEncoder, byte: number): void {
    const payload = this.formats.map((format) =>
      new Uint8Array(slotBytes([format], this.atlas.slotTexels)).fill(byte)
    );
    const slots = Array.from({ length: this.atlas.plan.slotCount }, (_, slot) => slot);
    uploader.record(encoder, this.atlas, slots.map((slot) => ({ slot, payload })));
  }

  /** Slot of the i-th tile that was put in. */
  slotOf(level: number, x: number, y: number): number {
    const byLevel = this.#everyTile().toSorted((a, b) => b.level - a.level);
    return this.#slot(byLevel.findIndex((t) => t.level === level && t.x === x && t.y === y));
  }

  #everyTile(): TilePlace[] {
    return Array.from({ length: this.grid.tileCount }, (_, i) => this.grid.addressOf(i));
  }

  #slot(index: number): number {
    return this.#slots[index]!;
  }

  destroy(): void {
    this.binding.destroy();
    this.table.destroy();
    this.atlas.destroy();
    this.feedback.destroy();
    this.slotFrames.destroy();
    for (const texture of this.plainPlanes) texture.destroy();
  }
}

/** The contents as an ordinary texture; decoded where WebGPU cannot have blocks of that size. */
export function plainTexture(gpu: GPUDevice, contents: LevelContents): GPUTexture {
  const { width, height, format } = contents;
  const asStored = fitsPlainTexture(contents);
  const decodedFormat = format.endsWith("-srgb") ? "rgba8unorm-srgb" : "rgba8unorm";
  const plainFormat = asStored ? format : decodedFormat;
  const texture = gpu.createTexture({
    label: "plain",
    size: [width, height],
    mipLevelCount: contents.levels.length,
    format: plainFormat as GPUTextureFormat,
    usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  });
  for (const [mipLevel, stored] of contents.levels.entries()) {
    const w = Math.max(1, width >> mipLevel);
    const h = Math.max(1, height >> mipLevel);
    const { blockTexels, blockBytes } = formatInfo(plainFormat as TexelFormat);
    const columns = Math.ceil(w / blockTexels);
    const rows = Math.ceil(h / blockTexels);
    const data = asStored ? stored : decodeBlocks(format, stored, w, h);
    gpu.queue.writeTexture(
      { texture, mipLevel },
      data as Uint8Array<ArrayBuffer>,
      { bytesPerRow: columns * blockBytes, rowsPerImage: rows },
      [columns * blockTexels, rows * blockTexels],
    );
  }
  return texture;
}

/** Runs with a device and a texture that are destroyed afterwards. */
export async function withResident(
  options: ResidentTextureOptions,
  run: (device: ForgeDevice, texture: ResidentTexture) => Promise<void>,
): Promise<void> {
  using device = await requestDevice();
  const texture = new ResidentTexture(device, options);
  try {
    await run(device, texture);
    device.assertAlive();
  } finally {
    texture.destroy();
  }
}
