/**
 * Files whose columns and rows run against the picture.
 *
 * @module
 */

import { deflateSync } from "node:zlib";
import type { Orientation } from "../../../src/texels/mod.ts";
import type { LevelContents } from "../../scene/level_contents.ts";
import { FORMAT_ROWS, makeKtx2 } from "../../sources/ktx2/make_ktx2.ts";

/** Number of the scheme. */
export const ZLIB = 3;

/** A picture as rows that run another way. */
export function turned(contents: LevelContents, orientation: Orientation): LevelContents {
  const texels = (level: Uint8Array, index: number) => {
    const width = Math.max(1, contents.width >> index);
    const height = Math.max(1, contents.height >> index);
    const words = new Uint32Array(level.slice().buffer);
    return new Uint8Array(
      words.map((_, at) => {
        const [x, y] = [at % width, Math.floor(at / width)];
        const column = orientation[0] === "l" ? width - 1 - x : x;
        const row = orientation[1] === "u" ? height - 1 - y : y;
        return words[row * width + column]!;
      }).buffer,
    );
  };
  return { ...contents, levels: contents.levels.map(texels) };
}

/** A file of a picture that says how it is stored. */
export function fileOf(
  { format, width, height, levels }: LevelContents,
  { orientation, says = orientation, levelCount = levels.length, scheme = 0 }: {
    readonly orientation: Orientation;
    readonly says?: string;
    readonly levelCount?: number;
    readonly scheme?: number;
  },
): Uint8Array {
  return makeKtx2({
    row: FORMAT_ROWS[format]!,
    width,
    height,
    scheme,
    levels: levels.slice(0, levelCount).map((level) => ({
      stored: scheme === ZLIB ? new Uint8Array(deflateSync(level)) : level,
      uncompressedLength: level.byteLength,
    })),
    keyValues: [["KTXorientation", `${says}\0`]],
  });
}
