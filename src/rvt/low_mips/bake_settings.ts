/**
 * The settings that baked tiles depend on. Pure.
 *
 * @module
 */

import { type Transform, transformMatrix } from "../../geometry/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import type { CompleteAssetSettings } from "../asset/mod.ts";

/**
 * Settings of an asset and of the volume that places it: bakes with other ones are not used, but for those of
 * volumes that differ in depth alone; see {@linkcode settingDifferences}.
 */
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
 * How deep a volume is, and where along its own z, says which heights are stored as 0 and as 1; for other
 * types than World Height it is no difference, and neither is a place that is nearer than an eighth of a
 * texel of level 0. Tiles that are others by that have other identities.
 *
 * @param baked What a file says: an object of anything.
 */
export function settingDifferences(baked: object, wanted: BakeSettings): string[] {
  const known = baked as Readonly<Record<string, unknown>>;
  const isPlaced = wanted.materialType !== "world_height" && liesOnSameGround(known, wanted);
  return Object.entries(wanted).flatMap(([name, value]) => {
    if (isPlaced && (name === "position" || name === "scale")) return [];
    const [now, before] = [value, known[name]].map((one) => JSON.stringify(one) ?? "unknown");
    return now === before ? [] : [`${name} is ${now} and was ${shortened(before!)}`];
  });
}

/** Texels of level 0 by which an edge of a volume may lie elsewhere and count as where it was. */
const SAME_TEXELS = 1 / 8;

/** Whether a volume that was baked lies where the wanted one does, but along its own z. */
function liesOnSameGround(known: Readonly<Record<string, unknown>>, wanted: BakeSettings): boolean {
  const { rotation, scale, tileSize, sizeInTilesLog2 } = wanted;
  const [position, size] = [known.position, known.scale];
  if (!isVector(position) || !isVector(size)) return false;
  if (JSON.stringify(known.rotation) !== JSON.stringify(rotation)) return false;
  const [was, is] = [{ position, rotation, scale: size }, wanted].map(volumeGround);
  return [0, 1].every((axis) => {
    const moved = Math.abs(is!.position[axis]! - was!.position[axis]!);
    const grown = Math.abs(is!.scale[axis]! - was!.scale[axis]!) / 2;
    const texel = Math.abs(scale[axis]!) / (tileSize * 2 ** sizeInTilesLog2);
    return moved + grown <= SAME_TEXELS * texel;
  });
}

/** Where a volume lies along its own x and y, and its lengths along them: what tiles depend on, but for depth. */
export function volumeGround({ position, rotation, scale }: Transform): {
  readonly position: readonly [number, number];
  readonly scale: readonly [number, number];
} {
  const turn = transformMatrix({ position: [0, 0, 0], rotation, scale: [1, 1, 1] });
  const along = (axis: number) =>
    position.reduce((sum, at, i) => sum + at * turn[4 * axis + i]!, 0);
  return { position: [along(0), along(1)], scale: [scale[0], scale[1]] };
}

function isVector(value: unknown): value is readonly [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every(Number.isFinite);
}

/** The beginning of a text of a file, which may be of any length. */
export function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
