/** Pictures for tests. */

import { crc32, deflateSync } from "node:zlib";
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

/** A black square as a PNG file of one bit a texel: many texels in a small file. */
export function blackPng(side: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  header[8] = 1;
  const rows = deflateSync(new Uint8Array(side * (1 + Math.ceil(side / 8))), { level: 1 });
  const empty = new Uint8Array(0);
  const chunks = [pngChunk("IHDR", header), pngChunk("IDAT", rows), pngChunk("IEND", empty)];
  return Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    ...chunks.flatMap((c) => [...c]),
  ]);
}

function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.byteLength);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.byteLength);
  chunk.set(new TextEncoder().encode(name), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.byteLength, crc32(chunk.subarray(4, 8 + data.byteLength)));
  return chunk;
}
