/**
 * What a pass binds to sample one virtual texture.
 *
 * @module
 */

import type { TileGrid } from "../../tiles/mod.ts";
import type { Atlas } from "../atlas/atlas.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger, TrackedBuffer } from "../device/memory_ledger.ts";
import type { PageTable } from "../page_table/page_table.ts";
import { oncePerDevice } from "../device/per_device.ts";
import {
  type SamplingSettings,
  VIRTUAL_TEXTURE_PARAMS_BYTES,
  VirtualTextureParams,
} from "./virtual_texture_params.ts";

/** What a {@linkcode VirtualTextureBinding} points at; all of it is borrowed. */
export interface VirtualTextureBindingOptions {
  /** The texture's tiles. */
  readonly grid: TileGrid;
  /** Its page table. */
  readonly table: PageTable;
  /** The atlas that its tiles lie in; plane 0 is sampled. */
  readonly atlas: Atlas;
  /** Where draws report the tiles that they want. */
  readonly feedback: { readonly storageBuffer: GPUBuffer };
  /** Frame in which each slot got its content, as u32, one for each slot of the atlas. */
  readonly slotFrames: GPUBuffer;
  /** Key of the texture's first page-table entry in the feedback. */
  readonly feedbackBase: number;
  /** Whether alpha is 1 whatever the texels say; default false. */
  readonly opaque?: boolean;
  /** What to call it in GPU objects. */
  readonly label: string;
}

/** Options of {@linkcode virtualTextureLayoutEntries} and {@linkcode VirtualTextureBinding.entries}. */
export interface BindingEntryOptions {
  /** Whether the feedback's binding is there. */
  readonly feedback: boolean;
  /** Number of the first binding; default 0. */
  readonly firstBinding?: number;
}

/**
 * The six layout entries of one virtual texture, five without feedback, for a bind group layout of
 * the user's own. The feedback can be written by fragment and compute shaders.
 */
export function virtualTextureLayoutEntries(
  options: BindingEntryOptions,
): GPUBindGroupLayoutEntry[] {
  const { VERTEX, FRAGMENT, COMPUTE } = GPUShaderStage;
  const visibility = VERTEX | FRAGMENT | COMPUTE;
  const kinds: Omit<GPUBindGroupLayoutEntry, "binding" | "visibility">[] = [
    { buffer: { type: "uniform" } },
    { texture: { sampleType: "uint", viewDimension: "2d" } },
    { texture: { sampleType: "float", viewDimension: "2d-array" } },
    { sampler: { type: "filtering" } },
    { buffer: { type: "read-only-storage" } },
  ];
  const first = options.firstBinding ?? 0;
  const entries = kinds.map((kind, i) => ({ binding: first + i, visibility, ...kind }));
  if (!options.feedback) return entries;
  return [...entries, {
    binding: first + kinds.length,
    visibility: FRAGMENT | COMPUTE,
    buffer: { type: "storage" },
  }];
}

interface SharedObjects {
  readonly layout: GPUBindGroupLayout;
  readonly layoutWithoutFeedback: GPUBindGroupLayout;
  readonly sampler: GPUSampler;
}

const sharedObjects = oncePerDevice((gpu: GPUDevice): SharedObjects => ({
  layout: gpu.createBindGroupLayout({
    label: "virtual texture",
    entries: virtualTextureLayoutEntries({ feedback: true }),
  }),
  layoutWithoutFeedback: gpu.createBindGroupLayout({
    label: "virtual texture without feedback",
    entries: virtualTextureLayoutEntries({ feedback: false }),
  }),
  // Minification is a coarser tile, never a mip of the atlas: it has none.
  sampler: gpu.createSampler({
    label: "virtual texture",
    magFilter: "linear",
    minFilter: "linear",
  }),
}));

/**
 * The uniform, layouts and bind groups of one virtual texture. Owns the uniform's buffer, borrows
 * everything else.
 *
 * @example Draw with a pipeline of one's own
 * ```ts ignore
 * const { binding } = texture;
 * const pipeline = device.gpu.createRenderPipeline({
 *   layout: device.gpu.createPipelineLayout({ bindGroupLayouts: [myLayout, binding.layout] }),
 *   …
 * });
 * pass.setBindGroup(1, binding.group); // read it in every frame: it changes with `generation`
 * ```
 */
export class VirtualTextureBinding {
  /** Bind group layout with feedback; the same object for all textures of a device. */
  readonly layout: GPUBindGroupLayout;
  /** Bind group layout without feedback; the same object for all textures of a device. */
  readonly layoutWithoutFeedback: GPUBindGroupLayout;
  readonly #device: ForgeDevice;
  readonly #options: VirtualTextureBindingOptions;
  readonly #sampler: GPUSampler;
  readonly #params: VirtualTextureParams;
  readonly #uniform: TrackedBuffer;
  #atlas: Atlas;
  #slotFrames: GPUBuffer;
  #generation = 0;
  #group!: GPUBindGroup;
  #groupWithoutFeedback!: GPUBindGroup;

  /**
   * Systems make bindings.
   *
   * @internal
   * @throws {BudgetError} if the uniform does not fit the budget.
   * @throws {OutOfRangeError} if the tile size is not a power of 2.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, options: VirtualTextureBindingOptions) {
    const { grid, table, feedbackBase, label } = options;
    const shared = sharedObjects(device.gpu);
    this.layout = shared.layout;
    this.layoutWithoutFeedback = shared.layoutWithoutFeedback;
    this.#sampler = shared.sampler;
    this.#device = device;
    this.#options = options;
    this.#atlas = options.atlas;
    this.#slotFrames = options.slotFrames;
    this.#params = new VirtualTextureParams(grid, {
      border: options.atlas.border,
      tableShift: table.tableShift,
      feedbackBase,
      opaque: options.opaque ?? false,
    });
    this.#uniform = ledger.createBuffer("page_tables", device, {
      label: `${label} parameters`,
      size: VIRTUAL_TEXTURE_PARAMS_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.#upload();
    this.#pointAtAtlas();
  }

  /** How often {@linkcode group} has been replaced; a bind group of an older one is out of date. */
  get generation(): number {
    return this.#generation;
  }

  /** Bind group for shaders made with feedback. */
  get group(): GPUBindGroup {
    return this.#group;
  }

  /** Bind group for shaders made without feedback. */
  get groupWithoutFeedback(): GPUBindGroup {
    return this.#groupWithoutFeedback;
  }

  /** Entries for a bind group of the user's own; out of date when the generation rises. */
  entries(options: BindingEntryOptions): GPUBindGroupEntry[] {
    const resources: GPUBindingResource[] = [
      { buffer: this.#uniform.buffer },
      this.#options.table.view(),
      this.#atlas.view(0),
      this.#sampler,
      { buffer: this.#slotFrames },
    ];
    if (options.feedback) resources.push({ buffer: this.#options.feedback.storageBuffer });
    const first = options.firstBinding ?? 0;
    return resources.map((resource, i) => ({ binding: first + i, resource }));
  }

  /** Sets what depends on the frame, for what is submitted from now on. */
  write(settings: SamplingSettings): void {
    this.#params.setFrame(settings);
    this.#upload();
  }

  /**
   * Points at another atlas and its slots' birth frames, and raises the generation.
   *
   * @internal
   */
  rebind(atlas: Atlas, slotFrames: GPUBuffer): void {
    this.#atlas = atlas;
    this.#slotFrames = slotFrames;
    this.#generation++;
    this.#pointAtAtlas();
  }

  #pointAtAtlas(): void {
    const { gpu } = this.#device;
    const { label } = this.#options;
    this.#group = gpu.createBindGroup({
      label,
      layout: this.layout,
      entries: this.entries({ feedback: true }),
    });
    this.#groupWithoutFeedback = gpu.createBindGroup({
      label: `${label} without feedback`,
      layout: this.layoutWithoutFeedback,
      entries: this.entries({ feedback: false }),
    });
  }

  #upload(): void {
    this.#device.gpu.queue.writeBuffer(this.#uniform.buffer, 0, this.#params.bytes);
  }

  /** Destroys the uniform. May be called again. */
  destroy(): void {
    this.#uniform.destroy();
  }
}
