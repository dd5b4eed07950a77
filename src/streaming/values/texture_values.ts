/**
 * The values of a texture that is streamed, in units of its file.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import {
  formatScale,
  measuredRanges,
  type ReadRegionOptions,
  readValues,
  type TexelRect,
  type TileSource,
  type ValueRegion,
} from "../../sources/mod.ts";
import {
  checkedValueRange,
  formatInfo,
  pairsOfBands,
  USUAL_SWIZZLE,
  type ValuePair,
  type ValueRange,
} from "../../texels/mod.ts";
import type { TextureDescription } from "../supply/supply.ts";

/** Whether to wait. */
interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Reads values from a texture's source, which it borrows. */
export class TextureValues {
  /** See `StreamedTexture.valueScale`. */
  readonly scale: number;
  readonly #description: TextureDescription;
  readonly #source: TileSource | null;
  readonly #ranges = new Map<string, readonly ValuePair[]>();

  /** @param source Where tiles come from; null for a supply of the caller's. */
  constructor(description: TextureDescription, source: TileSource | null) {
    this.#description = description;
    this.#source = source;
    this.scale = description.valueScale ?? formatScale(description.formats[0]!);
  }

  /** See `StreamedTexture.readRegion`. */
  async readRegion(rect: TexelRect, options: ReadRegionOptions): Promise<ValueRegion> {
    return await readValues(this.#sourceOrThrow("values"), rect, options);
  }

  /** See `StreamedTexture.valueRange`. */
  async range(range: ValueRange, { signal }: WaitOptions): Promise<readonly ValuePair[]> {
    const failure = `Cannot find range of values of "${this.#description.name}"`;
    const checked = checkedValueRange(range, failure);
    const bands = formatInfo(this.#description.formats[0]!).channels;
    const pairs = "pairs" in checked
      ? pairsOfBands(checked.pairs, { bands, failure })
      : await this.#percentiles(checked.percentiles, signal);
    return this.#sampled(pairs.map(([low, high]) => [low / this.scale, high / this.scale]));
  }

  /** Ranges of stored channels, as those of red, green, blue and alpha that are made of them. */
  #sampled(pairs: readonly ValuePair[]): readonly ValuePair[] {
    const { swizzle = USUAL_SWIZZLE } = this.#description.appearance ?? {};
    if (swizzle === USUAL_SWIZZLE) return pairs;
    return [...swizzle].map((channel) => pairs[USUAL_SWIZZLE.indexOf(channel)] ?? [0, 1]);
  }

  async #percentiles(
    percentiles: ValuePair,
    signal: AbortSignal | undefined,
  ): Promise<readonly ValuePair[]> {
    const key = percentiles.join();
    const known = this.#knownRanges(key) ?? this.#ranges.get(key);
    if (known !== undefined) return known;
    const source = this.#sourceOrThrow("ranges of values");
    const measured = await measuredRanges(source, percentiles, { signal });
    this.#ranges.set(key, measured);
    return measured;
  }

  /** What statistics say, which are of level 0. */
  #knownRanges(percentiles: string): readonly ValuePair[] | undefined {
    const ends = ({ "0,100": ["min", "max"], "2,98": ["p2", "p98"] } as const)[percentiles];
    const { valueStatistics } = this.#description;
    if (ends === undefined || !valueStatistics) return undefined;
    return valueStatistics.bands.map((band): ValuePair => [band[ends[0]] ?? 0, band[ends[1]] ?? 1]);
  }

  #sourceOrThrow(what: string): TileSource {
    if (this.#source !== null) return this.#source;
    const { name } = this.#description;
    throw new UnsupportedError(
      what,
      `Cannot read ${what} of "${name}" as its tiles come from a supply of its own, and not from a ` +
        `source of tiles`,
    );
  }
}
