/**
 * The records of a flight: the results and statistics of each frame, as in `stats.json`.
 *
 * @module
 */

import { MalformedFileError } from "../../errors.ts";

/** Named numbers, and whatever else a call returned. */
export type Returned = Readonly<Record<string, unknown>>;

/** One frame: everything that the three calls returned, under their names. */
export interface FrameRecord {
  /** Number of the frame, from 0. */
  readonly frame: number;
  /** The camera's place in world units. */
  readonly camera_position: readonly number[];
  readonly update_streaming: Returned;
  readonly get_statistics: Returned;
  readonly get_memory_info: Returned;
}

/**
 * Reads the text of a `stats.json`.
 *
 * @throws {MalformedFileError} if it is not a list of records
 */
export function parseRecords(path: string, text: string): FrameRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MalformedFileError(path, `Cannot read ${path} as it is not JSON`, { cause });
  }
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) {
    throw new MalformedFileError(path, `Cannot read ${path} as it must be a list of frames`);
  }
  return value;
}

/** A number that a call returned; 0 if it did not return it. */
export function numberOf(returned: Returned, name: string): number {
  const value = returned[name];
  return typeof value === "number" ? value : 0;
}

/** Share of the tiles that a frame wanted and found, in percent; 100 if it wanted none. */
export function frameHitRate({ update_streaming: update }: FrameRecord): number {
  const hits = numberOf(update, "cache_hits");
  const misses = numberOf(update, "cache_misses");
  return hits + misses === 0 ? 100 : 100 * hits / (hits + misses);
}

function isRecord(value: unknown): value is FrameRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof FrameRecord, unknown>>;
  return Number.isInteger(record.frame) && Array.isArray(record.camera_position) &&
    [record.update_streaming, record.get_statistics, record.get_memory_info]
      .every((part) => typeof part === "object" && part !== null);
}
