/**
 * The pipelines that draw lit surfaces.
 *
 * @module
 */

import fragmentCode from "../../../shaders/scene/surface_fragment.wgsl" with { type: "text" };
import shadingCode from "../../../shaders/scene/surface_shading.wgsl" with { type: "text" };
import viewCode from "../../../shaders/scene/surface_view.wgsl" with { type: "text" };
import { type ForgeDevice, oncePerDevice, oncePerOwner } from "../../gpu/mod.ts";
import {
  type CheckedModule,
  checkedModule,
  drawCode,
  drawLayout,
  MESH_VERTEX_LAYOUT,
  type PipelineNeeds,
  RECORD_BYTES,
  shaderCode,
} from "../../rvt/mod.ts";

/** Bytes of `SurfaceView` in `shaders/scene/surface_view.wgsl`. */
export const SURFACE_VIEW_BYTES = 64;
/** What surfaces are drawn to. */
export const SURFACE_FORMAT: GPUTextureFormat = "rgba8unorm-srgb";
/** What hides surfaces behind others. */
export const SURFACE_DEPTH_FORMAT: GPUTextureFormat = "depth32float";

/** The layout of the bind group of records and view. */
export const surfaceLayout: (gpu: GPUDevice) => GPUBindGroupLayout = oncePerDevice((gpu) => {
  const visibility = GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT;
  return gpu.createBindGroupLayout({
    label: "surfaces",
    entries: [
      {
        binding: 0,
        visibility,
        buffer: { type: "read-only-storage", minBindingSize: RECORD_BYTES },
      },
      { binding: 1, visibility, buffer: { minBindingSize: SURFACE_VIEW_BYTES } },
    ],
  });
});

const pipelines = oncePerOwner<GPURenderPipeline>();

/** The shader module of a kind of draw with a material. */
export function surfaceModule(
  device: ForgeDevice,
  { kind, material }: Pick<PipelineNeeds, "kind" | "material">,
): CheckedModule {
  return checkedModule(device, `surface ${kind} ${material.key}`, {
    material,
    makeCode: () =>
      shaderCode(
        `${drawCode(kind)}\n${viewCode}\n`,
        material,
        `${shadingCode}\n${fragmentCode}`,
      ),
  });
}

/** What a pipeline of pictures needs to know beside {@linkcode PipelineNeeds}. */
export interface SurfacePipelineNeeds extends PipelineNeeds {
  /** Whether it hides what lies behind it and is drawn later. */
  readonly hides: boolean;
}

/** The pipeline of a kind of draw with a material. The same options give the same pipeline. */
export function surfacePipeline(
  device: ForgeDevice,
  { kind, material, isMirrored, hides }: SurfacePipelineNeeds,
): GPURenderPipeline {
  const { gpu } = device;
  const key = ["surface", kind, material.key, material.isTwoSided, isMirrored, hides].join("|");
  return pipelines(gpu, { owner: material.owner, key }, () => {
    const label = `surface of ${kind}`;
    const { module } = surfaceModule(device, { kind, material });
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({
        label,
        bindGroupLayouts: [surfaceLayout(gpu), drawLayout(gpu, kind), material.layout],
      }),
      vertex: { module, buffers: kind === "mesh" ? [MESH_VERTEX_LAYOUT] : [] },
      fragment: {
        module,
        targets: [{
          format: SURFACE_FORMAT,
          blend: {
            color: { srcFactor: "src-alpha", dstFactor: "one-minus-src-alpha" },
            alpha: { srcFactor: "one", dstFactor: "one-minus-src-alpha" },
          },
        }],
      },
      primitive: {
        topology: "triangle-list",
        cullMode: material.isTwoSided ? "none" : "back",
        frontFace: isMirrored ? "cw" : "ccw",
      },
      depthStencil: {
        format: SURFACE_DEPTH_FORMAT,
        depthWriteEnabled: hides,
        depthCompare: "greater-equal",
      },
    });
  });
}
