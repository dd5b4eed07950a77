/**
 * How values of textures are shown: which range, and in which colours.
 *
 * @module
 */

import { checkedChoice } from "../checks.ts";
import { UnsupportedError } from "../errors.ts";
import { formatScale } from "../sources/mod.ts";
import {
  checkedValueRange,
  COLOR_MAPS,
  formatInfo,
  pairsOfBands,
  type ValuePair,
  type ValueRange,
} from "../texels/mod.ts";
import type { RenderableTexture, RenderOptions } from "./render_types.ts";

/** The range that a texture is shown in: what is sampled, less `low`, times `factor`. */
export interface ValueLook {
  /** Of red, green, blue and alpha. */
  readonly low: readonly number[];
  readonly factor: readonly number[];
}

/** Factor of a range without extent: every larger value is the brightest. */
const STEEPEST = 2 ** 100;
/** Shows values as they are. */
const AS_STORED: ValueLook = { low: [0, 0, 0, 0], factor: [1, 1, 1, 1] };

/**
 * Checks how values are to be shown.
 *
 * @throws {InvalidArgumentError} if an option has the wrong type.
 * @throws {OutOfRangeError} if a colour map is unknown, or a range cannot be.
 * @throws {UnsupportedError} if a colour map is to show several bands, or another plane than 0.
 */
export function checkValueOptions(
  textures: readonly RenderableTexture[],
  { colorMap, valueRange, plane = 0 }: RenderOptions,
  failure: string,
): void {
  if (valueRange !== undefined) checkedValueRange(valueRange, failure);
  if (colorMap !== undefined) {
    checkedChoice(colorMap, { name: "colorMap", failure, choices: COLOR_MAPS });
  }
  const option = colorMap !== undefined ? "colorMap" : "valueRange";
  if (plane !== 0 && (valueRange ?? colorMap) !== undefined) {
    throw new UnsupportedError(
      option,
      `${failure} as ${option} must be left out for other planes than 0: current plane is ${plane}`,
    );
  }
  const several = textures.find(({ format }) => formatInfo(format).channels > 1);
  if (colorMap === undefined || several === undefined) return;
  const { channels } = formatInfo(several.format);
  throw new UnsupportedError(
    "colorMap",
    `${failure} as colorMap must be left out unless textures have one band: current value is ` +
      `"${colorMap}" for ${channels} bands of ${several.format}. Load one of them by bands`,
  );
}

/** Finds the range of each texture; null if values are shown as they are stored. */
export async function valueLooks(
  textures: readonly RenderableTexture[],
  { colorMap, valueRange, signal }: RenderOptions,
  failure: string,
): Promise<ReadonlyMap<RenderableTexture, ValueLook> | null> {
  const range = valueRange ?? (colorMap === undefined ? undefined : "minmax");
  if (range === undefined) return null;
  const looks = new Map<RenderableTexture, ValueLook>();
  for (const texture of textures) {
    const pairs = texture.valueRange === undefined
      ? formatPairs(texture, range, failure)
      : await texture.valueRange(range, { signal });
    looks.set(texture, lookOf(pairs));
  }
  return looks;
}

function formatPairs(
  { format }: RenderableTexture,
  range: ValueRange,
  failure: string,
): readonly ValuePair[] {
  const checked = checkedValueRange(range, failure);
  if (!("pairs" in checked)) {
    throw new UnsupportedError(
      "valueRange",
      `${failure} as valueRange must be numbers for a texture whose values cannot be read`,
    );
  }
  const pairs = pairsOfBands(checked.pairs, { bands: formatInfo(format).channels, failure });
  const scale = formatScale(format);
  return pairs.map(([low, high]) => [low / scale, high / scale]);
}

function lookOf(pairs: readonly ValuePair[]): ValueLook {
  const [low, factor] = [[...AS_STORED.low], [...AS_STORED.factor]];
  for (const [band, [first, last]] of pairs.slice(0, 3).entries()) {
    low[band] = first;
    factor[band] = first === last ? STEEPEST : 1 / (last - first);
  }
  return { low, factor };
}

/** The two vectors of `SceneView` in shaders/scene/scene_view.wgsl. */
export function lookNumbers(look: ValueLook | undefined): readonly number[] {
  const { low, factor } = look ?? AS_STORED;
  return [...low, ...factor];
}
