/**
 * Where bytes come from: byte sources, KTX2, pictures, tile stores.
 *
 * @module
 */

export { BACKOFF_DEFAULTS, type BackoffOptions } from "./backoff.ts";
export type { SlotShape } from "./block_region.ts";
export type { ByteSink, Scratch } from "./byte_sink.ts";
export * from "./byte_source.ts";
export * from "./caching_source.ts";
export * from "./coalescing_source.ts";
export * from "./composite_tile_source.ts";
export { openFileSink } from "./file_sink.ts";
export * from "./file_source.ts";
export * from "./http_source.ts";
export * from "./ktx2/mod.ts";
export { MemorySink } from "./memory_sink.ts";
export * from "./memory_source.ts";
export { openPicture, type OpenPictureOptions } from "./picture.ts";
export {
  MAX_PICTURE_TEXELS,
  type PictureInfo,
  type PictureInput,
  readPictureInfo,
} from "./picture_info.ts";
export * from "./procedural_tile_source.ts";
export type { MergeOptions } from "./range_plan.ts";
export type { ByteRange } from "./read_range.ts";
export * from "./retry_source.ts";
export * from "./row_source.ts";
export * from "./tile_source.ts";
export { type Ktx2Layout, ktx2Layout, type Ktx2LevelRange } from "./tile_store/ktx2_layout.ts";
export {
  assertTileMeasures,
  type SourceIdentity,
  type TileStoreDescription,
} from "./tile_store/metadata.ts";
export { openTileStore, type TileStore } from "./tile_store/reader.ts";
export { type TileStoreSummary, TileStoreWriter } from "./tile_store/writer.ts";
