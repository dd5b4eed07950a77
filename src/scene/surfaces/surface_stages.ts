/**
 * In which passes the draws of a picture are drawn. Pure.
 *
 * @module
 */

import type { DrawnSample, MaterialDraw } from "../../rvt/mod.ts";
import type { MainPassDraws } from "./surface_draws.ts";

/** Draws of one pass. */
export interface SurfaceStage {
  /** Those that hide what lies behind them, drawn first. */
  readonly opaque: readonly MaterialDraw[];
  /** Those that are blended over them, in this order. */
  readonly translucent: readonly MaterialDraw[];
  /** Those before the pass of which it is found what each pixel samples: the nearest hides the others. */
  readonly sampling: readonly MaterialDraw[];
}

/**
 * The stages of a picture. All is drawn in the first, but each translucent draw whose samples are found for
 * each pixel begins another one: where it lies over others, each has values of its own.
 *
 * @param samplesOf The samples of a draw that are found for each pixel.
 */
export function surfaceStages(
  { opaque, translucent }: Pick<MainPassDraws, "opaque" | "translucent">,
  samplesOf: (draw: MaterialDraw) => readonly DrawnSample[],
): SurfaceStage[] {
  const isSampling = (draw: MaterialDraw) => samplesOf(draw).length > 0;
  const sampling = opaque.some(isSampling) ? opaque : [];
  const stages = [{ opaque, translucent: [] as MaterialDraw[], sampling }];
  for (const draw of translucent) {
    if (isSampling(draw)) stages.push({ opaque: [], translucent: [draw], sampling: [draw] });
    else stages.at(-1)!.translucent.push(draw);
  }
  return stages;
}
