/**
 * Base64 as bytes, without strings in between.
 *
 * @module
 */

const PADDING = 0x3D;
const NO_VALUE = 255;
const BASE64_VALUES = base64Values();

function base64Values(): Uint8Array {
  const values = new Uint8Array(256).fill(NO_VALUE);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

/** Bytes of base64, or null if it is none. */
export function decodeBase64(text: Uint8Array): Uint8Array | null {
  if (text.byteLength % 4 !== 0) return null;
  const padding = text.at(-1) !== PADDING ? 0 : text.at(-2) !== PADDING ? 1 : 2;
  const bytes = new Uint8Array((text.byteLength / 4) * 3 - padding);
  const characters = text.byteLength - padding;
  let bits = 0;
  let out = 0;
  for (let i = 0; i < text.byteLength; i++) {
    const value = i < characters ? BASE64_VALUES[text[i]!]! : 0;
    if (value === NO_VALUE) return null;
    bits = (bits << 6) | value;
    if (i % 4 !== 3) continue;
    bytes[out++] = bits >>> 16;
    if (out < bytes.byteLength) bytes[out++] = bits >>> 8;
    if (out < bytes.byteLength) bytes[out++] = bits;
    bits = 0;
  }
  return bytes;
}
