/**
 * The pipeline that packs tiles into planes, and what it reads besides the tiles.
 *
 * @module
 */

import { oncePerKey } from "../../gpu/mod.ts";
import { srgbToLinear } from "../../texels/mod.ts";
import { MATERIAL_TYPES } from "../asset/material_type.ts";
import { FIRST_TARGET_BINDING, packPlanesWgsl } from "./pack_shader.ts";
import type { PackedPlace } from "./packed_planes.ts";
import type { PlaneKind } from "./plane_layout.ts";

/** A pipeline with the layout of its only bind group. */
export interface PackPipeline {
  /** Runs the entry point `pack`. */
  readonly pipeline: GPUComputePipeline;
  /** Binding 0 the parameters, 1 the packed words, then the targets. */
  readonly layout: GPUBindGroupLayout;
}

/** Columns and rows of threads of a workgroup; as in `shaders/rvt/pack_planes.wgsl`. */
export const PACK_WORKGROUP: readonly [number, number] = Object.freeze([16, 4]);

const pipelineOf = oncePerKey<PackPipeline>();

/** The pipeline of a form of a material type, made once per device. */
export function packPipeline(gpu: GPUDevice, kind: PlaneKind): PackPipeline {
  const { materialType, compressed } = kind;
  const label = `pack ${materialType}${compressed ? " for blocks" : ""}`;
  return pipelineOf(gpu, label, () => create(gpu, label, kind));
}

function create(gpu: GPUDevice, label: string, kind: PlaneKind): PackPipeline {
  const visibility = GPUShaderStage.COMPUTE;
  const { targets } = MATERIAL_TYPES[kind.materialType];
  const layout = gpu.createBindGroupLayout({
    label,
    entries: [
      { binding: 0, visibility, buffer: { type: "uniform" } },
      { binding: 1, visibility, buffer: { type: "storage" } },
      ...targets.map((_, index) => ({
        binding: FIRST_TARGET_BINDING + index,
        visibility,
        // Of r32float too, which not every device filters.
        texture: { sampleType: "unfilterable-float", viewDimension: "2d-array" } as const,
      })),
    ],
  });
  const pipeline = gpu.createComputePipeline({
    label,
    layout: gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: {
      module: gpu.createShaderModule({ label, code: packPlanesWgsl(kind) }),
      entryPoint: "pack",
    },
  });
  return { pipeline, layout };
}

const PLANE_WORDS = 4;
const TINT_AT = 3 * PLANE_WORDS + 3;
const THRESHOLDS_AT = TINT_AT + 1;

/** Size of the parameters, `PackParams` of `shaders/rvt/pack_planes.wgsl`. */
export const PACK_PARAMS_BYTES: number = 4 * (THRESHOLDS_AT + 256);

/** Linear red, green and blue that base colours are mixed with, and its part of them, 0 to 1, kept in 8 bits. */
export type Tint = readonly [red: number, green: number, blue: number, part: number];

/** Leaves base colours as they are. */
export const NO_TINT: Tint = Object.freeze([0, 0, 0, 0] as const);

/** Linear light from which on sRGB value k + 1 is nearer than k: the middle between them, decoded. */
const SRGB_THRESHOLDS = Float32Array.from(
  { length: 256 },
  (_, k) => k === 255 ? Infinity : srgbToLinear((k + 0.5) / 255),
);

/**
 * Writes the parameters.
 *
 * @param buffer Receives {@linkcode PACK_PARAMS_BYTES}.
 */
export function writePackParams(
  buffer: ArrayBuffer,
  params: {
    readonly planes: readonly PackedPlace[];
    readonly slotTexels: number;
    readonly heightRange: readonly [number, number];
    readonly tint: Tint;
  },
): void {
  const words = new Uint32Array(buffer);
  const floats = new Float32Array(buffer);
  for (const [plane, { offset, tileBytes, rowBytes }] of params.planes.entries()) {
    words.set([offset / 4, tileBytes / 4, rowBytes / 4], PLANE_WORDS * plane);
  }
  floats.set(params.heightRange, 3 * PLANE_WORDS);
  words[3 * PLANE_WORDS + 2] = params.slotTexels;
  new Uint8Array(buffer, 4 * TINT_AT, 4).set(params.tint.map((part) => Math.round(255 * part)));
  floats.set(SRGB_THRESHOLDS, THRESHOLDS_AT);
}
