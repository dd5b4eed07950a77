/**
 * Which blocks of a level a slot holds, and what stands beyond the edges of the level.
 *
 * @module
 */

import { checkedInteger } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";
import { formatInfo, type TexelFormat } from "../texels/mod.ts";
import { CLAMPED, type TileGrid, type WrapMode, type WrapModes } from "../tiles/mod.ts";

/** How a texture is cut into slots. */
export interface SlotShape {
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Texels on each side of a payload that belong to its neighbours. */
  readonly border: number;
  /** Format of the slot's bytes. */
  readonly format: TexelFormat;
}

/** Blocks of a level that lie next to each other along an axis. */
export interface BlockRun {
  /** The first of them. */
  readonly first: number;
  /** How many there are. */
  readonly count: number;
}

/** What a slot holds along an axis. */
export interface BlockSpan {
  /** The blocks of the level that the slot holds, each of them once: one run, or two where it repeats. */
  readonly runs: readonly BlockRun[];
  /** For each block of the slot, its number among those of the runs. */
  readonly places: readonly number[];
}

/** Which blocks of a level a slot holds. */
export interface BlockRegion {
  /** Along u. */
  readonly columns: BlockSpan;
  /** Along v. */
  readonly rows: BlockSpan;
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
 * Whether slots can hold blocks of a level beyond its edges: along axes that repeat, the level must be whole
 * blocks.
 */
export function isWholeInBlocks(
  { width, height }: { readonly width: number; readonly height: number },
  { format, wrap }: { readonly format: TexelFormat; readonly wrap: WrapModes },
): boolean {
  const { blockTexels } = formatInfo(format);
  return [width, height].every((size, axis) => wrap[axis] === "clamp" || size % blockTexels === 0);
}

/**
 * The blocks of a level that the slot of a tile holds.
 *
 * @param options `wrap`: what lies beyond the edges of the level, which {@linkcode isWholeInBlocks}; default
 * the nearest block on both axes.
 * @throws {OutOfRangeError} if there is no such tile.
 */
export function blockRegion(
  name: string,
  { grid, shape, level, x, y, wrap = CLAMPED }: {
    readonly grid: TileGrid;
    readonly shape: SlotShape;
    readonly level: number;
    readonly x: number;
    readonly y: number;
    readonly wrap?: WrapModes;
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
  const firstOf = (tile: number) => (tile * shape.tileSize - shape.border) / blockTexels;
  return {
    columns: spanOf(firstOf(x), slotBlocks, { blocks: blocks.columns, mode: wrap[0] }),
    rows: spanOf(firstOf(y), slotBlocks, { blocks: blocks.rows, mode: wrap[1] }),
  };
}

/** So many places from one on, which may lie before the level, and the blocks of the level in them. */
function spanOf(
  first: number,
  count: number,
  { blocks, mode }: { readonly blocks: number; readonly mode: WrapMode },
): BlockSpan {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  if (mode === "clamp") {
    const start = Math.max(0, first);
    const end = Math.min(blocks, first + count);
    const places = numbers.map((at) => Math.min(Math.max(at, start), end - 1) - start);
    return { runs: [{ first: start, count: end - start }], places };
  }
  const inside = (at: number) => ((at % blocks) + blocks) % blocks;
  if (count >= blocks) {
    return { runs: [{ first: 0, count: blocks }], places: numbers.map(inside) };
  }
  const start = inside(first);
  const before = Math.min(count, blocks - start);
  const runs = [{ first: start, count: before }];
  if (before < count) runs.push({ first: 0, count: count - before });
  return { runs, places: numbers.map((_, i) => i) };
}

/** Numbers of the blocks that a span holds, in the level. */
export function numbersOf({ runs }: BlockSpan): number[] {
  return runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
}

/**
 * Puts the blocks of a region in their places in a slot.
 *
 * @param chunks The blocks of each run of columns, one run after the other, of each row in turn.
 * @returns The slot: tight rows of blocks, top down.
 */
export function assembleSlot(
  { columns, rows }: BlockRegion,
  chunks: readonly Uint8Array[],
  format: TexelFormat,
): Uint8Array {
  const { blockBytes } = formatInfo(format);
  const rowBytes = columns.places.length * blockBytes;
  const slot = new Uint8Array(rows.places.length * rowBytes);
  const perRow = columns.runs.length;
  /** Where each row of the region stands first. */
  const made = new Map<number, number>();
  for (const [row, place] of rows.places.entries()) {
    const at = row * rowBytes;
    const before = made.get(place);
    if (before === undefined) {
      const line = joined(chunks.slice(place * perRow, (place + 1) * perRow));
      putBlocks(slot.subarray(at, at + rowBytes), line, { places: columns.places, blockBytes });
      made.set(place, at);
    } else {
      slot.copyWithin(at, before, before + rowBytes);
    }
  }
  return slot;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const line = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    line.set(chunk, at);
    at += chunk.byteLength;
  }
  return line;
}

/** Copies blocks to the places that hold them; neighbours together. */
function putBlocks(
  to: Uint8Array,
  line: Uint8Array,
  { places, blockBytes }: { readonly places: readonly number[]; readonly blockBytes: number },
): void {
  for (let first = 0, end; first < places.length; first = end) {
    end = first + 1;
    while (end < places.length && places[end] === places[end - 1]! + 1) end++;
    const from = places[first]! * blockBytes;
    to.set(line.subarray(from, from + (end - first) * blockBytes), first * blockBytes);
  }
}
