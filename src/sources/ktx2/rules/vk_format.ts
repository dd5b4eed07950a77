/**
 * Vulkan's format numbers and names, and the properties of each that KTX 2.0 depends on.
 *
 * The numbers are those of `VkFormat` (Vulkan 1.4, "Formats"); names leave out `VK_FORMAT_`.
 *
 * @module
 */

const NORM = ["UNORM", "SNORM", "USCALED", "SSCALED", "UINT", "SINT"];
const WIDE = ["UINT", "SINT", "SFLOAT"];
const ASTC_2D = "4x4 5x4 5x5 6x5 6x6 8x5 8x6 8x8 10x5 10x6 10x8 10x10 12x10 12x12".split(" ");
const ASTC_3D = "3x3x3 4x3x3 4x4x3 4x4x4 5x4x4 5x5x4 5x5x5 6x5x5 6x6x5 6x6x6".split(" ");

/** Every prefix with every suffix, the suffix changing fastest. */
function family(prefixes: readonly string[], suffixes: readonly string[], tail = ""): string[] {
  return prefixes.flatMap((prefix) => suffixes.map((suffix) => `${prefix}_${suffix}${tail}`));
}

/** Names of the numbers 1 to 184, in order. */
const CORE = [
  "R4G4_UNORM_PACK8",
  ..."R4G4B4A4 B4G4R4A4 R5G6B5 B5G6R5 R5G5B5A1 B5G5R5A1 A1R5G5B5".split(" ")
    .map((layout) => `${layout}_UNORM_PACK16`),
  ...family("R8 R8G8 R8G8B8 B8G8R8 R8G8B8A8 B8G8R8A8".split(" "), [...NORM, "SRGB"]),
  ...family(["A8B8G8R8"], [...NORM, "SRGB"], "_PACK32"),
  ...family(["A2R10G10B10", "A2B10G10R10"], NORM, "_PACK32"),
  ...family("R16 R16G16 R16G16B16 R16G16B16A16".split(" "), [...NORM, "SFLOAT"]),
  ...family("R32 R32G32 R32G32B32 R32G32B32A32".split(" "), WIDE),
  ...family("R64 R64G64 R64G64B64 R64G64B64A64".split(" "), WIDE),
  "B10G11R11_UFLOAT_PACK32",
  "E5B9G9R9_UFLOAT_PACK32",
  "D16_UNORM",
  "X8_D24_UNORM_PACK32",
  "D32_SFLOAT",
  "S8_UINT",
  "D16_UNORM_S8_UINT",
  "D24_UNORM_S8_UINT",
  "D32_SFLOAT_S8_UINT",
  ...family(["BC1_RGB", "BC1_RGBA", "BC2", "BC3"], ["UNORM", "SRGB"], "_BLOCK"),
  ...family(["BC4", "BC5"], ["UNORM", "SNORM"], "_BLOCK"),
  ...family(["BC6H"], ["UFLOAT", "SFLOAT"], "_BLOCK"),
  ...family(["BC7"], ["UNORM", "SRGB"], "_BLOCK"),
  ...family(["ETC2_R8G8B8", "ETC2_R8G8B8A1", "ETC2_R8G8B8A8"], ["UNORM", "SRGB"], "_BLOCK"),
  ...family(["EAC_R11", "EAC_R11G11"], ["UNORM", "SNORM"], "_BLOCK"),
  ...family(ASTC_2D.map((size) => `ASTC_${size}`), ["UNORM", "SRGB"], "_BLOCK"),
];

/** The formats of one Y′CbCr depth, in the order of their numbers. */
function chroma(component: string, packs: readonly [string, string]): string[] {
  const [four, three] = packs;
  const [g, b, r] = [..."GBR"].map((letter) => `${letter}${component}`);
  return [
    `${g}${b}${g}${r}_422_UNORM${four}`,
    `${b}${g}${r}${g}_422_UNORM${four}`,
    ...["420", "422"].flatMap((sampling) => [
      `${g}_${b}_${r}_3PLANE_${sampling}_UNORM${three}`,
      `${g}_${b}${r}_2PLANE_${sampling}_UNORM${three}`,
    ]),
    `${g}_${b}_${r}_3PLANE_444_UNORM${three}`,
  ];
}

/** R, RG and RGBA of a component with padding bits. */
function padded(component: string): string[] {
  const [r, g, b, a] = [..."RGBA"].map((letter) => `${letter}${component}`);
  return [`${r}_UNORM_PACK16`, `${r}${g}_UNORM_2PACK16`, `${r}${g}${b}${a}_UNORM_4PACK16`];
}

const EXTENSIONS: readonly (readonly [number, readonly string[]])[] = [
  [
    1000054000,
    [
      ...family(["PVRTC1_2BPP", "PVRTC1_4BPP", "PVRTC2_2BPP", "PVRTC2_4BPP"], ["UNORM"]),
      ...family(["PVRTC1_2BPP", "PVRTC1_4BPP", "PVRTC2_2BPP", "PVRTC2_4BPP"], ["SRGB"]),
    ].map((name) => `${name}_BLOCK_IMG`),
  ],
  [1000066000, ASTC_2D.map((size) => `ASTC_${size}_SFLOAT_BLOCK`)],
  [1000156000, [
    ...chroma("8", ["", ""]),
    ...padded("10X6"),
    ...chroma("10X6", ["_4PACK16", "_3PACK16"]),
    ...padded("12X4"),
    ...chroma("12X4", ["_4PACK16", "_3PACK16"]),
    ...chroma("16", ["", ""]),
  ]],
  [
    1000288000,
    family(ASTC_3D.map((size) => `ASTC_${size}`), ["UNORM", "SRGB", "SFLOAT"], "_BLOCK_EXT"),
  ],
  [1000330000, [
    "G8_B8R8_2PLANE_444_UNORM",
    "G10X6_B10X6R10X6_2PLANE_444_UNORM_3PACK16",
    "G12X4_B12X4R12X4_2PLANE_444_UNORM_3PACK16",
    "G16_B16R16_2PLANE_444_UNORM",
  ]],
  [1000340000, ["A4R4G4B4_UNORM_PACK16", "A4B4G4R4_UNORM_PACK16"]],
  [1000464000, ["R16G16_SFIXED5_NV"]],
  [1000470000, ["A1B5G5R5_UNORM_PACK16_KHR", "A8_UNORM_KHR"]],
];

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "UNDEFINED"] as const,
  ...CORE.map((name, index) => [index + 1, name] as const),
  ...EXTENSIONS.flatMap(([first, names]) =>
    names.map((name, index) => [first + index, name] as const)
  ),
]);

/** First number of Vulkan's extensions; below it, every valid number is known. */
const FIRST_EXTENSION_FORMAT = 1000001000;
/** Each extension has a thousand numbers, and there are fewer than a thousand extensions. */
const LAST_EXTENSION_FORMAT = 1000999999;

/** Whether a number may be that of a format of an extension that came later than this list. */
export function isExtensionFormat(vkFormat: number): boolean {
  return vkFormat >= FIRST_EXTENSION_FORMAT && vkFormat <= LAST_EXTENSION_FORMAT;
}

/** Name of a format without `VK_FORMAT_`, or null for a number that is not known. */
export function vkFormatName(vkFormat: number): string | null {
  return NAMES.get(vkFormat) ?? null;
}

/** Number of a format, or null for a name that is not known. */
export function vkFormatNumber(name: string): number | null {
  for (const [number, known] of NAMES) if (known === name) return number;
  return null;
}

/** Whether KTX 2.0 forbids a format (section 3.1: scaled and multi-planar formats). */
export function isProhibitedFormat(name: string): boolean {
  return /_[US]SCALED|_[23]PLANE_/.test(name);
}

/** Whether a format stores blocks of compressed texels. */
export function isCompressedFormat(name: string): boolean {
  return name.includes("_BLOCK");
}

/** Whether a format stores blocks that are more than one texel deep. */
export function is3dCompressedFormat(name: string): boolean {
  return /^ASTC_\d+x\d+x\d+_/.test(name);
}

/** Whether a format stores depth or stencil values. */
export function isDepthStencilFormat(name: string): boolean {
  return /^(X8_)?D(16|24|32)_|^S8_/.test(name);
}

/** Whether a format stores two texels in one block with shared chroma. */
export function is422Format(name: string): boolean {
  return name.includes("_422_");
}

/** Whether a format has a variant with sRGB encoding and is not that variant. */
export function hasSrgbVariant(name: string): boolean {
  if (name.includes("_SRGB")) return false;
  const srgb = name.replace(/_(UNORM|SNORM|UINT|SINT)(?=_|$)/, "_SRGB");
  return srgb !== name && vkFormatNumber(srgb) !== null;
}
