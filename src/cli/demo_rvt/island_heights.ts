/**
 * The heights of the demo's island: New Zealand's South Island, cut out of a picture of the Earth.
 *
 * @module
 */

import type { HeightPicture } from "../../rvt/mod.ts";
import { metresFromRoad } from "./road_line.ts";

/** Samples of the landscape along one side. */
export const SAMPLES = 257;
/** Metres from one sample to the next. */
export const SAMPLE_METRES = 2;
/** Edge of the landscape in metres. */
export const EDGE_METRES = (SAMPLES - 1) * SAMPLE_METRES;

/**
 * What is cut out of 2048 × 1024 texels: 9.8° of longitude and 7° of latitude, which is a square at 44°
 * south.
 */
const CUT = { left: 1966, top: 740, width: 56, height: 40 } as const;
/** The sea's bottom, in the picture's values: the picture has 0 for every sea. */
const SEA_VALUE = -30;
const LEAST_LAND_VALUE = 6;
const SEA_METRES_PER_VALUE = 0.36;
/** Plains are flatter, and mountains steeper, than in the picture: value 76 is a peak of 62 metres. */
const PEAK = { value: 76, metres: 62, exponent: 1.75 } as const;
/** Metres at the landscape's edge within which land sinks into the sea. */
const RIM_METRES = 40;

/**
 * Heights in metres, row by row from the south, 0 at sea level.
 *
 * Texels are 9 metres apart in the demo's small world and have 8 bits: a cubic B-spline rounds them off, and
 * noise adds what is smaller.
 */
export function islandHeights(topology: HeightPicture): Float32Array {
  const values = cutOut(topology);
  return Float32Array.from({ length: SAMPLES ** 2 }, (_, i) => {
    const column = i % SAMPLES;
    const row = (i - column) / SAMPLES;
    const [x, y] = [column * SAMPLE_METRES, row * SAMPLE_METRES];
    const u = column / (SAMPLES - 1) * (CUT.width - 1);
    const v = (1 - row / (SAMPLES - 1)) * (CUT.height - 1);
    const toRim = Math.min(x, y, EDGE_METRES - x, EDGE_METRES - y);
    const land = spline(values, u, v) - SEA_VALUE;
    const value = land * smooth(toRim / RIM_METRES) + SEA_VALUE;
    const base = value < 0
      ? value * SEA_METRES_PER_VALUE
      : PEAK.metres * (value / PEAK.value) ** PEAK.exponent + 0.12 * value;
    // Mountains are rough, plains and beaches are smooth.
    const roughness = 0.5 + 14 * smooth((base - 8) / 34);
    return onPlain(base + roughness * (ridges(x / 46, y / 46) - 0.5), metresFromRoad(x, y));
  });
}

/** Height of the plain along the road, how much hills rise above it, and how far it reaches in metres. */
const PLAIN = { height: 3.6, rise: 0.16, from: 16, to: 58 } as const;

/** The road runs through plains. */
function onPlain(height: number, fromRoad: number): number {
  if (height < PLAIN.height) return height;
  const plain = PLAIN.height + PLAIN.rise * (height - PLAIN.height);
  const share = smooth((fromRoad - PLAIN.from) / (PLAIN.to - PLAIN.from));
  return plain + share * (height - plain);
}

/** The values of the cut, with the sea below the land. */
function cutOut({ width, data }: HeightPicture): Float32Array {
  return Float32Array.from({ length: CUT.width * CUT.height }, (_, i) => {
    const column = i % CUT.width;
    const value = data[(CUT.top + (i - column) / CUT.width) * width + CUT.left + column]!;
    return value === 0 ? SEA_VALUE : value + LEAST_LAND_VALUE;
  });
}

/** A uniform cubic B-spline over the cut, at a texel's coordinates. */
function spline(values: Float32Array, u: number, v: number): number {
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const [across, along] = [weights(u - column), weights(v - row)];
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const y = Math.min(CUT.height - 1, Math.max(0, row + j - 1));
    for (let i = 0; i < 4; i++) {
      const x = Math.min(CUT.width - 1, Math.max(0, column + i - 1));
      sum += along[j]! * across[i]! * values[y * CUT.width + x]!;
    }
  }
  return sum;
}

function weights(t: number): number[] {
  const s = 1 - t;
  return [
    s ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (3 * s ** 3 - 6 * s ** 2 + 4) / 6,
    t ** 3 / 6,
  ];
}

/** Ridged noise from 0 to 1. */
function ridges(x: number, y: number): number {
  let [sum, most] = [0, 0];
  for (let octave = 0; octave < 4; octave++) {
    const [scale, strength] = [2 ** octave, 0.5 ** octave];
    sum += strength * (1 - Math.abs(2 * lattice(x * scale, y * scale, octave) - 1));
    most += strength;
  }
  return sum / most;
}

/** Noise of a place: random at integers, smooth between them. */
function lattice(x: number, y: number, seed: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [s, t] = [smooth(x - column), smooth(y - row)];
  const at = (i: number, j: number) => hash(column + i, row + j, seed);
  const below = at(0, 0) * (1 - s) + at(1, 0) * s;
  const above = at(0, 1) * (1 - s) + at(1, 1) * s;
  return below * (1 - t) + above * t;
}

function hash(x: number, y: number, seed: number): number {
  let value = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed + 1, 0x9e3779b9);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}

/** 0 to 1, with no slope at either end. */
export function smooth(t: number): number {
  const clamped = Math.min(1, Math.max(0, t));
  return clamped * clamped * (3 - 2 * clamped);
}
