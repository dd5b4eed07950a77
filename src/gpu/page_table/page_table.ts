/**
 * The page table of one virtual texture, as a texture that shaders read.
 *
 * @module
 */

import type { PageEdit } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger, TrackedBuffer, TrackedTexture } from "../device/memory_ledger.ts";
import { ReadbackBatch } from "../device/readback.ts";
import { EditRecords } from "./edit_records.ts";
import {
  GROUP_BYTES,
  LEVELS_BYTES,
  packLevels,
  PAGE_TABLE_WORKGROUP,
  planPageTable,
} from "./page_table_layout.ts";
import { pageTablePipelines } from "./page_table_pipelines.ts";
import { TailValues } from "./tail_values.ts";

/** Workgroups of a dispatch at most; each invocation then takes several tiles in turn. */
const MAX_WORKGROUPS = 4096;

/**
 * One `r32uint` texture with the page entries of all tiles of all levels: that of tile t is the
 * texel (t & (2^tableShift − 1), t >> tableShift). Owns its texture and buffers.
 *
 * A new texture holds zeros, and so `PAGE_ENTRY_NONE` everywhere: a table shows nothing before its
 * first edits. A change of a tile is one edit; the GPU rewrites the page entries below it, exactly
 * those that change. Edits of the tail, before any finer tile was edited, are one fill of the
 * table.
 */
export class PageTable {
  /** What to call it in messages and in GPU objects. */
  readonly label: string;
  /** Its tiles; each has a page entry. */
  readonly grid: TileGrid;
  /** The table; its texels are page entries. */
  readonly texture: GPUTexture;
  /** The table is 2^tableShift texels wide. */
  readonly tableShift: number;
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #tracked: TrackedTexture;
  readonly #levels: TrackedBuffer;
  readonly #written: TrackedBuffer;
  readonly #view: GPUTextureView;
  readonly #records: EditRecords;
  readonly #passDescriptor: GPUComputePassDescriptor;
  readonly #offset = new Uint32Array(1);
  /** Null once a tile finer than the tail was edited, and where the tail is a level of several tiles. */
  #tail: TailValues | null;
  /** Texels that were written without the GPU's counting them. */
  #writtenTexels = 0;

  /**
   * Makes a table in which nothing is resident.
   *
   * @throws {BudgetError} if it does not fit the budget; nothing is made.
   * @throws {OutOfRangeError} if the grid has more tiles than the device's textures have texels.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, grid: TileGrid, label = "page table") {
    this.#device = device;
    this.#ledger = ledger;
    this.grid = grid;
    this.label = label;
    // Fails here, with nothing made, where the pipelines are not supported.
    pageTablePipelines(device.gpu);
    const { tableShift, width, height } = planPageTable(
      grid.tileCount,
      device.limit("maxTextureDimension2D"),
    );
    this.tableShift = tableShift;
    const uniformAlignment = device.limit("minUniformBufferOffsetAlignment");
    this.#records = new EditRecords(grid, { uniformAlignment, label });
    this.#passDescriptor = { label: `${label} edits` };
    const hasSingleTiles = grid.tailTileCount === grid.levelCount - grid.tailLevel;
    this.#tail = hasSingleTiles ? new TailValues(grid) : null;
    const made: { destroy(): void }[] = [];
    try {
      this.#tracked = ledger.createTexture("page_tables", device, {
        label,
        format: "r32uint",
        size: [width, height],
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.STORAGE_BINDING |
          GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
      });
      made.push(this.#tracked);
      this.#levels = ledger.createBuffer("page_tables", device, {
        label: `${label} levels`,
        size: LEVELS_BYTES,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
      made.push(this.#levels);
      this.#written = ledger.createBuffer("page_tables", device, {
        label: `${label} written texels`,
        size: 4,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      });
      made.push(this.#written);
      this.texture = this.#tracked.texture;
      this.#view = this.texture.createView();
      device.gpu.queue.writeBuffer(this.#levels.buffer, 0, packLevels(grid, tableShift));
    } catch (error) {
      for (const object of made) object.destroy();
      throw error;
    }
  }

  /** The view that shaders bind. */
  view(): GPUTextureView {
    return this.#view;
  }

  /** Bytes of the texture. */
  get textureBytes(): number {
    return this.#tracked.bytes;
  }

  /**
   * Records edits, which take effect coarse to fine. Each writes its tile's page entry and, unless
   * it is `ownEntryOnly`, those below that hold the old value when its level's turn comes. A tile
   * may be named once. The encoder must be part of the device's next submit; edits whose commands
   * were lost may be recorded again, batch by batch in the same order.
   *
   * @throws {BudgetError} if the records do not fit the budget; the encoder is to be dropped then.
   * @throws {OutOfRangeError} if a tile does not exist; nothing is recorded.
   * @throws {InvalidArgumentError} if a tile is not a number, or named twice; nothing is recorded.
   */
  recordEdits(encoder: GPUCommandEncoder, edits: readonly PageEdit[]): void {
    if (edits.length === 0) return;
    this.#records.checkEdits(edits);
    const left = this.#tail === null ? edits : this.#recordTail(encoder, edits);
    if (left.length > 0) this.#recordPass(encoder, left);
  }

  /** Fills the table for edits of the tail; returns the edits that are left for the edit shader. */
  #recordTail(encoder: GPUCommandEncoder, edits: readonly PageEdit[]): readonly PageEdit[] {
    const tail = this.#tail!;
    const { firstTile } = this.grid.levels[this.grid.tailLevel]!;
    const { fill, tiles, changedCount } = tail.applyEdits(edits);
    // The edit shader's edits of single page entries count themselves.
    this.#writtenTexels += changedCount - tiles.length;
    if (fill !== null) {
      // A clear, which costs a fraction of what writing each texel from a shader does.
      encoder.beginRenderPass({
        label: `${this.label} fill`,
        colorAttachments: [{
          view: this.#view,
          loadOp: "clear",
          storeOp: "store",
          clearValue: [fill, 0, 0, 0],
        }],
      }).end();
    }
    const left: PageEdit[] = tiles.map((tile) => {
      const value = tail.valueOf(tile);
      return { tile, oldValue: value, newValue: value, ownEntryOnly: true };
    });
    const inTail = left.length;
    for (const edit of edits) if (edit.tile < firstTile) left.push(edit);
    if (left.length > inTail) this.#tail = null;
    return left;
  }

  /** Records edits in one compute pass: a dispatch for each level, then one for single page entries. */
  #recordPass(encoder: GPUCommandEncoder, edits: readonly PageEdit[]): void {
    const records = this.#records;
    records.packEdits(edits);
    const bindGroup = this.#bindRecords();
    this.#writtenTexels += records.singleCount;
    const { editLevel, editSingle } = pageTablePipelines(this.#device.gpu);
    const { groupCount, singleCount } = records;
    const pass = encoder.beginComputePass(this.#passDescriptor);
    for (let group = 0; group < groupCount; group++) {
      const isSingles = group === groupCount - 1 && singleCount > 0;
      if (isSingles) pass.setPipeline(editSingle);
      else if (group === 0) pass.setPipeline(editLevel);
      this.#offset[0] = group * records.groupStride;
      pass.setBindGroup(0, bindGroup, this.#offset, 0, 1);
      pass.dispatchWorkgroups(
        Math.min(MAX_WORKGROUPS, Math.ceil(records.reachOf(group) / PAGE_TABLE_WORKGROUP)),
      );
    }
    pass.end();
  }

  /**
   * A bind group with the packed records. They have a buffer of their own, mapped when it is made: it
   * fails with the pass that reads it, or not at all. A `writeBuffer` could fail alone, and the edits
   * then be those of another batch.
   */
  #bindRecords(): GPUBindGroup {
    const { words, wordCount } = this.#records;
    const label = `${this.label} edits`;
    const { buffer, destroy } = this.#ledger.createBuffer("page_tables", this.#device, {
      label,
      size: 4 * wordCount,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    this.#device.submits.afterNextSubmit(() => destroy());
    new Uint32Array(buffer.getMappedRange()).set(words.subarray(0, wordCount));
    buffer.unmap();
    return this.#device.gpu.createBindGroup({
      label,
      layout: pageTablePipelines(this.#device.gpu).layout,
      entries: [
        { binding: 0, resource: this.#view },
        { binding: 1, resource: { buffer: this.#levels.buffer } },
        { binding: 2, resource: { buffer, size: GROUP_BYTES } },
        { binding: 3, resource: { buffer } },
        { binding: 4, resource: { buffer: this.#written.buffer } },
      ],
    });
  }

  /** Reads every page entry back, in the order of tile indices. For tests and debugging. */
  async readBack(): Promise<Uint32Array> {
    const batch = new ReadbackBatch(this.#device, `${this.label} readback`);
    batch.addTexture(this.texture);
    const [bytes] = await batch.read();
    return new Uint32Array(bytes!.buffer, 0, this.grid.tileCount);
  }

  /**
   * Reads how many texels edits have written, modulo 2³². A fill counts for the page entries whose
   * value it changes. For tests and benchmarks.
   */
  async readWrittenTexels(): Promise<number> {
    const batch = new ReadbackBatch(this.#device, `${this.label} written texels`);
    batch.addBuffer(this.#written.buffer);
    const [bytes] = await batch.read();
    return (new Uint32Array(bytes!.buffer)[0]! + this.#writtenTexels) >>> 0;
  }

  /** Destroys the texture and the buffers. May be called again. */
  destroy(): void {
    for (const object of [this.#tracked, this.#levels, this.#written]) object.destroy();
  }
}
