/**
 * The virtual texture system: joins residency, sources and GPU.
 *
 * @module
 */

export { FORMAT_CHOICES, type FormatName } from "./load/atlas_format.ts";
export { imageChoiceOf, type ImageOptions } from "./load/image_options.ts";
export { inputIdentity } from "./load/input_identity.ts";
export { pictureChoiceOf, type PictureOptions } from "./load/picture_options.ts";
export {
  checkedLoadOptions,
  LOAD_OPTION_NAMES,
  type LoadTextureOptions,
} from "./load/load_options.ts";
export type { TextureInput } from "./load/open_texture.ts";
export { tileStoreFault } from "./load/tile_source_rules.ts";
export {
  type Logger,
  QUALITY_SETTING_NAMES,
  type QualitySettings,
  SYSTEM_OPTION_NAMES,
  TILE_SIZE_RANGE,
  type VirtualTextureSystemOptions,
} from "./options.ts";
export { type DrawLimits, MOST_DRAWN_TILES } from "./draw_limits.ts";
export type { InvalidateOptions, TileTest } from "./invalidation.ts";
export { minimumBudgetBytes, type PlannedTexture } from "./memory/minimum_budget.ts";
export {
  checkedPoolConfig,
  MOST_SCALABILITY_GROUP,
  type PoolConfig,
  type PoolConfigEntry,
} from "./memory/pool_config.ts";
export { readPoolConfig } from "./memory/pool_config_ini.ts";
export type { Region } from "./frame/region.ts";
export type { TextureRegion } from "./preload/preload_tiles.ts";
export type { MemoryInfo, StreamingStatistics, UpdateResult } from "./report.ts";
export type { Renewal, RenewalListener } from "./renewal/renewal_listeners.ts";
export type { LostTexture } from "./load/texture_set.ts";
export type { SourceTexture, SourceTiles } from "./supply/source_tiles.ts";
export type { AddTextureOptions } from "./supply/open_supply.ts";
export type { PlaceFor } from "./texture_place.ts";
export { FileProducer, type PlaneReader, type TilePayload } from "./supply/file_producer.ts";
export { InFlightBudget } from "./supply/in_flight_budget.ts";
export { keepTexture } from "./kept_textures.ts";
export { SerialQueue } from "./serial_queue.ts";
export { type LoadedFile, StreamedTexture } from "./streamed_texture.ts";
export { type TileState, tileState } from "./tile_state.ts";
export type { AbortOptions, UpdateOptions } from "./call_options.ts";
export {
  type MakeSupply,
  PRIORITY_RANGE,
  type SupplyCounters,
  type SupplyHost,
  type SupplyReadbacks,
  type TextureDescription,
  TILE_BORDERS,
  type TileSupply,
} from "./supply/supply.ts";
export type { PoolSizeScales } from "./memory/pool_limits.ts";
export type { PoolInfo } from "./pool_report.ts";
export {
  UPDATE_STAGES,
  type UpdateProfile,
  type UpdateStage,
  type UpdateWork,
} from "./frame/frame_profile.ts";
export type { SystemTuning } from "./tuning.ts";
export { VirtualTextureSystem } from "./system.ts";
export type { WaitOptions } from "./wait/tile_waiter.ts";
