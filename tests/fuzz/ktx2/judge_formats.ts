/**
 * Formats as the judge knows them, by Vulkan's numbers.
 *
 * @module
 */

/** A rule is broken. */
export class Broken extends Error {}
/** The judge has no opinion. */
export class Undecided extends Error {}

/** First number of each family of UNORM, SNORM, USCALED, SSCALED, UINT, SINT and a seventh. */
const SCALED_FAMILIES = [9, 16, 23, 30, 37, 44, 51, 58, 64, 70, 77, 84, 91];
const SCALED = new Set(SCALED_FAMILIES.flatMap((first) => [first + 2, first + 3]));
/** Y′CbCr formats of several planes. */
const PLANES: readonly (readonly [number, number])[] = [
  [1000156002, 1000156006],
  [1000156012, 1000156016],
  [1000156022, 1000156026],
  [1000156029, 1000156033],
  [1000330000, 1000330003],
];

/** Whether KTX 2.0 allows a format, as far as its number tells. */
export function knownFormat(vkFormat: number): boolean {
  if (SCALED.has(vkFormat)) return false;
  if (PLANES.some(([first, last]) => vkFormat >= first && vkFormat <= last)) return false;
  return vkFormat <= 184 || (vkFormat >= 1000001000 && vkFormat < 1001000000);
}

/** Whether a format stores blocks of compressed texels. */
export function isBlockFormat(vkFormat: number): boolean {
  return (vkFormat >= 131 && vkFormat <= 184) ||
    (vkFormat >= 1000054000 && vkFormat <= 1000054007) ||
    (vkFormat >= 1000066000 && vkFormat <= 1000066013) ||
    (vkFormat >= 1000288000 && vkFormat < 1000288030);
}

/** Whether a format's typeSize is 1 whatever it holds. */
export function hasUnitTypeSize(vkFormat: number): boolean {
  return vkFormat === 0 || isBlockFormat(vkFormat);
}

/** One sample of a descriptor: first bit, bits, channel and qualifiers, position, lower, upper. */
export type JudgedSample = readonly [number, number, number, number, number, number];

/** What the descriptor of a format must say. */
export interface FormatRule {
  readonly typeSize: number;
  readonly model: number;
  readonly edges: readonly [number, number, number];
  readonly bytes: number;
  readonly isSrgb: boolean;
  /** Whether there is a sibling with sRGB encoding. */
  readonly hasSrgb: boolean;
  readonly samples: readonly JudgedSample[];
}

const ALL = 0xffffffff;
const LINEAR = 0x10;

function colors(order: string, bits: number, options: {
  srgb?: boolean;
  hasSrgb?: boolean;
  kind?: "unorm" | "snorm" | "uint" | "sint" | "sfloat";
} = {}): FormatRule {
  const { srgb = false, hasSrgb = false, kind = "unorm" } = options;
  const channels: Record<string, number> = { r: 0, g: 1, b: 2, a: 15 };
  const top = bits === 32 ? ALL : 2 ** bits - 1;
  const half = 2 ** (bits - 1) - 1;
  const [qualifiers, lower, upper] = {
    unorm: [0, 0, top],
    snorm: [0x40, -half >>> 0, half],
    uint: [0, 0, 1],
    sint: [0x40, ALL, 1],
    sfloat: [0xc0, 0xbf800000, 0x3f800000],
  }[kind] as [number, number, number];
  return {
    typeSize: bits / 8,
    model: 1,
    edges: [1, 1, 1],
    bytes: (bits / 8) * order.length,
    isSrgb: srgb,
    hasSrgb,
    samples: [...order].map((letter, i): JudgedSample => [
      i * bits,
      bits,
      channels[letter]! | qualifiers,
      0,
      lower,
      upper,
    ]),
  };
}

function block(
  model: number,
  bytes: number,
  samples: readonly (readonly [number, number])[],
  options: {
    srgb?: boolean;
    hasSrgb?: boolean;
  } = {},
): FormatRule {
  const { srgb = false, hasSrgb = false } = options;
  const bits = samples.length === 1 ? bytes * 8 : 64;
  return {
    typeSize: 1,
    model,
    edges: [4, 4, 1],
    bytes,
    isSrgb: srgb,
    hasSrgb,
    samples: samples.map(([channel, at]): JudgedSample => [at, bits, channel, 0, 0, ALL]),
  };
}

function family(first: number, order: string): [number, FormatRule][] {
  return [
    [first, colors(order, 8, { hasSrgb: true })],
    [first + 1, colors(order, 8, { kind: "snorm", hasSrgb: true })],
    [first + 4, colors(order, 8, { kind: "uint", hasSrgb: true })],
    [first + 5, colors(order, 8, { kind: "sint", hasSrgb: true })],
    [first + 6, colors(order, 8, { srgb: true })],
  ];
}

function family16(first: number, order: string): [number, FormatRule][] {
  const kinds = [[0, "unorm"], [1, "snorm"], [4, "uint"], [5, "sint"], [6, "sfloat"]] as const;
  return kinds.map(([at, kind]) => [first + at, colors(order, 16, { kind })]);
}

/** Rules of formats that the judge knows in full. */
const RULES: ReadonlyMap<number, FormatRule> = new Map([
  ...family(9, "r"),
  ...family(16, "rg"),
  ...family(23, "rgb"),
  ...family(30, "bgr"),
  ...family(37, "rgba"),
  ...family(44, "bgra"),
  ...family16(70, "r"),
  ...family16(77, "rg"),
  ...family16(84, "rgb"),
  ...family16(91, "rgba"),
  [98, colors("r", 32, { kind: "uint" })],
  [99, colors("r", 32, { kind: "sint" })],
  [100, colors("r", 32, { kind: "sfloat" })],
  [103, colors("rg", 32, { kind: "sfloat" })],
  [131, block(128, 8, [[0, 0]], { hasSrgb: true })],
  [132, block(128, 8, [[0, 0]], { srgb: true })],
  [133, block(128, 8, [[1, 0]], { hasSrgb: true })],
  [134, block(128, 8, [[1, 0]], { srgb: true })],
  [137, block(130, 16, [[15, 0], [0, 64]], { hasSrgb: true })],
  [138, block(130, 16, [[15, 0], [0, 64]], { srgb: true })],
  [139, block(131, 8, [[0, 0]])],
  [141, block(132, 16, [[0, 0], [1, 64]])],
  [145, block(134, 16, [[0, 0]], { hasSrgb: true })],
  [146, block(134, 16, [[0, 0]], { srgb: true })],
]);

/** The rule of a format; null for one that the judge does not know in full. */
export function formatRule(vkFormat: number): FormatRule | null {
  return RULES.get(vkFormat) ?? null;
}

/** A sample as it must be with a transfer function: alpha is linear where colours are not. */
export function withTransfer(sample: JudgedSample, transfer: number): JudgedSample {
  const [at, bits, channel, position, lower, upper] = sample;
  const isMarked = (channel & 15) === 15 && transfer > 1;
  return [at, bits, isMarked ? channel | LINEAR : channel, position, lower, upper];
}
