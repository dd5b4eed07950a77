/**
 * How far two pictures are from each other.
 *
 * @module
 */

import { Picture } from "../../scene/mod.ts";

/** A difference, in steps of 1/255. */
export interface PictureDifference {
  /** Mean over all pixels and colours. */
  readonly mean: number;
  /** Share of the pixels, 0 to 1, of which a colour is off by more than {@linkcode FAR_STEPS}. */
  readonly farShare: number;
  /** Peak signal-to-noise ratio in decibels; infinite where they are equal. */
  readonly psnr: number;
  /** The difference of each colour, {@linkcode SHOWN_TIMES} times as bright. */
  readonly picture: Picture;
}

/** Steps of 1/255 from which on a pixel counts as far off. */
export const FAR_STEPS = 16;
/** How much brighter differences are shown. */
export const SHOWN_TIMES = 8;

/** Compares two pictures of one size. */
export function pictureDifference(a: Picture, b: Picture): PictureDifference {
  const shown = new Uint8Array(a.data.length);
  let [sum, squares, far] = [0, 0, 0];
  for (let at = 0; at < shown.length; at += 4) {
    let most = 0;
    for (let channel = at; channel < at + 3; channel++) {
      const steps = Math.abs(a.data[channel]! - b.data[channel]!);
      sum += steps;
      squares += steps * steps;
      most = Math.max(most, steps);
      shown[channel] = Math.min(255, SHOWN_TIMES * steps);
    }
    shown[at + 3] = 255;
    if (most > FAR_STEPS) far++;
  }
  const pixels = shown.length / 4;
  return {
    mean: sum / (3 * pixels),
    farShare: far / pixels,
    psnr: 10 * Math.log10(255 ** 2 * 3 * pixels / squares),
    picture: new Picture(a.width, a.height, shown),
  };
}
