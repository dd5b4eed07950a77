/**
 * The pipelines that draw lit surfaces.
 *
 * @module
 */

import fragmentCode from "../../../shaders/scene/surface_fragment.wgsl" with { type: "text" };
import layerSitesCode from "../../../shaders/rvt/layer_sites.wgsl" with { type: "text" };
import shadingCode from "../../../shaders/scene/surface_shading.wgsl" with { type: "text" };
import sitesCode from "../../../shaders/scene/surface_sites.wgsl" with { type: "text" };
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
  type SurfaceLayers,
} from "../../rvt/mod.ts";

/** Bytes of `SurfaceView` in `shaders/scene/surface_view.wgsl`. */
export const SURFACE_VIEW_BYTES = 64;
/** What surfaces are drawn to. */
export const SURFACE_FORMAT: GPUTextureFormat = "rgba8unorm-srgb";
/** What the places of samples are drawn to, and the steps between them. */
export const SITE_FORMAT: GPUTextureFormat = "rgba32float";
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

/** Which shader module it is. */
export interface SurfaceModuleOptions extends Pick<PipelineNeeds, "kind" | "material"> {
  readonly layers: SurfaceLayers;
}

/** The shader module of a kind of draw with a material. */
export function surfaceModule(
  device: ForgeDevice,
  { kind, material, layers }: SurfaceModuleOptions,
): CheckedModule {
  const codeOfSites = layers === "direct" ? `${layerSitesCode}\n${sitesCode}` : "";
  return checkedModule(device, `surface ${kind} ${material.key} ${layers}`, {
    material,
    makeCode: () =>
      shaderCode(
        `${drawCode(kind)}\n${viewCode}\n`,
        material,
        `${shadingCode}\n${fragmentCode}\n${codeOfSites}`,
      ),
  });
}

/** What a pipeline of pictures needs to know beside {@linkcode PipelineNeeds}. */
export interface SurfacePipelineNeeds extends PipelineNeeds {
  readonly layers: SurfaceLayers;
  /** Whether it hides what lies behind it and is drawn later. */
  readonly hides: boolean;
}

/** The pipeline of a kind of draw with a material. The same options give the same pipeline. */
export function surfacePipeline(
  device: ForgeDevice,
  needs: SurfacePipelineNeeds,
): GPURenderPipeline {
  return pipelineOf(device, needs, {
    entryPoint: "surface_fragment",
    targets: [{
      format: SURFACE_FORMAT,
      blend: {
        color: { srcFactor: "src-alpha", dstFactor: "one-minus-src-alpha" },
        alpha: { srcFactor: "one", dstFactor: "one-minus-src-alpha" },
      },
    }],
  });
}

/** The same for where pixels sample runtime virtual textures, whose layers are evaluated there. */
export function sitePipeline(device: ForgeDevice, needs: PipelineNeeds): GPURenderPipeline {
  return pipelineOf(device, { ...needs, layers: "direct", hides: true }, {
    entryPoint: "site_fragment",
    targets: [{ format: SITE_FORMAT }, { format: SITE_FORMAT }],
  });
}

function pipelineOf(
  device: ForgeDevice,
  { kind, material, isMirrored, layers, hides }: SurfacePipelineNeeds,
  { entryPoint, targets }: {
    readonly entryPoint: string;
    readonly targets: GPUColorTargetState[];
  },
): GPURenderPipeline {
  const { gpu } = device;
  const key = [
    ...[entryPoint, kind, material.key, material.isTwoSided],
    ...[isMirrored, layers, hides],
  ].join("|");
  return pipelines(gpu, { owner: material.owner, key }, () => {
    const label = `surface of ${kind}`;
    const { module } = surfaceModule(device, { kind, material, layers });
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({
        label,
        bindGroupLayouts: [surfaceLayout(gpu), drawLayout(gpu, kind), material.layout],
      }),
      vertex: { module, buffers: kind === "mesh" ? [MESH_VERTEX_LAYOUT] : [] },
      fragment: { module, entryPoint, targets },
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
