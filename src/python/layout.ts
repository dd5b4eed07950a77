/**
 * Layout of the arrays that Python and the core share.
 *
 * @module
 */
import type { UpdateResult } from "../streaming/mod.ts";

/** Where each part of a camera begins, in elements. Matrices are column-major. */
export const CAMERA = {
  position: 0,
  hasView: 3,
  hasProjection: 4,
  hasViewport: 5,
  viewport: 6,
  view: 8,
  projection: 24,
  /** Elements in all. */
  length: 40,
} as const;

/** The parts of an update's result, in order. */
export const UPDATE_FIELDS = [
  "tilesRequested",
  "tilesLoaded",
  "tilesRefreshed",
  "tilesEvicted",
  "updateTimeMs",
  "tilesWanted",
  "tilesPending",
  "tilesQueued",
  "tilesFailed",
  "cacheHits",
  "cacheMisses",
  "bytesUploaded",
  "waited",
] as const satisfies readonly (keyof UpdateResult)[];

/** Elements of the array for numbers of staging rings or of memory pools. */
export const MEMORY_NUMBERS = 6;
