/**
 * Which blocks of a level a slot holds, and how the edges of the level are repeated around them.
 *
 * @module
 */

import { checkedInteger } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";
import { formatInfo, type TexelFormat } from "../texels/mod.ts";
import type { TileGrid } from "../tiles/mod.ts";

/** How a texture is cut into slots. */
export interface SlotShape {
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Texels on each side of a payload that belong to its neighbours. */
  readonly border: number;
  /** Format of the slot's bytes. */
  readonly format: TexelFormat;
}

/** The part of a slot that lies in its level, in blocks. */
export interface BlockRegion {
  /** Blocks along an edge of the slot. */
  readonly slotBlocks: number;
  /** First column of blocks in the level. */
  readonly firstColumn: number;
  /** Columns of blocks in the level. */
  readonly columns: number;
  /** First row of blocks in the level. */
  readonly firstRow: number;
  /** Rows of blocks in the level. */
  readonly rows: number;
  /** Columns of the slot left of the level. */
  readonly left: number;
  /** Rows of the slot above the level. */
  readonly top: number;
}

/**
 * Checks that slots of a format are made of whole blocks.
 *
 * @throws {InvalidArgumentError} if tile size or border is not a number.
 * @throws {OutOfRangeError} if tile size or border is not a multiple of the format's block.
 */
export function checkSlotShape({ tileSize, border, format }: SlotShape): void {
  const { blockTexels } = formatInfo(format);
  const failure = `Cannot cut ${format} into tiles`;
  const multiple = { failure, multipleOf: blockTexels };
  checkedInteger(tileSize, { name: "tileSize", range: [1, Infinity], ...multiple });
  checkedInteger(border, { name: "border", range: [0, Infinity], ...multiple });
}

/** Columns and rows of blocks in a level. */
export function levelBlocks(
  { width, height }: { readonly width: number; readonly height: number },
  format: TexelFormat,
): { columns: number; rows: number } {
  const { blockTexels } = formatInfo(format);
  return { columns: Math.ceil(width / blockTexels), rows: Math.ceil(height / blockTexels) };
}

/**
 * The blocks of a level that the slot of a tile holds.
 *
 * @throws {OutOfRangeError} if there is no such tile.
 */
export function blockRegion(
  name: string,
  { grid, shape, level, x, y }: {
    readonly grid: TileGrid;
    readonly shape: SlotShape;
    readonly level: number;
    readonly x: number;
    readonly y: number;
  },
): BlockRegion {
  if (!grid.has(level, x, y)) {
    throw new OutOfRangeError(
      "tile",
      `Cannot read tile (${x}, ${y}) of level ${level} of ${name} as there is no such tile: ` +
        `the texture has ${grid.levelCount} levels of ${grid.width} × ${grid.height} texels`,
    );
  }
  const { blockTexels } = formatInfo(shape.format);
  const blocks = levelBlocks(grid.level(level), shape.format);
  const slotBlocks = (shape.tileSize + 2 * shape.border) / blockTexels;
  const slotColumn = (x * shape.tileSize - shape.border) / blockTexels;
  const slotRow = (y * shape.tileSize - shape.border) / blockTexels;
  const firstColumn = Math.max(0, slotColumn);
  const firstRow = Math.max(0, slotRow);
  return {
    slotBlocks,
    firstColumn,
    columns: Math.min(blocks.columns, slotColumn + slotBlocks) - firstColumn,
    firstRow,
    rows: Math.min(blocks.rows, slotRow + slotBlocks) - firstRow,
    left: firstColumn - slotColumn,
    top: firstRow - slotRow,
  };
}

/**
 * Puts the rows of a region in their place in a slot and repeats the outermost blocks around them.
 *
 * @param rows One chunk per row of the region, tight.
 * @returns The slot: tight rows of blocks, top down.
 */
export function assembleSlot(
  region: BlockRegion,
  rows: readonly Uint8Array[],
  format: TexelFormat,
): Uint8Array {
  const { blockBytes } = formatInfo(format);
  const { slotBlocks, columns, left, top } = region;
  const rowBytes = slotBlocks * blockBytes;
  const slot = new Uint8Array(slotBlocks * rowBytes);
  for (let row = 0; row < region.rows; row++) {
    const chunk = rows[row]!;
    const start = (top + row) * rowBytes;
    slot.set(chunk, start + left * blockBytes);
    for (let column = 0; column < left; column++) {
      slot.set(chunk.subarray(0, blockBytes), start + column * blockBytes);
    }
    for (let column = left + columns; column < slotBlocks; column++) {
      slot.set(chunk.subarray((columns - 1) * blockBytes), start + column * blockBytes);
    }
  }
  for (let row = 0; row < top; row++) {
    slot.copyWithin(row * rowBytes, top * rowBytes, (top + 1) * rowBytes);
  }
  const last = top + region.rows - 1;
  for (let row = last + 1; row < slotBlocks; row++) {
    slot.copyWithin(row * rowBytes, last * rowBytes, (last + 1) * rowBytes);
  }
  return slot;
}
