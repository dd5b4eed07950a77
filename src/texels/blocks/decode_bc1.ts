/**
 * BC1 blocks, and the colour half of BC3 blocks (Khronos Data Format Specification 1.3, section
 * 18.1; Direct3D 11.3 Functional Specification, section 19.5).
 *
 * Endpoints are widened from 5 and 6 bits to 8 by repeating their high bits; thirds and halves are
 * rounded to the nearest integer.
 *
 * @module
 */

/**
 * Decodes one 8-byte colour block to 16 RGBA8 texels.
 *
 * @param block Bytes that hold the block at `at`.
 * @param out Receives 64 bytes, row by row; alpha is written too.
 * @param options `at`: first byte of the block. `opaque`: BC3's colour half, which always has four
 * opaque colours; else blocks whose first endpoint is not above the second have three colours and
 * transparent black.
 */
export function decodeBc1Block(
  block: Uint8Array,
  out: Uint8Array,
  options: { readonly at: number; readonly opaque: boolean },
): void {
  const { at } = options;
  const first = block[at]! | (block[at + 1]! << 8);
  const second = block[at + 2]! | (block[at + 3]! << 8);
  const fourColors = options.opaque || first > second;
  const r0 = widen5(first >> 11);
  const g0 = widen6((first >> 5) & 63);
  const b0 = widen5(first & 31);
  const r1 = widen5(second >> 11);
  const g1 = widen6((second >> 5) & 63);
  const b1 = widen5(second & 31);
  for (let texel = 0; texel < 16; texel++) {
    const index = (block[at + 4 + (texel >> 2)]! >> (2 * (texel & 3))) & 3;
    const o = 4 * texel;
    if (fourColors) {
      const weight = FOUR_COLOR_THIRDS[index]!;
      out[o] = ((3 - weight) * r0 + weight * r1 + 1) / 3;
      out[o + 1] = ((3 - weight) * g0 + weight * g1 + 1) / 3;
      out[o + 2] = ((3 - weight) * b0 + weight * b1 + 1) / 3;
      out[o + 3] = 255;
    } else if (index === 3) {
      out[o] =
        out[o + 1] =
        out[o + 2] =
        out[o + 3] =
          0;
    } else {
      const weight = THREE_COLOR_HALVES[index]!;
      out[o] = ((2 - weight) * r0 + weight * r1 + 1) >> 1;
      out[o + 1] = ((2 - weight) * g0 + weight * g1 + 1) >> 1;
      out[o + 2] = ((2 - weight) * b0 + weight * b1 + 1) >> 1;
      out[o + 3] = 255;
    }
  }
}

/** Weight of the second endpoint by index, in thirds. */
const FOUR_COLOR_THIRDS = Uint8Array.of(0, 3, 1, 2);
/** The same in halves, for blocks with a transparent colour. */
const THREE_COLOR_HALVES = Uint8Array.of(0, 2, 1);

function widen5(value: number): number {
  return (value << 3) | (value >> 2);
}

function widen6(value: number): number {
  return (value << 2) | (value >> 4);
}
