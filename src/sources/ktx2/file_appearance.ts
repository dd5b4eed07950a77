/**
 * How the texels of a KTX2 file are meant.
 *
 * @module
 */

import {
  type Appearance,
  hasAlpha,
  type Orientation,
  ORIENTATIONS,
  USUAL_SWIZZLE,
} from "../../texels/mod.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import {
  PRIMARIES_BT709,
  PRIMARIES_UNSPECIFIED,
  primariesName,
  TRANSFER_LINEAR,
  TRANSFER_SRGB,
  TRANSFER_UNSPECIFIED,
} from "./rules/color_model.ts";

/** Transfer functions that {@linkcode Ktx2File.colorSpace} tells apart. */
const KNOWN_TRANSFERS = [TRANSFER_UNSPECIFIED, TRANSFER_LINEAR, TRANSFER_SRGB];
const KNOWN_PRIMARIES = [PRIMARIES_UNSPECIFIED, PRIMARIES_BT709];

/** What a file says of it. */
export type DescribedTexels = Pick<
  Ktx2File,
  | "orientation"
  | "swizzle"
  | "premultiplied"
  | "opaque"
  | "texelFormat"
  | "basis"
  | "transferName"
  | "descriptor"
>;

/**
 * What a KTX2 file says of its texels that tiles and rows of them, which come as they are stored, do not
 * follow: what samples them does. Alpha that the format does not have multiplies nothing.
 */
export function fileAppearance(file: DescribedTexels): Appearance {
  const { swizzle, premultiplied, opaque, texelFormat, basis, descriptor } = file;
  const orientation = orientationOf(file.orientation);
  const hasStoredAlpha = basis === null
    ? !opaque && texelFormat !== null && hasAlpha(texelFormat)
    : basis.channels === "rgba";
  const isMultiplied = premultiplied && hasStoredAlpha;
  const { transfer, primaries } = descriptor;
  return {
    ...(orientation === "rd" ? {} : { orientation }),
    ...(swizzle === USUAL_SWIZZLE ? {} : { swizzle }),
    ...(isMultiplied ? { premultiplied: true } : {}),
    ...(KNOWN_TRANSFERS.includes(transfer) ? {} : { transfer: file.transferName }),
    ...(KNOWN_PRIMARIES.includes(primaries) ? {} : { primaries: primariesName(primaries)! }),
  };
}

/** The directions of columns and rows; those of slices are of no account, as each is a picture. */
function orientationOf(text: string): Orientation {
  const [columns = "r", rows = "d"] = text;
  return ORIENTATIONS.find((orientation) => orientation === columns + rows) ?? "rd";
}
