/**
 * Floats of which some are holes, for tests of taps.
 *
 * @module
 */

import type { TexelFormat } from "../../../src/texels/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { type LevelContents, randomContents } from "../../scene/level_contents.ts";

/** Width and height in texels. */
export const HOLED_SIZE = 128;
/** Bits of NaN: quiet and signalling, of both signs, with and without a payload. */
const NANS = [0x7fc00000, 0xffc00000, 0x7f800001, 0xff812345, 0x7fffffff];

/** Random floats of which a share are holes. */
export function holedFloats(format: TexelFormat, channels: number, share: number): LevelContents {
  const random = seededRandom(9);
  const contents = randomContents(HOLED_SIZE, HOLED_SIZE, format);
  for (const { buffer } of contents.levels) {
    const [values, bits] = [new Float32Array(buffer), new Uint32Array(buffer)];
    for (let at = 0; at < values.length; at += channels) {
      const isHole = random() < share;
      const nan = NANS[Math.floor(NANS.length * random())]!;
      for (let c = 0; c < channels; c++) {
        // Alpha of rasters is 1.
        values[at + c] = c === 3 ? 1 : 2000 * random() - 500;
        if (isHole) bits[at + c] = nan;
      }
    }
  }
  return contents;
}
