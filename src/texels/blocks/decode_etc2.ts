/**
 * ETC2 blocks of colours, with and without punch-through alpha (Khronos Data Format Specification
 * 1.3, sections 21.1 and 21.2 for ETC1's modes, 22.1 to 22.6).
 *
 * @module
 */

/** What differs from the first colour of a half, by the table of a half: small and large. */
const MODIFIERS: readonly (readonly [number, number])[] = [
  ...[[2, 8], [5, 17], [9, 29], [13, 42]] as const,
  ...[[18, 60], [24, 80], [33, 106], [47, 183]] as const,
];
const DISTANCES = [3, 6, 11, 16, 23, 32, 41, 64];

type Rgb = readonly [number, number, number];

/** Decodes ETC2 colours one block at a time. */
export class Etc2BlockDecoder {
  readonly #hasPunchThrough: boolean;

  /** For blocks that may have transparent texels (`etc2-rgb8a1unorm`) or not. */
  constructor(options: { readonly hasPunchThrough: boolean }) {
    this.#hasPunchThrough = options.hasPunchThrough;
  }

  /**
   * Decodes one 8-byte block to 16 RGBA8 texels.
   *
   * @param block Bytes that hold the block at `at`.
   * @param out Receives 64 bytes, row by row; alpha is written too.
   * @param at First byte of the block.
   */
  decode(block: Uint8Array, out: Uint8Array, at: number): void {
    const b = block.subarray(at, at + 8);
    const flag = (b[3]! & 2) !== 0;
    // With punch-through, the flag of the mode says whether the block is opaque instead.
    const isOpaque = !this.#hasPunchThrough || flag;
    if (!flag && !this.#hasPunchThrough) {
      const first = [b[0]! >> 4, b[1]! >> 4, b[2]! >> 4].map(widen4) as unknown as Rgb;
      const second = [b[0]! & 15, b[1]! & 15, b[2]! & 15].map(widen4) as unknown as Rgb;
      return writeHalves(b, out, { colors: [first, second], isOpaque });
    }
    const base = [b[0]! >> 3, b[1]! >> 3, b[2]! >> 3];
    const other = base.map((value, c) => value + (((b[c]! & 7) << 29) >> 29));
    const overflow = other.findIndex((value) => value < 0 || value > 31);
    if (overflow === 0) return writePaints(b, out, { paints: paintsOfT(b), isOpaque });
    if (overflow === 1) return writePaints(b, out, { paints: paintsOfH(b), isOpaque });
    if (overflow === 2) return writePlane(b, out);
    const colors = [base, other].map((color) => color.map(widen5) as unknown as Rgb);
    writeHalves(b, out, { colors: colors as [Rgb, Rgb], isOpaque });
  }
}

/** Two halves of one colour each, left and right or above each other. */
function writeHalves(
  b: Uint8Array,
  out: Uint8Array,
  { colors, isOpaque }: { readonly colors: readonly [Rgb, Rgb]; readonly isOpaque: boolean },
): void {
  const tables = [b[3]! >> 5, (b[3]! >> 2) & 7];
  const isFlipped = (b[3]! & 1) !== 0;
  for (let texel = 0; texel < 16; texel++) {
    const half = (isFlipped ? texel & 3 : texel >> 2) >> 1;
    const index = indexOf(b, texel);
    const [small, large] = MODIFIERS[tables[half]!]!;
    const size = index & 1 ? large : isOpaque ? small : 0;
    const color = colors[half]!;
    const change = index & 2 ? -size : size;
    const isClear = !isOpaque && index === 2;
    writeTexel(
      out,
      texel,
      isClear ? null : [
        color[0] + change,
        color[1] + change,
        color[2] + change,
      ],
    );
  }
}

function writePaints(
  b: Uint8Array,
  out: Uint8Array,
  { paints, isOpaque }: { readonly paints: readonly Rgb[]; readonly isOpaque: boolean },
): void {
  for (let texel = 0; texel < 16; texel++) {
    const index = indexOf(b, texel);
    writeTexel(out, texel, !isOpaque && index === 2 ? null : paints[index]!);
  }
}

/** One colour, and three in a line through another one. */
function paintsOfT(b: Uint8Array): readonly Rgb[] {
  const red = ((b[0]! >> 1) & 12) | (b[0]! & 3);
  const first = [red, b[1]! >> 4, b[1]! & 15].map(widen4) as unknown as Rgb;
  const second = [b[2]! >> 4, b[2]! & 15, b[3]! >> 4].map(widen4) as unknown as Rgb;
  const distance = DISTANCES[((b[3]! >> 1) & 6) | (b[3]! & 1)]!;
  return [first, moved(second, distance), second, moved(second, -distance)];
}

/** Two pairs around two colours. */
function paintsOfH(b: Uint8Array): readonly Rgb[] {
  const codes = [
    [(b[0]! >> 3) & 15, ((b[0]! & 7) << 1) | ((b[1]! >> 4) & 1)],
    [(b[2]! >> 3) & 15, ((b[2]! & 7) << 1) | (b[3]! >> 7)],
  ];
  codes[0]!.push((b[1]! & 8) | ((b[1]! & 3) << 1) | (b[2]! >> 7));
  codes[1]!.push((b[3]! >> 3) & 15);
  const [one, two] = codes.map(([red, green, blue]) => (red! << 8) | (green! << 4) | blue!);
  const distance = DISTANCES[(b[3]! & 4) | ((b[3]! & 1) << 1) | Number(one! >= two!)]!;
  const [first, second] = codes.map((code) => code.map(widen4) as unknown as Rgb);
  return [
    ...[moved(first!, distance), moved(first!, -distance)],
    ...[moved(second!, distance), moved(second!, -distance)],
  ];
}

/** A plane through three corners of each channel. */
function writePlane(b: Uint8Array, out: Uint8Array): void {
  const corner = [
    widen6((b[0]! >> 1) & 63),
    widen7(((b[0]! & 1) << 6) | ((b[1]! >> 1) & 63)),
    widen6(((b[1]! & 1) << 5) | (b[2]! & 24) | ((b[2]! & 3) << 1) | (b[3]! >> 7)),
  ];
  const right = [
    widen6(((b[3]! >> 1) & 62) | (b[3]! & 1)),
    widen7(b[4]! >> 1),
    widen6(((b[4]! & 1) << 5) | (b[5]! >> 3)),
  ];
  const below = [
    widen6(((b[5]! & 7) << 3) | (b[6]! >> 5)),
    widen7(((b[6]! & 31) << 2) | (b[7]! >> 6)),
    widen6(b[7]! & 63),
  ];
  for (let texel = 0; texel < 16; texel++) {
    const [x, y] = [texel >> 2, texel & 3];
    const [red, green, blue] = corner.map((value, c) =>
      (x * (right[c]! - value) + y * (below[c]! - value) + 4 * value + 2) >> 2
    );
    writeTexel(out, texel, [red!, green!, blue!]);
  }
}

/** Two bits of a texel; texels are numbered down the columns. */
function indexOf(b: Uint8Array, texel: number): number {
  const high = (((b[4]! << 8) | b[5]!) >> texel) & 1;
  const low = (((b[6]! << 8) | b[7]!) >> texel) & 1;
  return (high << 1) | low;
}

/** Writes a colour, clamped, or transparent black. */
function writeTexel(out: Uint8Array, texel: number, color: Rgb | null): void {
  const at = 4 * (4 * (texel & 3) + (texel >> 2));
  for (let c = 0; c < 3; c++) {
    out[at + c] = color === null ? 0 : Math.min(255, Math.max(0, color[c]!));
  }
  out[at + 3] = color === null ? 0 : 255;
}

function moved([red, green, blue]: Rgb, by: number): Rgb {
  return [red + by, green + by, blue + by];
}

function widen4(value: number): number {
  return value * 17;
}

function widen5(value: number): number {
  return (value << 3) | (value >> 2);
}

function widen6(value: number): number {
  return (value << 2) | (value >> 4);
}

function widen7(value: number): number {
  return (value << 1) | (value >> 6);
}
