/**
 * Layouts of the bind groups that sample virtual textures.
 *
 * @module
 */

import { checkedBoolean, checkedChoice, checkedInteger, checkOptionNames } from "../../checks.ts";
import { formatInfo, type TexelFormat } from "../../texels/mod.ts";
import type { ForgeDevice } from "../device/device.ts";
import { oncePerDevice, oncePerKey } from "../device/per_device.ts";
import { checkedPlanes, type PlaneCount } from "./planes.ts";

/**
 * Options of {@linkcode virtualTextureLayoutEntries} and `VirtualTextureBinding.entries`.
 */
export interface BindingEntryOptions {
  /** Whether the feedback's binding is there. */
  readonly feedback: boolean;
  /** Number of the first binding; default 0. */
  readonly firstBinding?: number;
  /**
   * How many planes the shader was made for: default 1 in a layout, and all that the texture has in
   * `VirtualTextureBinding.entries`.
   */
  readonly planes?: PlaneCount;
  /**
   * Type of the atlases' texels; default `"float"` in a layout. `"uint"` for `r16uint` and shaders that
   * tap it as `uint16`, `"unfilterable-float"` for 32-bit floats on devices without
   * `float32-filterable` and shaders that tap them as `float32`. Without meaning in
   * `VirtualTextureBinding.entries`, which hold no types.
   */
  readonly atlasType?: AtlasSampleType;
}

/**
 * Type of the texels of an atlas in shaders: `uint` of `r16uint`, `unfilterable-float` of 32-bit floats
 * on devices whose samplers do not filter them, `float` of every other format.
 */
export type AtlasSampleType = "float" | "unfilterable-float" | "uint";

const ATLAS_TYPES: readonly AtlasSampleType[] = ["float", "unfilterable-float", "uint"];

/** The type that a device gives the texels of an atlas. */
export function atlasSampleType(
  format: TexelFormat,
  device: Pick<ForgeDevice, "filters">,
): AtlasSampleType {
  if (formatInfo(format).sampleType === "uint") return "uint";
  return device.filters(format) ? "float" : "unfilterable-float";
}

const ENTRY_OPTIONS: readonly (keyof BindingEntryOptions)[] = [
  "feedback",
  "firstBinding",
  "planes",
  "atlasType",
];

/** Checks options but for the planes; returns the number of the first binding. */
export function checkedFirstBinding(options: BindingEntryOptions, failure: string): number {
  checkOptionNames(options, { failure, names: ENTRY_OPTIONS });
  checkedBoolean(options.feedback ?? false, { name: "feedback", failure });
  const atlasType = options.atlasType ?? "float";
  checkedChoice(atlasType, { name: "atlasType", failure, choices: ATLAS_TYPES });
  const range = [0, Number.MAX_SAFE_INTEGER] as const;
  return checkedInteger(options.firstBinding ?? 0, { name: "firstBinding", failure, range });
}

/** Binding of the feedback. */
export const FEEDBACK_BINDING = 5;
/** Binding of the first plane after plane 0. */
export const PLANE_1_BINDING = 6;

/**
 * The layout entries of one virtual texture, for a bind group layout of the user's own. From
 * `firstBinding` on: 0 the uniform, 1 the page table, 2 the atlas of plane 0, 3 the sampler, 4 the
 * frames of slots, 5 the feedback, 6 and 7 the atlases of planes 1 and 2. Numbers of absent
 * bindings stay free. The feedback can be written by fragment and compute shaders.
 *
 * @throws {InvalidArgumentError} if options is not an object, or one does not exist or has the wrong type.
 * @throws {OutOfRangeError} if planes is not 1, 2 or 3, or the type of texels is unknown.
 */
export function virtualTextureLayoutEntries(
  options: BindingEntryOptions,
): GPUBindGroupLayoutEntry[] {
  const failure = "Cannot lay out virtual texture";
  const first = checkedFirstBinding(options, failure);
  const { VERTEX, FRAGMENT, COMPUTE } = GPUShaderStage;
  const visibility = VERTEX | FRAGMENT | COMPUTE;
  const atlas: GPUTextureBindingLayout = {
    sampleType: options.atlasType ?? "float",
    viewDimension: "2d-array",
  };
  const kinds: Omit<GPUBindGroupLayoutEntry, "binding" | "visibility">[] = [
    { buffer: { type: "uniform" } },
    { texture: { sampleType: "uint", viewDimension: "2d" } },
    { texture: atlas },
    { sampler: { type: "filtering" } },
    { buffer: { type: "read-only-storage" } },
  ];
  const planes = checkedPlanes(options.planes ?? 1, { failure });
  const entries: GPUBindGroupLayoutEntry[] = kinds.map((kind, i) => ({
    binding: first + i,
    visibility,
    ...kind,
  }));
  if (options.feedback) {
    entries.push({
      binding: first + FEEDBACK_BINDING,
      visibility: FRAGMENT | COMPUTE,
      buffer: { type: "storage" },
    });
  }
  for (let plane = 1; plane < planes; plane++) {
    entries.push({
      binding: first + PLANE_1_BINDING + plane - 1,
      visibility,
      texture: atlas,
    });
  }
  return entries;
}

/** Layouts with feedback and without. */
export interface SharedLayouts {
  /** For shaders made with feedback. */
  readonly layout: GPUBindGroupLayout;
  /** For shaders made without feedback. */
  readonly layoutWithoutFeedback: GPUBindGroupLayout;
}

const layoutsByKind = oncePerKey<SharedLayouts>();

/** Layouts that all textures of a device with as many planes of the same type share. */
export function sharedLayouts(
  gpu: GPUDevice,
  planes: PlaneCount,
  atlasType: AtlasSampleType,
): SharedLayouts {
  const several = planes === 1 ? "virtual texture" : `virtual texture of ${planes} planes`;
  const kinds = { "float": "", "unfilterable-float": " of 32-bit floats", "uint": " of integers" };
  const label = `${several}${kinds[atlasType]}`;
  return layoutsByKind(gpu, label, () => ({
    layout: gpu.createBindGroupLayout({
      label,
      entries: virtualTextureLayoutEntries({ feedback: true, planes, atlasType }),
    }),
    layoutWithoutFeedback: gpu.createBindGroupLayout({
      label: `${label} without feedback`,
      entries: virtualTextureLayoutEntries({ feedback: false, planes, atlasType }),
    }),
  }));
}

/**
 * The sampler that all textures of a device share. Minification is a coarser tile, never a mip of the
 * atlas: it has none.
 */
export const sharedSampler: (gpu: GPUDevice) => GPUSampler = oncePerDevice((gpu: GPUDevice) =>
  gpu.createSampler({ label: "virtual texture", magFilter: "linear", minFilter: "linear" })
);
