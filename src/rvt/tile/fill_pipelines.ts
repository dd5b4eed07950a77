/**
 * The pipelines that render components to the targets of tiles.
 *
 * @module
 */

import { type ForgeDevice, oncePerDevice, oncePerOwner } from "../../gpu/mod.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "../asset/material_type.ts";
import { drawLayout } from "../draw/draw_code.ts";
import { RECORD_BYTES } from "../draw/draw_records.ts";
import { TILE_BYTES } from "./fill_uniform.ts";
import { fillWgsl, writeMaskOf } from "./fill_wgsl.ts";
import { MESH_VERTEX_LAYOUT } from "../draw/mesh_buffers.ts";
import { type CheckedModule, checkedModule } from "../draw/shader_modules.ts";
import type { PipelineNeeds } from "../draw/record_draws.ts";

/** Which pipeline it is. */
export interface FillPipelineOptions extends PipelineNeeds {
  readonly materialType: MaterialTypeName;
  /** Whether what is drawn replaces what the targets hold, whatever that is, instead of blending with it. */
  readonly replaces: boolean;
}

/** Format of the depth that heights are tested by where they cannot be blended. */
export const FILL_DEPTH_FORMAT: GPUTextureFormat = "depth32float";

/** Formats of the targets of a type. */
export function targetFormats(materialType: MaterialTypeName): readonly GPUTextureFormat[] {
  const format = materialType === "world_height" ? "r32float" : "rgba16float";
  return MATERIAL_TYPES[materialType].targets.map(() => format);
}

/** Whether the highest of several heights is found by a test of depth on a device. */
export function testsDepth(device: ForgeDevice, materialType: MaterialTypeName): boolean {
  return materialType === "world_height" &&
    !device.gpu.features.has("float32-blendable" as GPUFeatureName);
}

/** The layout of the bind group of records. */
export const recordLayout: (gpu: GPUDevice) => GPUBindGroupLayout = oncePerDevice((gpu) =>
  gpu.createBindGroupLayout({
    label: "fill records",
    entries: [
      {
        binding: 0,
        visibility: GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT,
        buffer: { type: "read-only-storage", minBindingSize: RECORD_BYTES },
      },
      {
        binding: 1,
        visibility: GPUShaderStage.FRAGMENT,
        buffer: { hasDynamicOffset: true, minBindingSize: TILE_BYTES },
      },
    ],
  })
);

const pipelines = oncePerOwner<GPURenderPipeline>();

/** Over, by the opacity in the target's alpha; the alpha itself is never written. */
const OVER: GPUBlendComponent = {
  operation: "add",
  srcFactor: "src-alpha",
  dstFactor: "one-minus-src-alpha",
};
const HIGHEST: GPUBlendComponent = { operation: "max", srcFactor: "one", dstFactor: "one" };

/** The shader module of a kind of draw with a material. */
export function fillModule(
  device: ForgeDevice,
  { kind, materialType, material }: Omit<FillPipelineOptions, "isMirrored" | "replaces">,
): CheckedModule {
  const byDepth = testsDepth(device, materialType);
  const key = ["fill", kind, materialType, material.key, byDepth].join(" ");
  return checkedModule(device, key, {
    material,
    makeCode: () => fillWgsl({ kind, materialType, material, testsDepth: byDepth }),
  });
}

/** How a pipeline blends what a material writes to the targets of a type. */
export function fillTargetStates(
  device: ForgeDevice,
  { materialType, material, replaces }: Pick<
    FillPipelineOptions,
    "materialType" | "material" | "replaces"
  >,
): GPUColorTargetState[] {
  const { targets } = MATERIAL_TYPES[materialType];
  const blend = materialType === "world_height" ? HIGHEST : OVER;
  const isBlended = !replaces && !testsDepth(device, materialType);
  return targetFormats(materialType).map((format, i) => ({
    format,
    writeMask: writeMaskOf(targets[i]!, material.writes),
    ...(isBlended ? { blend: { color: blend, alpha: blend } } : {}),
  }));
}

/** The part of a pipeline's description that tests depth, where heights are tested by it. */
export function fillDepthState(
  device: ForgeDevice,
  materialType: MaterialTypeName,
): Pick<GPURenderPipelineDescriptor, "depthStencil"> {
  if (!testsDepth(device, materialType)) return {};
  return {
    depthStencil: {
      format: FILL_DEPTH_FORMAT,
      depthWriteEnabled: true,
      depthCompare: "greater",
    },
  };
}

/** The pipeline of a kind of draw with a material. The same options give the same pipeline. */
export function fillPipeline(device: ForgeDevice, options: FillPipelineOptions): GPURenderPipeline {
  const { kind, materialType, material, isMirrored, replaces } = options;
  const { gpu } = device;
  const byDepth = testsDepth(device, materialType);
  const { isTwoSided } = material;
  const key = [kind, materialType, material.key, isTwoSided, isMirrored, byDepth, replaces]
    .join("|");
  return pipelines(gpu, { owner: material.owner, key }, () => {
    const label = `fill ${materialType} from ${kind}`;
    const { module } = fillModule(device, { kind, materialType, material });
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({
        label,
        bindGroupLayouts: [
          recordLayout(gpu),
          drawLayout(gpu, kind),
          material.layout,
        ],
      }),
      vertex: { module, buffers: kind === "mesh" ? [MESH_VERTEX_LAYOUT] : [] },
      fragment: {
        module,
        targets: fillTargetStates(device, { materialType, material, replaces }),
      },
      primitive: {
        topology: "triangle-list",
        cullMode: material.isTwoSided ? "none" : "back",
        // Rows grow downwards, so that a tile shows its volume from above in a mirror.
        frontFace: isMirrored ? "ccw" : "cw",
      },
      ...fillDepthState(device, materialType),
    });
  });
}
