/**
 * What must not grow: measured while nothing is in flight and the same textures are loaded.
 *
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import type { GrowthBound } from "./growth.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Every figure and how much it may grow. */
export const FIGURES = {
  "JavaScript heap": { unit: "bytes", most: 2 * MIB },
  "memory outside the heap": { unit: "bytes", most: 2 * MIB },
  "resident set": { unit: "bytes", most: 96 * MIB },
  "open files": { unit: "files", most: 0 },
  "GPU objects": { unit: "objects", most: 0 },
  // Each kind once on each device, as soon as it is needed.
  "GPU pipelines": { unit: "pipelines made", most: 40 },
  "slots in use": { unit: "slots", most: 0 },
  "residency's tables": { unit: "bytes", most: 16 * KIB },
  "listeners": { unit: "listeners", most: 0 },
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

/** Files, sockets and pipes that the process holds open; 0 where the system does not tell. */
export function openFileCount(): number {
  if (Deno.build.os !== "linux") return 0;
  let count = 0;
  for (const _ of Deno.readDirSync("/proc/self/fd")) count++;
  return count;
}

/** Bytes of the tables that residency keeps of some textures. */
export function tableBytes(textures: readonly StreamedTexture[]): number {
  return textures.reduce((sum, texture) => {
    const { residency } = insideOf(texture);
    return sum + residency.byteLength + residency.prefetches.byteLength;
  }, 0);
}
