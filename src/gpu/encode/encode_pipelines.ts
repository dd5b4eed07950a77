/**
 * The pipelines of the block encoders, made once per device when they are first needed.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { formatInfo, isBlockCompressed, type TexelFormat } from "../../texels/mod.ts";
import { oncePerKey } from "../device/per_device.ts";
import { ENCODE_QUALITIES, type EncodeQuality } from "./encode_quality.ts";
import type { EncodeTransform } from "./encode_transform.ts";
import { type BlockKind, encoderWgsl, type EncodeSourceKind } from "./encode_shader.ts";

/** A pipeline with the layout of its only bind group. */
export interface EncodePipeline {
  /** Runs the entry point `encode`. */
  readonly pipeline: GPUComputePipeline;
  /** Binding 0 the table, 1 the source, 2 the target; of YCoCg, 3 a word for each region. */
  readonly layout: GPUBindGroupLayout;
  /** Of YCoCg with one scale for a region: finds it, before `pipeline` runs. */
  readonly measure: GPUComputePipeline | null;
}

/** Which pipeline. */
export interface EncodePipelineKey {
  /** A BC format; sRGB ones share the pipelines of the others. */
  readonly format: TexelFormat;
  /** Effort. */
  readonly quality: EncodeQuality;
  /** Where texels come from. */
  readonly source: EncodeSourceKind;
  /** What blocks hold. */
  readonly transform: EncodeTransform;
}

/** Threads of a workgroup; as in `shaders/encode/encode_main.wgsl`. */
export const ENCODE_WORKGROUP_SIZE = 64;

const pipelineOf = oncePerKey<EncodePipeline>();

/**
 * The pipeline for a format, a quality and a kind of source.
 *
 * @throws {UnsupportedError} if the format is not block-compressed.
 */
export function encodePipeline(gpu: GPUDevice, key: EncodePipelineKey): EncodePipeline {
  const kind = key.transform === "none" ? blockKind(key.format) : key.transform;
  const label = `encode_${kind}_${key.quality}_from_${key.source}`;
  return pipelineOf(gpu, label, () => create(gpu, label, key));
}

/**
 * The kind of blocks of a format.
 *
 * @throws {UnsupportedError} if the format is not block-compressed.
 */
export function blockKind(format: TexelFormat): BlockKind {
  if (!isBlockCompressed(format)) {
    throw new UnsupportedError(
      format,
      `Cannot encode to ${format}: only BC formats have block encoders`,
    );
  }
  return format.slice(0, 3) as BlockKind;
}

function create(gpu: GPUDevice, label: string, key: EncodePipelineKey): EncodePipeline {
  const isYcocg = key.transform !== "none";
  const code = encoderWgsl(isYcocg ? "ycocg" : blockKind(key.format), key);
  const visibility = GPUShaderStage.COMPUTE;
  const scales: GPUBindGroupLayoutEntry = { binding: 3, visibility, buffer: { type: "storage" } };
  const layout = gpu.createBindGroupLayout({
    label,
    entries: [
      { binding: 0, visibility, buffer: { type: "read-only-storage" } },
      key.source === "buffer"
        ? { binding: 1, visibility, buffer: { type: "read-only-storage" } }
        : { binding: 1, visibility, texture: { sampleType: "float", viewDimension: "2d-array" } },
      { binding: 2, visibility, buffer: { type: "storage" } },
      ...(isYcocg ? [scales] : []),
    ],
  });
  const module = gpu.createShaderModule({ label, code });
  const create = (entryPoint: string, constants: Record<string, number>) =>
    gpu.createComputePipeline({
      label,
      layout: gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint, constants },
    });
  const pipeline = create("encode", {
    block_words: formatInfo(key.format).blockBytes / 4,
    quality: ENCODE_QUALITIES.indexOf(key.quality),
    ...(isYcocg ? { scale_per_block: Number(key.transform === "ycocg_block_scale") } : {}),
  });
  const measure = key.transform === "ycocg" ? create("measure_chroma", {}) : null;
  return { pipeline, layout, measure };
}
