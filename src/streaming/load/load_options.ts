/**
 * Options of loading a texture, checked.
 *
 * @module
 */

import {
  checkedChoice,
  checkedFunction,
  checkedSignal,
  checkedString,
  checkOptionNames,
} from "../../checks.ts";
import type { ProgressReport } from "../../bake/mod.ts";
import { ENCODE_QUALITIES, type EncodeQuality } from "../../gpu/mod.ts";
import { COLOR_SPACES, type ColorSpace } from "../../texels/mod.ts";
import { type PlacementOptions, placeTexture } from "../../geometry/mod.ts";
import { checkedWrap, type Wrap } from "../../tiles/mod.ts";
import { checkedFormatName } from "./atlas_format.ts";
import { checkImageOptions, type ImageOptions } from "./image_options.ts";
import { checkPictureOptions, type PictureOptions } from "./picture_options.ts";

/** Options of {@linkcode VirtualTextureSystem.loadTexture}. */
export interface LoadTextureOptions extends PlacementOptions, ImageOptions, PictureOptions {
  /**
   * Format to have in the atlas, in either case: one of {@linkcode FormatName}, or the name of a texel
   * format. Grey becomes colour, colour becomes its red and green, and integers become floats, never
   * the other way round; nothing is encoded to `"BC2"`, `"BC4S"`, `"BC5S"` and `"BC6H"`. Default: KTX2
   * files, tile stores and tile sources as stored, but files of Basis Universal transcoded to BC7, BC4,
   * BC5 or BC6H by their channels, or to RGBA8, R8 or RGBA16F where the device has no such format or is
   * a CPU; colour pictures BC7 where the device has it and is no CPU ({@linkcode ForgeDevice.isCpu}),
   * else RGBA8, which a CPU samples about eight times faster; grey pictures R8 or R16. A format that
   * the device does not have, or to which levels that a file lacks cannot be encoded, becomes an
   * uncompressed one without loss, decoded on the CPU: `info` says so. Tile sources, and tile stores of
   * another format, cannot be converted: with them it is an error.
   */
  readonly preferredFormat?: string | null;
  /**
   * Effort of the block encoder, where one is needed; default `"medium"`. Tile stores and tile sources
   * are never encoded: with them it is an error.
   */
  readonly quality?: EncodeQuality | null;
  /**
   * How to interpret stored values. Default: pictures of 8 bits `"srgb"`, KTX2 files as they say. A KTX2 file
   * is read in the colour space that is asked for instead of its own where its format has a variant for it:
   * levels that are made are filtered, and all are sampled, in that. Formats without one (16 bits, floats,
   * signed values, BC4, BC5, BC6H, EAC), tile stores and tile sources say it themselves: with them
   * another one than theirs is an error.
   */
  readonly colorSpace?: ColorSpace | null;
  /**
   * How the texture goes on beyond its edges, for both axes or for u and v: `"clamp"` (default), its last
   * texels; `"repeat"`, the other side, as of a map of the world at 180°. Tile stores and tile sources say it
   * themselves: with them another one than theirs is an error.
   */
  readonly wrap?: Wrap | null;
  /**
   * A text that is another one whenever the content is, by which low mips that are baked from the texture are
   * known to be stale. Default: files and bytes are told apart by their content, files of more than 8 MiB by
   * their size and samples; nothing is known of tile sources, so that what is baked from them is stale in every
   * other session.
   */
  readonly identity?: string | null;
  /** Called with the progress of baking, where that is needed. */
  readonly onProgress?: (progress: ProgressReport) => void;
  /** Cancels the load; the system is then unchanged. */
  readonly signal?: AbortSignal | undefined;
}

/** Every option of loading a texture. */
export const LOAD_OPTION_NAMES: readonly (keyof LoadTextureOptions)[] = [
  "preferredFormat",
  "quality",
  "colorSpace",
  "page",
  "bands",
  "wrap",
  "layer",
  "face",
  "slice",
  "identity",
  "placement",
  "origin",
  "extent",
  "axisU",
  "axisV",
  "onProgress",
  "signal",
];

const FAILURE = "Cannot load texture";

/**
 * Checks every option, before anything is opened; null counts as not given.
 *
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed.
 */
export function checkedLoadOptions(options: LoadTextureOptions): LoadTextureOptions {
  const failure = FAILURE;
  checkOptionNames(options, { failure, names: LOAD_OPTION_NAMES });
  const checked: LoadTextureOptions = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== null && value !== undefined),
  );
  const { preferredFormat, quality, colorSpace, wrap, identity, onProgress, signal } = checked;
  if (preferredFormat !== undefined) checkedFormatName(preferredFormat);
  if (quality !== undefined) {
    checkedChoice(quality, { name: "quality", failure, choices: ENCODE_QUALITIES });
  }
  if (colorSpace !== undefined) {
    checkedChoice(colorSpace, { name: "colorSpace", failure, choices: COLOR_SPACES });
  }
  checkPictureOptions(checked, failure);
  if (wrap !== undefined) checkedWrap(wrap, { failure });
  checkImageOptions(checked, failure);
  if (identity !== undefined) checkedString(identity, { name: "identity", failure });
  if (onProgress !== undefined) checkedFunction(onProgress, { name: "onProgress", failure });
  checkedSignal(signal, failure);
  // Whether a placement is right does not depend on the texture's size.
  placeTexture([1, 1], checked);
  return checked;
}
