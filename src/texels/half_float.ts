/**
 * 16-bit floats (IEEE 754 binary16).
 *
 * @module
 */

const SCRATCH = new DataView(new ArrayBuffer(4));

/** Value of the bits of a 16-bit float. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/**
 * Bits of the 16-bit float nearest to a value, ties to even. Values from 65520 on become infinite,
 * as IEEE 754 says; NaN stays NaN.
 */
export function floatToHalf(value: number): number {
  SCRATCH.setFloat32(0, value);
  const bits = SCRATCH.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2^-14, 16-bit floats are multiples of 2^-24.
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(value) * 2 ** 24);
  return sign | roundToEven((magnitude - 0x38000000) / 2 ** 13);
}

function roundToEven(value: number): number {
  const whole = Math.floor(value);
  const rest = value - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}

/**
 * Value of an unsigned float without a sign bit, of 5 bits of exponent and few of mantissa
 * (Vulkan 1.4, section 3.9.3 and 3.9.4: "Unsigned 11-Bit" and "10-Bit Floating-Point Numbers").
 */
export function smallFloatToFloat(bits: number, mantissaBits: 5 | 6): number {
  return halfToFloat(bits << (10 - mantissaBits));
}

/**
 * Bits of the unsigned small float nearest to a value: negative values become 0, and finite ones
 * never infinite.
 */
export function floatToSmallFloat(value: number, mantissaBits: 5 | 6): number {
  if (Number.isNaN(value)) return (0x7c00 >> (10 - mantissaBits)) | 1;
  if (!(value > 0)) return 0;
  const infinite = 0x7c00 >> (10 - mantissaBits);
  if (value === Infinity) return infinite;
  const step = 2 ** (10 - mantissaBits);
  // Round once: the bits of a wide enough float count steps of its own mantissa.
  SCRATCH.setFloat32(0, value);
  const magnitude = SCRATCH.getUint32(0);
  const nearest = magnitude < 0x38800000
    ? roundToEven(Math.fround(value) * 2 ** 24 / step)
    : roundToEven((magnitude - 0x38000000) / 2 ** 13 / step);
  return Math.min(nearest, infinite - 1);
}
