/**
 * What each channel of a tile's planes holds, by material type.
 *
 * @module
 */

import { checkedBoolean, checkedChoice, checkOptionNames } from "../../checks.ts";
import type { ForgeDevice, TexelTap } from "../../gpu/mod.ts";
import { formatInfo, type TexelFormat } from "../../texels/mod.ts";
import type { AttributeName } from "../asset/attributes.ts";
import {
  MATERIAL_TYPE_NAMES,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../asset/material_type.ts";
import { DEFAULT_SETTINGS, type YcocgScale } from "../asset/asset_settings.ts";
import { storedFormat } from "../asset/stored_formats.ts";

/**
 * How a number of an attribute is stored:
 *
 * - `srgb`: gamma-encoded after IEC 61966-2-1;
 * - `unorm`: as it is, 0 to 1;
 * - `axis`: x or y of a unit vector n as (n + 1) / 2;
 * - `sign`: 1 where the number is 0 or above, else 0;
 * - `height`: world z from 0 at the lowest to 1 at the highest of the texture's range.
 */
export type ChannelEncoding = "srgb" | "unorm" | "axis" | "sign" | "height";

/** What one channel of a plane holds: a number of an attribute, or always 0 or 1. */
export type PlaneChannel =
  | {
    readonly attribute: AttributeName;
    readonly component: 0 | 1 | 2 | 3;
    readonly encoding: ChannelEncoding;
  }
  | 0
  | 1;

/** One plane of a material type. */
export interface PlaneLayout {
  /** Format in the atlas; `r16unorm` may be replaced by `r16uint`, see {@linkcode planeFormats}. */
  readonly format: TexelFormat;
  /** Red, green, blue and alpha. Of a plane in YCoCg, what it is made from. */
  readonly channels: readonly [PlaneChannel, PlaneChannel, PlaneChannel, PlaneChannel];
  /** Whether blocks hold the colours in YCoCg. */
  readonly isYcocg: boolean;
}

/** Which form of a material type. */
export interface PlaneKind {
  /** The material type. */
  readonly materialType: MaterialTypeName;
  /** Whether the planes are BC blocks. World Height has the same form either way. */
  readonly compressed: boolean;
}

const RED = channel("baseColor", 0, "srgb");
const GREEN = channel("baseColor", 1, "srgb");
const BLUE = channel("baseColor", 2, "srgb");
const NORMAL_X = channel("normal", 0, "axis");
const NORMAL_Y = channel("normal", 1, "axis");
const NORMAL_SIGN = channel("normal", 2, "sign");
const ROUGHNESS = channel("roughness", 0, "unorm");
const SPECULAR = channel("specular", 0, "unorm");
const MASK = channel("mask", 0, "unorm");

type Channels = PlaneLayout["channels"];

const COLOR: Channels = [RED, GREEN, BLUE, 1];
const COLOR_AND_X: Channels = [RED, GREEN, BLUE, NORMAL_X];
const SURFACE_AND_Y: Channels = [ROUGHNESS, SPECULAR, NORMAL_SIGN, NORMAL_Y];
const NORMAL: Channels = [NORMAL_X, NORMAL_Y, 0, 1];
const SURFACE: Channels = [ROUGHNESS, SPECULAR, NORMAL_SIGN, 1];
const SURFACE_AND_MASK: Channels = [ROUGHNESS, SPECULAR, NORMAL_SIGN, MASK];

/** Channels of each plane, with compression and without. */
const CHANNELS: Readonly<
  Record<MaterialTypeName, readonly [compressed: readonly Channels[], plain: readonly Channels[]]>
> = {
  base_color: both([COLOR]),
  base_color_normal_roughness_specular: both([COLOR_AND_X, SURFACE_AND_Y]),
  ycocg_base_color_normal_specular: [[COLOR, NORMAL, SURFACE], [COLOR_AND_X, SURFACE_AND_Y]],
  ycocg_base_color_normal_specular_mask: [
    [COLOR, NORMAL, SURFACE_AND_MASK],
    [COLOR_AND_X, SURFACE_AND_Y, [MASK, 0, 0, 1]],
  ],
  world_height: both([[channel("worldHeight", 0, "height"), 0, 0, 1]]),
  displacement: both([[channel("displacement", 0, "unorm"), 0, 0, 1]]),
  mask4: both([[
    channel("mask4", 0, "unorm"),
    channel("mask4", 1, "unorm"),
    channel("mask4", 2, "unorm"),
    channel("mask4", 3, "unorm"),
  ]]),
};

function channel(
  attribute: AttributeName,
  component: 0 | 1 | 2 | 3,
  encoding: ChannelEncoding,
): PlaneChannel {
  return Object.freeze({ attribute, component, encoding });
}

function both(channels: readonly Channels[]): [readonly Channels[], readonly Channels[]] {
  return [channels, channels];
}

/**
 * The planes of a material type, in the order of the atlas.
 *
 * @throws {InvalidArgumentError} if an option has the wrong type.
 * @throws {OutOfRangeError} if the material type is unknown.
 */
export function planeLayout(kind: PlaneKind): readonly PlaneLayout[] {
  const { materialType, compressed } = kind;
  checkPlaneKind(kind);
  const info = MATERIAL_TYPES[materialType];
  const formats = compressed ? info.compressedFormats : info.uncompressedFormats;
  const channels = CHANNELS[materialType][compressed ? 0 : 1];
  const storesYcocg = compressed && materialType.startsWith("ycocg");
  return formats.map((format, plane) => ({
    format,
    channels: channels[plane]!,
    isYcocg: storesYcocg && plane === 0,
  }));
}

/** Checks the two options that say which planes. */
function checkPlaneKind(kind: PlaneKind): void {
  const failure = "Cannot lay out planes";
  checkOptionNames(kind, { failure, names: ["materialType", "compressed"] });
  checkedChoice(kind.materialType, { name: "materialType", failure, choices: MATERIAL_TYPE_NAMES });
  checkedBoolean(kind.compressed, { name: "compressed", failure });
}

/**
 * Formats of the planes in an atlas of a device: those of the material type, with `r16uint` where
 * `r16unorm` is none of the device's.
 *
 * @throws As {@linkcode planeLayout} does.
 */
export function planeFormats(
  device: Pick<ForgeDevice, "supports">,
  kind: PlaneKind,
): readonly TexelFormat[] {
  return planeLayout(kind).map(({ format }) => storedFormat(device, format));
}

/**
 * How `virtualTextureWgsl` must tap the planes so that texels can be unpacked.
 *
 * @param formats Formats of the planes in the atlas, as {@linkcode planeFormats} gives them.
 * @throws As {@linkcode planeLayout} does.
 */
export function planeTaps(
  kind: PlaneKind,
  options: { readonly formats: readonly TexelFormat[]; readonly ycocgScale?: YcocgScale },
): readonly TexelTap[] {
  const { formats, ycocgScale = DEFAULT_SETTINGS.ycocgScale } = options;
  return planeLayout(kind).map(({ isYcocg }, plane) => {
    if (isYcocg) return ycocgScale === "block" ? "ycocg_block_scale" : "ycocg";
    return formatInfo(formats[plane]!).sampleType === "uint" ? "uint16" : "filtered";
  });
}
