/**
 * CIELAB of 8 bits (TIFF 6.0, section 23) as the picture decoder takes it: of 16.
 *
 * @module
 */

/**
 * Samples of 16 bits, little-endian: L* and alpha are unsigned, a* and b* signed.
 *
 * @param texels Samples of 8 bits.
 * @param step Samples of a texel.
 */
export function widenedLab(texels: Uint8Array, step: number): Uint8Array {
  const wide = new Uint8Array(2 * texels.length);
  for (let i = 0; i < texels.length; i++) {
    const sample = i % step;
    const isSigned = sample === 1 || sample === 2;
    wide[2 * i + 1] = texels[i]!;
    // 255 becomes 65535.
    if (!isSigned) wide[2 * i] = texels[i]!;
  }
  return wide;
}
