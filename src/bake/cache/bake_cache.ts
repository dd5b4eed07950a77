/**
 * Keeps baked textures between runs.
 *
 * @module
 */

import {
  type BlockEncoder,
  checkEncodeQuality,
  DEFAULT_ENCODE_QUALITY,
  type ForgeDevice,
} from "../../gpu/mod.ts";
import { type PictureInput, readPictureInfo, type TileStore } from "../../sources/mod.ts";
import { isBlockCompressed } from "../../texels/mod.ts";
import { repeats, type Wrap, wrapText } from "../../tiles/mod.ts";
import { resolveBakeFormat } from "../bake_format.ts";
import { checkBakeOptions, checkedTileOptions } from "../bake_options.ts";
import { bakePicture, type BakePictureOptions, choiceOf } from "../bake_picture.ts";
import { HealingTileStore } from "./healing_store.ts";
import {
  type BakeCacheOptions,
  openOrBake,
  replaceDamaged,
  type StoreRecipe,
} from "./open_or_bake.ts";
import type { BakeCaller } from "./shared_bakes.ts";
import { identifySource, nameOf } from "./source_identity.ts";

/** What bakes. */
export interface BakeDevice {
  /** Encodes BC formats. */
  readonly device: ForgeDevice | null;
  /** Encodes them within a budget. */
  readonly blockEncoder: BlockEncoder;
}

/** How to bake a picture for the cache. */
export interface CachedPictureOptions
  extends Omit<BakePictureOptions, "output" | "identity" | "scratchFolder" | "blockEncoder"> {
  /** What bakes, called at each bake; default the device that is given, without a budget. */
  readonly bakeDevice?: () => BakeDevice;
}

const CACHED_OPTIONS: readonly (keyof CachedPictureOptions)[] = [
  "format",
  "quality",
  "tileSize",
  "border",
  "colorSpace",
  "page",
  "bands",
  "wrap",
  "signal",
  "onProgress",
  "bakeDevice",
];

/** What `wrap` adds to the settings of a store: nothing where the texture is clamped, as others are. */
export function wrapSetting(wrap: Wrap | undefined): Readonly<Record<string, string>> {
  return repeats(wrap) ? { wrap: wrapText(wrap) } : {};
}

/** A store from the cache. */
export interface CachedStore {
  /** The opened store, which is the caller's to close. It replaces its file if that is damaged. */
  readonly store: TileStore;
  /** The store's file. */
  readonly path: string;
  /** Whether the store existed already. */
  readonly wasCached: boolean;
}

/**
 * A folder of baked textures. The name of a store's file is a hash of what it was made from and of
 * the options; the store's own metadata must agree before it is used again.
 *
 * Several processes may use one folder: stores appear whole or not at all, and of those that need the
 * same one, one bakes it while the others wait. A store that is found to be damaged, when it is
 * opened or when a tile is read, is baked anew, with a warning that says why.
 *
 * When a store has been baked and all together exceed `maxBytes`, the least recently used ones are
 * removed, but never the one just baked.
 */
export class BakeCache {
  /** The folder; created when it is first needed. */
  readonly folder: string;
  readonly #options: BakeCacheOptions;

  /**
   * Names the folder; nothing is created or read yet.
   *
   * @param folder Any folder that the process may write to.
   */
  constructor(folder: string, options: BakeCacheOptions = {}) {
    this.folder = folder;
    this.#options = options;
  }

  /**
   * Opens a picture as a tile store, which is baked unless the cache has it. The default format is
   * the one that the device samples best: see `resolveBakeFormat`.
   *
   * @param device Encodes BC formats, and samples the texture; null is enough for uncompressed ones.
   * @param input A path, or the bytes of a file.
   * @throws {SourceChangedError} if the picture was changed while it was baked.
   * @throws {BakeError} if the cache folder cannot be written.
   * @throws Anything that `bakePicture` throws.
   */
  async openPicture(
    device: ForgeDevice | null,
    input: PictureInput,
    options: CachedPictureOptions = {},
  ): Promise<CachedStore> {
    checkBakeOptions(options, CACHED_OPTIONS);
    const choice = choiceOf(options);
    const info = await readPictureInfo(input, choice);
    const colorSpace = options.colorSpace ?? info.defaultColorSpace;
    const { name, format: rows } = info;
    const picture = { name, rows, colorSpace, device, isForSampling: true, samples: info };
    const { format } = resolveBakeFormat(options.format, picture);
    const { tileSize, border } = checkedTileOptions(format, options);
    const asked = checkEncodeQuality(options.quality);
    // Uncompressed stores are the same for every quality.
    const quality = isBlockCompressed(format) ? asked : DEFAULT_ENCODE_QUALITY;
    const { wrap } = options;
    const baked = { format, quality, tileSize, border, colorSpace };
    const settings = {
      ...baked,
      ...wrapSetting(wrap),
      ...(choice.page === undefined ? {} : { page: choice.page }),
      ...(choice.bands === undefined ? {} : { bands: choice.bands.join() }),
    };
    const { signal, onProgress, bakeDevice } = options;
    const make: StoreRecipe["make"] = async (output, work) => {
      const { device: current, ...encoder } = bakeDevice?.() ?? { device };
      const made = { ...baked, ...choice, ...(wrap && { wrap }) };
      const rest = { ...made, ...work, ...encoder, scratchFolder: this.folder };
      await bakePicture(current, input, { ...rest, output });
    };
    return await this.openStore({ input, settings, make }, { signal, onProgress });
  }

  /**
   * Opens the store of a source, which is made unless the cache has it.
   *
   * @throws {SourceChangedError} if the source changed while the store was made.
   * @throws {BakeError} if the cache folder cannot be written.
   * @throws Anything that the recipe's `make` throws.
   */
  async openStore(recipe: StoreRecipe, caller: BakeCaller = {}): Promise<CachedStore> {
    const { input, settings } = recipe;
    const identity = await identifySource(input, settings);
    const path = `${this.folder}/${await nameOf(identity)}.pmtiles`;
    const name = typeof input === "string" ? input : identity.name;
    const job = { ...recipe, identity, path, name };
    const place = { folder: this.folder, ...this.#options };
    const { store, wasCached } = await openOrBake(place, job, { caller });
    const reopen = (damage: Error, signal: AbortSignal) =>
      replaceDamaged(place, job, { damage, signal });
    return { store: new HealingTileStore(store, { name, reopen }), path, wasCached };
  }
}
