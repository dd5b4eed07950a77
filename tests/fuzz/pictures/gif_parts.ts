/**
 * The structure of GIF files (GIF89a specification).
 *
 * @module
 */

import { type Field, fieldRow } from "../inputs/fields.ts";

/** Where the first frame begins; null if there is none. */
function frameStart(bytes: Uint8Array): number | null {
  const flags = bytes[10] ?? 0;
  let at = 13 + (flags & 0x80 ? 3 << (flags & 7) + 1 : 0);
  while (bytes[at] === 0x21) {
    for (at += 2; bytes[at]; at += 1 + bytes[at]!);
    at++;
  }
  return bytes[at] === 0x2c ? at : null;
}

/** Numbers of the screen, of the first frame and of its first codes. */
export function gifFields(bytes: Uint8Array): Field[] {
  const frame = frameStart(bytes)!;
  const local = bytes[frame + 9]! & 0x80 ? 3 << (bytes[frame + 9]! & 7) + 1 : 0;
  return [
    ...fieldRow(["screen width", "screen height"], 6, 2),
    ...fieldRow(["screen flags", "background", "aspect"], 10, 1),
    ...fieldRow(["left", "top", "width", "height"], frame + 1, 2),
    ...fieldRow(["frame flags"], frame + 9, 1),
    ...fieldRow(["code size", "length of codes", "code 0", "code 1"], frame + 10 + local, 1),
  ];
}

/** Size of the screen; null if it has none, or the file is not a GIF. */
export function gifSize(bytes: Uint8Array): readonly [number, number] | null {
  if (bytes.length < 10 || bytes[0] !== 0x47) return null;
  const width = bytes[6]! | bytes[7]! << 8;
  const height = bytes[8]! | bytes[9]! << 8;
  return width === 0 || height === 0 ? null : [width, height];
}

/** Whether the first frame covers the screen: the decoder alone makes the rest black. */
export function coversScreen(bytes: Uint8Array): boolean {
  const frame = frameStart(bytes);
  const size = gifSize(bytes);
  if (frame === null || size === null) return false;
  const word = (at: number) => bytes[at]! | bytes[at + 1]! << 8;
  return word(frame + 1) === 0 && word(frame + 3) === 0 && word(frame + 5) === size[0] &&
    word(frame + 7) === size[1];
}
