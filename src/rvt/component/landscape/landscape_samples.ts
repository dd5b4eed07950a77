/**
 * Heights and painted weights as landscapes take them, and the checks of them.
 *
 * @module
 */

import { checkedAbove, checkedInteger, checkedNumber, checkOptionNames } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";

/** A grey picture whose values stand for heights. */
export interface HeightPicture {
  /** Columns, one sample each. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The values, row by row. */
  readonly data: Uint8Array | Uint16Array | Float32Array;
  /**
   * Height of a stored value of 1, in the landscape's own space; above 0. Values of bytes run to 255, those
   * of 16 bits to 65535.
   */
  readonly scale: number;
  /** Height of a value of 0; default 0. */
  readonly offset?: number;
}

/** A rectangle of samples. */
export interface SampleRegion {
  /** Its first column. */
  readonly x: number;
  /** Its first row. */
  readonly y: number;
  /** Its columns, at least 1. */
  readonly width: number;
  /** Its rows, at least 1. */
  readonly height: number;
}

/** Samples along an edge of a landscape: at least those of one quad. */
const SIDE_RANGE = [2, 2 ** 15] as const;

const PICTURE_NAMES: readonly (keyof HeightPicture)[] = [
  "width",
  "height",
  "data",
  "scale",
  "offset",
];

/**
 * Checks the number of samples along an edge.
 *
 * @throws {InvalidArgumentError} if it is not a number.
 * @throws {OutOfRangeError} if it is not an integer from 2 to 32768.
 */
export function checkedSide(
  value: unknown,
  checked: { readonly name: string; readonly failure: string },
): number {
  return checkedInteger(value, { ...checked, range: SIDE_RANGE });
}

/**
 * Copies heights, once they are checked.
 *
 * @param options `count`: how many there must be; `failure`: what cannot be done if they are wrong.
 * @throws {InvalidArgumentError} if it is not a list of so many numbers.
 * @throws {OutOfRangeError} if one is not finite in float32.
 */
export function copiedHeights(
  value: unknown,
  { count, failure }: { readonly count: number; readonly failure: string },
): Float32Array {
  const list = value as ArrayLike<number> | null | undefined;
  const isList = typeof list === "object" && list !== null && list.length === count;
  if (!isList || (!ArrayBuffer.isView(list) && !Array.from(list).every(isNumber))) {
    throw new InvalidArgumentError("heights", `${failure} as heights must be ${count} numbers`);
  }
  const heights = Float32Array.from(list);
  const odd = heights.findIndex((height) => !Number.isFinite(height));
  if (odd < 0) return heights;
  throw new OutOfRangeError(
    "heights",
    `${failure} as heights must be finite: current value at ${odd} is ${list[odd]}`,
  );
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

/**
 * Heights from a grey picture.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type, or there are not `width` · `height`.
 * @throws {OutOfRangeError} if a value is not allowed, or a height is not finite in float32.
 */
export function heightsOfPicture(picture: HeightPicture, failure: string): Float32Array {
  checkOptionNames(picture, {
    failure,
    names: PICTURE_NAMES,
    what: "property of a picture",
    name: "picture",
  });
  const { data, offset = 0 } = picture;
  const width = checkedSide(picture.width, { name: "width", failure });
  const height = checkedSide(picture.height, { name: "height", failure });
  const scale = checkedAbove(picture.scale, { name: "scale", failure, bound: 0 });
  const finite = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
  checkedNumber(offset, { name: "offset", failure, range: finite });
  const kinds = [Uint8Array, Uint16Array, Float32Array];
  if (!kinds.some((kind) => data instanceof kind) || data.length !== width * height) {
    throw new InvalidArgumentError(
      "data",
      `${failure} as data must be a Uint8Array, Uint16Array or Float32Array of ` +
        `${width * height} values`,
    );
  }
  const heights = Float64Array.from(data, (value) => value * scale + offset);
  return copiedHeights(heights, { count: heights.length, failure });
}

/**
 * Copies weights of a painted layer, once they are checked.
 *
 * @param options `layer`: its name; `count`: how many weights there must be.
 * @throws {InvalidArgumentError} if it is not a Uint8Array of so many.
 */
export function copiedWeights(
  value: unknown,
  options: { readonly layer: string; readonly count: number; readonly failure: string },
): Uint8Array {
  const { layer, count, failure } = options;
  if (value instanceof Uint8Array && value.length === count) return value.slice();
  throw new InvalidArgumentError(
    "weights",
    `${failure} as weights of layer "${layer}" must be a Uint8Array of ${count}`,
  );
}

/**
 * Checks a region against the samples that there are.
 *
 * @throws {InvalidArgumentError} if it is not four numbers by name.
 * @throws {OutOfRangeError} if it is empty, or reaches beyond the samples.
 */
export function checkedRegion(
  region: SampleRegion,
  options: { readonly width: number; readonly height: number; readonly failure: string },
): SampleRegion {
  const { width, height, failure } = options;
  checkOptionNames(region, {
    failure,
    names: ["x", "y", "width", "height"],
    what: "property of a region",
    name: "region",
  });
  const x = checkedInteger(region.x, { name: "region.x", failure, range: [0, width - 1] });
  const y = checkedInteger(region.y, { name: "region.y", failure, range: [0, height - 1] });
  checkedInteger(region.width, { name: "region.width", failure, range: [1, width - x] });
  checkedInteger(region.height, { name: "region.height", failure, range: [1, height - y] });
  return region;
}
