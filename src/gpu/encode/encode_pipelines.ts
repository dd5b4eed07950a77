/**
 * The pipelines of the block encoders, made once per device when they are first needed.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { formatInfo, isBlockCompressed, type TexelFormat } from "../../texels/mod.ts";
import { oncePerKey } from "../device/per_device.ts";
import { ENCODE_QUALITIES, type EncodeQuality } from "./encode_quality.ts";
import { type BlockKind, encoderWgsl, type EncodeSourceKind } from "./encode_shader.ts";

/** A pipeline with the layout of its only bind group. */
export interface EncodePipeline {
  /** Runs the entry point `encode`. */
  readonly pipeline: GPUComputePipeline;
  /** Binding 0 the table, 1 the source, 2 the target. */
  readonly layout: GPUBindGroupLayout;
}

/** Which pipeline. */
export interface EncodePipelineKey {
  /** A BC format; sRGB ones share the pipelines of the others. */
  readonly format: TexelFormat;
  /** Effort. */
  readonly quality: EncodeQuality;
  /** Where texels come from. */
  readonly source: EncodeSourceKind;
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
  const kind = blockKind(key.format);
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
  const code = encoderWgsl(blockKind(key.format), key);
  const visibility = GPUShaderStage.COMPUTE;
  const layout = gpu.createBindGroupLayout({
    label,
    entries: [
      { binding: 0, visibility, buffer: { type: "read-only-storage" } },
      key.source === "buffer"
        ? { binding: 1, visibility, buffer: { type: "read-only-storage" } }
        : { binding: 1, visibility, texture: { sampleType: "float", viewDimension: "2d-array" } },
      { binding: 2, visibility, buffer: { type: "storage" } },
    ],
  });
  const pipeline = gpu.createComputePipeline({
    label,
    layout: gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: {
      module: gpu.createShaderModule({ label, code }),
      entryPoint: "encode",
      constants: {
        block_words: formatInfo(key.format).blockBytes / 4,
        quality: ENCODE_QUALITIES.indexOf(key.quality),
      },
    },
  });
  return { pipeline, layout };
}
