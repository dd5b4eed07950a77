/**
 * What must not grow: measured while nothing is in flight and the same textures are loaded.
 *
 * @module
 */

import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import type { GrowthBound } from "./growth.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Every figure and how much it may grow. */
export const FIGURES = {
  "JavaScript heap": { unit: "bytes", most: 6 * MIB },
  "memory outside the heap": { unit: "bytes", most: 2 * MIB },
  // What allocators keep of it comes and goes by 100 MiB between two samples of a busy machine.
  "resident set": { unit: "bytes", most: 160 * MIB },
  "open files": { unit: "files", most: 0 },
  // A loss of the device begins these anew, so that each is compared with the first.
  "GPU objects": { unit: "objects", most: 0, isExact: true },
  "slots in use": { unit: "slots", most: 0, isExact: true },
  "listeners": { unit: "listeners", most: 0, isExact: true },
  // Each kind once on each device, as soon as it is needed.
  "GPU pipelines": { unit: "pipelines made", most: 60, isExact: true },
  "residency's tables": { unit: "bytes", most: 16 * KIB },
} as const satisfies Record<string, GrowthBound>;

/** Name of a figure. */
export type FigureName = keyof typeof FIGURES;

let collector: (() => void) | null = null;

/** Collects all garbage. */
export function collectGarbage(): void {
  if (collector === null) {
    setFlagsFromString("--expose-gc");
    collector = runInNewContext("gc") as () => void;
  }
  collector();
}

/** Files that are opened to count the others: more than there are gaps between those. */
const PROBES = 64;

/**
 * Files, sockets and pipes that the process holds open, some beyond its gaps left out. A file that is
 * opened gets the least number that is free (POSIX.1-2017, open): once the gaps are filled, the largest
 * says how many there are.
 */
export function openFileCount(): number {
  const path = fileURLToPath(import.meta.url);
  const probes = Array.from({ length: PROBES }, () => openSync(path, "r"));
  for (const probe of probes) closeSync(probe);
  return Math.max(...probes) + 1 - PROBES;
}

/** Bytes of the tables that residency keeps of some textures. */
export function tableBytes(textures: readonly StreamedTexture[]): number {
  return textures.reduce((sum, texture) => {
    const { residency } = insideOf(texture);
    return sum + residency.byteLength + residency.prefetches.byteLength;
  }, 0);
}
