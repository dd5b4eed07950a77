/**
 * Sources of textures: byte sources, KTX2 files, pictures, tile stores.
 *
 * @module
 */

export { BACKOFF_DEFAULTS, type BackoffOptions } from "./bytes/backoff.ts";
export type { SlotShape } from "./block_region.ts";
export type { ByteSink, Scratch } from "./bytes/byte_sink.ts";
export * from "./bytes/byte_source.ts";
export * from "./bytes/caching_source.ts";
export * from "./bytes/coalescing_source.ts";
export * from "./composite_tile_source.ts";
export * from "./decoded_tile_source.ts";
export { type FileKind, fileKind } from "./file_kind.ts";
export { assertNotForeign, FOREIGN_BYTES } from "./foreign_file.ts";
export { openFileSink } from "./bytes/file_sink.ts";
export { FileLock, readLockText, tryLockFile } from "./bytes/file_lock.ts";
export * from "./bytes/file_open_error.ts";
export * from "./bytes/file_source.ts";
export * from "./bytes/http_source.ts";
export { keptOpen } from "./bytes/kept_open.ts";
export * from "./ktx2/mod.ts";
export { MemorySink } from "./bytes/memory_sink.ts";
export * from "./bytes/memory_source.ts";
export { openPicture, type OpenPictureOptions } from "./picture/picture.ts";
export { readPicture, type ReadPictureOptions, type WholePicture } from "./picture/read_picture.ts";
export { eightBitTexels } from "./picture/eight_bit_texels.ts";
export { encodeFloatTiff, type FloatPixels } from "./picture/tiff/encode_float_tiff.ts";
export { encodePng, type PngLayout, type PngPixels } from "./picture/png/encode_png.ts";
export { paeth } from "./picture/png/paeth.ts";
export {
  type DecodePaths,
  decodePicture,
  type DecodeRequest,
} from "./picture/decoder/decode_picture.ts";
export { decoderSocket, keepDecoderLinks } from "./picture/decoder/decoder_links.ts";
export * from "./picture/decoder/frames.ts";
export * from "./picture/decoder/messages.ts";
export {
  decodeSeconds,
  memoryLimitError,
  type PictureLimits,
  type ResolvedLimits,
  timeLimitError,
} from "./picture/picture_limits.ts";
export type { PictureContainer } from "./picture/headers/picture_header.ts";
export {
  checkedPictureChoice,
  type PictureChoice,
  type PictureChoiceOptions,
} from "./picture/picture_choice.ts";
export { type PictureInfo, type PictureInput, readPictureInfo } from "./picture/picture_info.ts";
export { restatedTileSource, type TileFacts } from "./restated_tile_source.ts";
export * from "./procedural_tile_source.ts";
export type { LevelRegion, ReadRegion } from "./region/region_reader.ts";
export * from "./region/region_tile_source.ts";
export type { MergeOptions } from "./bytes/range_plan.ts";
export type { ByteRange } from "./bytes/read_range.ts";
export * from "./bytes/retry_source.ts";
export * from "./row_source.ts";
export { removeOwnTemporaries, sweepTemporaries } from "./bytes/temporary_file.ts";
export * from "./tile_source.ts";
export {
  type Ktx2Layout,
  ktx2Layout,
  type Ktx2LayoutOptions,
  type Ktx2LevelRange,
} from "./tile_store/ktx2_layout.ts";
export { checkTileShape } from "./tile_store/metadata/check_description.ts";
export {
  lastLevelOf,
  type SourceIdentity,
  type StoreAppearance,
  type TilePlane,
  type TileStoreDescription,
  type WholeDescription,
} from "./tile_store/metadata/description.ts";
export { measuredRanges } from "./values/measured_range.ts";
export {
  type ReadRegionOptions,
  readValues,
  type TexelRect,
  type ValueRegion,
} from "./values/read_region.ts";
export { formatScale, valueScaleOf } from "./values/value_scale.ts";
export {
  areValueStatistics,
  type BandStatistics,
  type ValueStatistics,
} from "./tile_store/metadata/value_statistics.ts";
export { openTileStore, type TileStore } from "./tile_store/reader.ts";
export { type TileStoreSummary, TileStoreWriter } from "./tile_store/writer.ts";
