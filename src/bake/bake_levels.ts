/**
 * Makes the rows of all wanted levels from the rows of the levels that exist.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import { type RowSource, rowTexelBytes } from "../sources/mod.ts";
import {
  decodedLayout,
  decodedValues,
  MipPyramid,
  type TexelArray,
  weighingAlpha,
} from "../texels/mod.ts";
import type { TileGrid } from "../tiles/mod.ts";
import { convertRow } from "./convert_rows.ts";
import type { LevelOutput } from "./level_output.ts";
import type { RowFormat } from "../sources/mod.ts";

/** A level that exists. */
export interface LevelRows {
  /** Which level of the texture the rows are. */
  readonly level: number;
  /** The level, decoded. */
  readonly rows: RowSource;
}

/** Bytes of rows that are read at once. */
const STRIP_BYTES = 2 * 2 ** 20;

/** Which levels to make, and how. */
export interface BakeLevelsOptions {
  /** All levels of the texture. */
  readonly grid: TileGrid;
  /** Finest level of the output. */
  readonly firstLevel: number;
  /** Format of the output's rows. */
  readonly pixels: RowFormat;
  readonly signal?: AbortSignal;
  /** Called with the fraction of the source's texels that are done, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Sends every row of every level from `firstLevel` on through an output. Levels that exist are
 * passed on unchanged; each missing one is filtered from the nearest finer level that exists.
 *
 * Memory: one strip of rows (2 MiB, or one row if that is more), a few rows of floats for each
 * level, and the output's buffers.
 *
 * @param levels Levels that exist, finest first; the first must not be coarser than `firstLevel`.
 * @throws {InvalidArgumentError} if the size of a source is not that of its level, or the order is
 * wrong.
 */
export async function bakeLevels(
  output: LevelOutput,
  levels: readonly LevelRows[],
  options: BakeLevelsOptions,
): Promise<void> {
  checkLevels(levels, options);
  const texels = levels.reduce((sum, { rows }) => sum + rows.width * rows.height, 0);
  let texelsBefore = 0;
  for (const [i, { level, rows }] of levels.entries()) {
    const end = levels[i + 1]?.level ?? options.grid.levelCount;
    await bakeLevelsFrom(output, rows, {
      ...options,
      level,
      end,
      onRows: (rowsDone) => options.onProgress?.((texelsBefore + rowsDone * rows.width) / texels),
    });
    texelsBefore += rows.width * rows.height;
  }
}

function checkLevels(levels: readonly LevelRows[], { grid, firstLevel }: BakeLevelsOptions): void {
  const first = levels[0];
  if (first === undefined || first.level > firstLevel) {
    throw new InvalidArgumentError(
      "levels",
      `Cannot bake levels from ${firstLevel} on as the first source must be of that level or a ` +
        `finer one: current value is ${first?.level}`,
    );
  }
  let before = -1;
  for (const { level, rows } of levels) {
    const wanted = grid.level(level);
    if (level <= before || rows.width !== wanted.width || rows.height !== wanted.height) {
      throw new InvalidArgumentError(
        "levels",
        `Cannot bake level ${level} of ${rows.name} as levels must come finest first and be ` +
          `${wanted.width}×${wanted.height} texels: current value is ${rows.width}×${rows.height} ` +
          `after level ${before}`,
      );
    }
    before = level;
  }
}

/** Levels `level` to `end` - 1 from the rows of the first of them. */
async function bakeLevelsFrom(
  output: LevelOutput,
  rows: RowSource,
  options: BakeLevelsOptions & {
    readonly level: number;
    readonly end: number;
    readonly onRows: (rowsDone: number) => void;
  },
): Promise<void> {
  const { level, end, firstLevel, pixels, signal } = options;
  let needsDrain = false;
  const send = (sentLevel: number, values: TexelArray): void => {
    if (sentLevel < firstLevel) return;
    const row = convertRow(values, { from: rows.format, to: pixels });
    if (output.pushRow(sentLevel, row)) needsDrain = true;
  };
  const layout = decodedLayout(rows.format, rows.colorSpace);
  const pyramid = new MipPyramid(rows.width, rows.height, {
    layout: { ...layout, alpha: weighingAlpha(rows.appearance, layout.channels) },
    levelCount: end - level,
    onRow: (below, _y, row) => send(level + below, row),
  });
  const rowBytes = rows.width * rowTexelBytes(rows.format);
  const stripRows = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
  for (let first = 0; first < rows.height; first += stripRows) {
    signal?.throwIfAborted();
    const count = Math.min(stripRows, rows.height - first);
    const strip = await rows.readRows(first, count, signal === undefined ? {} : { signal });
    for (let i = 0; i < count; i++) {
      const row = decodedValues(strip.subarray(i * rowBytes, (i + 1) * rowBytes), rows.format);
      send(level, row);
      pyramid.pushRow(row);
      if (needsDrain) {
        await output.drain(signal);
        needsDrain = false;
      }
    }
    options.onRows(first + count);
  }
}
