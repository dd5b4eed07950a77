/**
 * The pipelines that write page tables, made once per device.
 *
 * @module
 */

import editCode from "../../../shaders/page_table/page_table_edit.wgsl" with { type: "text" };
import { UnsupportedError } from "../../errors.ts";
import { GROUP_BYTES, LEVELS_BYTES } from "./page_table_layout.ts";
import { oncePerDevice } from "../device/per_device.ts";

/** The pipelines of {@linkcode pageTablePipelines}. */
export interface PageTablePipelines {
  /** Applies the edits of one level to the tiles and those below. */
  readonly editLevel: GPUComputePipeline;
  /** Applies edits of single page entries. */
  readonly editSingle: GPUComputePipeline;
  /** Bind group layout of both. */
  readonly layout: GPUBindGroupLayout;
}

const READ_WRITE_STORAGE = "readonly_and_readwrite_storage_textures";

/**
 * The pipelines of a device.
 *
 * @throws {UnsupportedError} if the browser has no storage textures that can be both read and
 * written.
 */
export const pageTablePipelines: (gpu: GPUDevice) => PageTablePipelines = oncePerDevice(create);

function create(gpu: GPUDevice): PageTablePipelines {
  const language = navigator.gpu as unknown as { wgslLanguageFeatures?: ReadonlySet<string> };
  if (!language.wgslLanguageFeatures?.has(READ_WRITE_STORAGE)) {
    throw new UnsupportedError(
      READ_WRITE_STORAGE,
      `Cannot edit page tables as this WebGPU lacks the WGSL language feature ${READ_WRITE_STORAGE}`,
    );
  }
  const module = gpu.createShaderModule({ label: "page_table_edit", code: editCode });
  const visibility = GPUShaderStage.COMPUTE;
  const layout = gpu.createBindGroupLayout({
    label: "page_table_edit",
    entries: [
      { binding: 0, visibility, storageTexture: { format: "r32uint", access: "read-write" } },
      { binding: 1, visibility, buffer: { type: "uniform", minBindingSize: LEVELS_BYTES } },
      {
        binding: 2,
        visibility,
        buffer: { type: "uniform", hasDynamicOffset: true, minBindingSize: GROUP_BYTES },
      },
      { binding: 3, visibility, buffer: { type: "read-only-storage" } },
      { binding: 4, visibility, buffer: { type: "storage" } },
    ],
  });
  const pipelineLayout = gpu.createPipelineLayout({ bindGroupLayouts: [layout] });
  const pipeline = (entryPoint: string) =>
    gpu.createComputePipeline({
      label: `page_table_${entryPoint}`,
      layout: pipelineLayout,
      compute: { module, entryPoint },
    });
  return { editLevel: pipeline("edit_level"), editSingle: pipeline("edit_single"), layout };
}
