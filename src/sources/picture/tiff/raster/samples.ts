/**
 * What the samples of a TIFF file are (TIFF 6.0; TIFF Technical Note 3 for small floats).
 *
 * @module
 */

import {
  malformedPicture,
  type SampleKind,
  unsupportedPicture,
} from "../../headers/picture_header.ts";
import type { TiffDirectory } from "../tiff_directory.ts";

/** Tags of fields. */
const TAG = {
  bits: 258,
  photometric: 262,
  samples: 277,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

/** Photometric interpretations that are read. */
export const PHOTOMETRIC = Object.freeze({
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  mask: 4,
  separated: 5,
  ycbcr: 6,
  cielab: 8,
});

/** Samples of a texel that each interpretation names; all others are extra. */
const NAMED_SAMPLES: Readonly<Record<number, number>> = {
  [PHOTOMETRIC.whiteIsZero]: 1,
  [PHOTOMETRIC.blackIsZero]: 1,
  [PHOTOMETRIC.rgb]: 3,
  [PHOTOMETRIC.palette]: 1,
  [PHOTOMETRIC.mask]: 1,
  [PHOTOMETRIC.separated]: 4,
  [PHOTOMETRIC.ycbcr]: 3,
  [PHOTOMETRIC.cielab]: 3,
};

const ASSOCIATED = 1;
const STRAIGHT = 2;
/** Most samples of a texel. */
const MOST_SAMPLES = 4096;
const SAMPLE_TYPES: Readonly<Record<number, SampleKind["type"]>> = {
  1: "unsigned",
  2: "signed",
  3: "float",
  4: "unsigned", // undefined, which readers take for integers
  5: "complex",
  6: "complex",
};

/** The alpha of a picture. */
export interface TiffAlpha {
  /** Which sample it is, from 0. */
  readonly sample: number;
  /** Whether colours are multiplied by it. */
  readonly isAssociated: boolean;
}

/** The samples of a texel. */
export interface TiffSamples {
  readonly count: number;
  /** Bits of each. */
  readonly bits: number;
  readonly type: SampleKind["type"];
  readonly photometric: number;
  /** The first of the extra samples that says that it is alpha; null if none does. */
  readonly alpha: TiffAlpha | null;
}

/**
 * Reads what the samples are.
 *
 * @throws {MalformedFileError} if there are none.
 * @throws {UnsupportedError} if they differ in kind, or their interpretation is not read.
 */
export async function readTiffSamples(
  name: string,
  directory: TiffDirectory,
): Promise<TiffSamples> {
  const count = await directory.number(TAG.samples, 1);
  const [firstBits = 1] = await directory.numbers(TAG.bits, 1);
  if (count === 0 || firstBits === 0) {
    throw malformedPicture(
      name,
      `its header is impossible: texels of ${count} samples of ${firstBits} bits`,
    );
  }
  if (count > MOST_SAMPLES) {
    const why = `its texels must have at most ${MOST_SAMPLES} bands: they have ${count}`;
    throw unsupportedPicture(name, { feature: `${count} bands`, why });
  }
  const bits = await commonValue(name, directory, { tag: TAG.bits, count });
  const format = await commonValue(name, directory, { tag: TAG.sampleFormat, count });
  const type = format === null ? undefined : SAMPLE_TYPES[format];
  if (bits === null || type === undefined) {
    const why = "all its bands must be of one type, and of a known one";
    throw unsupportedPicture(name, { feature: "mixed samples", why });
  }
  const photometric = await directory.number(TAG.photometric, null);
  if (photometric === null) {
    throw malformedPicture(name, `its photometric interpretation must be there, as field 262`);
  }
  const named = NAMED_SAMPLES[photometric];
  if (named === undefined) {
    const why = `its photometric interpretation must be known: current value is ${photometric}`;
    throw unsupportedPicture(name, { feature: `photometric interpretation ${photometric}`, why });
  }
  if (count < named) {
    throw malformedPicture(
      name,
      `its texels must have ${named} samples for photometric interpretation ${photometric}: they ` +
        `have ${count}`,
    );
  }
  const extra = await directory.numbers(TAG.extraSamples, count - named);
  return { count, bits, type, photometric, alpha: alphaOf(extra, count) };
}

/** The kinds of extra samples are those of the last samples. */
function alphaOf(extra: readonly number[], count: number): TiffAlpha | null {
  const at = extra.findIndex((kind) => kind === ASSOCIATED || kind === STRAIGHT);
  if (at < 0) return null;
  return { sample: count - extra.length + at, isAssociated: extra[at] === ASSOCIATED };
}

/**
 * The value that a field has for all samples, 1 if it is missing, or null if it differs.
 *
 * @throws {MalformedFileError} if it has neither one value nor one for each sample.
 */
async function commonValue(
  name: string,
  directory: TiffDirectory,
  { tag, count }: { tag: number; count: number },
): Promise<number | null> {
  const held = directory.count(tag);
  if (directory.range(tag) !== null && held !== 1 && held !== count) {
    throw malformedPicture(
      name,
      `its field ${tag} must hold 1 integer or ${count}, one for each sample: it holds ${held}`,
    );
  }
  const values = await directory.numbers(tag, count);
  return values.every((value) => value === values[0]) ? values[0] ?? 1 : null;
}

/** The type of samples in the words of users, such as `uint16`. */
export function sampleTypeName({ bits, type }: Pick<TiffSamples, "bits" | "type">): string {
  const names = { unsigned: "uint", signed: "int", float: "float", complex: "complex" } as const;
  return `${names[type]}${bits}`;
}
