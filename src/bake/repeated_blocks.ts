/**
 * Tiles of levels that are narrower or lower than a tile: beyond the level they repeat its last
 * texels, so that most of their blocks are alike. Only the others are encoded.
 *
 * @module
 */

/** Dimensions in texels or blocks. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/**
 * How many texels of the edge of a tile, from the first on, hold all that differ, and one block of
 * those that repeat.
 *
 * @param levelTexels Width or height of the level.
 */
export function distinctTexels(
  levelTexels: number,
  { tileSize, border, blockTexels }: { tileSize: number; border: number; blockTexels: number },
): number {
  const edge = tileSize + 2 * border;
  if (levelTexels > tileSize) return edge;
  const firstRepeated = border + levelTexels - 1;
  return Math.min(edge, (Math.ceil(firstRepeated / blockTexels) + 1) * blockTexels);
}

/**
 * Makes a whole tile of its distinct blocks: the last of each row and the last row are repeated.
 *
 * @param blocks Tight rows of blocks.
 * @param from Dimensions in blocks.
 * @param to Dimensions of the tile in blocks.
 */
export function repeatBlocks(
  blocks: Uint8Array,
  { from, to, blockBytes }: { from: Dimensions; to: Dimensions; blockBytes: number },
): Uint8Array {
  if (from.width === to.width && from.height === to.height) return blocks;
  const [fromRow, toRow] = [from.width * blockBytes, to.width * blockBytes];
  const whole = new Uint8Array(to.height * toRow);
  for (let y = 0; y < from.height; y++) {
    const start = y * toRow;
    whole.set(blocks.subarray(y * fromRow, (y + 1) * fromRow), start);
    repeatLast(whole.subarray(start, start + toRow), fromRow, blockBytes);
  }
  repeatLast(whole, from.height * toRow, toRow);
  return whole;
}

/** Fills bytes with copies of the last piece of those that are there. */
function repeatLast(bytes: Uint8Array, filled: number, pieceBytes: number): void {
  const start = filled - pieceBytes;
  // What is copied grows with each step.
  for (let end = filled; end < bytes.byteLength; end += end - start) {
    bytes.copyWithin(end, start, Math.min(end, start + bytes.byteLength - end));
  }
}
