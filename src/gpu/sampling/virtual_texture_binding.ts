/**
 * The resources that a pass binds to sample one virtual texture.
 *
 * @module
 */

import type { Appearance } from "../../texels/mod.ts";
import type { TileGrid, Wrap } from "../../tiles/mod.ts";
import type { Atlas } from "../atlas/atlas.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger, TrackedBuffer } from "../device/memory_ledger.ts";
import type { PageTable } from "../page_table/page_table.ts";
import { checkedPlanes, type PlaneCount } from "./planes.ts";
import {
  checkSamplingSettings,
  type SamplingSettings,
  VIRTUAL_TEXTURE_PARAMS_BYTES,
  VirtualTextureParams,
} from "./virtual_texture_params.ts";
import {
  type AtlasSampleType,
  atlasSampleType,
  type BindingEntryOptions,
  checkedFirstBinding,
  FEEDBACK_BINDING,
  PLANE_1_BINDING,
  type SharedLayouts,
  sharedLayouts,
  sharedSampler,
} from "./virtual_texture_layout.ts";

/** The resources of a {@linkcode VirtualTextureBinding}; all of them are borrowed. */
export interface VirtualTextureBindingOptions {
  /** The texture's tiles. */
  readonly grid: TileGrid;
  /** Its page table. */
  readonly table: PageTable;
  /** The atlas that its tiles lie in, of one to three planes. */
  readonly atlas: Atlas;
  /** The feedback in which draws report the tiles that they want. */
  readonly feedback: { readonly storageBuffer: GPUBuffer };
  /** `slotFramesHeader`, and then the frame in which each slot of the atlas got its content. */
  readonly slotFrames: GPUBuffer;
  /** Key of the texture's first tile in the feedback. */
  readonly feedbackBase: number;
  /** Whether alpha is 1 whatever the texels say, of all planes or of each; default false. */
  readonly opaque?: boolean | readonly boolean[];
  /** How the texture goes on beyond its edges; default `"clamp"`. */
  readonly wrap?: Wrap;
  /** How its texels are meant; default as usual. */
  readonly appearance?: Appearance;
  /** What to call it in GPU objects. */
  readonly label: string;
}

/** An atlas with the bind groups that point at it. */
export interface BindingTarget {
  /** The atlas. */
  readonly atlas: Atlas;
  /** Since when its slots have their content. */
  readonly slotFrames: GPUBuffer;
  /** Bind group for shaders made with feedback. */
  readonly group: GPUBindGroup;
  /** Bind group for shaders made without feedback. */
  readonly groupWithoutFeedback: GPUBindGroup;
}

/**
 * The uniform, layouts and bind groups of one virtual texture. Owns the uniform's buffer, borrows
 * everything else.
 *
 * @example Draw with a custom pipeline
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
  /** Planes of the texture; shaders may be made for fewer, with a bind group of their own. */
  readonly planes: PlaneCount;
  #made: BindingParts;
  #target: BindingTarget;
  #generation = 0;
  #isWritten = false;

  /**
   * Systems make bindings.
   *
   * @internal
   * @throws {BudgetError} if the uniform does not fit the budget.
   * @throws {OutOfRangeError} if the tile size is not a power of 2, or the atlas has more than
   * three planes.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, options: VirtualTextureBindingOptions) {
    const failure = `Cannot bind ${options.label}`;
    this.planes = checkedPlanes(options.atlas.planes.length, { failure });
    this.#made = makeParts(device, ledger, options, this.planes);
    try {
      this.#upload();
      this.#target = this.makeTarget(options.atlas, options.slotFrames);
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  /**
   * Makes everything again on another device, in place of what was lost, and raises the generation.
   *
   * @internal
   * @throws {BudgetError} if the uniform does not fit the budget.
   */
  renew(device: ForgeDevice, ledger: MemoryLedger, options: VirtualTextureBindingOptions): void {
    this.destroy();
    this.#made = makeParts(device, ledger, options, this.planes);
    this.#upload();
    this.pointAt(this.makeTarget(options.atlas, options.slotFrames));
  }

  /**
   * Bind group layout with feedback; the same for all textures of a device with as many planes. Another
   * one after the device was lost.
   */
  get layout(): GPUBindGroupLayout {
    return this.#made.layouts.layout;
  }

  /** Bind group layout without feedback; shared in the same way. */
  get layoutWithoutFeedback(): GPUBindGroupLayout {
    return this.#made.layouts.layoutWithoutFeedback;
  }

  /**
   * Type of the texels of the atlases in shaders, as in a layout of your own; another one may follow
   * when the device was lost.
   */
  get atlasType(): AtlasSampleType {
    const { device, options: { atlas } } = this.#made;
    return atlasSampleType(atlas.formats[0]!, device);
  }

  /**
   * Counts the replacements of {@linkcode group}; a bind group of an older generation is out of
   * date.
   */
  get generation(): number {
    return this.#generation;
  }

  /** Bind group for shaders made with feedback. */
  get group(): GPUBindGroup {
    return this.#target.group;
  }

  /** Bind group for shaders made without feedback. */
  get groupWithoutFeedback(): GPUBindGroup {
    return this.#target.groupWithoutFeedback;
  }

  /**
   * Entries for a bind group of the user's own; out of date when the generation rises. Numbered as
   * in {@linkcode virtualTextureLayoutEntries}.
   *
   * @throws {OutOfRangeError} if planes is less than 1 or more than the texture has.
   */
  entries(options: BindingEntryOptions): GPUBindGroupEntry[] {
    return this.#entriesFor(this.#target, options);
  }

  #entriesFor(
    { atlas, slotFrames }: Pick<BindingTarget, "atlas" | "slotFrames">,
    options: BindingEntryOptions,
  ): GPUBindGroupEntry[] {
    const { uniform, sampler, options: { label, table, feedback } } = this.#made;
    const failure = `Cannot bind ${label}`;
    const first = checkedFirstBinding(options, failure);
    const planes = checkedPlanes(options.planes ?? this.planes, { failure, most: this.planes });
    const resources: GPUBindingResource[] = [
      { buffer: uniform.buffer },
      table.view(),
      atlas.view(0),
      sampler,
      { buffer: slotFrames },
    ];
    const entries = resources.map((resource, i) => ({ binding: first + i, resource }));
    if (options.feedback) {
      const buffer = feedback.storageBuffer;
      entries.push({ binding: first + FEEDBACK_BINDING, resource: { buffer } });
    }
    for (let plane = 1; plane < planes; plane++) {
      const binding = first + PLANE_1_BINDING + plane - 1;
      entries.push({ binding, resource: atlas.view(plane) });
    }
    return entries;
  }

  /**
   * Sets how draws submitted from now on sample the texture; a setting that is left out has its
   * default. Uploads nothing if nothing changes.
   *
   * @throws {InvalidArgumentError} if a setting does not exist or is not a number.
   * @throws {OutOfRangeError} if one is NaN.
   */
  writeSettings(settings: SamplingSettings): void {
    checkSamplingSettings(settings);
    this.setSettings(settings);
    this.writeChanges();
  }

  /**
   * Sets how the texture is sampled after the next {@linkcode writeChanges}.
   *
   * @internal
   */
  setSettings(settings: SamplingSettings): void {
    if (this.#made.params.setSettings(settings)) this.#isWritten = false;
  }

  /**
   * Uploads the settings, unless the GPU has them.
   *
   * @internal
   */
  writeChanges(): void {
    if (!this.#isWritten) this.#upload();
  }

  /**
   * Makes the next {@linkcode writeChanges} upload everything: what was written may not have arrived.
   *
   * @internal
   */
  forgetWritten(): void {
    this.#isWritten = false;
  }

  /**
   * What the binding points at now.
   *
   * @internal
   */
  get target(): BindingTarget {
    return this.#target;
  }

  /**
   * Makes the bind groups for another atlas of as many planes and its slots' frames.
   *
   * @internal
   */
  makeTarget(atlas: Atlas, slotFrames: GPUBuffer): BindingTarget {
    const { device: { gpu }, options: { label } } = this.#made;
    const at = { atlas, slotFrames };
    return {
      ...at,
      group: gpu.createBindGroup({
        label,
        layout: this.layout,
        entries: this.#entriesFor(at, { feedback: true }),
      }),
      groupWithoutFeedback: gpu.createBindGroup({
        label: `${label} without feedback`,
        layout: this.layoutWithoutFeedback,
        entries: this.#entriesFor(at, { feedback: false }),
      }),
    };
  }

  /**
   * Points at what {@linkcode makeTarget} has made, and raises the generation. Touches no GPU.
   *
   * @internal
   */
  pointAt(target: BindingTarget): void {
    this.#target = target;
    this.#generation++;
  }

  #upload(): void {
    const { device: { gpu }, uniform, params } = this.#made;
    gpu.queue.writeBuffer(uniform.buffer, 0, params.bytes);
    this.#isWritten = true;
  }

  /** Destroys the uniform. May be called again. */
  destroy(): void {
    this.#made.uniform.destroy();
  }
}

/** What a binding has made on a device. */
interface BindingParts {
  readonly device: ForgeDevice;
  readonly options: VirtualTextureBindingOptions;
  readonly layouts: SharedLayouts;
  readonly sampler: GPUSampler;
  readonly params: VirtualTextureParams;
  readonly uniform: TrackedBuffer;
}

function makeParts(
  device: ForgeDevice,
  ledger: MemoryLedger,
  options: VirtualTextureBindingOptions,
  planes: PlaneCount,
): BindingParts {
  const { grid, table, feedbackBase, label, atlas } = options;
  return {
    device,
    options,
    layouts: sharedLayouts(device.gpu, planes, atlasSampleType(atlas.formats[0]!, device)),
    sampler: sharedSampler(device.gpu),
    params: new VirtualTextureParams(grid, {
      border: atlas.border,
      tableShift: table.tableShift,
      feedbackBase,
      opaque: options.opaque ?? false,
      wrap: options.wrap ?? "clamp",
      appearance: options.appearance ?? {},
    }),
    uniform: ledger.createBuffer("page_tables", device, {
      label: `${label} parameters`,
      size: VIRTUAL_TEXTURE_PARAMS_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    }),
  };
}
