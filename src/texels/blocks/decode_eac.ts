/**
 * EAC blocks: alpha of ETC2 in 8 bits, one channel of 11 bits (Khronos Data Format Specification 1.3,
 * sections 22.5, 22.8 and 22.9).
 *
 * @module
 */

/** What a texel differs from the base, by the block's table and the texel's index. */
const MODIFIERS: readonly (readonly number[])[] = [
  [-3, -6, -9, -15, 2, 5, 8, 14],
  [-3, -7, -10, -13, 2, 6, 9, 12],
  [-2, -5, -8, -13, 1, 4, 7, 12],
  [-2, -4, -6, -13, 1, 3, 5, 12],
  [-3, -6, -8, -12, 2, 5, 7, 11],
  [-3, -7, -9, -11, 2, 6, 8, 10],
  [-4, -7, -8, -11, 3, 6, 7, 10],
  [-3, -5, -8, -11, 2, 4, 7, 10],
  [-2, -6, -8, -10, 1, 5, 7, 9],
  [-2, -5, -8, -10, 1, 4, 7, 9],
  [-2, -4, -8, -10, 1, 3, 7, 9],
  [-2, -5, -7, -10, 1, 4, 6, 9],
  [-3, -4, -7, -10, 2, 3, 6, 9],
  [-1, -2, -3, -10, 0, 1, 2, 9],
  [-4, -6, -8, -9, 3, 5, 7, 8],
  [-3, -5, -7, -9, 2, 4, 6, 8],
];

/** Where a block lies, and where its values go: value t at `channel + t * stride`, row by row. */
export interface EacPlace {
  readonly at: number;
  readonly channel: number;
  readonly stride: number;
}

/** Decodes one 8-byte block to 16 values of 8 bits. */
export function decodeEacAlpha(block: Uint8Array, out: Uint8Array, place: EacPlace): void {
  const base = block[place.at]!;
  forEachTexel(block, place, (at, modifier, multiplier) => {
    out[at] = Math.min(255, Math.max(0, base + modifier * multiplier));
  });
}

/** Decodes one 8-byte block to 16 floats, from 0 to 1 or, where signed, from −1. */
export function decodeEac11(
  block: Uint8Array,
  out: Float32Array,
  { isSigned, ...place }: EacPlace & { readonly isSigned: boolean },
): void {
  const byte = block[place.at]!;
  const base = isSigned ? 8 * Math.max(-127, (byte << 24) >> 24) : 8 * byte + 4;
  const [least, most] = isSigned ? [-1023, 1023] : [0, 2047];
  forEachTexel(block, place, (at, modifier, multiplier) => {
    const change = multiplier === 0 ? modifier : 8 * modifier * multiplier;
    out[at] = Math.min(most, Math.max(least, base + change)) / most;
  });
}

function forEachTexel(
  block: Uint8Array,
  { at, channel, stride }: EacPlace,
  write: (at: number, modifier: number, multiplier: number) => void,
): void {
  const multiplier = block[at + 1]! >> 4;
  const table = MODIFIERS[block[at + 1]! & 15]!;
  for (let texel = 0; texel < 16; texel++) {
    // Three bits each, from the highest of 48 on; texels are numbered down the columns.
    const bit = 3 * texel;
    const word = (block[at + 2 + (bit >> 3)]! << 8) | (block[at + 3 + (bit >> 3)] ?? 0);
    const index = (word >> (13 - (bit & 7))) & 7;
    const place = 4 * (texel & 3) + (texel >> 2);
    write(channel + place * stride, table[index]!, multiplier);
  }
}
