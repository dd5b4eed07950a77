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
  options: { readonly at: number; readonly channel: number; readonly stride: number },
): void {
  const { at, channel, stride } = options;
  const first = block[at]!;
  const second = block[at + 1]!;
  for (let half = 0; half < 2; half++) {
    const from = at + 2 + 3 * half;
    let indices = block[from]! | (block[from + 1]! << 8) | (block[from + 2]! << 16);
    for (let texel = 8 * half; texel < 8 * half + 8; texel++, indices >>= 3) {
      out[channel + texel * stride] = paletteValue(first, second, indices & 7);
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
