/**
 * Headers of TIFF files (TIFF, revision 6.0; its technical notes; BigTIFF).
 *
 * @module
 */

import { checkedOrientation } from "../headers/exif_orientation.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import {
  malformedPicture,
  type PictureHeader,
  type SampleKind,
  unsupportedPicture,
} from "../headers/picture_header.ts";
import { checkTiffChunks } from "./tiff_chunks.ts";
import { assertDecodedCompression } from "./tiff_compression.ts";
import { TiffDirectory } from "./tiff_directory.ts";

/** Tags of fields. */
const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  orientation: 274,
  samples: 277,
  colorMap: 320,
  sampleFormat: 339,
} as const;

const PHOTOMETRIC = { whiteIsZero: 0, blackIsZero: 1, palette: 3, separated: 5 } as const;
/** LogL and LogLuv, in which colours are floats. */
const FIRST_LOG_PHOTOMETRIC = 32844;
const MOST_SAMPLES = 64;
const SAMPLE_TYPES: Readonly<Record<number, SampleKind["type"]>> = {
  1: "unsigned",
  2: "signed",
  3: "float",
  4: "unsigned", // undefined, which decoders take for integers
  5: "complex",
  6: "complex",
};

/**
 * Reads the first directory, and checks that every strip or tile lies in the file.
 *
 * @throws {MalformedFileError} if the file breaks the format or is cut off.
 * @throws {UnsupportedError} if its compression has no decoder here, or its samples are of a kind
 * that no texel format can hold.
 */
export async function readTiffHeader(file: HeaderReader): Promise<PictureHeader> {
  const { name } = file;
  const directory = await TiffDirectory.readFirst(file);
  const storedWidth = await directory.number(TAG.width, 0);
  const storedHeight = await directory.number(TAG.height, 0);
  const samples = await directory.number(TAG.samples, 1);
  const bits = await directory.number(TAG.bits, 1);
  if (storedWidth === 0 || storedHeight === 0 || samples === 0 || bits === 0) {
    throw malformedPicture(
      name,
      `its header is impossible: ${storedWidth}×${storedHeight} texels of ${samples} samples of ` +
        `${bits} bits`,
    );
  }
  assertDecodedCompression(name, await directory.number(TAG.compression, 1));
  const photometric = await directory.number(TAG.photometric, PHOTOMETRIC.blackIsZero);
  const sample = await readSampleKind(name, directory, samples);
  const hasPalette = photometric === PHOTOMETRIC.palette;
  const isGrey = hasPalette
    ? await isGreyPalette(directory, sample.bits)
    : photometric === PHOTOMETRIC.whiteIsZero || photometric === PHOTOMETRIC.blackIsZero;
  if (photometric >= FIRST_LOG_PHOTOMETRIC) {
    const why = `its photometric interpretation must be known: current value is ${photometric}`;
    throw unsupportedPicture(name, { feature: `photometric interpretation ${photometric}`, why });
  }
  const channels = hasPalette && !isGrey ? samples + 2 : samples;
  await checkTiffChunks(file, directory);
  return {
    container: "tiff",
    storedWidth,
    storedHeight,
    orientation: checkedOrientation(await directory.number(TAG.orientation, 1)),
    isGrey,
    channels,
    // Cyan, magenta, yellow and black are four already.
    hasAlpha: photometric === PHOTOMETRIC.separated
      ? channels === 5
      : channels === 2 || channels === 4,
    sample: sample.bits < 8 ? { ...sample, bits: 8 } : sample,
    heldWholeAs: null,
  };
}

async function readSampleKind(
  name: string,
  directory: TiffDirectory,
  samples: number,
): Promise<SampleKind> {
  const bits = await commonValue(directory, TAG.bits, { samples, otherwise: 1 });
  const format = await commonValue(directory, TAG.sampleFormat, { samples, otherwise: 1 });
  const type = format === null ? undefined : SAMPLE_TYPES[format];
  if (bits === null || type === undefined) {
    const why = "all its samples must be of one kind, and of a known one";
    throw unsupportedPicture(name, { feature: "mixed samples", why });
  }
  return { bits, type };
}

/** The value that a field has for all samples, or null if it differs. */
async function commonValue(
  directory: TiffDirectory,
  tag: number,
  { samples, otherwise }: { samples: number; otherwise: number },
): Promise<number | null> {
  for await (const { values } of directory.values(tag, Math.min(samples, MOST_SAMPLES))) {
    return values.every((value) => value === values[0]) ? values[0]! : null;
  }
  return otherwise;
}

/** Whether red, green and blue are the same in all entries of the palette. */
async function isGreyPalette(directory: TiffDirectory, bits: number): Promise<boolean> {
  const entries = 2 ** Math.min(bits, 16);
  const values: number[] = [];
  for await (const block of directory.values(TAG.colorMap, 3 * entries)) {
    values.push(...block.values);
  }
  if (values.length < 3 * entries) return false;
  for (let i = 0; i < entries; i++) {
    if (values[i] !== values[entries + i] || values[i] !== values[2 * entries + i]) return false;
  }
  return true;
}
