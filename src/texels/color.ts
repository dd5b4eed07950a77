/**
 * Transfer functions between stored sRGB values and linear light, after IEC 61966-2-1:1999 with
 * its amendment 1 (thresholds 0.04045 and 0.0031308).
 *
 * @module
 */

/**
 * Linear light of a gamma-encoded sRGB value.
 *
 * @param value Encoded value, 0 to 1; values outside are clamped to that range.
 * @returns Linear light, 0 to 1.
 */
export function srgbToLinear(value: number): number {
  const v = Math.min(1, Math.max(0, value));
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

/**
 * Gamma-encoded sRGB value of linear light.
 *
 * @param value Linear light, 0 to 1; values outside are clamped to that range.
 * @returns Encoded value, 0 to 1.
 */
export function linearToSrgb(value: number): number {
  const v = Math.min(1, Math.max(0, value));
  // 1.055·v^(1/2.4) − 0.055, in a form that is exactly 1 at 1.
  return v <= 0.0031308 ? v * 12.92 : (211 * v ** (1 / 2.4) - 11) / 200;
}

/** Linear light (0 to 1) of every 8-bit sRGB code. Read only. */
export const SRGB8_TO_LINEAR: Float32Array = makeDecodeTable();

/** Linear light above which code k + 1 is nearer than code k: the decoded midpoint (k + 0.5) / 255. */
const ENCODE_THRESHOLDS = makeThresholds();
const GUESS_STEPS = 4096;
/** Smallest code that any value of a step of 1 / GUESS_STEPS rounds to. */
const ENCODE_GUESS = makeGuesses();

/**
 * The 8-bit sRGB code nearest to linear light, in the encoded scale: exactly
 * `Math.round(255 * linearToSrgb(value))` away from ties, by table.
 *
 * @param value Linear light; values outside 0 to 1 are clamped, NaN gives 0.
 */
export function linearToSrgb8(value: number): number {
  if (!(value > 0)) return 0;
  if (value >= 1) return 255;
  let code = ENCODE_GUESS[(value * GUESS_STEPS) | 0]!;
  while (value >= ENCODE_THRESHOLDS[code]!) code++;
  return code;
}

function makeDecodeTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => srgbToLinear(code / 255));
}

function makeThresholds(): Float64Array {
  const thresholds = Float64Array.from({ length: 256 }, (_, k) => srgbToLinear((k + 0.5) / 255));
  thresholds[255] = Infinity;
  return thresholds;
}

function makeGuesses(): Uint8Array {
  const guesses = new Uint8Array(GUESS_STEPS);
  let code = 0;
  for (let step = 0; step < GUESS_STEPS; step++) {
    while (step / GUESS_STEPS >= ENCODE_THRESHOLDS[code]!) code++;
    guesses[step] = code;
  }
  return guesses;
}
