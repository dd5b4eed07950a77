/**
 * BMP files, made without a library.
 *
 * @module
 */

/** Colour masks: red, green, blue, alpha. */
export type MadeMasks = readonly [number, number, number, number];

/** What a made BMP file holds. */
export interface MadeBmp {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** Bytes of its header: 12, 40, 52, 56, 108 or 124. */
  readonly headerBytes: number;
  /** Texels as stored: numbers of colours, or packed channels; the upper row first. */
  readonly texels: readonly number[];
  /** Blue, green, red of each colour. */
  readonly colors?: readonly (readonly [number, number, number])[];
  /** Left out for the usual ones. */
  readonly masks?: MadeMasks;
  /** Whether the upper row is stored first; default false. */
  readonly isTopDown?: boolean;
  /** Default 0 without masks, else 3. */
  readonly compression?: number;
}

/** Makes a file. */
export function makeBmp(bmp: MadeBmp): Uint8Array<ArrayBuffer> {
  const { width, height, bits, headerBytes, masks, colors = [], isTopDown = false } = bmp;
  const isCore = headerBytes === 12;
  // Behind the shortest header with masks, they follow; longer ones hold them.
  const maskBytes = masks !== undefined && headerBytes === 40 ? 12 : 0;
  const colorBytes = isCore ? 3 : 4;
  const dataStart = 14 + headerBytes + maskBytes + colors.length * colorBytes;
  const rowBytes = 4 * Math.ceil(width * bits / 32);
  const file = new Uint8Array(dataStart + rowBytes * height);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, dataStart, true);
  view.setUint32(14, headerBytes, true);
  if (isCore) {
    [width, height, 1, bits].forEach((value, i) => view.setUint16(18 + 2 * i, value, true));
  } else {
    view.setInt32(18, width, true);
    view.setInt32(22, isTopDown ? -height : height, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, bits, true);
    view.setUint32(30, bmp.compression ?? (masks === undefined ? 0 : 3), true);
    view.setUint32(46, colors.length, true);
    const held = headerBytes >= 56 ? 4 : 3;
    masks?.slice(0, held).forEach((mask, i) => view.setUint32(54 + 4 * i, mask, true));
  }
  colors.forEach((color, i) => file.set(color, 14 + headerBytes + maskBytes + i * colorBytes));
  bmp.texels.forEach((texel, i) => {
    const row = isTopDown ? Math.floor(i / width) : height - 1 - Math.floor(i / width);
    const bit = (i % width) * bits;
    const at = dataStart + row * rowBytes + (bit >> 3);
    if (bits < 8) file[at]! |= texel << (8 - bits - (bit & 7));
    else for (let byte = 0; byte < bits / 8; byte++) file[at + byte] = texel / 256 ** byte;
  });
  return file;
}
