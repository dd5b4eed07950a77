/**
 * Places that are scattered over a region, the same ones for the same seed.
 *
 * @module
 */

import {
  type Checked,
  checkedAbove,
  checkedBoolean,
  checkedInteger,
  checkedNumber,
  checkedVector,
  checkOptionNames,
  describeValue,
} from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import {
  rotationAbout,
  type Transform,
  transformFrom,
  type TransformOptions,
  type Vec3,
} from "../../../geometry/mod.ts";
import { LandscapeComponent, type SurfacePoint } from "../landscape/landscape_component.ts";
import { seededRandom } from "./seeded_random.ts";
import { SpacingGrid } from "./spacing_grid.ts";

/** Options of {@linkcode scatterTransforms}. Exactly one of `count` and `density` is given. */
export interface ScatterOptions {
  /** Decides everything that is random: an integer from 0 to 2^32 - 1. */
  readonly seed: number;
  /** The rectangle of the world's x and y over which to scatter. */
  readonly region: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> };
  /** How many places there shall be, 0 to 1,000,000. */
  readonly count?: number;
  /** How many there shall be for each square unit; rounded, not more than a million in all. */
  readonly density?: number;
  /** Least distance in x and y between two places; default 0. Fewer places where they do not fit. */
  readonly minDistance?: number;
  /** Smallest and largest scale, above 0, the same along all axes; default 1 and 1. */
  readonly scaleRange?: ArrayLike<number>;
  /** Smallest and largest turn about z in radians; default 0 and 2π. */
  readonly yawRange?: ArrayLike<number>;
  /** A landscape to lie on; no place lies beside it. Default none: z is 0. */
  readonly onto?: LandscapeComponent | null;
  /** Whether z leans along the landscape's normal; default false, upright. */
  readonly alignToSurface?: boolean;
}

const OPTION_NAMES: readonly (keyof ScatterOptions)[] = [
  "seed",
  "region",
  "count",
  "density",
  "minDistance",
  "scaleRange",
  "yawRange",
  "onto",
  "alignToSurface",
];

const MAX_COUNT = 1e6;
/** How often a place is looked for before it is left out. */
const MAX_TRIES = 32;

/**
 * Places scattered evenly at random. They depend on the options alone.
 *
 * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
 * @throws {OutOfRangeError} if an option has a value that is not allowed.
 */
export function scatterTransforms(options: ScatterOptions): Transform[] {
  const failure = "Cannot scatter transforms";
  return scatterPlaces(options, { failure, name: "options" }).placed(options)
    .map((placed) => transformFrom(placed));
}

const NUMBERS = 4;

/** Places of the plane, before they are laid on anything: x, y, yaw in radians and scale of each. */
export class ScatterPlaces {
  readonly #numbers: Float64Array;

  /** @param numbers Four of each place. */
  constructor(numbers: readonly number[]) {
    this.#numbers = Float64Array.from(numbers);
  }

  /** Where all of them come to lie, on the landscape if there is one. */
  placed(options: ScatterOptions): TransformOptions[] {
    const length = this.#numbers.length / NUMBERS;
    return Array.from({ length }, (_, index) => this.placedAt(index, options));
  }

  /** Where one of them comes to lie. */
  placedAt(
    index: number,
    { onto = null, alignToSurface = false }: ScatterOptions,
  ): TransformOptions {
    const [x, y, yawRadians, scale] = this.#numbers.subarray(NUMBERS * index) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const surface = onto === null ? null : surfaceBelow(onto, { x, y });
    const lean = alignToSurface && surface !== null ? leanTo(surface.normal) : NO_LEAN;
    return {
      position: surface?.position ?? [x, y, 0],
      rotation: product(lean, rotationAbout([0, 0, 1], yawRadians)),
      ...(scale === 1 ? {} : { scale: [scale, scale, scale] }),
    };
  }
}

/**
 * The places of {@linkcode scatterTransforms}, which do not depend on the heights below them.
 *
 * @param checked What the options are called, and what cannot be done if they are wrong.
 */
export function scatterPlaces(options: ScatterOptions, checked: Checked): ScatterPlaces {
  const { seed, min, max, count, minDistance, scale, yaw, onto } = checkedScatter(options, checked);
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + random() * (high - low);
  const spacing = new SpacingGrid(minDistance, count);
  const places: number[] = [];
  for (let place = 0; place < count; place++) {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const [x, y] = [between(min[0]!, max[0]!), between(min[1]!, max[1]!)];
      if ((onto !== null && surfaceBelow(onto, { x, y }) === null) || !spacing.add(x, y)) continue;
      const yawRadians = between(yaw[0]!, yaw[1]!);
      places.push(x, y, yawRadians, between(scale[0]!, scale[1]!));
      break;
    }
  }
  return new ScatterPlaces(places);
}

function surfaceBelow(
  onto: LandscapeComponent,
  { x, y }: { readonly x: number; readonly y: number },
): SurfacePoint | null {
  return onto.surfaceAt([x, y, onto.transform.position[2]]);
}

type Quaternion = Transform["rotation"];

const NO_LEAN: Quaternion = [0, 0, 0, 1];

/** The shortest rotation from z to a unit vector. */
function leanTo([x, y, z]: Vec3): Quaternion {
  // Half-way between both; straight down has none, and any axis across does.
  return z > -1 + 1e-12 ? [-y, x, 0, 1 + z] : [1, 0, 0, 0];
}

/** The rotation b, then a. */
function product(a: Quaternion, b: Quaternion): Quaternion {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** Options with their defaults, checked. */
function checkedScatter(options: ScatterOptions, { name, failure }: Checked) {
  checkOptionNames(options, { failure, names: OPTION_NAMES, name });
  const { minDistance = 0, onto = null, alignToSurface = false } = options;
  const seed = checkedInteger(options.seed, { name: "seed", failure, range: [0, 2 ** 32 - 1] });
  const min = checkedVector(options.region?.min, { name: "region.min", failure, length: 2 });
  const max = checkedVector(options.region?.max, { name: "region.max", failure, length: 2 });
  const area = (max[0]! - min[0]!) * (max[1]! - min[1]!);
  if (!(max[0]! > min[0]! && max[1]! > min[1]! && Number.isFinite(area))) {
    throw new OutOfRangeError(
      "region",
      `${failure} as region must have a finite area: current value is from ` +
        `${describeValue(min)} to ${describeValue(max)}`,
    );
  }
  const finite = [0, Number.MAX_VALUE] as const;
  checkedNumber(minDistance, { name: "minDistance", failure, range: finite });
  const scale = checkedRange(options.scaleRange ?? [1, 1], { name: "scaleRange", failure });
  checkedAbove(scale[0], { name: "scaleRange", failure, bound: 0 });
  const yaw = checkedRange(options.yawRange ?? [0, 2 * Math.PI], { name: "yawRange", failure });
  if (onto !== null && !(onto instanceof LandscapeComponent)) {
    throw new InvalidArgumentError(
      "onto",
      `${failure} as onto must be a LandscapeComponent or null: current value is ` +
        describeValue(onto),
    );
  }
  checkedBoolean(alignToSurface, { name: "alignToSurface", failure });
  const count = checkedCount(options, { area, failure });
  return { seed, min, max, count, minDistance, scale, yaw, onto };
}

function checkedRange(
  value: ArrayLike<number>,
  { name, failure }: { readonly name: string; readonly failure: string },
): ArrayLike<number> {
  const range = checkedVector(value, { name, failure, length: 2 });
  if (range[0]! <= range[1]!) return range;
  throw new OutOfRangeError(
    name,
    `${failure} as ${name} must be from smallest to largest: current value is ` +
      describeValue(value),
  );
}

function checkedCount(
  { count, density }: ScatterOptions,
  { area, failure }: { readonly area: number; readonly failure: string },
): number {
  if ((count === undefined) === (density === undefined)) {
    throw new InvalidArgumentError(
      "count",
      `${failure} as it must have either count or density`,
    );
  }
  if (density === undefined) {
    return checkedInteger(count, { name: "count", failure, range: [0, MAX_COUNT] });
  }
  const range = [0, MAX_COUNT / area] as const;
  return Math.round(checkedNumber(density, { name: "density", failure, range }) * area);
}
