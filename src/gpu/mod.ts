/**
 * The GPU: device, memory, atlas, page table, uploads, feedback and read-back.
 *
 * @module
 */

export { requestUsableAdapter } from "./device/adapter.ts";
export { queueWaitBlocks } from "./device/platform.ts";
export { Atlas, type AtlasOptions, type SlotCopy } from "./atlas/atlas.ts";
export { type AtlasPlan, type AtlasRequest, planAtlas, slotBytes } from "./atlas/atlas_plan.ts";
export {
  adoptDevice,
  type AdoptDeviceOptions,
  checkedDevice,
  ForgeDevice,
  requestDevice,
  type RequestDeviceOptions,
} from "./device/device.ts";
export { USEFUL_FEATURES } from "./device/request_gpu.ts";
export type { DeviceHealth } from "./device/device_health.ts";
export { asDeviceError, type GuardedWork, guardWork } from "./device/guarded_work.ts";
export { bufferBytes, textureBytes } from "./device/descriptor_bytes.ts";
export * from "./encode/mod.ts";
export { Feedback, type FeedbackFrame, type FeedbackOptions } from "./sampling/feedback.ts";
export {
  MEMORY_PARTS,
  MemoryLedger,
  type MemoryPart,
  type Reservation,
  type SpareMemory,
  type TrackedBuffer,
  type TrackedTexture,
} from "./device/memory_ledger.ts";
export { MEMORY_OPTION_NAMES, type MemorySystemOptions } from "./memory/memory_options.ts";
export type { Defragmentation, PoolBlock, PoolStats } from "./memory/memory_pools.ts";
export type { StagingStats } from "./memory/staging_rings.ts";
export {
  initMemorySystem,
  type MemoryReport,
  MemorySystem,
  memorySystemOf,
} from "./memory/memory_system.ts";
export { type GpuTime, GpuTimer } from "./device/gpu_timer.ts";
export { oncePerDevice, oncePerKey, oncePerOwner } from "./device/per_device.ts";
export { PageTable } from "./page_table/page_table.ts";
export { type PageTableLayout, planPageTable } from "./page_table/page_table_layout.ts";
export { COPY_ROW_ALIGNMENT, ReadbackBatch, type TextureRegion } from "./device/readback.ts";
export { stagingBytes } from "./atlas/tile_layout.ts";
export { type TileUpload, TileUploader, type TileUploaderOptions } from "./atlas/tile_uploader.ts";
export type { RecordedTile, TileRecorder } from "./atlas/tile_recorder.ts";
export { SubmitTracker, type SubmitTrackerOptions } from "./device/submit_tracker.ts";
export {
  SAMPLE_FILTERS,
  type SampleFilter,
  virtualTextureWgsl,
  type VirtualTextureWgslOptions,
} from "./sampling/virtual_texture_wgsl.ts";
export {
  type BindingTarget,
  VirtualTextureBinding,
  type VirtualTextureBindingOptions,
} from "./sampling/virtual_texture_binding.ts";
export { STEADY_REACH, steadyLevelWgsl } from "./sampling/steady_level_wgsl.ts";
export { checkedTaps, defaultTap, TEXEL_TAPS, type TexelTap } from "./sampling/texel_taps.ts";
export {
  type AtlasSampleType,
  type BindingEntryOptions,
  virtualTextureLayoutEntries,
} from "./sampling/virtual_texture_layout.ts";
export { checkedPlanes, MAX_PLANES, type PlaneCount } from "./sampling/planes.ts";
export {
  FEEDBACK_CELL_PIXELS,
  feedbackPixel,
  SLOT_FRAMES_HEADER_WORDS,
  slotFramesBytes,
  slotFramesHeader,
} from "./sampling/slot_frames.ts";
export {
  MAX_ANISOTROPY,
  type SamplingSettings,
  VIRTUAL_TEXTURE_PARAMS_BYTES,
  type VirtualTextureLayout,
  VirtualTextureParams,
} from "./sampling/virtual_texture_params.ts";
