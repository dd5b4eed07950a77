/**
 * Where the texels of a batch of tiles lie between filling and atlas. Pure.
 *
 * @module
 */

import { COPY_ROW_ALIGNMENT, encodedRowPitch } from "../../gpu/mod.ts";
import { formatInfo, isBlockCompressed, type TexelFormat } from "../../texels/mod.ts";

/**
 * Words that four texels of a row take: 4 of RGBA8, which blocks are made from too, 2 of 16 bits,
 * 1 of 8 bits.
 */
export function wordsPerQuad(format: TexelFormat): 1 | 2 | 4 {
  return (isBlockCompressed(format) ? 4 : formatInfo(format).blockBytes) as 1 | 2 | 4;
}

/** Where a plane's texels lie in a buffer, for all tiles of a batch. In bytes. */
export interface PackedPlace {
  /** Of the first tile. */
  readonly offset: number;
  /** From tile to tile. */
  readonly tileBytes: number;
  /** From row to row of texels, or of blocks. */
  readonly rowBytes: number;
}

/** Where the planes of a batch lie. */
export interface PackedPlanes {
  /** Texels of each plane, in one buffer. Rows that are copied to an atlas are padded to 256 bytes. */
  readonly texels: readonly PackedPlace[];
  /** Size of that buffer in bytes. */
  readonly texelBytes: number;
  /** Blocks of each compressed plane, in another buffer; null of the others. */
  readonly blocks: readonly (PackedPlace | null)[];
  /** Size of that buffer in bytes; 0 without compressed planes. */
  readonly blockBytes: number;
}

/**
 * Lays out a batch, plane by plane.
 *
 * @param slotTexels Edge of a tile in texels, border included, a multiple of 4.
 */
export function layoutPackedPlanes(
  formats: readonly TexelFormat[],
  { slotTexels, tiles }: { readonly slotTexels: number; readonly tiles: number },
): PackedPlanes {
  let texelBytes = 0;
  let blockBytes = 0;
  const texels: PackedPlace[] = [];
  const blocks: (PackedPlace | null)[] = [];
  for (const format of formats) {
    const isCompressed = isBlockCompressed(format);
    const tight = wordsPerQuad(format) * slotTexels;
    const rowBytes = isCompressed ? tight : alignedTo(tight, COPY_ROW_ALIGNMENT);
    const tileBytes = rowBytes * slotTexels;
    texels.push({ offset: texelBytes, tileBytes, rowBytes });
    texelBytes += tiles * tileBytes;
    if (!isCompressed) {
      blocks.push(null);
      continue;
    }
    const pitch = encodedRowPitch(format, slotTexels);
    const bytes = pitch * slotTexels / 4;
    blocks.push({ offset: blockBytes, tileBytes: bytes, rowBytes: pitch });
    blockBytes += tiles * bytes;
  }
  return { texels, texelBytes, blocks, blockBytes };
}

function alignedTo(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
