/**
 * Colours of three mantissas with one exponent (Khronos Data Format Specification 1.3, section
 * 10.5: 9 bits each, 5 bits of exponent whose bias is 15).
 *
 * @module
 */

const MANTISSA_BITS = 9;
const BIAS = 15;
const MOST_MANTISSA = 2 ** MANTISSA_BITS - 1;
const MOST_EXPONENT = 31;
/** The largest value: 511 / 512 · 2^16. */
const MOST = MOST_MANTISSA * 2 ** (MOST_EXPONENT - BIAS - MANTISSA_BITS);

/** Red, green and blue of a word, red in its lowest bits, and an alpha of 1. */
export function sharedExponentToFloat(word: number, out: Float32Array, at: number): void {
  const scale = 2 ** ((word >>> 27) - BIAS - MANTISSA_BITS);
  for (let c = 0; c < 3; c++) {
    out[at + c] = ((word >>> (MANTISSA_BITS * c)) & MOST_MANTISSA) * scale;
  }
  out[at + 3] = 1;
}

/**
 * The word for a colour, by the specification's method: values are clamped to 0 and the largest one
 * (NaN to 0), and the exponent is the least with which none overflows.
 */
export function floatToSharedExponent(values: Float32Array, at: number): number {
  const clamped = [0, 1, 2].map((c) => Math.min(MOST, Math.max(0, values[at + c]! || 0)));
  const most = Math.max(...clamped);
  const power = most > 0 ? Math.floor(Math.log2(most)) : -BIAS - 1;
  let exponent = Math.max(-BIAS - 1, power) + 1 + BIAS;
  const mantissa = (value: number) =>
    Math.floor(value / 2 ** (exponent - BIAS - MANTISSA_BITS) + 0.5);
  if (mantissa(most) > MOST_MANTISSA) exponent++;
  const [red, green, blue] = clamped.map(mantissa);
  return (red! | (green! << 9) | (blue! << 18) | (exponent << 27)) >>> 0;
}
