/**
 * The pipelines that evaluate layers of runtime virtual textures for the pixels of a picture.
 *
 * @module
 */

import meshCode from "../../../shaders/rvt/layer_mesh.wgsl" with { type: "text" };
import viewCode from "../../../shaders/rvt/layer_view.wgsl" with { type: "text" };
import trianglesCode from "../../../shaders/rvt/layer_triangles.wgsl" with { type: "text" };
import { type ForgeDevice, oncePerDevice, oncePerOwner } from "../../gpu/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import { drawCode, drawLayout, shaderCode } from "../draw/draw_code.ts";
import type { DrawKind } from "../draw/draw_kind.ts";
import { RECORD_BYTES } from "../draw/draw_records.ts";
import type { DrawnMaterial } from "../draw/drawn_material.ts";
import { type CheckedModule, checkedModule } from "../draw/shader_modules.ts";
import { fillDepthState, fillTargetStates, testsDepth } from "../tile/fill_pipelines.ts";
import { fillValuesWgsl } from "../tile/fill_wgsl.ts";

/** Bytes of `LayerView` in `shaders/rvt/layer_view.wgsl`. */
export const LAYER_VIEW_BYTES = 160;

/** Which pipeline it is. */
export interface LayerPipelineOptions {
  readonly kind: DrawKind;
  readonly materialType: MaterialTypeName;
  readonly material: DrawnMaterial;
}

/** The layout of the bind group of records, view, places and blocks. */
export const layerLayout: (gpu: GPUDevice) => GPUBindGroupLayout = oncePerDevice((gpu) => {
  const visibility = GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT;
  const place = {
    visibility: GPUShaderStage.FRAGMENT,
    texture: { sampleType: "unfilterable-float" as const },
  };
  return gpu.createBindGroupLayout({
    label: "layers",
    entries: [
      {
        binding: 0,
        visibility,
        buffer: { type: "read-only-storage", minBindingSize: RECORD_BYTES },
      },
      {
        binding: 1,
        visibility,
        buffer: { hasDynamicOffset: true, minBindingSize: LAYER_VIEW_BYTES },
      },
      { binding: 2, ...place },
      { binding: 3, ...place },
      { binding: 4, visibility: GPUShaderStage.VERTEX, buffer: { type: "read-only-storage" } },
    ],
  });
});

/** The layout of the bind group of a mesh: its vertices and indices. */
export const layerMeshLayout: (gpu: GPUDevice) => GPUBindGroupLayout = oncePerDevice((gpu) =>
  gpu.createBindGroupLayout({
    label: "mesh of layer",
    entries: [0, 1].map((binding) => ({
      binding,
      visibility: GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT,
      buffer: { type: "read-only-storage" as const },
    })),
  })
);

const pipelines = oncePerOwner<GPURenderPipeline>();

/**
 * The shader module of a kind of draw with a material.
 *
 * @internal
 */
export function layerModule(device: ForgeDevice, options: LayerPipelineOptions): CheckedModule {
  const { kind, materialType, material } = options;
  const byDepth = testsDepth(device, materialType);
  const key = ["layer", kind, materialType, material.key, byDepth].join(" ");
  return checkedModule(device, key, {
    material,
    makeCode: () => {
      const corners = kind === "mesh" ? meshCode : "";
      const values = fillValuesWgsl({ materialType, material, testsDepth: byDepth });
      const triangles = `${viewCode}\n${trianglesCode}`;
      return shaderCode(`${drawCode(kind)}\n${corners}\n`, material, `${values}\n${triangles}`);
    },
  });
}

/** The pipeline of a kind of draw with a material. The same options give the same pipeline. */
export function layerPipeline(
  device: ForgeDevice,
  options: LayerPipelineOptions,
): GPURenderPipeline {
  const { gpu } = device;
  const { kind, materialType, material } = options;
  const key = ["layer", kind, materialType, material.key, testsDepth(device, materialType)].join(
    "|",
  );
  return pipelines(gpu, { owner: material.owner, key }, () => {
    const label = `layer of ${materialType} from ${kind}`;
    const { module } = layerModule(device, options);
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({
        label,
        bindGroupLayouts: [
          layerLayout(gpu),
          kind === "mesh" ? layerMeshLayout(gpu) : drawLayout(gpu, kind),
          material.layout,
        ],
      }),
      vertex: { module, entryPoint: "layer_vertex" },
      fragment: {
        module,
        entryPoint: "layer_fragment",
        targets: fillTargetStates(device, { materialType, material, replaces: false }),
      },
      ...fillDepthState(device, materialType),
    });
  });
}
