/**
 * One tile of a tile store: a KTX2 file of one level, and its checksum.
 *
 * @module
 */

import { regionBytes } from "../../texels/mod.ts";
import { KTX2_IDENTIFIER, ktx2Layout, vkFormatOf } from "./ktx2_layout.ts";
import { CHECKSUM_BYTES, type TileStoreDescription } from "./metadata.ts";

/** Properties that all tile files of a store share. */
export type TileFileFormat = Pick<
  TileStoreDescription,
  "tileSize" | "border" | "format" | "colorSpace"
>;

/** The bytes of a tile file before its texels; the same for all tiles of a store. */
export function tileFilePrefix(store: TileFileFormat): Uint8Array {
  const edge = store.tileSize + 2 * store.border;
  return ktx2Layout([{ width: edge, height: edge }], store).prefix;
}

/** Bytes of a tile's texels. */
export function tilePayloadBytes({ format, tileSize, border }: TileFileFormat): number {
  const edge = tileSize + 2 * border;
  return regionBytes(format, edge, edge);
}

/** The first bytes of the SHA-256 of a tile file. */
export async function tileChecksum(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", file)).subarray(0, CHECKSUM_BYTES);
}

/**
 * Finds the texels in a tile file.
 *
 * @returns A view of the texels, or a sentence that says what is wrong with the file.
 */
export function tilePayload(file: Uint8Array, store: TileFileFormat): Uint8Array | string {
  if (file.byteLength < 104) {
    return `it must have a KTX2 header: it is ${file.byteLength} bytes long`;
  }
  if (KTX2_IDENTIFIER.some((byte, i) => file[i] !== byte)) {
    return "it must begin as a KTX2 file does";
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const edge = store.tileSize + 2 * store.border;
  const byteLength = tilePayloadBytes(store);
  const wanted = [
    ["vkFormat", 12, vkFormatOf(store.format, store.colorSpace)],
    ["pixelWidth", 20, edge],
    ["pixelHeight", 24, edge],
    ["pixelDepth", 28, 0],
    ["layerCount", 32, 0],
    ["faceCount", 36, 1],
    ["levelCount", 40, 1],
    ["supercompressionScheme", 44, 0],
    ["byteLength of level 0", 88, byteLength],
    ["high half of that", 92, 0],
  ] as const;
  for (const [field, at, value] of wanted) {
    const current = view.getUint32(at, true);
    if (current !== value) return `its ${field} must be ${value}: current value is ${current}`;
  }
  const offset = Number(view.getBigUint64(80, true));
  if (offset < 104 || offset + byteLength > file.byteLength) {
    return `its level must lie in the file of ${file.byteLength} bytes: it begins at byte ${offset}`;
  }
  return file.subarray(offset, offset + byteLength);
}
