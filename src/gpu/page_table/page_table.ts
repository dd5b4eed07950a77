/**
 * The page table of one virtual texture, as a texture that shaders read.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { PageEdit } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger, TrackedBuffer, TrackedTexture } from "../device/memory_ledger.ts";
import {
  GROUP_BYTES,
  LEVELS_BYTES,
  packLevels,
  PAGE_TABLE_WORKGROUP,
  planPageTable,
  subtreeTiles,
} from "./page_table_layout.ts";
import { pageTablePipelines } from "./page_table_pipelines.ts";
import { ReadbackBatch } from "../device/readback.ts";

/** Edits that the first edit buffer has room for. */
const INITIAL_EDIT_CAPACITY = 256;

/** Workgroups of a dispatch at most; each invocation then takes several tiles in turn. */
const MAX_WORKGROUPS = 4096;

const EDIT_WORDS = 4;

/**
 * One `r32uint` texture with the page entries of all tiles of all levels: that of tile t is the texel
 * (t & (2^tableShift − 1), t >> tableShift). Owns its texture and buffers.
 *
 * Every page entry is `PAGE_ENTRY_NONE` from the start. A change of a tile is one edit; the GPU rewrites
 * the entries below it, exactly those that change.
 */
export class PageTable {
  /** What to call it in messages and in GPU objects. */
  readonly label: string;
  /** The tiles that it has entries for. */
  readonly grid: TileGrid;
  /** The table; its texels are `PageEntry` values. */
  readonly texture: GPUTexture;
  /** The table is 2^tableShift texels wide. */
  readonly tableShift: number;
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #tracked: TrackedTexture;
  readonly #levels: TrackedBuffer;
  readonly #written: TrackedBuffer;
  readonly #view: GPUTextureView;
  readonly #groupStride: number;
  readonly #subtreeTiles: readonly number[];
  readonly #countOfLevel: Uint32Array;
  readonly #nextOfLevel: Uint32Array;
  readonly #seen: Set<number> = new Set();
  #edits!: TrackedBuffer;
  #staged: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  #bindGroup!: GPUBindGroup;
  #recordedBytes = 0;
  #resetPending = false;

  /**
   * Makes a table without any content, and submits its first clearing.
   *
   * @throws {BudgetError} if it does not fit the budget; nothing is made.
   * @throws {OutOfRangeError} if the grid has more tiles than the device's textures have texels.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, grid: TileGrid, label = "page table") {
    this.#device = device;
    this.#ledger = ledger;
    this.grid = grid;
    this.label = label;
    const { fill } = pageTablePipelines(device.gpu);
    const layout = planPageTable(grid.tileCount, device.limit("maxTextureDimension2D"));
    this.tableShift = layout.tableShift;
    this.#groupStride = Math.max(GROUP_BYTES, device.limit("minUniformBufferOffsetAlignment"));
    this.#subtreeTiles = grid.levels.map((_, level) => subtreeTiles(grid, level));
    this.#countOfLevel = new Uint32Array(grid.levelCount);
    this.#nextOfLevel = new Uint32Array(grid.levelCount);
    const made: { destroy(): void }[] = [];
    try {
      this.#tracked = ledger.createTexture("page_tables", device, {
        label,
        format: "r32uint",
        size: [layout.width, layout.height],
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.STORAGE_BINDING |
          GPUTextureUsage.COPY_SRC,
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
      this.#growEdits(this.#bytesFor(INITIAL_EDIT_CAPACITY));
      made.push(this.#edits);
      device.gpu.queue.writeBuffer(this.#levels.buffer, 0, packLevels(grid, this.tableShift));
      this.#clear(fill, layout.width, layout.height);
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
   * Records edits: in one compute pass, level by level, coarse to fine. Each edit writes its tile's
   * page entry, and those below it that hold the old value when its level's turn comes. A tile
   * may be named once. The encoder must be part of the device's next submit.
   *
   * @throws {BudgetError} if the records do not fit the budget; nothing is recorded.
   * @throws {OutOfRangeError} if a tile does not exist; nothing is recorded.
   * @throws {InvalidArgumentError} if a tile is named twice; nothing is recorded.
   */
  recordEdits(encoder: GPUCommandEncoder, edits: readonly PageEdit[]): void {
    if (edits.length === 0) return;
    this.#sortByLevel(edits);
    const bytes = this.#bytesFor(edits.length);
    if (this.#recordedBytes + bytes > this.#edits.bytes) this.#growEdits(bytes);
    const base = this.#recordedBytes;
    const words = this.#fillStaged(edits, base);
    this.#device.gpu.queue.writeBuffer(this.#edits.buffer, base, this.#staged, 0, words);
    this.#recordedBytes = base + bytes;
    this.#resetAfterSubmit();
    const pass = encoder.beginComputePass({ label: `${this.label} edits` });
    pass.setPipeline(pageTablePipelines(this.#device.gpu).edit);
    let group = 0;
    for (let level = this.grid.levelCount - 1; level >= 0; level--) {
      const count = this.#countOfLevel[level]!;
      if (count === 0) continue;
      const invocations = count * this.#subtreeTiles[level]!;
      pass.setBindGroup(0, this.#bindGroup, [base + group * this.#groupStride]);
      pass.dispatchWorkgroups(
        Math.min(MAX_WORKGROUPS, Math.ceil(invocations / PAGE_TABLE_WORKGROUP)),
      );
      group++;
    }
    pass.end();
  }

  /** Reads every page entry back, in the order of the grid's numbers. For tests and debugging. */
  async readBack(): Promise<Uint32Array> {
    const batch = new ReadbackBatch(this.#device, `${this.label} readback`);
    batch.addTexture(this.texture);
    const [bytes] = await batch.read();
    return new Uint32Array(bytes!.buffer, 0, this.grid.tileCount);
  }

  /** Reads how many texels edits have written, modulo 2³². For tests and benchmarks. */
  async readWrittenTexels(): Promise<number> {
    const batch = new ReadbackBatch(this.#device, `${this.label} written texels`);
    batch.addBuffer(this.#written.buffer);
    const [bytes] = await batch.read();
    return new Uint32Array(bytes!.buffer)[0]!;
  }

  /** Destroys the texture and the buffers. May be called again. */
  destroy(): void {
    for (const object of [this.#tracked, this.#levels, this.#written, this.#edits]) {
      object.destroy();
    }
  }

  /** Bytes of the edits of one call: a group for each level that may occur, then the records. */
  #bytesFor(editCount: number): number {
    const records = Math.ceil(editCount * EDIT_WORDS * 4 / this.#groupStride);
    return (this.#groupCapacity + records) * this.#groupStride;
  }

  get #groupCapacity(): number {
    return this.grid.levelCount;
  }

  /** Counts the edits of each level and checks them. */
  #sortByLevel(edits: readonly PageEdit[]): void {
    const seen = this.#seen;
    const counts = this.#countOfLevel.fill(0);
    seen.clear();
    for (const { tile } of edits) {
      if (!Number.isInteger(tile) || tile < 0 || tile >= this.grid.tileCount) {
        throw new OutOfRangeError(
          "tile",
          `Cannot edit page table "${this.label}" as tile must be an integer from 0 to ` +
            `${this.grid.tileCount - 1}: current value is ${tile}`,
        );
      }
      seen.add(tile);
      counts[this.grid.levelOf(tile)]!++;
    }
    if (seen.size !== edits.length) {
      throw new InvalidArgumentError(
        "edits",
        `Cannot edit page table "${this.label}" as a tile may be named once in a batch: ` +
          `${edits.length} edits name ${seen.size} tiles`,
      );
    }
  }

  /** Writes groups and records as the shader reads them; returns the words written. */
  #fillStaged(edits: readonly PageEdit[], base: number): number {
    const { levels, levelCount } = this.grid;
    const strideWords = this.#groupStride / 4;
    const recordWords = this.#groupCapacity * strideWords;
    const words = recordWords + edits.length * EDIT_WORDS;
    if (this.#staged.length < words) this.#staged = new Uint32Array(words * 2);
    const staged = this.#staged;
    // The shader indexes records from the start of the buffer.
    const firstRecord = (base / 4 + recordWords) / EDIT_WORDS;
    let next = 0;
    let group = 0;
    for (let level = levelCount - 1; level >= 0; level--) {
      const count = this.#countOfLevel[level]!;
      if (count === 0) continue;
      const at = group * strideWords;
      staged[at] = level;
      staged[at + 1] = firstRecord + next;
      staged[at + 2] = count;
      staged[at + 3] = this.#subtreeTiles[level]!;
      this.#nextOfLevel[level] = next;
      next += count;
      group++;
    }
    for (const { tile, oldValue, newValue } of edits) {
      const level = this.grid.levelOf(tile);
      const { firstTile, tilesX } = levels[level]!;
      const index = tile - firstTile;
      const y = Math.floor(index / tilesX);
      const at = recordWords + this.#nextOfLevel[level]!++ * EDIT_WORDS;
      staged[at] = index - y * tilesX;
      staged[at + 1] = y;
      staged[at + 2] = oldValue;
      staged[at + 3] = newValue;
    }
    return words;
  }

  /** Makes a larger edit buffer; the one before goes after the submit that may use it. */
  #growEdits(bytes: number): void {
    const previous = this.#edits as TrackedBuffer | undefined;
    const size = Math.max(bytes, 2 * (previous?.bytes ?? 0));
    const edits = this.#ledger.createBuffer("page_tables", this.#device, {
      label: `${this.label} edits`,
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    if (previous !== undefined) {
      if (this.#recordedBytes > 0) {
        this.#device.submits.afterNextSubmit(() => previous.destroy());
      } else {
        previous.destroy();
      }
    }
    this.#edits = edits;
    this.#recordedBytes = 0;
    this.#bindGroup = this.#device.gpu.createBindGroup({
      label: `${this.label} edits`,
      layout: pageTablePipelines(this.#device.gpu).editLayout,
      entries: [
        { binding: 0, resource: this.#view },
        { binding: 1, resource: { buffer: this.#levels.buffer } },
        { binding: 2, resource: { buffer: edits.buffer, size: GROUP_BYTES } },
        { binding: 3, resource: { buffer: edits.buffer } },
        { binding: 4, resource: { buffer: this.#written.buffer } },
      ],
    });
  }

  /** Until the next submit further edits go behind those that are recorded already. */
  #resetAfterSubmit(): void {
    if (this.#resetPending) return;
    this.#resetPending = true;
    this.#device.submits.afterNextSubmit(() => {
      this.#resetPending = false;
      this.#recordedBytes = 0;
    });
  }

  #clear(fill: GPUComputePipeline, width: number, height: number): void {
    const { gpu, submits } = this.#device;
    const encoder = gpu.createCommandEncoder({ label: `${this.label} clear` });
    const pass = encoder.beginComputePass({ label: `${this.label} clear` });
    pass.setPipeline(fill);
    pass.setBindGroup(
      0,
      gpu.createBindGroup({
        label: `${this.label} clear`,
        layout: fill.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: this.#view }],
      }),
    );
    pass.dispatchWorkgroups(Math.ceil(width / PAGE_TABLE_WORKGROUP), height);
    pass.end();
    submits.submit([encoder.finish()]);
  }
}
