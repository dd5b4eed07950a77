/**
 * Settings of runtime virtual textures, checked.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedPowerOfTwo,
  checkOptionNames,
} from "../../checks.ts";
import { ENCODE_QUALITIES, type EncodeQuality } from "../../gpu/mod.ts";
import { TILE_BORDERS, TILE_SIZE_RANGE } from "../../streaming/mod.ts";
import { MATERIAL_TYPE_NAMES, type MaterialTypeName } from "./material_type.ts";

/** How urgently tiles of a texture are made, compared with those of others. */
export type TexturePriority =
  | "lowest"
  | "lower"
  | "low"
  | "below_normal"
  | "normal"
  | "above_normal"
  | "high"
  | "highest";

/** Every {@linkcode TexturePriority}, least urgent first. */
export const TEXTURE_PRIORITIES: readonly TexturePriority[] = Object.freeze([
  "lowest",
  "lower",
  "low",
  "below_normal",
  "normal",
  "above_normal",
  "high",
  "highest",
]);

/**
 * Which texels share a scale in YCoCg.
 *
 * - `block` (default): shaders decode the four texels of a tap, and filter them in linear light. Pictures
 *   magnified four times are 6.8 dB above BC1 in the median of crops of Blue Marble, at least 6.4 dB, a dark
 *   gradient 9.8 dB; shading took 1.8 times as long as of BC1 on lavapipe;
 * - `tile`: samplers filter texels, in gamma-encoded YCoCg, and shaders decode each tap once: 4.2 dB, 9.0 dB,
 *   and 1.2 times as long. Between dark and bright texels that makes pictures too dark: only 0.2 dB above
 *   BC1 where snow lies beside water. No encoder mends that, as exact texels filtered so are 1.1 dB above.
 *   Blocks that neighbouring tiles have in common differ as their scales do.
 *
 * Take `tile` for colours without sharp edges, where the time of sampling counts. The benchmark
 * `base_color` measures both.
 */
export type YcocgScale = "tile" | "block";

/** Every {@linkcode YcocgScale}. */
export const YCOCG_SCALES: readonly YcocgScale[] = Object.freeze(["block", "tile"]);

/** A material type that was removed; it is read as the one that took its place. */
export const REMOVED_MATERIAL_TYPE = "base_color_normal";

/** Settings of {@linkcode RuntimeVirtualTexture}. */
export interface RuntimeVirtualTextureSettings {
  /**
   * What is stored; default `"base_color_normal_roughness_specular"`. The removed type
   * `"base_color_normal"` becomes that one too.
   */
  readonly materialType?: MaterialTypeName | typeof REMOVED_MATERIAL_TYPE;
  /**
   * Size in Tiles: log2 of the tiles along the longer world axis of the volume, 0 to 12; default 8, that
   * is 256 tiles. The shorter axis gets the power of two whose tiles are nearest to square.
   */
  readonly sizeInTilesLog2?: number;
  /** Edge of a tile's payload in texels, a power of two from 64 to 1024; default 256. */
  readonly tileSize?: number;
  /**
   * Texels around a tile that belong to its neighbours: 0, 2, 4, 6 or 8; default 4. With 4 and 8, blocks
   * of compressed tiles lie as their neighbours' do. With 0, filtering stays within the tile.
   */
  readonly tileBorder?: number;
  /**
   * Whether tiles are compressed to blocks, where the device has BC formats; default true. World Height
   * never is.
   */
  readonly compressTextures?: boolean;
  /** Effort of the block encoders; default `"low"`. */
  readonly compressionQuality?: EncodeQuality;
  /**
   * Which texels of compressed YCoCg colours share a scale: those of a `"block"` (default), which shaders
   * decode before they filter, or those of a `"tile"`, which the sampler filters: that takes less time, and
   * makes edges too dark where pictures are magnified. See {@linkcode YcocgScale}.
   */
  readonly ycocgScale?: YcocgScale;
  /**
   * Whether a tile is set to its type's clear values (`ATTRIBUTES`) before anything is rendered to it;
   * default true. Without, that is left out where a landscape or a decal is certain to cover the tile and
   * its material writes all of the type's attributes opaquely; what lies below is not rendered then. What a
   * texture shows stays the same. World Height is always cleared, as the highest stays.
   */
  readonly clearBeforeRender?: boolean;
  /** Whether tiles that are resident are rendered again, a few a frame, in random order; default false. */
  readonly continuousUpdate?: boolean;
  /**
   * How many of the coarsest levels are left out; default 0. The coarsest that remains is resident as a
   * whole, and shown beyond it.
   */
  readonly removeLowMips?: number;
  /** How urgently its tiles are made, compared with those of others; default `"normal"`. */
  readonly customPriority?: TexturePriority;
}

/** Settings, all of them. */
export type CompleteAssetSettings =
  & Required<Omit<RuntimeVirtualTextureSettings, "materialType">>
  & { readonly materialType: MaterialTypeName };

/** What textures have of which nothing is said. */
export const DEFAULT_SETTINGS: CompleteAssetSettings = Object.freeze({
  materialType: "base_color_normal_roughness_specular",
  sizeInTilesLog2: 8,
  tileSize: 256,
  tileBorder: 4,
  compressTextures: true,
  compressionQuality: "low",
  ycocgScale: "block",
  clearBeforeRender: true,
  continuousUpdate: false,
  removeLowMips: 0,
  customPriority: "normal",
});

/** Every name of a setting. */
export const SETTING_NAMES: readonly (keyof CompleteAssetSettings)[] = Object.freeze(
  Object.keys(DEFAULT_SETTINGS) as (keyof CompleteAssetSettings)[],
);

/** Most levels there can be: those of 2^12 tiles, down to one. */
const MOST_LEVELS = 13;

/**
 * Settings with some of them changed.
 *
 * @param before The settings that stay as they are unless named.
 * @param changes Those that change; undefined and null count as not named.
 * @param failure What cannot be done if one is wrong.
 * @throws {InvalidArgumentError} for a setting that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed.
 */
export function changedSettings(
  before: CompleteAssetSettings,
  changes: RuntimeVirtualTextureSettings,
  failure: string,
): CompleteAssetSettings {
  checkOptionNames(changes, { failure, names: SETTING_NAMES });
  const named = Object.entries(changes).filter(([, value]) =>
    value !== undefined && value !== null
  );
  const settings = { ...before, ...Object.fromEntries(named) } as CompleteAssetSettings;
  const materialType = currentMaterialType(settings.materialType, failure);
  const integer = (name: "sizeInTilesLog2" | "removeLowMips", most: number) =>
    checkedInteger(settings[name], { name, failure, range: [0, most] });
  integer("sizeInTilesLog2", MOST_LEVELS - 1);
  integer("removeLowMips", MOST_LEVELS - 1);
  checkedPowerOfTwo(settings.tileSize, { name: "tileSize", failure, range: TILE_SIZE_RANGE });
  checkedChoice(settings.tileBorder, { name: "tileBorder", failure, choices: TILE_BORDERS });
  for (const name of ["compressTextures", "clearBeforeRender", "continuousUpdate"] as const) {
    checkedBoolean(settings[name], { name, failure });
  }
  checkedChoice(settings.compressionQuality, {
    name: "compressionQuality",
    failure,
    choices: ENCODE_QUALITIES,
  });
  checkedChoice(settings.ycocgScale, { name: "ycocgScale", failure, choices: YCOCG_SCALES });
  checkedChoice(settings.customPriority, {
    name: "customPriority",
    failure,
    choices: TEXTURE_PRIORITIES,
  });
  return Object.freeze({ ...settings, materialType });
}

/**
 * The material type of a name; of the removed one's, that which took its place.
 *
 * @param failure What cannot be done if there is no such type.
 * @throws {InvalidArgumentError} if the name is not a string.
 * @throws {OutOfRangeError} if there is no such type.
 */
export function currentMaterialType(name: unknown, failure: string): MaterialTypeName {
  const choices = [...MATERIAL_TYPE_NAMES, REMOVED_MATERIAL_TYPE];
  checkedChoice<string>(name as string, { name: "materialType", failure, choices });
  if (name === REMOVED_MATERIAL_TYPE) return "base_color_normal_roughness_specular";
  return name as MaterialTypeName;
}
