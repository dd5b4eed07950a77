/**
 * Values of glTF's JSON, of which nothing is known before they are checked.
 *
 * @module
 */

import { UnsupportedError } from "../../../../errors.ts";
import { malformedGlb } from "./glb_container.ts";

/** An object of the JSON. */
export type JsonRecord = Record<string, unknown>;

/** What the checks need to know of the file. */
export interface GlbFile {
  /** Its name in messages. */
  readonly name: string;
  /** Bytes of its binary chunk. */
  readonly binaryBytes: number;
}

/** The error of a file that is valid and needs something that is not there. */
export function unsupported(feature: string, { name }: GlbFile): UnsupportedError {
  return new UnsupportedError(
    feature,
    `Cannot load GLB file ${name} as it needs ${feature}, which is not supported`,
  );
}

/** A value as an object. */
export function record(value: unknown, what: string, { name }: GlbFile): JsonRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonRecord;
  }
  throw malformedGlb(name, `${what} must be an object`);
}

/** A property as a list of objects; an empty one if it is missing. */
export function records(
  holder: JsonRecord,
  key: string,
  file: GlbFile,
  what = "its JSON",
): JsonRecord[] {
  const list: unknown = holder[key] ?? [];
  if (!Array.isArray(list)) throw malformedGlb(file.name, `${key} of ${what} must be a list`);
  return list.map((one, at) => record(one, `element ${at} of ${key}`, file));
}

/** A value as a list; an empty one if it is missing. */
export function indices(value: unknown, what: string, { name }: GlbFile): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw malformedGlb(name, `${what} must be a list`);
}

/** Checks that a value is an index of one of so many. */
export function checkIndex(
  value: unknown,
  what: string,
  { file, count }: { readonly file: GlbFile; readonly count: number },
): void {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < count) return;
  throw malformedGlb(file.name, `${what} must be an index below ${count}`);
}

/** A value as an integer >= 0. */
export function natural(value: unknown, what: string, { name }: GlbFile): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw malformedGlb(name, `${what} must be an integer >= 0`);
}
