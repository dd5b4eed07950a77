/**
 * Statistics of the values that a store was made from.
 *
 * @module
 */

import { Complaint } from "../complaint.ts";

/**
 * Statistics of one band of a raster, of all texels of level 0 that are no holes, in units of the
 * file: a uint8 has values from 0 to 255.
 */
export interface BandStatistics {
  /** Smallest finite value; null if there is none. */
  readonly min: number | null;
  /** Largest finite value; null if there is none. */
  readonly max: number | null;
  /**
   * The 2nd percentile: the smallest value than which at least 2 % of the finite values are no larger.
   * Exact for integers of up to 16 bits; of other types within 1/4096 of it. Null if there is none.
   */
  readonly p2: number | null;
  /** The 98th percentile, as `p2`. */
  readonly p98: number | null;
  /** Texels without a value: no data, NaN, or fully transparent. */
  readonly holes: number;
}

/** What is known of the values of a texture that was baked from a picture. */
export interface ValueStatistics {
  /** Type of the file's values, such as `int16`. */
  readonly sampleType: string;
  /**
   * What a sampled value of 1 stands for in units of the file: 255 for uint8, 65535 for uint16, which
   * are normalised, however many bits the texture has; 1 where a texture holds the file's values.
   */
  readonly scale: number;
  /** One for each band, without alpha: one to four. */
  readonly bands: readonly BandStatistics[];
}

/** Most bands of a texture. */
const MOST_BANDS = 4;
const NUMBERS = ["min", "max", "p2", "p98"] as const;

/**
 * Checks statistics that were read.
 *
 * @throws {Complaint} if they are none.
 */
export function parseValueStatistics(value: unknown): ValueStatistics | null {
  if (value === undefined) return null;
  const { sampleType, scale, bands } = fieldsOf(value);
  const isWhole = typeof sampleType === "string" && typeof scale === "number" && scale > 0 &&
    Array.isArray(bands) && bands.length >= 1 && bands.length <= MOST_BANDS;
  if (!isWhole) throw complaint(value);
  return Object.freeze({ sampleType, scale, bands: Object.freeze(bands.map(parseBand)) });
}

/** Whether a value of the caller's is nothing, or statistics. */
export function areValueStatistics(value: unknown): boolean {
  try {
    if (value !== null) parseValueStatistics(value);
    return true;
  } catch {
    return false;
  }
}

function parseBand(value: unknown): BandStatistics {
  const fields = fieldsOf(value);
  const areNumbers = NUMBERS.every((key) => fields[key] === null || Number.isFinite(fields[key]));
  if (!areNumbers || !Number.isSafeInteger(fields.holes)) throw complaint(value);
  const { min, max, p2, p98, holes } = fields as unknown as BandStatistics;
  return Object.freeze({ min, max, p2, p98, holes });
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw complaint(value);
  return Object.assign(Object.create(null), value);
}

function complaint(value: unknown): Complaint {
  return new Complaint(
    `valueStatistics must be statistics of 1 to ${MOST_BANDS} bands: current value is ${
      JSON.stringify(value)?.slice(0, 80)
    }`,
  );
}
