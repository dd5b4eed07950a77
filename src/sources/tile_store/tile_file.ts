/**
 * One tile of a tile store: a KTX2 file of one level for each plane, and their checksums.
 *
 * @module
 */

import {
  planeBytes,
  planesOf,
  type TilePlane,
  type TileStoreDescription,
} from "./metadata/description.ts";
import { KTX2_IDENTIFIER, ktx2Layout, vkFormatOf } from "./ktx2_layout.ts";
import { toHex } from "./metadata/metadata.ts";
import { CHECKSUM_BYTES } from "./metadata/parse_metadata.ts";

/** Upper bound of a KTX2 file's bytes beside its texels. */
const FILE_OVERHEAD_BYTES = 65536;
/** Header and one entry of the level index. */
const LEAST_PREFIX_BYTES = 104;
const CHECKSUM_KEY = "forge3dChecksum";

/** Properties that all tiles of a store share. */
export type TileFormat =
  & Pick<TileStoreDescription, "tileSize" | "border" | "furtherPlanes">
  & TilePlane;

/** Edge of a stored tile in texels. */
export function storedEdge({ tileSize, border }: TileFormat): number {
  return tileSize + 2 * border;
}

/** Most bytes of a stored tile. */
export function storedTileBytes(store: TileFormat): number {
  return planeBytes(store).reduce((sum, bytes) => sum + bytes + FILE_OVERHEAD_BYTES, 0);
}

/** The bytes of each plane's file before its texels; all tiles of a store have the same. */
export function filePrefixes(store: TileFormat): Uint8Array[] {
  const edge = storedEdge(store);
  const lastEntry = { key: CHECKSUM_KEY, byteLength: CHECKSUM_BYTES };
  return planesOf(store).map((plane) =>
    ktx2Layout([{ width: edge, height: edge }], { ...plane, lastEntry }).prefix
  );
}

/** Why a tile cannot be used: bytes were damaged, or the store breaks its format. */
export interface TileFault {
  readonly isDamage: boolean;
  readonly reason: string;
}

function damage(reason: string): TileFault {
  return { isDamage: true, reason };
}

function rule(reason: string): TileFault {
  return { isDamage: false, reason };
}

/** A place in a tile file, or the reason why there is none. */
type Place = { readonly begin: number; readonly end: number } | { readonly reason: string };

/** Where the texels of a file lie, by its level index. */
function texelsOf(file: DataView, byteLength: number): Place {
  if (file.byteLength < LEAST_PREFIX_BYTES) {
    return { reason: `it must have a KTX2 header: it is ${file.byteLength} bytes long` };
  }
  if (KTX2_IDENTIFIER.some((byte, i) => file.getUint8(i) !== byte)) {
    return { reason: "it must begin as a KTX2 file does" };
  }
  const begin = Number(file.getBigUint64(80, true));
  const end = begin + byteLength;
  if (begin < LEAST_PREFIX_BYTES || end > file.byteLength) {
    return {
      reason:
        `its level must lie in the file of ${file.byteLength} bytes: it begins at byte ${begin}`,
    };
  }
  return { begin, end };
}

/** Where a file's checksum lies: at the end of the key/value data, under its key. */
function checksumOf(file: Uint8Array, view: DataView): Place {
  const end = view.getUint32(56, true) + view.getUint32(60, true);
  const begin = end - CHECKSUM_BYTES;
  const keyAt = begin - CHECKSUM_KEY.length - 1;
  const isThere = keyAt >= LEAST_PREFIX_BYTES && end <= file.byteLength &&
    new TextDecoder().decode(file.subarray(keyAt, begin)) === `${CHECKSUM_KEY}\0`;
  return isThere ? { begin, end } : { reason: `its key/value data must end with ${CHECKSUM_KEY}` };
}

/** The first bytes of a SHA-256. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, CHECKSUM_BYTES);
}

/** SHA-256 of a file that has its position in place of its checksum. */
function checksumAt(
  file: Uint8Array<ArrayBuffer>,
  { begin, position }: { readonly begin: number; readonly position: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  view.setBigUint64(begin, BigInt(position), true);
  return digest(file);
}

/**
 * Writes the checksum of a file of {@linkcode filePrefixes} and texels.
 *
 * @param position Where the file begins in the archive's tile data.
 */
export async function sealFile(file: Uint8Array<ArrayBuffer>, position: number): Promise<void> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const place = checksumOf(file, view) as { begin: number };
  file.set(await checksumAt(file, { begin: place.begin, position }), place.begin);
}

/**
 * The texels of each plane of a tile, whose files hold their own checksums.
 *
 * @param tile The stored tile; the checksums in it are overwritten.
 * @param position Where the tile begins in the archive's tile data.
 */
export async function readSealedTile(
  tile: Uint8Array<ArrayBuffer>,
  { store, position }: { readonly store: TileFormat; readonly position: number },
): Promise<Uint8Array[] | TileFault> {
  const planes = planesOf(store);
  const texels: Uint8Array[] = [];
  let at = 0;
  for (const [plane, byteLength] of planeBytes(store).entries()) {
    const rest = tile.subarray(at);
    const restView = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    const level = texelsOf(restView, byteLength);
    // Damage may lie in what says where the checksum is.
    if ("reason" in level) return damage(`its checksum cannot be found: ${level.reason}`);
    const file = rest.subarray(0, level.end);
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const place = checksumOf(file, view);
    if ("reason" in place) return damage(`its checksum cannot be found: ${place.reason}`);
    const wanted = file.slice(place.begin, place.end);
    const current = await checksumAt(file, { begin: place.begin, position: position + at });
    const difference = checksumFault(current, wanted);
    if (difference !== null) return difference;
    const fault = headerFault(view, { plane: planes[plane]!, edge: storedEdge(store), byteLength });
    if (fault !== null) return rule(fault);
    texels.push(file.subarray(level.begin, level.end));
    at += level.end;
  }
  if (at === tile.byteLength) return texels;
  return rule(`its files must take ${tile.byteLength} bytes: they take ${at}`);
}

/**
 * The texels of a tile of version 1.
 *
 * @param file The stored tile.
 * @param options `checksum` is the one of the metadata.
 */
export async function readPlainTile(
  file: Uint8Array<ArrayBuffer>,
  { store, checksum }: { readonly store: TileFormat; readonly checksum: Uint8Array },
): Promise<Uint8Array[] | TileFault> {
  const difference = checksumFault(await digest(file), checksum);
  if (difference !== null) return difference;
  const [byteLength] = planeBytes(store) as [number];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const level = texelsOf(view, byteLength);
  if ("reason" in level) return rule(level.reason);
  const fault = headerFault(view, { plane: store, edge: storedEdge(store), byteLength });
  return fault === null ? [file.subarray(level.begin, level.end)] : rule(fault);
}

function checksumFault(current: Uint8Array, wanted: Uint8Array): TileFault | null {
  if (current.every((byte, i) => byte === wanted[i])) return null;
  return damage(`its checksum must be ${toHex(wanted)}: current value is ${toHex(current)}`);
}

/** What of a file's header is not the store's. */
function headerFault(
  view: DataView,
  { plane, edge, byteLength }: { plane: TilePlane; edge: number; byteLength: number },
): string | null {
  const rules = [
    ["vkFormat", 12, vkFormatOf(plane.format, plane.colorSpace)],
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
  for (const [field, at, value] of rules) {
    const current = view.getUint32(at, true);
    if (current !== value) return `its ${field} must be ${value}: current value is ${current}`;
  }
  return null;
}

/** A stored tile of one plane that repeats one block. */
export function repeatedBlock(block: Uint8Array, byteLength: number): Uint8Array {
  const texels = new Uint8Array(byteLength);
  texels.set(block);
  for (let filled = block.byteLength; filled < byteLength; filled *= 2) {
    texels.copyWithin(filled, 0, Math.min(filled, byteLength - filled));
  }
  return texels;
}
