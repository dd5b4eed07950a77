/**
 * How the texels of each Vulkan format are read: in which texel format they come, and how they
 * become that where WebGPU has no format of the same bytes.
 *
 * @module
 */

import type { DecodedFormat, TexelFormat } from "../../../texels/mod.ts";
import { snorm16ToFloats, swapRgb10a2, type TexelOrder, withOrder } from "./convert_texels.ts";

/** How stored texels become those of a texel format, without loss. */
export interface TexelConversion {
  /** Bytes of a stored texel. */
  readonly storedBytes: number;
  /** Format of the stored texels where they are decoded rows already, else null. */
  readonly rows: DecodedFormat | null;
  /** Converts whole texels. */
  readonly convert: (stored: Uint8Array) => Uint8Array;
}

/** In which format the texels of a file come, and by which conversion. */
export interface TexelStorage {
  /** Format in which tiles and rows come. */
  readonly format: TexelFormat;
  /** How stored texels become that; null where they are that. */
  readonly conversion: TexelConversion | null;
}

/** Formats of the same bytes. */
const SAME: Readonly<Record<string, TexelFormat>> = {
  R8_UNORM: "r8unorm",
  R8_SNORM: "r8snorm",
  R8G8_UNORM: "rg8unorm",
  R8G8_SNORM: "rg8snorm",
  R8G8B8A8_UNORM: "rgba8unorm",
  R8G8B8A8_SNORM: "rgba8snorm",
  R8G8B8A8_SRGB: "rgba8unorm-srgb",
  A8B8G8R8_UNORM_PACK32: "rgba8unorm",
  A8B8G8R8_SNORM_PACK32: "rgba8snorm",
  A8B8G8R8_SRGB_PACK32: "rgba8unorm-srgb",
  A2B10G10R10_UNORM_PACK32: "rgb10a2unorm",
  R16_UNORM: "r16unorm",
  R16_SFLOAT: "r16float",
  R16G16_UNORM: "rg16unorm",
  R16G16_SFLOAT: "rg16float",
  R16G16B16A16_UNORM: "rgba16unorm",
  R16G16B16A16_SFLOAT: "rgba16float",
  R32_SFLOAT: "r32float",
  R32G32_SFLOAT: "rg32float",
  R32G32B32A32_SFLOAT: "rgba32float",
  B10G11R11_UFLOAT_PACK32: "rg11b10ufloat",
  E5B9G9R9_UFLOAT_PACK32: "rgb9e5ufloat",
  BC1_RGB_UNORM_BLOCK: "bc1-rgba-unorm",
  BC1_RGB_SRGB_BLOCK: "bc1-rgba-unorm-srgb",
  BC1_RGBA_UNORM_BLOCK: "bc1-rgba-unorm",
  BC1_RGBA_SRGB_BLOCK: "bc1-rgba-unorm-srgb",
  BC2_UNORM_BLOCK: "bc2-rgba-unorm",
  BC2_SRGB_BLOCK: "bc2-rgba-unorm-srgb",
  BC3_UNORM_BLOCK: "bc3-rgba-unorm",
  BC3_SRGB_BLOCK: "bc3-rgba-unorm-srgb",
  BC4_UNORM_BLOCK: "bc4-r-unorm",
  BC4_SNORM_BLOCK: "bc4-r-snorm",
  BC5_UNORM_BLOCK: "bc5-rg-unorm",
  BC5_SNORM_BLOCK: "bc5-rg-snorm",
  BC6H_UFLOAT_BLOCK: "bc6h-rgb-ufloat",
  BC6H_SFLOAT_BLOCK: "bc6h-rgb-float",
  BC7_UNORM_BLOCK: "bc7-rgba-unorm",
  BC7_SRGB_BLOCK: "bc7-rgba-unorm-srgb",
  ETC2_R8G8B8_UNORM_BLOCK: "etc2-rgb8unorm",
  ETC2_R8G8B8_SRGB_BLOCK: "etc2-rgb8unorm-srgb",
  ETC2_R8G8B8A1_UNORM_BLOCK: "etc2-rgb8a1unorm",
  ETC2_R8G8B8A1_SRGB_BLOCK: "etc2-rgb8a1unorm-srgb",
  ETC2_R8G8B8A8_UNORM_BLOCK: "etc2-rgba8unorm",
  ETC2_R8G8B8A8_SRGB_BLOCK: "etc2-rgba8unorm-srgb",
  EAC_R11_UNORM_BLOCK: "eac-r11unorm",
  EAC_R11_SNORM_BLOCK: "eac-r11snorm",
  EAC_R11G11_UNORM_BLOCK: "eac-rg11unorm",
  EAC_R11G11_SNORM_BLOCK: "eac-rg11snorm",
  ASTC_4x4_UNORM_BLOCK: "astc-4x4-unorm",
  ASTC_4x4_SRGB_BLOCK: "astc-4x4-unorm-srgb",
  ASTC_8x8_UNORM_BLOCK: "astc-8x8-unorm",
  ASTC_8x8_SRGB_BLOCK: "astc-8x8-unorm-srgb",
};

function reordered(
  format: TexelFormat,
  order: TexelOrder,
  rows: DecodedFormat | null = null,
): TexelStorage {
  const storedBytes = order.storedChannels * order.valueBytes;
  const conversion = {
    storedBytes,
    rows,
    convert: (stored: Uint8Array) => withOrder(stored, order),
  };
  return { format, conversion };
}

const RGB = [0, 1, 2, "one"] as const;
const BGR = [2, 1, 0, "one"] as const;
const BGRA = [2, 1, 0, 3] as const;

/** Formats of 8 bits a channel with another order of channels, by the end of their names. */
function bytes(format: TexelFormat, suffix: string, one: number): [string, TexelStorage][] {
  const order = (storedChannels: number, channels: TexelOrder["channels"]) =>
    reordered(format, { storedChannels, channels, valueBytes: 1, one: [one] });
  return [
    [`R8G8B8_${suffix}`, order(3, RGB)],
    [`B8G8R8_${suffix}`, order(3, BGR)],
    [`B8G8R8A8_${suffix}`, order(4, BGRA)],
  ];
}

function snorm16(format: TexelFormat, storedChannels: number): TexelStorage {
  const convert = (stored: Uint8Array) => snorm16ToFloats(stored, storedChannels);
  return { format, conversion: { storedBytes: 2 * storedChannels, rows: null, convert } };
}

const CONVERTED: ReadonlyMap<string, TexelStorage> = new Map([
  // WebGPU has one format whose values the sampler decodes from sRGB.
  [
    "R8_SRGB",
    reordered("rgba8unorm-srgb", {
      ...{ storedChannels: 1, channels: [0, 0, 0, "one"], valueBytes: 1, one: [255] },
    }, "r8unorm"),
  ],
  [
    "R8G8_SRGB",
    reordered("rgba8unorm-srgb", {
      ...{ storedChannels: 2, channels: [0, 1, "zero", "one"], valueBytes: 1, one: [255] },
    }, "rg8unorm"),
  ],
  ...bytes("rgba8unorm", "UNORM", 255),
  ...bytes("rgba8unorm-srgb", "SRGB", 255),
  ...bytes("rgba8snorm", "SNORM", 127),
  [
    "R16G16B16_UNORM",
    reordered("rgba16unorm", {
      ...{ storedChannels: 3, channels: RGB, valueBytes: 2, one: [255, 255] },
    }),
  ],
  [
    "R16G16B16_SFLOAT",
    reordered("rgba16float", {
      ...{ storedChannels: 3, channels: RGB, valueBytes: 2, one: [0, 0x3c] },
    }),
  ],
  [
    "R32G32B32_SFLOAT",
    reordered("rgba32float", {
      ...{ storedChannels: 3, channels: RGB, valueBytes: 4, one: [0, 0, 0x80, 0x3f] },
    }),
  ],
  ["R16_SNORM", snorm16("r32float", 1)],
  ["R16G16_SNORM", snorm16("rg32float", 2)],
  ["R16G16B16_SNORM", snorm16("rgba32float", 3)],
  ["R16G16B16A16_SNORM", snorm16("rgba32float", 4)],
  ["A2R10G10B10_UNORM_PACK32", {
    format: "rgb10a2unorm",
    conversion: { storedBytes: 4, rows: null, convert: swapRgb10a2 },
  }],
]);

/**
 * How the texels of a Vulkan format are read, or null if they cannot be.
 *
 * Conversions lose nothing: three channels get an alpha of 1, blue and red change places, signed
 * values of 16 bits become 32-bit floats, and red of sRGB grey, which WebGPU has no format for,
 * becomes a grey colour (red and green of two channels stay those, with blue 0).
 *
 * BC1 without alpha becomes BC1 with it, as WebGPU has no other: the fourth colour of a block in
 * its three-colour mode is then transparent black instead of opaque black. `Ktx2File.opaque`
 * records that, and sampling makes it opaque.
 */
export function texelStorageOf(name: string): TexelStorage | null {
  if (Object.hasOwn(SAME, name)) return { format: SAME[name]!, conversion: null };
  return CONVERTED.get(name) ?? null;
}
