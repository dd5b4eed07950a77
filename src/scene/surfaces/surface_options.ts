/**
 * Options of pictures of scenes, checked.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedNumber,
  checkedSignal,
  checkedVector,
  checkOptionNames,
} from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import { SURFACE_LAYERS, type SurfaceLayers } from "../../rvt/mod.ts";

/** Options of {@linkcode renderScene}. */
export interface RenderSceneOptions {
  /** Direction from the scene to the light, of any length above 0; default 0.4, −0.3, 1. */
  readonly towardsLight?: ArrayLike<number>;
  /**
   * Linear radiance of a white matte surface that faces the light, red, green and blue, none of them below
   * 0; default 1, 1, 1.
   */
  readonly lightColor?: ArrayLike<number>;
  /** Linear red, green, blue and alpha where nothing is; default 0, 0, 0, 0. */
  readonly background?: ArrayLike<number>;
  /**
   * What surfaces get where their materials sample a runtime virtual texture: `"sampled"` (default), what its
   * tiles hold that are resident now; `"direct"`, all that is written to it, evaluated for each pixel without
   * any tile.
   */
  readonly layers?: SurfaceLayers;
  /** Whether drawing reports the tiles that it wants; default true. */
  readonly feedback?: boolean;
  /** Ends the wait for the picture; `renderScene` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options, all of them. */
export interface CheckedSceneView {
  /** Of unit length. */
  readonly towardsLight: readonly number[];
  readonly lightColor: readonly number[];
  readonly background: readonly number[];
  readonly layers: SurfaceLayers;
  readonly feedback: boolean;
  readonly signal: AbortSignal | undefined;
}

const NAMES: readonly (keyof RenderSceneOptions)[] = [
  "towardsLight",
  "lightColor",
  "background",
  "layers",
  "feedback",
  "signal",
];

/**
 * Checks options.
 *
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed.
 */
export function checkedSceneView(options: RenderSceneOptions, failure: string): CheckedSceneView {
  checkOptionNames(options, { failure, names: NAMES });
  const vector = (name: "towardsLight" | "lightColor" | "background", fallback: number[]) =>
    Array.from(
      checkedVector(options[name] ?? fallback, { name, failure, length: fallback.length }),
    );
  const direction = vector("towardsLight", [0.4, -0.3, 1]);
  const length = Math.hypot(...direction);
  if (!(length > 0)) {
    throw new OutOfRangeError(
      "towardsLight",
      `${failure} as towardsLight must have a length above 0: current value is ` +
        `[${direction.join(", ")}]`,
    );
  }
  const lightColor = vector("lightColor", [1, 1, 1]);
  for (const radiance of lightColor) {
    checkedNumber(radiance, { name: "lightColor", failure, range: [0, Number.MAX_VALUE] });
  }
  return {
    towardsLight: direction.map((part) => part / length),
    lightColor,
    background: vector("background", [0, 0, 0, 0]),
    layers: checkedChoice(options.layers ?? "sampled", {
      name: "layers",
      failure,
      choices: SURFACE_LAYERS,
    }),
    feedback: checkedBoolean(options.feedback ?? true, { name: "feedback", failure }),
    signal: checkedSignal(options.signal, failure),
  };
}
