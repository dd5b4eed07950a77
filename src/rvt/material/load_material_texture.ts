/**
 * Textures of materials from picture files.
 *
 * @module
 */

import { checkedChoice, checkedSignal, checkOptionNames } from "../../checks.ts";
import { UnsupportedError } from "../../errors.ts";
import {
  eightBitTexels,
  type PictureInput,
  type PictureLimits,
  readPicture,
  type WholePicture,
} from "../../sources/mod.ts";
import { COLOR_SPACES, type ColorSpace } from "../../texels/mod.ts";
import { checkedName } from "./checked_name.ts";
import {
  LARGEST_TEXTURE_EDGE,
  MaterialTexture,
  TEXTURE_ADDRESSINGS,
  type TextureAddressing,
} from "./material_texture.ts";

/** Options of {@linkcode loadMaterialTexture}. */
export interface LoadMaterialTextureOptions {
  /** What messages and files call the texture; default the path, or `bytes`. */
  readonly name?: string;
  /** How colours are stored; default `"srgb"`. Normal maps and masks are `"linear"`. */
  readonly colorSpace?: ColorSpace;
  /** What lies beyond the edges; default `"repeat"`. */
  readonly addressing?: TextureAddressing;
  /** Limits of decoding. */
  readonly limits?: PictureLimits;
  /** Cancels the wait, which ends with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const FAILURE = "Cannot load texture of a material";
const OPTION_NAMES: readonly (keyof LoadMaterialTextureOptions)[] = [
  "name",
  "colorSpace",
  "addressing",
  "limits",
  "signal",
];

/**
 * Loads a PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture as a texture that materials sample. Grey
 * pictures of 8 and 16 bits become grey colours.
 *
 * @param input A path, or the bytes of a file.
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed.
 * @throws {FileError} if there is no such file, or it cannot be read.
 * @throws {MalformedFileError} if it is not a picture, is cut off or damaged.
 * @throws {UnsupportedError} if a side is longer than 8192 texels, the picture holds floats, or is beyond a
 * limit.
 */
export async function loadMaterialTexture(
  input: PictureInput,
  options: LoadMaterialTextureOptions = {},
): Promise<MaterialTexture> {
  const failure = FAILURE;
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const { colorSpace = "srgb", addressing = "repeat", limits } = options;
  const fallback = typeof input === "string" && input !== "" ? input : "bytes";
  const name = checkedName(options.name ?? fallback, { name: "name", failure });
  checkedChoice(colorSpace, { name: "colorSpace", failure, choices: COLOR_SPACES });
  checkedChoice(addressing, { name: "addressing", failure, choices: TEXTURE_ADDRESSINGS });
  const signal = checkedSignal(options.signal, failure);
  const picture = await readPicture(input, {
    colorSpace,
    check: checkTexels,
    ...(limits === undefined ? {} : { limits }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { width, height } = picture;
  return new MaterialTexture({
    name,
    width,
    height,
    texels: eightBitTexels(picture)!,
    colorSpace,
    addressing,
  });
}

function checkTexels(
  { name, width, height, format, valueScale }: Omit<WholePicture, "data">,
): void {
  const failure = `${FAILURE} from picture ${name}`;
  if (format.endsWith("float") && valueScale === 1) {
    throw new UnsupportedError(
      "floats",
      `${failure} as it must have 8 or 16 bits: it holds floats`,
    );
  }
  if (Math.max(width, height) <= LARGEST_TEXTURE_EDGE) return;
  throw new UnsupportedError(
    "picture size",
    `${failure} as its sides must be <= ${LARGEST_TEXTURE_EDGE} texels: current values are ` +
      `${width} and ${height}; load it as a virtual texture instead`,
  );
}
