/**
 * Page entries: where in the atlas the content for a tile lies.
 *
 * A page entry is 32 bits: bits 0–7 slot x, 8–15 slot y, 16–26 layer, 27–31 level of the content,
 * counted downwards from 31. The level of the content is coarser than the tile's own when an ancestor
 * stands in for it; level 31 means that there is no content at all. So the page entry for "nothing" is 0,
 * which is what WebGPU fills a new texture with: a new table shows nothing.
 *
 * @module
 */

import { checkedInteger } from "../checks.ts";

/** What {@linkcode pageEntryLevel} gives where there is no content. */
const NO_LEVEL = 31;

/** The page entry of a tile for which nothing is resident, not even an ancestor. */
export const PAGE_ENTRY_NONE = 0;

/** Largest slot column or row that a page entry can name. */
export const MAX_PAGE_ENTRY_SLOT = 255;

/** Largest atlas layer that a page entry can name. */
export const MAX_PAGE_ENTRY_LAYER = 2047;

/** Coarsest level that a page entry can name; the next value means none. */
export const MAX_PAGE_ENTRY_LEVEL = 30;

/**
 * One change of a page table: the tile `tile` and every tile below it that still holds `oldValue`
 * come to hold `newValue`.
 */
export interface PageEdit {
  /** Number of the tile in its `TileGrid`. */
  readonly tile: number;
  /** What the tile's page entry holds before the change. */
  readonly oldValue: number;
  /** What it holds after the change. */
  readonly newValue: number;
  /**
   * Whether the tile's own page entry is all that the change can touch: every tile just below it is
   * mapped, before and after the batch that the edit is part of. Default false, which is always right
   * and costs a look at every tile below.
   */
  readonly ownEntryOnly?: boolean;
}

/**
 * Packs a place in the atlas and the level of its content into a page entry.
 *
 * @param x Slot column, 0 to 255.
 * @param y Slot row, 0 to 255.
 * @param layer Layer of the atlas, 0 to 2047.
 * @param level Level of the content, 0 to 30.
 * @throws {InvalidArgumentError} if a value is not a number.
 * @throws {OutOfRangeError} if a value does not fit.
 */
export function packPageEntry(x: number, y: number, layer: number, level: number): number {
  checkField("x", x, MAX_PAGE_ENTRY_SLOT);
  checkField("y", y, MAX_PAGE_ENTRY_SLOT);
  checkField("layer", layer, MAX_PAGE_ENTRY_LAYER);
  checkField("level", level, MAX_PAGE_ENTRY_LEVEL);
  return (x | (y << 8) | (layer << 16) | ((NO_LEVEL - level) << 27)) >>> 0;
}

/** Slot column of a page entry. */
export function pageEntrySlotX(pageEntry: number): number {
  return pageEntry & 0xff;
}

/** Slot row of a page entry. */
export function pageEntrySlotY(pageEntry: number): number {
  return (pageEntry >>> 8) & 0xff;
}

/** Layer of the atlas of a page entry. */
export function pageEntryLayer(pageEntry: number): number {
  return (pageEntry >>> 16) & 0x7ff;
}

/** Level of the content of a page entry; 31 when it has none. */
export function pageEntryLevel(pageEntry: number): number {
  return NO_LEVEL - (pageEntry >>> 27);
}

function checkField(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  checkedInteger(value, { name, failure: "Cannot pack page entry", range: [0, max] });
}
