/**
 * Colour models of the Khronos Data Format Specification 1.3 (section 5.6) and their channels.
 *
 * @module
 */

/** Numbers of the colour models that this reader treats specially. */
export const MODEL = Object.freeze({
  RGBSDA: 1,
  YUVSDA: 2,
  BC1A: 128,
  BC2: 129,
  BC3: 130,
  BC4: 131,
  BC5: 132,
  BC6H: 133,
  BC7: 134,
  ETC2: 161,
  ASTC: 162,
  ETC1S: 163,
  PVRTC: 164,
  PVRTC2: 165,
  UASTC: 166,
  UASTC_HDR_4X4: 167,
  UASTC_HDR_6X6: 168,
});

const ALL = 0xffff;

/** A set of channel numbers as bits. */
function channels(...numbers: number[]): number {
  return numbers.reduce((bits, channel) => bits | (1 << channel), 0);
}

const SDA = channels(0, 1, 2, 13, 14, 15);
const THREE_AND_ALPHA = channels(0, 1, 2, 15);
const ONE = channels(0);
const ONE_AND_ALPHA = channels(0, 15);

const MODELS: ReadonlyMap<number, readonly [name: string, channels: number]> = new Map([
  [0, ["UNSPECIFIED", ALL]],
  [1, ["RGBSDA", SDA]],
  [2, ["YUVSDA", SDA]],
  [3, ["YIQSDA", SDA]],
  [4, ["LABSDA", SDA]],
  [5, ["CMYKA", channels(0, 1, 2, 3, 15)]],
  [6, ["XYZW", channels(0, 1, 2, 3)]],
  [7, ["HSVA_ANG", THREE_AND_ALPHA]],
  [8, ["HSLA_ANG", THREE_AND_ALPHA]],
  [9, ["HSVA_HEX", THREE_AND_ALPHA]],
  [10, ["HSLA_HEX", THREE_AND_ALPHA]],
  [11, ["YCGCOA", THREE_AND_ALPHA]],
  [12, ["YCCBCCRC", ALL]],
  [13, ["ICTCP", ALL]],
  [14, ["CIEXYZ", channels(0, 1, 2)]],
  [15, ["CIEXYY", channels(0, 1, 2)]],
  [128, ["BC1A", channels(0, 1)]],
  [129, ["BC2", ONE_AND_ALPHA]],
  [130, ["BC3", ONE_AND_ALPHA]],
  [131, ["BC4", ONE]],
  [132, ["BC5", channels(0, 1)]],
  [133, ["BC6H", ONE]],
  [134, ["BC7", ONE]],
  [160, ["ETC1", ONE]],
  [161, ["ETC2", THREE_AND_ALPHA]],
  [162, ["ASTC", ONE]],
  [163, ["ETC1S", channels(0, 3, 4, 15)]],
  [164, ["PVRTC", ONE]],
  [165, ["PVRTC2", ONE]],
  [166, ["UASTC", channels(0, 3, 4, 5, 6)]],
  [167, ["UASTC HDR 4x4", ONE]],
  [168, ["UASTC HDR 6x6", ONE]],
  [169, ["XUASTC LDR", ALL]],
  [170, ["XUBC7", ALL]],
]);

/** Name of a colour model; for an unknown one, its number. */
export function modelName(model: number): string {
  return MODELS.get(model)?.[0] ?? `model ${model}`;
}

/** Whether a colour model has a channel of this number. */
export function isChannelOf(model: number, channel: number): boolean {
  return ((MODELS.get(model)?.[1] ?? ALL) & (1 << channel)) !== 0;
}

/** Whether a colour model stores blocks of compressed texels. */
export function isCompressedModel(model: number): boolean {
  return model >= MODEL.BC1A;
}

const TRANSFERS = [
  "unspecified",
  "linear",
  "sRGB",
  "ITU",
  "NTSC",
  "S-Log",
  "S-Log2",
  "BT.1886",
  "HLG OETF",
  "HLG EOTF",
  "PQ EOTF",
  "PQ OETF",
  "DCI-P3",
  "PAL OETF",
  "PAL 625 EOTF",
  "ST 240",
  "ACEScc",
  "ACEScct",
  "Adobe RGB",
  "HLG unnormalised OETF",
];

/** Number of the transfer function of a file that does not state one. */
export const TRANSFER_UNSPECIFIED = 0;
/** Number of the linear transfer function. */
export const TRANSFER_LINEAR = 1;
/** Number of the sRGB transfer function. */
export const TRANSFER_SRGB = 2;

/** Name of a transfer function, or null for a number that is not known. */
export function transferName(transfer: number): string | null {
  return TRANSFERS[transfer] ?? null;
}

const PRIMARIES = [
  "unspecified",
  "BT.709",
  "BT.601 EBU",
  "BT.601 SMPTE",
  "BT.2020",
  "CIE XYZ",
  "ACES",
  "ACEScc",
  "NTSC 1953",
  "PAL 525",
  "Display P3",
  "Adobe RGB",
];

/** Number of the colour primaries of a file that does not state them. */
export const PRIMARIES_UNSPECIFIED = 0;
/** Number of the primaries of sRGB. */
export const PRIMARIES_BT709 = 1;

/** Name of colour primaries, or null for a number that is not known. */
export function primariesName(primaries: number): string | null {
  return PRIMARIES[primaries] ?? null;
}
