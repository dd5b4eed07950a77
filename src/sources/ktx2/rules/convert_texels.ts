/**
 * Conversions of stored texels that change their bytes and lose nothing.
 *
 * @module
 */

/** Where the channels of converted texels come from. */
export interface TexelOrder {
  /** Channels of a stored texel. */
  readonly storedChannels: number;
  /** For each channel of a converted texel, the stored one, or the value 0 or 1. */
  readonly channels: readonly (number | "zero" | "one")[];
  /** Bytes of a value. */
  readonly valueBytes: 1 | 2 | 4;
  /** Bytes of the value 1. */
  readonly one: readonly number[];
}

/** Texels with their channels in another order. */
export function withOrder(
  stored: Uint8Array,
  { storedChannels, channels, valueBytes, one }: TexelOrder,
): Uint8Array {
  const texels = stored.length / (storedChannels * valueBytes);
  const outBytes = channels.length * valueBytes;
  const out = new Uint8Array(texels * outBytes);
  for (const [c, source] of channels.entries()) {
    if (source === "zero") continue;
    for (let byte = 0; byte < valueBytes; byte++) {
      let at = c * valueBytes + byte;
      if (source === "one") {
        for (; at < out.length; at += outBytes) out[at] = one[byte]!;
        continue;
      }
      let from = source * valueBytes + byte;
      for (; at < out.length; at += outBytes, from += storedChannels * valueBytes) {
        out[at] = stored[from]!;
      }
    }
  }
  return out;
}

/**
 * Signed normalised values of 16 bits as 32-bit floats, little-endian both: n / 32767, and −1 for
 * −32768 too (Vulkan 1.4, section 3.10.1). Three channels get an alpha of 1.
 */
export function snorm16ToFloats(stored: Uint8Array, storedChannels: number): Uint8Array {
  const source = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const texels = stored.length / (2 * storedChannels);
  const channels = storedChannels === 3 ? 4 : storedChannels;
  const out = new DataView(new ArrayBuffer(4 * texels * channels));
  for (let texel = 0; texel < texels; texel++) {
    for (let c = 0; c < channels; c++) {
      const value = c === storedChannels
        ? 1
        : Math.max(-1, source.getInt16(2 * (texel * storedChannels + c), true) / 32767);
      out.setFloat32(4 * (texel * channels + c), value, true);
    }
  }
  return new Uint8Array(out.buffer);
}

/** Words of ten bits a colour with red and blue exchanged. */
export function swapRgb10a2(stored: Uint8Array): Uint8Array {
  const source = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const out = new DataView(new ArrayBuffer(stored.byteLength));
  for (let at = 0; at < stored.byteLength; at += 4) {
    const word = source.getUint32(at, true);
    const kept = word & 0xc00ffc00;
    out.setUint32(at, (kept | ((word & 1023) << 20) | ((word >>> 20) & 1023)) >>> 0, true);
  }
  return new Uint8Array(out.buffer);
}
