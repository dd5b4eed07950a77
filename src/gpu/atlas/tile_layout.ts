/**
 * How a tile lies in a staging buffer.
 *
 * @module
 */

import { formatInfo, type TexelFormat } from "../../texels/mod.ts";
import { COPY_ROW_ALIGNMENT } from "../device/readback.ts";

/** A plane of a tile in a staging buffer, its rows padded as copies require. */
export interface PlaneLayout {
  /** First byte in the tile. */
  readonly offset: number;
  /** Rows of blocks. */
  readonly rows: number;
  /** Bytes of a row of blocks. */
  readonly rowBytes: number;
  /** Bytes from one row to the next. */
  readonly rowPitch: number;
}

/** A tile in a staging buffer. */
export interface TileLayout {
  /** Its planes. */
  readonly planes: readonly PlaneLayout[];
  /** Bytes in all: a multiple of 256. */
  readonly bytes: number;
}

/**
 * Bytes of staging buffer that one tile takes: rows of blocks padded to 256 bytes, every plane.
 *
 * @param slotTexels Edge of a slot in texels.
 */
export function stagingBytes(formats: readonly TexelFormat[], slotTexels: number): number {
  return layoutPlanes(formats, slotTexels).bytes;
}

/** Where each plane of a tile lies, and the bytes of all. */
export function layoutPlanes(
  formats: readonly TexelFormat[],
  slotTexels: number,
): TileLayout {
  let offset = 0;
  const planes = formats.map((format) => {
    const { blockTexels, blockBytes } = formatInfo(format);
    const rows = Math.ceil(slotTexels / blockTexels);
    const rowBytes = rows * blockBytes;
    const rowPitch = Math.ceil(rowBytes / COPY_ROW_ALIGNMENT) * COPY_ROW_ALIGNMENT;
    const plane = { offset, rows, rowBytes, rowPitch };
    offset += rows * rowPitch;
    return plane;
  });
  return { planes, bytes: offset };
}

/**
 * Writes a tile as it lies in a staging buffer.
 *
 * @param target What to write to, from byte `base` on.
 * @param payload Tight rows of each plane.
 */
export function padTile(
  target: Uint8Array,
  base: number,
  { payload, planes }: {
    readonly payload: readonly Uint8Array[];
    readonly planes: readonly PlaneLayout[];
  },
): void {
  for (const [index, plane] of planes.entries()) padRows(target, base, payload[index]!, plane);
}

function padRows(target: Uint8Array, base: number, tight: Uint8Array, plane: PlaneLayout): void {
  const start = base + plane.offset;
  if (plane.rowBytes === plane.rowPitch) {
    target.set(tight, start);
    return;
  }
  for (let row = 0; row < plane.rows; row++) {
    const from = row * plane.rowBytes;
    target.set(tight.subarray(from, from + plane.rowBytes), start + row * plane.rowPitch);
  }
}
