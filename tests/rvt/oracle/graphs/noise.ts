/**
 * Noise by its documented formula: integers in 32 bits, the rest in float64.
 *
 * @module
 */

import type { NoiseName } from "../../../../src/rvt/material/expressions/expression.ts";
import type { Numbers } from "./operations.ts";

/** Which noise. */
export interface NoiseKind {
  readonly noise: NoiseName;
  readonly octaves: number;
  readonly seed: number;
}

/** pcg4d of four 32-bit integers (Jarzynski and Olano 2020): four words, unsigned. */
export function pcg4d(numbers: Numbers): [number, number, number, number] {
  const words = numbers.map((word) => (Math.imul(word, 1664525) + 1013904223) | 0) as [
    number,
    number,
    number,
    number,
  ];
  mix(words);
  words.forEach((word, k) => words[k] = word ^ (word >>> 16));
  mix(words);
  return words.map((word) => word >>> 0) as [number, number, number, number];
}

function mix(v: [number, number, number, number]): void {
  v[0] = (v[0] + Math.imul(v[1], v[3])) | 0;
  v[1] = (v[1] + Math.imul(v[2], v[0])) | 0;
  v[2] = (v[2] + Math.imul(v[0], v[1])) | 0;
  v[3] = (v[3] + Math.imul(v[1], v[2])) | 0;
}

/** Noise at a place of two or three components. */
export function evaluateNoise(place: Numbers, { noise, octaves, seed }: NoiseKind): number {
  let [sum, weights] = [0, 0];
  for (let octave = 0; octave < octaves; octave++) {
    const scaled = place.map((part) => part * 2 ** octave);
    sum += 2 ** -octave * oneOctave(scaled, noise, (seed + octave) % 2 ** 32);
    weights += 2 ** -octave;
  }
  return sum / weights;
}

function oneOctave(place: Numbers, noise: NoiseName, seed: number): number {
  const cell = place.map(Math.floor);
  const into = place.map((part, k) => part - cell[k]!);
  const weights = into.map((f) => f ** 3 * (f * (6 * f - 15) + 10));
  let sum = 0;
  // The corners' weights multiplied are what interpolating along each axis in turn comes to.
  for (let corner = 0; corner < 2 ** place.length; corner++) {
    const offset = place.map((_, k) => (corner >> k) & 1);
    const [i, j, k = 0] = cell.map((part, axis) => part + offset[axis]!);
    const hash = pcg4d([i! | 0, j! | 0, k | 0, seed | 0]);
    const weight = weights.reduce((w, part, axis) => w * (offset[axis] === 1 ? part : 1 - part), 1);
    sum += weight * cornerValue(hash, noise, into.map((f, axis) => f - offset[axis]!));
  }
  return sum;
}

function cornerValue(hash: Numbers, noise: NoiseName, fromCorner: Numbers): number {
  const unit = hash.map((word) => Math.floor(word / 256) / 2 ** 24);
  if (noise === "value") return unit[0]!;
  const along = fromCorner.reduce((sum, part, axis) => sum + (2 * unit[axis]! - 1) * part, 0);
  return along * 2 / fromCorner.length;
}
