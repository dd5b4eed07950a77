/**
 * Gathers statistics of a picture's values while its rows are read.
 *
 * @module
 */

import type {
  BandStatistics,
  PictureInfo,
  ReadOptions,
  RowFormat,
  RowSource,
  ValueStatistics,
} from "../../sources/mod.ts";
import { type ColorSpace, decodedValues, formatInfo, type TexelArray } from "../../texels/mod.ts";
import { FloatHistogram, type Histogram, IntegerHistogram } from "./histogram.ts";

const LOW_SHARE = 0.02;
const HIGH_SHARE = 0.98;

/** One band as it is counted. */
interface CountedBand {
  readonly histogram: Histogram;
  min: number;
  max: number;
}

/** Rows of a source that belongs to it; each row is counted when it is read, so once. */
export class CountedRows implements RowSource {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly #source: RowSource;
  readonly #info: Pick<PictureInfo, "sampleType" | "valueScale" | "valueBands">;
  readonly #bands: readonly CountedBand[];
  readonly #channels: number;
  /** What a number of the rows is multiplied by, in units of the file. */
  readonly #unit: number;
  #holes = 0;

  /** Takes the source, and what its picture's header says of its values. */
  constructor(
    source: RowSource,
    info: Pick<PictureInfo, "sampleType" | "valueScale" | "valueBands">,
  ) {
    this.name = source.name;
    this.width = source.width;
    this.height = source.height;
    this.format = source.format;
    this.colorSpace = source.colorSpace;
    this.#source = source;
    this.#info = info;
    this.#channels = formatInfo(source.format).channels;
    const one = source.format.endsWith("float")
      ? 1
      : source.format.endsWith("16unorm")
      ? 65535
      : 255;
    this.#unit = info.valueScale / one;
    this.#bands = Array.from({ length: info.valueBands }, () => ({
      histogram: histogramOf(info),
      min: Infinity,
      max: -Infinity,
    }));
  }

  async readRows(firstRow: number, rowCount: number, options?: ReadOptions): Promise<Uint8Array> {
    const rows = await this.#source.readRows(firstRow, rowCount, options);
    this.#count(decodedValues(rows, this.format));
    return rows;
  }

  #count(values: TexelArray): void {
    const channels = this.#channels;
    const unit = this.#unit;
    const hasAlpha = channels === 4 && this.#bands.length < 4;
    let isFirst = true;
    for (const [channel, band] of this.#bands.entries()) {
      const { histogram } = band;
      let { min, max } = band;
      let holes = 0;
      for (let at = 0; at < values.length; at += channels) {
        const value = values[at + channel]! * unit;
        if (value !== value || (hasAlpha && values[at + 3] === 0)) {
          holes++;
          continue;
        }
        if (value === Infinity || value === -Infinity) continue;
        if (value < min) min = value;
        if (value > max) max = value;
        histogram.add(value);
      }
      band.min = min;
      band.max = max;
      if (isFirst) this.#holes += holes;
      isFirst = false;
    }
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  /** What was counted. */
  statistics(): ValueStatistics {
    const { sampleType, valueScale } = this.#info;
    return {
      sampleType,
      scale: valueScale,
      bands: this.#bands.map((band) => this.#bandStatistics(band)),
    };
  }

  #bandStatistics({ histogram, min, max }: CountedBand): BandStatistics {
    const isShare = this.#info.valueScale > 1;
    const stored = (value: number | null) => {
      if (value === null || max < min) return null;
      const inside = Math.min(max, Math.max(min, value));
      return isShare ? Math.round(inside) : inside;
    };
    return {
      min: stored(min),
      max: stored(max),
      p2: stored(histogram.percentile(LOW_SHARE)),
      p98: stored(histogram.percentile(HIGH_SHARE)),
      holes: this.#holes,
    };
  }
}

/** Integers of up to 16 bits are counted one by one. */
function histogramOf(
  { sampleType, valueScale }: Pick<PictureInfo, "sampleType" | "valueScale">,
): Histogram {
  if (valueScale > 1) return new IntegerHistogram(0, valueScale);
  if (sampleType === "int8") return new IntegerHistogram(-128, 127);
  if (sampleType === "int16") return new IntegerHistogram(-32768, 32767);
  return sampleType === "uint1" ? new IntegerHistogram(0, 1) : new FloatHistogram();
}
