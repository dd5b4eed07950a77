/**
 * The reference renderer's pipelines, made when they are first needed.
 *
 * @module
 */

import feedbackCode from "../../shaders/scene/scene_feedback.wgsl" with { type: "text" };
import sceneCode from "../../shaders/scene/scene_texture.wgsl" with { type: "text" };
import viewCode from "../../shaders/scene/scene_view.wgsl" with { type: "text" };
import {
  oncePerDevice,
  oncePerKey,
  type PlaneCount,
  type SampleFilter,
  type TexelTap,
  virtualTextureWgsl,
} from "../gpu/mod.ts";
import type { ColorMap } from "../texels/mod.ts";

/**
 * What to show instead of the texture: `level` colours it by the level of the content that is shown
 * and outlines tiles; black where nothing is resident.
 */
export type DebugView = "level";

/** Every debug view. */
export const DEBUG_VIEWS: readonly DebugView[] = ["level"];

/** Clip x, y and w, then the offset from the anchor. */
export const CORNER_FLOATS = 5;

const CORNERS: GPUVertexBufferLayout = {
  arrayStride: 4 * CORNER_FLOATS,
  attributes: [
    { shaderLocation: 0, offset: 0, format: "float32x3" },
    { shaderLocation: 1, offset: 12, format: "float32x2" },
  ],
};

/** Format of the small pass's target, which nothing is written to. */
export const SMALL_PASS_FORMAT: GPUTextureFormat = "r8unorm";

/** Key of a pipeline that shows a texture. */
export interface ScenePipelineKind {
  readonly filter: SampleFilter;
  readonly debug: DebugView | null;
  readonly fade: boolean;
  /** Whether the content has one channel, shown as grey. */
  readonly grey: boolean;
  /** Whether what is resident is shown opaque, whatever its fourth channel. */
  readonly opaque: boolean;
  /** Whether colours are multiplied by alpha. */
  readonly premultiplied: boolean;
  readonly target: GPUTextureFormat;
  /** The plane that is shown. */
  readonly plane: number;
  /** The colours of values of one band; null for greys, or the colours of several. */
  readonly colorMap: ColorMap | null;
  /** Whether what was decoded from sRGB is encoded again in the shader. */
  readonly encodes: boolean;
}

/** Layouts of what a pipeline reads: the virtual texture's, which depends on its planes. */
export interface SceneLayout {
  readonly layout: GPUBindGroupLayout;
  readonly planes: PlaneCount;
  /** How each plane is tapped. */
  readonly taps: readonly TexelTap[];
}

const pipelineOf = oncePerKey<GPURenderPipeline>();

/** Layout of the passes' own bind group: `SceneView` of shaders/scene/scene_view.wgsl. */
export const sceneViewLayout: (gpu: GPUDevice) => GPUBindGroupLayout = oncePerDevice((gpu) =>
  gpu.createBindGroupLayout({
    label: "scene view",
    entries: [{
      binding: 0,
      visibility: GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT,
      buffer: { type: "uniform" },
    }],
  })
);

/** The pipeline that shows a texture; the layout is the virtual texture's, without feedback. */
export function scenePipeline(
  gpu: GPUDevice,
  kind: ScenePipelineKind,
  { layout, planes, taps }: SceneLayout,
): GPURenderPipeline {
  const { filter, fade, debug, plane, colorMap, encodes } = kind;
  const key = [...Object.values(kind), planes, ...taps].join();
  return pipelineOf(gpu, `scene pipeline ${key}`, () => {
    const label = `scene ${debug ?? filter}`;
    // Taps of planes before the one that is shown are unused, and compilers drop them.
    const sampled = (plane + 1) as PlaneCount;
    const mapped = { colorMap: colorMap ?? "grey" } as const;
    const sampling = { planes: sampled, taps: taps.slice(0, sampled), ...mapped };
    const code = virtualTextureWgsl({ group: 0, filter, fade, ...sampling }) + viewCode +
      shownPlaneCode(plane) + sceneCode;
    const module = gpu.createShaderModule({ label, code });
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({
        label,
        bindGroupLayouts: [layout, sceneViewLayout(gpu)],
      }),
      vertex: { module, entryPoint: "project", buffers: [CORNERS] },
      fragment: {
        module,
        entryPoint: debug === "level" ? "by_level" : "sampled",
        constants: {
          shows_grey: Number(kind.grey),
          shows_opaque: Number(kind.opaque),
          is_premultiplied: Number(kind.premultiplied),
          shows_map: Number(colorMap !== null),
          encodes: Number(encodes),
        },
        targets: [{ format: kind.target }],
      },
    });
  });
}

function shownPlaneCode(plane: number): string {
  return `
fn shown_plane(texels: vt_Texels) -> vec4<f32> {
  return ${plane === 0 ? "texels" : `texels[${plane}]`};
}
`;
}

/** The pipeline of the small pass; the layout is the virtual texture's, with feedback. */
export function smallPassPipeline(
  gpu: GPUDevice,
  filter: SampleFilter,
  { layout, planes, taps }: SceneLayout,
): GPURenderPipeline {
  const [first] = taps;
  return pipelineOf(gpu, `scene feedback pipeline ${filter} ${planes} ${first}`, () => {
    const label = `scene feedback ${filter}`;
    const code = virtualTextureWgsl({ group: 0, filter, feedback: true, taps: [first!] }) +
      viewCode +
      feedbackCode;
    const module = gpu.createShaderModule({ label, code });
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({
        label,
        bindGroupLayouts: [layout, sceneViewLayout(gpu)],
      }),
      vertex: { module, entryPoint: "project", buffers: [CORNERS] },
      fragment: {
        module,
        entryPoint: "report",
        targets: [{ format: SMALL_PASS_FORMAT, writeMask: 0 }],
      },
    });
  });
}
