/**
 * Bakes pictures and levels to KTX2 files and tile stores.
 *
 * @module
 */

export {
  BakeCache,
  type BakeDevice,
  type CachedPictureOptions,
  type CachedStore,
  wrapSetting,
} from "./cache/bake_cache.ts";
export type { BakeCacheOptions, StoreRecipe } from "./cache/open_or_bake.ts";
export { identifyContent, identifySource, WHOLE_HASH_BYTES } from "./cache/source_identity.ts";
export type { BakeCaller, BakeWork } from "./cache/shared_bakes.ts";
export {
  listStoredTextures,
  pruneTextures,
  removeFormerTextures,
  sourceNameOf,
  type StoredTexture,
  sweepTextureFolder,
} from "./cache/stored_textures.ts";
export { BAKE_FORMATS, type BakeFormat, isBakeFormat } from "./bake_format.ts";
export type { LevelRows } from "./bake_levels.ts";
export { BAKE_DEFAULTS, type BakeContainer, checkOutputDiffers } from "./bake_options.ts";
export { bakeKtx2, type BakeKtx2Options, type BakeKtx2Report } from "./bake_ktx2.ts";
export { bakePicture, type BakePictureOptions, type BakeReport } from "./bake_picture.ts";
export type { StoredTiles } from "./stored_tiles.ts";
export { bakeRows, type BakeRowsOptions, type BakeRowsReport } from "./bake_rows.ts";
export type { ProgressReport } from "./progress.ts";
