/**
 * The settings that baked tiles depend on. Pure.
 *
 * @module
 */

import type { Transform } from "../../geometry/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import type { CompleteAssetSettings } from "../asset/mod.ts";

/** Settings of an asset and of the volume that places it: bakes with other ones are not used. */
export interface BakeSettings extends
  Pick<
    CompleteAssetSettings,
    "materialType" | "tileSize" | "tileBorder" | "sizeInTilesLog2" | "removeLowMips"
  >,
  Transform {
  /** Formats of the planes, `r16unorm` for `r16uint`, which has the same bits. */
  readonly formats: readonly TexelFormat[];
  /** Effort of the block encoders; null where there are none. */
  readonly compressionQuality: CompleteAssetSettings["compressionQuality"] | null;
  /** Which texels share a scale; null where colours are not YCoCg in blocks. */
  readonly ycocgScale: CompleteAssetSettings["ycocgScale"] | null;
}

/** What a texture is baked with. */
export interface BakedForm {
  readonly settings: CompleteAssetSettings;
  readonly transform: Transform;
  /** Formats of the planes in the atlas. */
  readonly formats: readonly TexelFormat[];
  /** Whether planes are BC blocks. */
  readonly isCompressed: boolean;
}

/** A plane's format as it is kept in files: the same on every device. */
export function fileFormat(format: TexelFormat): TexelFormat {
  return format === "r16uint" ? "r16unorm" : format;
}

/** The settings that a bake depends on. */
export function bakeSettings(
  { settings, transform: { position, rotation, scale }, formats, isCompressed }: BakedForm,
): BakeSettings {
  const { materialType, tileSize, tileBorder, sizeInTilesLog2, removeLowMips } = settings;
  const hasYcocg = isCompressed && materialType.startsWith("ycocg");
  return {
    materialType,
    tileSize,
    tileBorder,
    sizeInTilesLog2,
    removeLowMips,
    formats: formats.map(fileFormat),
    compressionQuality: isCompressed ? settings.compressionQuality : null,
    ycocgScale: hasYcocg ? settings.ycocgScale : null,
    position,
    rotation,
    scale,
  };
}

/**
 * What differs between the settings of a bake and those that are wanted, such as
 * `tileSize is 64 and was 128`; empty if nothing does.
 *
 * @param baked What a file says: an object of anything.
 */
export function settingDifferences(baked: object, wanted: BakeSettings): string[] {
  const known = baked as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).flatMap(([name, value]) => {
    const [now, before] = [value, known[name]].map((one) => JSON.stringify(one) ?? "unknown");
    return now === before ? [] : [`${name} is ${now} and was ${shortened(before!)}`];
  });
}

/** The beginning of a text of a file, which may be of any length. */
export function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
