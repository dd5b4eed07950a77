/** Pictures for tests. */

import sharp, { type Sharp } from "sharp";

/** Bytes of texels that differ from their neighbours, none of them 0. */
export function gradient(width: number, height: number, channels: 1 | 2 | 3 | 4): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const texel = Math.floor(i / channels);
    const value = (texel % width) * 5 + Math.floor(texel / width) * 9 + (i % channels) * 60;
    return 1 + value % 255;
  });
}

/** The encoder of pictures, with 8-bit texels for its input. */
export function encoder(texels: Uint8Array, width: number, channels: 1 | 2 | 3 | 4): Sharp {
  const height = texels.length / width / channels;
  const pipeline = sharp(texels, { raw: { width, height, channels } });
  return channels > 2 ? pipeline : pipeline.toColourspace("b-w");
}

/** Red, green and blue with an alpha of 255. */
export function withAlpha(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: rgb.length / 3 * 4 },
    (_, i) => i % 4 === 3 ? 255 : rgb[Math.floor(i / 4) * 3 + i % 4]!,
  );
}
