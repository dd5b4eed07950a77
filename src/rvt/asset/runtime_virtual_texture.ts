/**
 * The asset that volumes, components and materials refer to.
 *
 * @module
 */

import {
  checkedAbove,
  checkedFunction,
  checkedInstance,
  checkedInteger,
  checkedString,
  checkedVector,
  checkOptionNames,
} from "../../checks.ts";
import { ForgeDevice } from "../../gpu/mod.ts";
import {
  assetGrid,
  type AssetMemoryEstimate,
  estimateMemory,
  type EstimateMemoryOptions,
} from "./asset_grid.ts";
import {
  changedSettings,
  type CompleteAssetSettings,
  DEFAULT_SETTINGS,
  type RuntimeVirtualTextureSettings,
  SETTING_NAMES,
} from "./asset_settings.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "./material_type.ts";

/**
 * What a change of settings means for tiles of the texture.
 *
 * - `texture`: everything is made anew, as tiles are of another number, size or format;
 * - `content`: every tile is rendered again;
 * - `none`: nothing; the setting is looked at when it matters.
 */
export type AssetChange = "texture" | "content" | "none";

/** Of the bias of a volume plus that of a scene. */
const BIAS_RANGE = [-24, 24] as const;

/** What each setting changes; a change of several is the largest of them. */
const CHANGES: Readonly<Record<keyof CompleteAssetSettings, AssetChange>> = Object.freeze({
  materialType: "texture",
  sizeInTilesLog2: "texture",
  tileSize: "texture",
  tileBorder: "texture",
  compressTextures: "texture",
  compressionQuality: "content",
  ycocgScale: "texture",
  clearBeforeRender: "none",
  continuousUpdate: "none",
  removeLowMips: "texture",
  customPriority: "none",
});

/** Settings of which those that mean nothing beside the others are the defaults. */
function effectiveSettings(settings: CompleteAssetSettings): CompleteAssetSettings {
  const { materialType, compressTextures, compressionQuality, ycocgScale } = settings;
  const { compressedFormats, uncompressedFormats } = MATERIAL_TYPES[materialType];
  const isCompressed = compressTextures && compressedFormats.join() !== uncompressedFormats.join();
  const hasYcocg = isCompressed && materialType.startsWith("ycocg");
  return {
    ...settings,
    compressTextures: isCompressed,
    compressionQuality: isCompressed ? compressionQuality : DEFAULT_SETTINGS.compressionQuality,
    ycocgScale: hasYcocg ? ycocgScale : DEFAULT_SETTINGS.ycocgScale,
  };
}

/** Names of the settings that differ. */
function changedNames(
  before: CompleteAssetSettings,
  after: CompleteAssetSettings,
): (keyof CompleteAssetSettings)[] {
  return SETTING_NAMES.filter((name) => after[name] !== before[name]);
}

/** Hears of changes of settings. */
export type AssetListener = (change: AssetChange) => void;

/**
 * A runtime virtual texture: the settings that its volume, the components that are rendered to it and the
 * materials that sample it have in common. It holds no memory itself.
 *
 * @example Estimate the memory of a texture
 * ```ts
 * import { RuntimeVirtualTexture } from "@forge3d/forge3d";
 *
 * const asset = new RuntimeVirtualTexture({
 *   name: "Ground",
 *   materialType: "base_color",
 *   sizeInTilesLog2: 6,
 * });
 * asset.estimateMemory([1000, 500]).physicalBytes; // of 64 × 32 tiles and their mips
 * ```
 */
export class RuntimeVirtualTexture {
  /** What messages call it. */
  readonly name: string;
  #settings: CompleteAssetSettings;
  readonly #listeners = new Set<AssetListener>();
  #streamedLowMips = 0;

  /**
   * Makes an asset.
   *
   * @throws {InvalidArgumentError} for a setting that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value that is not allowed.
   */
  constructor(options: RuntimeVirtualTextureSettings & { readonly name?: string } = {}) {
    const { name = "runtime virtual texture", ...settings } = options ?? {};
    this.name = checkedString(name, {
      name: "name",
      failure: "Cannot make runtime virtual texture",
    });
    this.#settings = changedSettings(DEFAULT_SETTINGS, settings, this.#failure("make"));
  }

  #failure(verb: string): string {
    return `Cannot ${verb} runtime virtual texture "${this.name}"`;
  }

  /** The settings, all of them. */
  get settings(): CompleteAssetSettings {
    return this.#settings;
  }

  /** What is stored. */
  get materialType(): MaterialTypeName {
    return this.#settings.materialType;
  }

  /**
   * How many of its coarsest levels are streamed from baked low mips where a volume places it: 0 if none are
   * built, or they cannot be used.
   */
  get streamedLowMips(): number {
    return this.#streamedLowMips;
  }

  /**
   * Notes how many levels the scene that places it streams.
   *
   * @internal
   */
  noteStreamedLowMips(levels: number): void {
    this.#streamedLowMips = levels;
  }

  /**
   * Changes settings. Only what must be made anew is; nothing changes if one is wrong.
   *
   * @returns What the change asks for.
   * @throws {InvalidArgumentError} for a setting that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value that is not allowed, or more tiles than the device can hold where a
   * volume places it; {BudgetError} for more than fit the budget there.
   */
  change(settings: RuntimeVirtualTextureSettings): AssetChange {
    const before = this.#settings;
    const after = changedSettings(before, settings, this.#failure("change"));
    const asked = changedNames(effectiveSettings(before), effectiveSettings(after))
      .map((name) => CHANGES[name]);
    const change = (["texture", "content"] as const).find((kind) => asked.includes(kind)) ?? "none";
    this.#settings = after;
    try {
      if (changedNames(before, after).length > 0) {
        for (const listener of [...this.#listeners]) listener(change);
      }
    } catch (error) {
      this.#settings = before;
      throw error;
    }
    return change;
  }

  /**
   * Memory that it takes in a volume, from the settings as they are now. Without options, a device with BC
   * formats and no bias are assumed. Without BC formats tiles are not compressed, and take more.
   *
   * @param extent World lengths of the volume along its own x and y; default a square.
   * @param options The device that stores it, and the bias of its tile count.
   * @throws {InvalidArgumentError} if the extent is not two numbers, or an option does not exist or has the
   * wrong type.
   * @throws {OutOfRangeError} if a length is not above 0, the bias is not an integer from -24 to 24, tiles ×
   * tile size exceeds 2^20 texels after the bias, more low mips are to be removed than there are then, or the
   * page table does not fit a texture of the device.
   */
  estimateMemory(
    extent: readonly [number, number] = [1, 1],
    options: EstimateMemoryOptions = {},
  ): AssetMemoryEstimate {
    const failure = this.#failure("estimate memory of");
    checkedVector(extent, { name: "extent", failure, length: 2 });
    for (const length of extent) checkedAbove(length, { name: "extent", failure, bound: 0 });
    checkOptionNames(options, { failure, names: ["device", "tileCountBias"] });
    const { device = null, tileCountBias = 0 } = options;
    if (device !== null) checkedInstance(device, { name: "device", failure, kind: ForgeDevice });
    checkedInteger(tileCountBias, { name: "tileCountBias", failure, range: BIAS_RANGE });
    const grid = assetGrid(this.#settings, { extent, tileCountBias, failure });
    return estimateMemory(this.#settings, grid, device);
  }

  /**
   * Calls a function after every change of settings.
   *
   * @returns A function that ends this.
   * @throws {InvalidArgumentError} if the listener is not a function.
   */
  subscribe(listener: AssetListener): () => void {
    checkedFunction(listener, { name: "listener", failure: this.#failure("subscribe to") });
    const own: AssetListener = (change) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}
