/**
 * The orientation in EXIF data.
 *
 * @module
 */

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * Reads the orientation, 1 to 8, from EXIF data: a TIFF header and its first directory (EXIF 2.3,
 * section 4.5). Data that is missing or damaged asks for none: 1.
 *
 * @param exif The data, with or without "Exif\0\0" before it.
 */
export function exifOrientation(exif: Uint8Array): number {
  const hasPrefix = exif[0] === 0x45 && exif[1] === 0x78 && exif[2] === 0x69 && exif[3] === 0x66;
  const start = hasPrefix ? 6 : 0;
  if (exif.byteLength < start + 8) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const isLittle = order === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > view.byteLength) return 1;
  const count = view.getUint16(directory, isLittle);
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, isLittle) !== ORIENTATION_TAG) continue;
    if (view.getUint16(at + 2, isLittle) !== SHORT) return 1;
    return checkedOrientation(view.getUint16(at + 8, isLittle));
  }
  return 1;
}

/** An orientation, or 1 for a number that is none. */
export function checkedOrientation(value: number): number {
  return value >= 1 && value <= 8 ? value : 1;
}
