/**
 * The data format descriptor that a Vulkan format requires, derived from the format's name.
 *
 * KTX 2.0 (section 3.10.2) asks that the descriptor of a file match its `vkFormat`; the mapping is
 * that of the Khronos Data Format Specification 1.3, chapters 5 ("The Basic Data Format
 * Descriptor") and 17 to 24 (compressed formats).
 *
 * @module
 */

import { MODEL, TRANSFER_LINEAR, TRANSFER_UNSPECIFIED } from "./color_model.ts";

/** One sample of a basic data format descriptor. */
export interface DescriptorSample {
  /** First bit in the block. */
  readonly bitOffset: number;
  /** Number of bits. */
  readonly bitCount: number;
  /** Channel number in the colour model, 0 to 15. */
  readonly channel: number;
  /** Bits 1 = linear, 2 = exponent, 4 = signed, 8 = float. */
  readonly qualifiers: number;
  /** Positions in the block, one byte per axis, x lowest. */
  readonly position: number;
  /** Value that stands for 0 or −1, as 32 bits. */
  readonly lower: number;
  /** Value that stands for 1, as 32 bits. */
  readonly upper: number;
}

/** The descriptor of a format. */
export interface ExpectedDescriptor {
  /** Colour model. */
  readonly model: number;
  /** Size of a block in texels: width, height, depth. */
  readonly block: readonly [number, number, number];
  /** Bytes of a block. */
  readonly blockBytes: number;
  /** The header's `typeSize`: bytes of the unit that byte order applies to. */
  readonly typeSize: number;
  /** The meaning of a block's bits. */
  readonly samples: readonly DescriptorSample[];
}

/** Qualifier of a sample that the transfer function does not apply to. */
export const LINEAR = 1;
/** Qualifier of a sample that is an exponent. */
export const EXPONENT = 2;
/** Qualifier of a signed sample. */
export const SIGNED = 4;
/** Qualifier of a sample that is a float. */
export const FLOAT = 8;

/** Channel number of alpha in every colour model that has it. */
export const ALPHA = 15;
const DEPTH = 14;
const STENCIL = 13;
const FLOAT_ONE = 0x3f800000;
const FLOAT_MINUS_ONE = 0xbf800000;
const ALL_BITS = 0xffffffff;

const COLOR_CHANNELS: Readonly<Record<string, number>> = { R: 0, G: 1, B: 2, A: ALPHA };

/** Range and qualifiers of a numeric type, by the suffix of the format's name. */
function numeric(suffix: string, bits: number): Pick<
  DescriptorSample,
  "qualifiers" | "lower" | "upper"
> {
  const top = bits >= 32 ? ALL_BITS : 2 ** bits - 1;
  const half = bits >= 32 ? 0x7fffffff : 2 ** (bits - 1) - 1;
  switch (suffix) {
    case "SNORM":
      return { qualifiers: SIGNED, lower: -half >>> 0, upper: half };
    case "UINT":
      return { qualifiers: 0, lower: 0, upper: 1 };
    case "SINT":
      return { qualifiers: SIGNED, lower: ALL_BITS, upper: 1 };
    case "SFLOAT":
      return { qualifiers: FLOAT | SIGNED, lower: FLOAT_MINUS_ONE, upper: FLOAT_ONE };
    case "UFLOAT":
      return { qualifiers: FLOAT, lower: 0, upper: FLOAT_ONE };
    case "SFIXED5":
      return { qualifiers: SIGNED, lower: -32 >>> 0, upper: 32 };
    default: // UNORM, SRGB
      return { qualifiers: 0, lower: 0, upper: top };
  }
}

function sample(
  channel: number,
  bitOffset: number,
  options: { bits: number; suffix: string; position?: number },
): DescriptorSample {
  const { bits, suffix, position = 0 } = options;
  return { bitOffset, bitCount: bits, channel, position, ...numeric(suffix, bits) };
}

/** Model, channels and block bytes of the compressed families, by the start of the name. */
const COMPRESSED: readonly (readonly [
  start: string,
  model: number,
  blockBytes: number,
  samples: readonly (readonly [channel: number, bitOffset: number])[],
])[] = [
  ["BC1_RGBA_", MODEL.BC1A, 8, [[1, 0]]],
  ["BC1_RGB_", MODEL.BC1A, 8, [[0, 0]]],
  ["BC2_", MODEL.BC2, 16, [[ALPHA, 0], [0, 64]]],
  ["BC3_", MODEL.BC3, 16, [[ALPHA, 0], [0, 64]]],
  ["BC4_", MODEL.BC4, 8, [[0, 0]]],
  ["BC5_", MODEL.BC5, 16, [[0, 0], [1, 64]]],
  ["BC6H_", MODEL.BC6H, 16, [[0, 0]]],
  ["BC7_", MODEL.BC7, 16, [[0, 0]]],
  ["ETC2_R8G8B8A8_", MODEL.ETC2, 16, [[ALPHA, 0], [2, 64]]],
  ["ETC2_R8G8B8A1_", MODEL.ETC2, 8, [[2, 0], [ALPHA, 0]]],
  ["ETC2_R8G8B8_", MODEL.ETC2, 8, [[2, 0]]],
  ["EAC_R11G11_", MODEL.ETC2, 16, [[0, 0], [1, 64]]],
  ["EAC_R11_", MODEL.ETC2, 8, [[0, 0]]],
  ["ASTC_", MODEL.ASTC, 16, [[0, 0]]],
  ["PVRTC1_", MODEL.PVRTC, 8, [[0, 0]]],
  ["PVRTC2_", MODEL.PVRTC2, 8, [[0, 0]]],
];

function compressed(name: string): ExpectedDescriptor | null {
  const family = COMPRESSED.find(([start]) => name.startsWith(start));
  const suffix = /_(UNORM|SNORM|SRGB|UFLOAT|SFLOAT)_BLOCK/.exec(name)?.[1];
  if (family === undefined || suffix === undefined) return null;
  const [, model, blockBytes, layout] = family;
  const size = /^ASTC_(\d+)x(\d+)(?:x(\d+))?_/.exec(name);
  const block: [number, number, number] = size
    ? [Number(size[1]), Number(size[2]), Number(size[3] ?? 1)]
    : [name.includes("_2BPP_") ? 8 : 4, 4, 1];
  const bits = layout.length === 1 || layout[1]![1] === 0 ? blockBytes * 8 : 64;
  const samples = layout.map(([channel, bitOffset]) => {
    const made = sample(channel, bitOffset, { bits, suffix });
    // Compressed signed types reach one step below −1.
    return suffix === "SNORM" ? { ...made, lower: 0x80000000, upper: 0x7fffffff } : made;
  });
  return { model, block, blockBytes, typeSize: 1, samples };
}

const DEPTH_STENCIL: Readonly<Record<string, ExpectedDescriptor>> = Object.fromEntries(
  ([
    ["D16_UNORM", 2, 2, [[DEPTH, 0, 16, "UNORM"]]],
    ["X8_D24_UNORM_PACK32", 4, 4, [[DEPTH, 0, 24, "UNORM"]]],
    ["D32_SFLOAT", 4, 4, [[DEPTH, 0, 32, "SFLOAT"]]],
    ["S8_UINT", 1, 1, [[STENCIL, 0, 8, "UINT"]]],
    ["D16_UNORM_S8_UINT", 4, 2, [[DEPTH, 0, 16, "UNORM"], [STENCIL, 16, 8, "UINT"]]],
    ["D24_UNORM_S8_UINT", 4, 4, [[STENCIL, 0, 8, "UINT"], [DEPTH, 8, 24, "UNORM"]]],
    ["D32_SFLOAT_S8_UINT", 8, 4, [[DEPTH, 0, 32, "SFLOAT"], [STENCIL, 32, 8, "UINT"]]],
  ] as const).map(([name, blockBytes, typeSize, layout]) => [name, {
    model: MODEL.RGBSDA,
    block: [1, 1, 1] as const,
    blockBytes,
    typeSize,
    samples: layout.map(([channel, at, bits, suffix]) => sample(channel, at, { bits, suffix })),
  }]),
);

/** Three mantissas of 9 bits that share an exponent of 5 bits, whose bias is 15. */
function sharedExponent(): ExpectedDescriptor {
  const samples = [0, 1, 2].flatMap((channel): DescriptorSample[] => [
    { ...sample(channel, 9 * channel, { bits: 9, suffix: "UNORM" }), upper: 8448 },
    {
      ...sample(channel, 27, { bits: 5, suffix: "UNORM" }),
      qualifiers: EXPONENT,
      lower: 15,
      upper: 31,
    },
  ]);
  return { model: MODEL.RGBSDA, block: [1, 1, 1], blockBytes: 4, typeSize: 4, samples };
}

/** A component of a name: `R10X6` is 10 bits of red over 6 bits of padding. */
interface Component {
  readonly letter: string;
  readonly bits: number;
  readonly padding: number;
}

function componentsOf(layout: string): Component[] {
  return [...layout.matchAll(/([RGBA])(\d+)(?:X(\d+))?/g)].map((match) => ({
    letter: match[1]!,
    bits: Number(match[2]),
    padding: Number(match[3] ?? 0),
  }));
}

/** Two texels in a block: G is luma of both, B and R their shared chroma. */
function shared422(layout: string): ExpectedDescriptor {
  const components = componentsOf(layout);
  const unit = components[0]!.bits + components[0]!.padding;
  let lumaSeen = 0;
  const samples = components.map(({ letter, bits, padding }, index) => {
    const x = letter === "G" && lumaSeen++ === 1 ? 192 : 64;
    const channel = letter === "G" ? 0 : letter === "B" ? 1 : 2;
    const bitOffset = index * unit + padding;
    return sample(channel, bitOffset, { bits, suffix: "UNORM", position: x | (128 << 8) });
  });
  return {
    model: MODEL.YUVSDA,
    block: [2, 1, 1],
    blockBytes: (components.length * unit) / 8,
    typeSize: unit / 8,
    samples,
  };
}

function uncompressed(name: string): ExpectedDescriptor | null {
  const match =
    /^([RGBAX\d]+)_(UNORM|SNORM|UINT|SINT|SRGB|SFLOAT|UFLOAT|SFIXED5)(?:_(\d?)PACK(\d+))?/
      .exec(name);
  if (match === null) return null;
  const components = componentsOf(match[1]!);
  const suffix = match[2]!;
  const packBits = Number(match[4] ?? 0);
  // One packed word names its components from the highest bits down; all else is in memory order.
  const packed = packBits > 0 && match[3] === "" && components[0]!.padding === 0;
  if (packed) components.reverse();
  let bit = 0;
  const samples = components.map(({ letter, bits, padding }) => {
    const made = sample(COLOR_CHANNELS[letter]!, bit + padding, { bits, suffix });
    bit += padding + bits;
    return made;
  });
  return {
    model: MODEL.RGBSDA,
    block: [1, 1, 1],
    blockBytes: bit / 8,
    typeSize: packBits > 0 ? packBits / 8 : components[0]!.bits / 8,
    samples,
  };
}

/**
 * Samples as they are with a transfer function. It never applies to alpha, which is marked as
 * linear where colours are not (Data Format Specification, section 5.13).
 */
export function samplesWithTransfer(
  samples: readonly DescriptorSample[],
  transfer: number,
): DescriptorSample[] {
  const isNonLinear = transfer !== TRANSFER_UNSPECIFIED && transfer !== TRANSFER_LINEAR;
  return samples.map((sample) =>
    sample.channel === ALPHA && isNonLinear
      ? { ...sample, qualifiers: sample.qualifiers | LINEAR }
      : sample
  );
}

/**
 * The descriptor that a format requires with a linear transfer function; null for formats that this
 * reader has no rules for. For others see {@linkcode samplesWithTransfer}.
 */
export function expectedDescriptor(name: string): ExpectedDescriptor | null {
  if (name.includes("_BLOCK")) return compressed(name);
  if (name.includes("_422_")) return shared422(name.slice(0, name.indexOf("_422_")));
  if (name === "E5B9G9R9_UFLOAT_PACK32") return sharedExponent();
  return DEPTH_STENCIL[name] ?? uncompressed(name);
}
