/**
 * In which formats a device stores the planes of a runtime virtual texture. Pure.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";
import { formatInfo, type TexelFormat } from "../../texels/mod.ts";
import type { CompleteAssetSettings } from "./asset_settings.ts";
import { MATERIAL_TYPES } from "./material_type.ts";

/** What formats depend on of a device. */
type FormatSupport = Pick<ForgeDevice, "supports">;

/**
 * Whether tiles are BC blocks on a device: if the settings ask for it, the material type has such a form, and
 * the device has every BC format of it.
 */
export function storesBlocks(
  device: FormatSupport,
  { materialType, compressTextures }: CompleteAssetSettings,
): boolean {
  const { compressedFormats } = MATERIAL_TYPES[materialType];
  return compressTextures && compressedFormats.some(isBlocks) &&
    compressedFormats.every((format) => !isBlocks(format) || device.supports(format));
}

/** A format as a device stores it: `r16uint` for `r16unorm` where the device lacks that one. */
export function storedFormat(device: FormatSupport, format: TexelFormat): TexelFormat {
  return format === "r16unorm" && !device.supports(format) ? "r16uint" : format;
}

/** Formats of the planes in the atlas of a device, in the order of the planes. */
export function storedFormats(
  device: FormatSupport,
  settings: CompleteAssetSettings,
): readonly TexelFormat[] {
  const { compressedFormats, uncompressedFormats } = MATERIAL_TYPES[settings.materialType];
  const formats = storesBlocks(device, settings) ? compressedFormats : uncompressedFormats;
  return formats.map((format) => storedFormat(device, format));
}

function isBlocks(format: TexelFormat): boolean {
  return formatInfo(format).blockTexels === 4;
}
