/**
 * Describes a KTX2 file in one line.
 *
 * @module
 */

import { appearanceText } from "../../texels/mod.ts";
import { fileAppearance } from "./file_appearance.ts";
import type { Ktx2File } from "./ktx2_file.ts";

/** Kind of a texture by its dimensions, such as `cube map array of 3`. */
export function kindOf({ header }: Pick<Ktx2File, "header">): string {
  const shape = header.faceCount === 6
    ? "cube map"
    : header.pixelDepth > 0
    ? "3D"
    : header.pixelHeight > 0
    ? "2D"
    : "1D";
  return header.layerCount > 0 ? `${shape} array of ${header.layerCount}` : shape;
}

/**
 * A file's kind, size, format, levels and scheme.
 *
 * @param parts Which of its parts are not supported, and which are ignored.
 */
export function describeFile(
  file: Omit<Ktx2File, "describe" | "unsupported" | "ignored">,
  { unsupported, ignored }: Pick<Ktx2File, "unsupported" | "ignored">,
): string {
  const { header, levels, scheme } = file;
  const size = [file.width, file.height, ...header.pixelDepth > 0 ? [header.pixelDepth] : []];
  const appearance = fileAppearance(file);
  const isNamedByModel = header.vkFormat === 0 || file.basis !== null;
  const format = isNamedByModel ? file.modelName : file.vkFormatName;
  const parts = [
    `KTX2 ${kindOf(file)} ${size.join(" × ")}`,
    format,
    (file.colorSpace === "srgb" && format.includes("_SRGB")) || appearance.transfer
      ? null
      : file.transferName,
    file.conversion === null ? null : `read as ${file.texelFormat}`,
    `${levels.length} ${levels.length === 1 ? "level" : "levels"}`,
    appearanceText(appearance) || null,
    file.wantsMips ? "mips wanted" : null,
    scheme.name === "none" ? "no supercompression" : `supercompression ${scheme.name}`,
    ignored.length === 0 ? null : `ignored: ${ignored.join(" and ")}`,
    unsupported === null ? null : `not supported: ${unsupported}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}
