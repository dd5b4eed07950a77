/**
 * The reference renderer's pipelines, made when they are first needed.
 *
 * @module
 */

import sceneCode from "../../shaders/scene_texture.wgsl" with { type: "text" };
import { oncePerDevice, type SampleFilter, virtualTextureWgsl } from "../gpu/mod.ts";

/**
 * What to show instead of the texture: `level` colours it by the level of the content that is shown
 * and outlines tiles; magenta where nothing is resident.
 */
export type DebugView = "level";

/** Clip x, y and w, then u and v. */
export const CORNER_FLOATS = 5;

/** What a pipeline is made for. */
export interface ScenePipelineKind {
  readonly filter: SampleFilter;
  readonly debug: DebugView | null;
  readonly feedback: boolean;
  readonly fade: boolean;
  /** Whether the content has one channel, shown as grey. */
  readonly grey: boolean;
  readonly target: GPUTextureFormat;
}

const pipelinesOf = oncePerDevice(() => new Map<string, GPURenderPipeline>());

/** The pipeline of a kind; `layout` is the virtual texture's, with feedback or without. */
export function scenePipeline(
  gpu: GPUDevice,
  kind: ScenePipelineKind,
  layout: GPUBindGroupLayout,
): GPURenderPipeline {
  const pipelines = pipelinesOf(gpu);
  const key = Object.values(kind).join();
  let pipeline = pipelines.get(key);
  if (pipeline === undefined) {
    pipeline = createPipeline(gpu, kind, layout);
    pipelines.set(key, pipeline);
  }
  return pipeline;
}

function createPipeline(
  gpu: GPUDevice,
  kind: ScenePipelineKind,
  layout: GPUBindGroupLayout,
): GPURenderPipeline {
  const { filter, feedback, fade } = kind;
  const label = `scene ${kind.debug ?? filter}`;
  const code = virtualTextureWgsl({ group: 0, filter, feedback, fade }) + sceneCode;
  const module = gpu.createShaderModule({ label, code });
  return gpu.createRenderPipeline({
    label,
    layout: gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    vertex: {
      module,
      entryPoint: "project",
      buffers: [{
        arrayStride: 4 * CORNER_FLOATS,
        attributes: [
          { shaderLocation: 0, offset: 0, format: "float32x3" },
          { shaderLocation: 1, offset: 12, format: "float32x2" },
        ],
      }],
    },
    fragment: {
      module,
      entryPoint: kind.debug === "level" ? "by_level" : "sampled",
      constants: { shows_grey: kind.grey ? 1 : 0 },
      targets: [{ format: kind.target }],
    },
    primitive: { topology: "triangle-list" },
  });
}
