/**
 * The judge's opinion on the global data of BasisLZ.
 *
 * @module
 */

import { type Judged, must } from "./judge.ts";
import { Undecided } from "./judge_formats.ts";

/** Judges the tables; code books are not read. */
export function judgeGlobalData(file: Judged): void {
  const { scheme, view, sgd: [start, length], levels, layers, faces, depth } = file;
  if (scheme === 4) throw new Undecided("UASTC HDR 6x6");
  if (scheme !== 1) return;
  must(length >= 20, "a BasisLZ header");
  const word = (at: number) => view.getUint32(start + at, true);
  const imagesOf = (level: number) =>
    Math.max(1, layers) * faces * Math.max(1, Math.floor(depth / 2 ** level));
  const images = levels.reduce((sum, _, level) => sum + imagesOf(level), 0);
  must(length === 20 + 20 * images + word(4) + word(8) + word(12) + word(16), "BasisLZ's size");
  must(word(16) === 0, "no extended data");
  const samples = (view.getUint16(file.dfd[0] + 10, true) - 24) / 16;
  let at = 20;
  levels.forEach((level, index) => {
    for (let image = 0; image < imagesOf(index); image++, at += 20) {
      must(word(at) === 0, "no P-frames without an animation");
      const [rgb, rgbBytes, alpha, alphaBytes] = [4, 8, 12, 16].map((offset) => word(at + offset));
      must(rgbBytes! > 0 && rgb! + rgbBytes! <= level.length, "a colour slice in its level");
      must(alpha! + alphaBytes! <= level.length, "an alpha slice in its level");
      must((alphaBytes! > 0) === (samples === 2), "an alpha slice with its sample");
    }
  });
}
