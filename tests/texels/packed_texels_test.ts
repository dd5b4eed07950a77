import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import {
  floatToHalf,
  formatInfo,
  halfToFloat,
  isPackedFormat,
  packTexels,
  TEXEL_FORMATS,
  type TexelFormat,
  unpackTexels,
} from "../../src/texels/mod.ts";
import { seededRandom } from "../helpers/random.ts";

const PACKED = TEXEL_FORMATS.filter((format) => isPackedFormat(format));

Deno.test("the packed formats are the uncompressed ones that are no decoded format", () => {
  assert.deepEqual(PACKED, [
    ...["r8snorm", "rg8snorm", "rgba8snorm", "r16float", "rg16float", "rgba16float"],
    ...["rgb10a2unorm", "rg11b10ufloat", "rgb9e5ufloat"],
  ]);
});

Deno.test("halves are those of the platform, each of the 65536", () => {
  const words = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const view = new DataView(words.buffer);
  for (let bits = 0; bits < 65536; bits++) {
    const wanted = view.getFloat16(2 * bits, true);
    assert.ok(Object.is(halfToFloat(bits), wanted), `${bits}`);
    if (!Number.isNaN(wanted)) assert.equal(floatToHalf(wanted), bits);
  }
  assert.ok(Number.isNaN(halfToFloat(floatToHalf(NaN))));
});

Deno.test("floats become the nearest half, ties to even, as the platform rounds", () => {
  const random = seededRandom(5);
  const view = new DataView(new ArrayBuffer(4));
  for (let step = 0; step < 20000; step++) {
    view.setUint32(0, Math.floor(random() * 2 ** 32));
    // Every other number lies where halves are neither all 0 nor all infinite.
    const value = step % 2 ? view.getFloat32(0) : Math.fround((random() - 0.5) * 2 ** -10);
    if (Number.isNaN(value)) continue;
    view.setFloat16(0, value);
    assert.equal(floatToHalf(value), view.getUint16(0), `${value}`);
  }
  // Control: cutting bits off is another thing.
  assert.equal(floatToHalf(1 + 3 * 2 ** -12), 0x3c01);
});

/** Every value that a word of so many bits of mantissa can stand for, from the definition. */
function smallFloat(bits: number, mantissaBits: number): number {
  const exponent = bits >> mantissaBits;
  const mantissa = bits & (2 ** mantissaBits - 1);
  if (exponent === 0) return (mantissa / 2 ** mantissaBits) * 2 ** -14;
  if (exponent === 31) return mantissa === 0 ? Infinity : NaN;
  return (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - 15);
}

Deno.test("packed colours are what Vulkan says", () => {
  const random = seededRandom(6);
  const words = Uint32Array.from({ length: 4096 }, () => Math.floor(random() * 2 ** 32));
  const bytes = new Uint8Array(words.buffer);
  const close = unpackTexels("rgb9e5ufloat", bytes);
  const packed = unpackTexels("rg11b10ufloat", bytes);
  const ten = unpackTexels("rgb10a2unorm", bytes);
  for (const [k, word] of words.entries()) {
    const scale = 2 ** ((word >>> 27) - 24);
    const wanted = [word & 511, (word >>> 9) & 511, (word >>> 18) & 511].map((m) => m * scale);
    assert.deepEqual([...close.slice(4 * k, 4 * k + 4)], [...wanted, 1]);
    const floats = [smallFloat(word & 2047, 6), smallFloat((word >>> 11) & 2047, 6)];
    const blue = smallFloat(word >>> 22, 5);
    assert.deepEqual([...packed.slice(4 * k, 4 * k + 4)], [...floats, blue, 1]);
    const codes = [word & 1023, (word >>> 10) & 1023, (word >>> 20) & 1023].map((c) => c / 1023);
    const units = Float32Array.of(...codes, (word >>> 30) / 3);
    assert.deepEqual(ten.slice(4 * k, 4 * k + 4), units);
  }
});

/** Random bytes without NaN and without colours that have several encodings. */
function uniqueTexels(format: TexelFormat): Uint8Array {
  const random = seededRandom(format.length);
  const bytes = new Uint8Array(formatInfo(format).blockBytes * 2048);
  for (const k of bytes.keys()) bytes[k] = Math.floor(random() * 256);
  return packTexels(format, unpackTexels(format, bytes).map((value) => value || 0));
}

Deno.test("packing is the inverse of unpacking, and gives the nearest of all values", () => {
  const random = seededRandom(7);
  for (const format of PACKED) {
    const bytes = uniqueTexels(format);
    const values = unpackTexels(format, bytes);
    assert.deepEqual(packTexels(format, values), bytes, format);
    // A value between two that the format has becomes one of them: no step is skipped.
    const { channels } = formatInfo(format);
    const wanted = Float32Array.from({ length: channels * 512 }, () => random());
    const found = unpackTexels(format, packTexels(format, wanted));
    const step = format === "rgb10a2unorm" ? 1 / 6 : 1 / 128;
    for (const [k, value] of wanted.entries()) {
      const isMissingAlpha = k % 4 === 3 && /^rg11|^rgb9/.test(format);
      if (!isMissingAlpha) assert.ok(Math.abs(found[k]! - value) <= step, `${format} ${value}`);
    }
    const other = unpackTexels(format, bytes.map((byte) => byte ^ 64));
    assert.notDeepEqual(packTexels(format, other), bytes, "control: other values, other bytes");
  }
});

Deno.test("values outside a format's range become the end of it, and NaN only where it has one", () => {
  const values = Float32Array.of(-7, 9, NaN, 1e9);
  assert.deepEqual([...unpackTexels("rgba8snorm", packTexels("rgba8snorm", values))], [
    -1,
    1,
    0,
    1,
  ]);
  assert.deepEqual([...unpackTexels("rgba16float", packTexels("rgba16float", values))], [
    ...[-7, 9, NaN, Infinity],
  ]);
  assert.deepEqual([...unpackTexels("rg11b10ufloat", packTexels("rg11b10ufloat", values))], [
    ...[0, 9, NaN, 1],
  ]);
  assert.deepEqual([...unpackTexels("rgb9e5ufloat", packTexels("rgb9e5ufloat", values))], [
    ...[0, 9, 0, 1],
  ]);
  const high = Float32Array.of(1e9, 1e9, 1e9, 1);
  assert.deepEqual([...unpackTexels("rgb9e5ufloat", packTexels("rgb9e5ufloat", high))], [
    ...[65408, 65408, 65408, 1],
  ]);
  assert.deepEqual([...unpackTexels("rg11b10ufloat", packTexels("rg11b10ufloat", high))], [
    ...[65024, 65024, 64512, 1],
  ]);
  assert.deepEqual([...unpackTexels("r8snorm", Uint8Array.of(128, 129, 127))], [-1, -1, 1]);
});

Deno.test("formats that are not packed are refused", () => {
  assert.throws(() => unpackTexels("rgba8unorm", new Uint8Array(4)), UnsupportedError);
  assert.throws(() => packTexels("r32float", new Float32Array(1)), UnsupportedError);
});
