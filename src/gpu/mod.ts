/**
 * The GPU: device, memory, atlas, page table, uploads, feedback and read-back.
 *
 * @module
 */

export { requestUsableAdapter } from "./adapter.ts";
export { Atlas, type AtlasOptions, type SlotCopy } from "./atlas.ts";
export { type AtlasPlan, type AtlasRequest, planAtlas, slotBytes } from "./atlas_plan.ts";
export {
  adoptDevice,
  type AdoptDeviceOptions,
  ForgeDevice,
  requestDevice,
  type RequestDeviceOptions,
} from "./device.ts";
export type { DeviceHealth } from "./device_health.ts";
export { bufferBytes, textureBytes } from "./descriptor_bytes.ts";
export * from "./encode/mod.ts";
export { Feedback, type FeedbackFrame, type FeedbackOptions } from "./feedback.ts";
export {
  MEMORY_PARTS,
  MemoryLedger,
  type MemoryPart,
  type Reservation,
  type TrackedBuffer,
  type TrackedTexture,
} from "./memory_ledger.ts";
export { oncePerDevice } from "./per_device.ts";
export { PageTable } from "./page_table.ts";
export { type PageTableLayout, planPageTable } from "./page_table_layout.ts";
export { COPY_ROW_ALIGNMENT, ReadbackBatch, type TextureRegion } from "./readback.ts";
export {
  stagingBytes,
  type TileUpload,
  TileUploader,
  type TileUploaderOptions,
} from "./staging.ts";
export type { RecordedTile, TileRecorder } from "./tile_recorder.ts";
export { SubmitTracker, type SubmitTrackerOptions } from "./submit_tracker.ts";
export {
  SAMPLE_FILTERS,
  type SampleFilter,
  virtualTextureWgsl,
  type VirtualTextureWgslOptions,
} from "./shader.ts";
export {
  type BindingEntryOptions,
  VirtualTextureBinding,
  type VirtualTextureBindingOptions,
  virtualTextureLayoutEntries,
} from "./texture_binding.ts";
export {
  FEEDBACK_CELL_PIXELS,
  feedbackPixel,
  MAX_ANISOTROPY,
  type SamplingSettings,
  VIRTUAL_TEXTURE_PARAMS_BYTES,
  type VirtualTextureLayout,
  VirtualTextureParams,
} from "./virtual_texture_params.ts";
