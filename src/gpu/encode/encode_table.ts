/**
 * The table that tells a block encoder where texels are and where blocks go.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import {
  BC7_ANCHORS_2,
  BC7_PARTITIONS_2,
  regionBytes,
  type TexelFormat,
} from "../../texels/mod.ts";
import { COPY_ROW_ALIGNMENT } from "../device/readback.ts";
import { ENCODE_WORKGROUP_SIZE } from "./encode_pipelines.ts";

/** Texels of a region in a buffer: RGBA8, four bytes a texel, row by row. */
export interface EncodeBufferPlace {
  /** Byte of the region's first texel, a multiple of 4. */
  readonly offset: number;
  /** Bytes from row to row, a multiple of 4. */
  readonly bytesPerRow: number;
}

/** Texels of a region in a texture. */
export interface EncodeTexturePlace {
  /** Leftmost column. */
  readonly x: number;
  /** Topmost row. */
  readonly y: number;
  /** Layer; default 0. */
  readonly layer?: number;
}

/** A region to encode and where its blocks go. */
export interface EncodeRegion {
  /** Width in texels, at least 1. Blocks that stand over the edge repeat its texels. */
  readonly width: number;
  /** Height in texels, at least 1. */
  readonly height: number;
  /** Where its texels are. */
  readonly source: EncodeBufferPlace | EncodeTexturePlace;
  /** Byte of the target buffer for its first block, a multiple of 4. */
  readonly targetOffset: number;
  /** Bytes from row to row of blocks, a multiple of 4; default {@linkcode encodedRowPitch}. */
  readonly targetBytesPerRow?: number;
}

/**
 * Bytes from row to row of blocks when encoding for a copy from a buffer to a texture, which needs
 * a multiple of 256.
 */
export function encodedRowPitch(format: TexelFormat, width: number): number {
  return Math.ceil(regionBytes(format, width, 1) / COPY_ROW_ALIGNMENT) * COPY_ROW_ALIGNMENT;
}

const PATTERN_WORDS = 64;
const TILE_WORDS = 8;

/** Bytes of a table for so many regions. */
export function encodeTableBytes(regions: number): number {
  return 4 * (PATTERN_WORDS + TILE_WORDS * regions);
}

/**
 * Writes the table for regions, as `EncodeTable` in `shaders/encode/encode_main.wgsl`.
 *
 * @param table Receives {@linkcode encodeTableBytes} bytes.
 * @throws {OutOfRangeError} if a number of a region is out of range.
 */
export function writeEncodeTable(
  table: Uint32Array,
  regions: readonly EncodeRegion[],
  format: TexelFormat,
): void {
  for (let pattern = 0; pattern < PATTERN_WORDS; pattern++) {
    table[pattern] = BC7_PARTITIONS_2[pattern]! | (BC7_ANCHORS_2[pattern]! << 16);
  }
  for (const [index, region] of regions.entries()) {
    const at = PATTERN_WORDS + TILE_WORDS * index;
    const { source } = region;
    if ("offset" in source) {
      table[at] = tableWords("offset", source.offset);
      table[at + 3] = tableWords("bytesPerRow", source.bytesPerRow);
    } else {
      table[at] = tableInteger("x", source.x, 0);
      table[at + 1] = tableInteger("y", source.y, 0);
      table[at + 2] = tableInteger("layer", source.layer ?? 0, 0);
    }
    table[at + 4] = tableInteger("width", region.width, 1);
    table[at + 5] = tableInteger("height", region.height, 1);
    table[at + 6] = tableWords("targetOffset", region.targetOffset);
    table[at + 7] = tableWords(
      "targetBytesPerRow",
      region.targetBytesPerRow ?? encodedRowPitch(format, region.width),
    );
  }
}

/** Workgroups along x that cover the largest of the regions. */
export function encodeWorkgroups(regions: readonly EncodeRegion[]): number {
  let most = 0;
  for (const { width, height } of regions) {
    most = Math.max(most, Math.ceil(width / 4) * Math.ceil(height / 4));
  }
  return Math.ceil(most / ENCODE_WORKGROUP_SIZE);
}

/** Checks without an object for each number: tables are made for every tile that is encoded. */
function tableInteger(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value < 2 ** 32) return value;
  return checkedInteger(value, { name, failure: FAILURE, range: [least, 2 ** 32 - 1] });
}

function tableWords(name: string, value: number): number {
  if (tableInteger(name, value, 0) % 4 === 0) return value / 4;
  return checkedInteger(value, { name, failure: FAILURE, range: [0, Infinity], multipleOf: 4 });
}

const FAILURE = "Cannot encode region";
