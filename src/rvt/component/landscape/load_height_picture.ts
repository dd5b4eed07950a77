/**
 * Heights of landscapes from picture files.
 *
 * @module
 */

import { checkedAbove, checkedNumber, checkedSignal, checkOptionNames } from "../../../checks.ts";
import { UnsupportedError } from "../../../errors.ts";
import {
  type PictureInput,
  type PictureLimits,
  readPicture,
  type WholePicture,
} from "../../../sources/mod.ts";
import { decodedValues, formatInfo } from "../../../texels/mod.ts";
import { checkedSide, type HeightPicture } from "./landscape_samples.ts";

/** Options of {@linkcode loadHeightPicture}. */
export interface LoadHeightPictureOptions {
  /**
   * Height of a stored value of 1, in the landscape's own space; above 0. Values run from 0 to 255 or
   * 65535 in 8 and 16 bits, so that 500 units from black to white are `500 / 65535`.
   */
  readonly scale: number;
  /** Height of a value of 0; default 0. */
  readonly offset?: number;
  /** Limits of decoding. */
  readonly limits?: PictureLimits;
  /** Cancels the wait, which ends with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const FAILURE = "Cannot load heights";
const OPTION_NAMES: readonly (keyof LoadHeightPictureOptions)[] = [
  "scale",
  "offset",
  "limits",
  "signal",
];

/**
 * Loads a grey picture (PNG, TIFF, JPEG, WebP) whose values stand for heights: what
 * `LandscapeComponent` takes as its `picture`. Row 0 is the landscape's row 0, at y = 0. Values of 8 and
 * 16 bits and floats are taken as they are stored; texels without a value, as by GDAL's value for no
 * data, have the least height of the others.
 *
 * @param input A path, or the bytes of a file.
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed, or a picture with sides that landscapes cannot
 * have: 2 to 32768.
 * @throws {FileError} if there is no such file, or it cannot be read.
 * @throws {MalformedFileError} if it is not a picture, is cut off or damaged.
 * @throws {UnsupportedError} if the picture is not grey, or is beyond a limit.
 */
export async function loadHeightPicture(
  input: PictureInput,
  options: LoadHeightPictureOptions,
): Promise<HeightPicture> {
  checkOptionNames(options, { failure: FAILURE, names: OPTION_NAMES });
  const { offset = 0, limits } = options;
  const scale = checkedAbove(options.scale, { name: "scale", failure: FAILURE, bound: 0 });
  const finite = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
  checkedNumber(offset, { name: "offset", failure: FAILURE, range: finite });
  const signal = checkedSignal(options.signal, FAILURE);
  const { width, height, format, valueScale, data } = await readPicture(input, {
    // Values are left as they are stored.
    colorSpace: "linear",
    check: checkHeights,
    ...(limits === undefined ? {} : { limits }),
    ...(signal === undefined ? {} : { signal }),
  });
  const values = decodedValues(new Uint8Array(data), format);
  if (values instanceof Float32Array) fillHoles(values, valueScale);
  return { width, height, data: values, scale, offset };
}

/** Brings values to units of their file, and gives those that are missing the least one. */
function fillHoles(values: Float32Array, valueScale: number): void {
  let least = Infinity;
  for (const value of values) if (value < least) least = value;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const held = Number.isNaN(value) ? (least === Infinity ? 0 : least) : value;
    values[i] = valueScale === 1 ? held : Math.round(held * valueScale);
  }
}

function checkHeights(
  { name, width, height, format }: Pick<WholePicture, "name" | "width" | "height" | "format">,
): void {
  const failure = `${FAILURE} of picture ${name}`;
  if (formatInfo(format).channels > 1) {
    throw new UnsupportedError(
      "colours as heights",
      `${failure} as it must be grey, without alpha: current texels have colour or alpha`,
    );
  }
  checkedSide(width, { name: "width", failure });
  checkedSide(height, { name: "height", failure });
}
