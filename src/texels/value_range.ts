/**
 * Ranges of values that pictures show from the darkest to the brightest. Pure.
 *
 * @module
 */

import { checkedChoice, checkedNumber, checkOptionNames, describeValue } from "../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";

/** The values that are shown darkest and brightest, or first and last of a colour map. */
export type ValuePair = readonly [number, number];

/**
 * Which values a picture shows from black to white, or by the first to the last colour of a map, in units
 * of the file: 0 to 255 for uint8, 0 to 65535 for uint16, floats as they are. Values beyond are shown
 * as the nearest one.
 *
 * - a pair for all bands, of which the first may be the larger one, which turns the scale around;
 * - a list with a pair for each band;
 * - `"minmax"`: from the least to the largest value, of each band;
 * - `"percentiles"`: from the 2nd to the 98th percentile, of each band;
 * - `{ percentiles: [low, high] }`: between others, from 0 to 100.
 */
export type ValueRange =
  | ValuePair
  | readonly ValuePair[]
  | "minmax"
  | "percentiles"
  | { readonly percentiles: ValuePair };

const CHOICES = ["minmax", "percentiles"] as const;
const LARGEST = 3.4028234663852886e38;
const MOST_BANDS = 4;
const WANTED =
  `"minmax", "percentiles", { percentiles: [low, high] }, a pair of numbers or a list of ` +
  `pairs`;

/** A range that was checked: pairs, one for all bands or one for each; or percentiles. */
export type CheckedRange =
  | { readonly pairs: readonly ValuePair[] }
  | { readonly percentiles: ValuePair };

/**
 * Checks a range.
 *
 * @throws {InvalidArgumentError} if it has the wrong type.
 * @throws {OutOfRangeError} if it is an unknown choice, a number is not finite in 32 bits, or percentiles
 * do not ascend from 0 to 100.
 */
export function checkedValueRange(range: ValueRange, failure: string): CheckedRange {
  const name = "valueRange";
  if (typeof range === "string") {
    const choice = checkedChoice(range, { name, failure, choices: CHOICES });
    return { percentiles: choice === "minmax" ? [0, 100] : [2, 98] };
  }
  if (isList(range)) {
    const isOne = range.some((part) => typeof part === "number");
    const pairs = (isOne ? [range] : range) as readonly ValuePair[];
    if (pairs.length < 1 || pairs.length > MOST_BANDS) {
      throw new OutOfRangeError(
        name,
        `${failure} as ${name} must have 1 to ${MOST_BANDS} pairs: current length is ${pairs.length}`,
      );
    }
    const range32 = [-LARGEST, LARGEST] as const;
    return { pairs: pairs.map((pair) => checkedPair(pair, { name, failure, range: range32 })) };
  }
  if (typeof range !== "object" || range === null) {
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be ${WANTED}: current value is ${describeValue(range)}`,
    );
  }
  checkOptionNames(range, { failure, names: ["percentiles"] });
  const options = { name: "percentiles", failure, range: [0, 100] as const };
  const percentiles = checkedPair(range.percentiles, options);
  if (percentiles[0] < percentiles[1]) return { percentiles };
  throw new OutOfRangeError(
    "percentiles",
    `${failure} as percentiles must ascend: current value is [${percentiles.join(", ")}]`,
  );
}

function isList(range: ValueRange): range is ValuePair | readonly ValuePair[] {
  return Array.isArray(range);
}

function checkedPair(
  pair: ValuePair,
  options: {
    readonly name: string;
    readonly failure: string;
    readonly range: readonly [number, number];
  },
): ValuePair {
  const { name, failure } = options;
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be of two numbers: current value is ${describeValue(pair)}`,
    );
  }
  return [checkedNumber(pair[0], options), checkedNumber(pair[1], options)];
}

/**
 * The pair of each of so many bands.
 *
 * @throws {OutOfRangeError} if there are several, but not one for each.
 */
export function pairsOfBands(
  pairs: readonly ValuePair[],
  { bands, failure }: { readonly bands: number; readonly failure: string },
): readonly ValuePair[] {
  if (pairs.length === 1) return Array.from({ length: bands }, () => pairs[0]!);
  // The fourth band is alpha, or data that is not shown.
  if (pairs.length === bands || (bands === 4 && pairs.length === 3)) return pairs;
  throw new OutOfRangeError(
    "valueRange",
    `${failure} as valueRange must have a pair for all bands or one for each of ${bands}: ` +
      `current length is ${pairs.length}`,
  );
}
