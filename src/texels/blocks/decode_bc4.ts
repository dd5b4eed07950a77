/**
 * BC4 blocks: one channel; also the alpha half of BC3 and both halves of BC5 (Khronos Data Format
 * Specification 1.3, section 18.3 and 19; Direct3D 11.3 Functional Specification, section 19.5).
 *
 * Sevenths and fifths are rounded to the nearest integer; hardware may keep more bits.
 *
 * @module
 */

/**
 * Decodes one 8-byte unsigned block to 16 values of one channel.
 *
 * @param block Bytes that hold the block at `at`.
 * @param out Receives value t at `channel + t * stride`.
 * @param options `at`: first byte of the block. `channel`, `stride`: where values go.
 */
export function decodeBc4Block(
  block: Uint8Array,
  out: Uint8Array,
  options: ChannelPlace,
): void {
  const first = block[options.at]!;
  const second = block[options.at + 1]!;
  writeTexels(block, out, {
    ...options,
    palette: Array.from({ length: 8 }, (_, index) => paletteValue(first, second, index)),
  });
}

/** The same for signed blocks, whose values are floats from −1 to 1, not rounded. */
export function decodeSignedBc4Block(
  block: Uint8Array,
  out: Float32Array,
  options: ChannelPlace,
): void {
  const first = (block[options.at]! << 24) >> 24;
  const second = (block[options.at + 1]! << 24) >> 24;
  writeTexels(block, out, {
    ...options,
    palette: Array.from({ length: 8 }, (_, index) => signedPaletteValue(first, second, index)),
  });
}

/** Where a block lies, and where its values go. */
interface ChannelPlace {
  readonly at: number;
  readonly channel: number;
  readonly stride: number;
}

function writeTexels(
  block: Uint8Array,
  out: Uint8Array | Float32Array,
  { at, channel, stride, palette }: ChannelPlace & { readonly palette: readonly number[] },
): void {
  for (let half = 0; half < 2; half++) {
    const from = at + 2 + 3 * half;
    let indices = block[from]! | (block[from + 1]! << 8) | (block[from + 2]! << 16);
    for (let texel = 8 * half; texel < 8 * half + 8; texel++, indices >>= 3) {
      out[channel + texel * stride] = palette[indices & 7]!;
    }
  }
}

function paletteValue(first: number, second: number, index: number): number {
  if (index === 0) return first;
  if (index === 1) return second;
  if (first > second) return ((8 - index) * first + (index - 1) * second + 3) / 7;
  if (index === 6) return 0;
  if (index === 7) return 255;
  return ((6 - index) * first + (index - 1) * second + 2) / 5;
}

/** Both −128 and −127 are −1. */
function signedPaletteValue(first: number, second: number, index: number): number {
  const a = Math.max(first, -127) / 127;
  const b = Math.max(second, -127) / 127;
  if (index === 0) return a;
  if (index === 1) return b;
  if (first > second) return ((8 - index) * a + (index - 1) * b) / 7;
  if (index === 6) return -1;
  if (index === 7) return 1;
  return ((6 - index) * a + (index - 1) * b) / 5;
}
