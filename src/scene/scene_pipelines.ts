/**
 * The reference renderer's pipelines, made when they are first needed.
 *
 * @module
 */

import feedbackCode from "../../shaders/scene/scene_feedback.wgsl" with { type: "text" };
import sceneCode from "../../shaders/scene/scene_texture.wgsl" with { type: "text" };
import { oncePerDevice, type SampleFilter, virtualTextureWgsl } from "../gpu/mod.ts";

/**
 * What to show instead of the texture: `level` colours it by the level of the content that is shown
 * and outlines tiles; black where nothing is resident.
 */
export type DebugView = "level";

/** Every debug view. */
export const DEBUG_VIEWS: readonly DebugView[] = ["level"];

/** Clip x, y and w, then u and v. */
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

/** What a pipeline that shows a texture is made for. */
export interface ScenePipelineKind {
  readonly filter: SampleFilter;
  readonly debug: DebugView | null;
  readonly fade: boolean;
  /** Whether the content has one channel, shown as grey. */
  readonly grey: boolean;
  readonly target: GPUTextureFormat;
}

/** Makes things once, by key. */
class PipelineCache {
  readonly #pipelines = new Map<string, GPURenderPipeline>();

  get(key: string, create: () => GPURenderPipeline): GPURenderPipeline {
    let pipeline = this.#pipelines.get(key);
    if (pipeline === undefined) {
      pipeline = create();
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }
}

const cacheOf = oncePerDevice(() => new PipelineCache());

/** The pipeline that shows a texture; `layout` is the virtual texture's, without feedback. */
export function scenePipeline(
  gpu: GPUDevice,
  kind: ScenePipelineKind,
  layout: GPUBindGroupLayout,
): GPURenderPipeline {
  const { filter, fade, debug } = kind;
  return cacheOf(gpu).get(Object.values(kind).join(), () => {
    const label = `scene ${debug ?? filter}`;
    const code = virtualTextureWgsl({ group: 0, filter, fade }) + sceneCode;
    const module = gpu.createShaderModule({ label, code });
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      vertex: { module, entryPoint: "project", buffers: [CORNERS] },
      fragment: {
        module,
        entryPoint: debug === "level" ? "by_level" : "sampled",
        constants: { shows_grey: kind.grey ? 1 : 0 },
        targets: [{ format: kind.target }],
      },
    });
  });
}

/** Layout of the small pass's own bind group: the size of the large picture. */
export const smallPassLayout: (gpu: GPUDevice) => GPUBindGroupLayout = oncePerDevice((gpu) =>
  gpu.createBindGroupLayout({
    label: "scene feedback",
    entries: [{ binding: 0, visibility: GPUShaderStage.VERTEX, buffer: { type: "uniform" } }],
  })
);

/** The pipeline of the small pass; `layout` is the virtual texture's, with feedback. */
export function smallPassPipeline(
  gpu: GPUDevice,
  filter: SampleFilter,
  layout: GPUBindGroupLayout,
): GPURenderPipeline {
  return cacheOf(gpu).get(`feedback ${filter}`, () => {
    const label = `scene feedback ${filter}`;
    const code = virtualTextureWgsl({ group: 0, filter, feedback: true }) + feedbackCode;
    const module = gpu.createShaderModule({ label, code });
    return gpu.createRenderPipeline({
      label,
      layout: gpu.createPipelineLayout({
        label,
        bindGroupLayouts: [layout, smallPassLayout(gpu)],
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
