/**
 * The alpha half of BC2 blocks (Khronos Data Format Specification 1.3, section 18.2): four bits a
 * texel. The colour half is BC1's with four opaque colours.
 *
 * @module
 */

/**
 * Writes the alpha of 16 RGBA8 texels.
 *
 * @param block Bytes that hold the block at `at`.
 * @param out Receives alpha in every fourth value.
 */
export function decodeBc2Alpha(
  block: Uint8Array,
  out: Uint8Array,
  at: number,
): void {
  for (let texel = 0; texel < 16; texel++) {
    const four = (block[at + (texel >> 1)]! >> (4 * (texel & 1))) & 15;
    out[4 * texel + 3] = four * 17;
  }
}
