/**
 * Where a texture lies in the world: a parallelogram spanned by two axes.
 *
 * By default one world unit is one texel of level 0, the texture lies in the plane z = 0, and world
 * x, y are its column and row.
 *
 * @module
 */

import { checkedChoice, checkedVector, checkOptionNames } from "../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";

/** Three world coordinates. */
export type Vec3 = readonly [number, number, number];

/** A texture's parallelogram: world = origin + u · axisU + v · axisV, with u and v from 0 to 1. */
export interface Placement {
  /** World position of the picture's upper left corner (u = v = 0). */
  readonly origin: Vec3;
  /** From the left edge to the right edge. */
  readonly axisU: Vec3;
  /** From the first row's upper edge to the last row's lower edge. */
  readonly axisV: Vec3;
}

/**
 * How to place a texture.
 *
 * - `rows_down` (default): row r lies at world y = r. Seen by a right-handed camera from above
 *   (z > 0, y up) the picture is mirrored.
 * - `y_up`: row r lies at world y = height − r, so that the picture is upright in such a view.
 */
export type PlacementKind = "rows_down" | "y_up";

/** Options of {@linkcode placementFor}. */
export interface PlacementOptions {
  /** Default `rows_down`. Not with axes. */
  readonly placement?: PlacementKind;
  /**
   * World position of the parallelogram's corner with the smallest coordinates; default 0, 0, 0.
   */
  readonly origin?: readonly number[];
  /** World size of the texture along x and y; default its size in texels. Not with axes. */
  readonly extent?: readonly number[];
  /** Full left-to-right axis in world units; `origin` is then the picture's upper left corner. */
  readonly axisU?: readonly number[];
  /** Full top-to-bottom axis in world units; given together with `axisU`. */
  readonly axisV?: readonly number[];
}

/** Values of {@linkcode PlacementOptions.placement}. */
export const PLACEMENT_KINDS: readonly PlacementKind[] = Object.freeze(["rows_down", "y_up"]);

const OPTION_NAMES: readonly (keyof PlacementOptions)[] = [
  "placement",
  "origin",
  "extent",
  "axisU",
  "axisV",
];

const FAILURE = "Cannot place texture";

function vector(name: string, value: readonly number[], length: number): number[] {
  return Array.from(checkedVector(value, { name, failure: FAILURE, length }));
}

/** Cross product of two world vectors. */
export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/**
 * The placement of a texture of `size` = [width, height] texels.
 *
 * @throws {InvalidArgumentError} if an option does not exist, a vector has the wrong length, or axes
 * are given with `placement` or `extent`, or only one of them.
 * @throws {OutOfRangeError} if a vector is not finite, `placement` is not one of its choices, or
 * the parallelogram has no area.
 */
export function placementFor(
  size: readonly [number, number],
  options: PlacementOptions = {},
): Placement {
  checkOptionNames(options, { failure: FAILURE, names: OPTION_NAMES });
  return placeTexture(size, options);
}

/** The same as {@linkcode placementFor}, of options whose names were checked by the caller. */
export function placeTexture(
  size: readonly [number, number],
  options: PlacementOptions,
): Placement {
  const { placement = "rows_down" } = options;
  checkedChoice(placement, { name: "placement", failure: FAILURE, choices: PLACEMENT_KINDS });
  const origin = vector("origin", options.origin ?? [0, 0, 0], 3) as unknown as Vec3;
  if ((options.axisU === undefined) !== (options.axisV === undefined)) {
    throw new InvalidArgumentError(
      options.axisU === undefined ? "axisU" : "axisV",
      "Cannot place texture as axisU and axisV must be given together",
    );
  }
  let result: Placement;
  if (options.axisU !== undefined && options.axisV !== undefined) {
    if (options.placement !== undefined || options.extent !== undefined) {
      throw new InvalidArgumentError(
        "axisU",
        "Cannot place texture by axes together with placement or extent: leave those out",
      );
    }
    result = {
      origin,
      axisU: vector("axisU", options.axisU, 3) as unknown as Vec3,
      axisV: vector("axisV", options.axisV, 3) as unknown as Vec3,
    };
  } else {
    const [w, h] = vector("extent", options.extent ?? size, 2) as [number, number];
    result = placement === "rows_down"
      ? { origin, axisU: [w, 0, 0], axisV: [0, h, 0] }
      : { origin: [origin[0], origin[1] + h, origin[2]], axisU: [w, 0, 0], axisV: [0, -h, 0] };
  }
  const area = Math.hypot(...cross(result.axisU, result.axisV));
  if (!(area > 0)) {
    if (options.axisU === undefined) {
      throw new OutOfRangeError(
        "extent",
        `${FAILURE} as extent must span an area: current value is [${options.extent ?? size}]`,
      );
    }
    throw new OutOfRangeError(
      "axisU",
      `${FAILURE} as axisU and axisV must span an area: current values are ` +
        `[${result.axisU}] and [${result.axisV}]`,
    );
  }
  return Object.freeze(result);
}
