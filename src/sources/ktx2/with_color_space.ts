/**
 * A KTX2 file whose values are read in another colour space than it says.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import type { ColorSpace } from "../../texels/mod.ts";
import { isHdr } from "./basis/basis_form.ts";
import { describeFile } from "./describe.ts";
import { ignoredParts } from "./ignored_parts.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { TRANSFER_LINEAR, TRANSFER_SRGB, transferName } from "./rules/color_model.ts";
import { texelStorageOf } from "./rules/texel_storage.ts";

/**
 * The same file, as if it said that its values are of a colour space. Its texels are not changed; sampling,
 * and filtering of levels that are made, follow.
 *
 * @param colorSpace Null for the file's own.
 * @throws {UnsupportedError} if the format has no variant for the colour space, as those of one or two
 * channels in blocks, of 16 bits, signed values and floats have none for sRGB.
 */
export function withColorSpace(file: Ktx2File, colorSpace: ColorSpace | null): Ktx2File {
  if (colorSpace === null || colorSpace === file.colorSpace || file.unsupported !== null) {
    return file;
  }
  const [own, other] = colorSpace === "srgb" ? ["_UNORM", "_SRGB"] : ["_SRGB", "_UNORM"];
  const storage = file.vkFormatName.includes(own!)
    ? texelStorageOf(file.vkFormatName.replace(own!, other!))
    : null;
  // What is transcoded may be of either, but for BC4 and R8.
  const isFree = file.basis !== null && !isHdr(file.basis) && file.basis.channels !== "r";
  if (!isFree && storage === null) {
    const { name, modelName, vkFormatName, basis } = file;
    throw new UnsupportedError(
      "colorSpace",
      `Cannot read ${name} as colorSpace must be ${file.colorSpace}, since ` +
        `${basis === null ? vkFormatName : modelName} has no variant of values in ${colorSpace}: ` +
        `leave colorSpace out`,
    );
  }
  const transfer = colorSpace === "srgb" ? TRANSFER_SRGB : TRANSFER_LINEAR;
  const read = {
    ...file,
    colorSpace,
    transferName: transferName(transfer)!,
    descriptor: { ...file.descriptor, transfer },
    ...(isFree ? {} : { texelFormat: storage!.format, conversion: storage!.conversion }),
  };
  const ignored = ignoredParts(read);
  const describe = () =>
    `${
      describeFile(read, { unsupported: null, ignored })
    }, read as ${colorSpace} as colorSpace asks`;
  return Object.freeze({ ...read, ignored, describe });
}
