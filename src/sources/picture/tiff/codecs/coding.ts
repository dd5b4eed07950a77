/**
 * How the data of a TIFF directory is coded.
 *
 * @module
 */

import type { ByteSource } from "../../../bytes/byte_source.ts";
import { sliceSource } from "../../../bytes/slice_source.ts";
import { HeaderReader } from "../../headers/header_reader.ts";
import { unsupportedPicture } from "../../headers/picture_header.ts";
import { ScanVerifier } from "../../jpeg/verify_scans.ts";
import type { TiffSamples } from "../raster/samples.ts";
import { jpegTablesRange, type TiffLayout } from "../tiff_chunks.ts";
import { CCITT_COMPRESSIONS, TIFF_COMPRESSION } from "../tiff_compression.ts";
import type { TiffDirectory } from "../tiff_directory.ts";
import type { PlainField } from "./plain_tiff.ts";
import { assertPredictor, PREDICTOR } from "./predictor.ts";

/** Tags of fields that say how data is coded. */
const TAG = {
  fillOrder: 266,
  faxOptions: 292,
  faxOptions4: 293,
  predictor: 317,
  jpegTables: 347,
  lerc: 50674,
} as const;
const REVERSED_BITS = 2;
/** What LERC data is compressed with once more. */
const LERC_INFLATES = [null, "Deflate", "Zstandard"] as const;
const PREDICTED: readonly number[] = [
  TIFF_COMPRESSION.lzw,
  TIFF_COMPRESSION.deflate,
  TIFF_COMPRESSION.oldDeflate,
  TIFF_COMPRESSION.zstd,
];

/** What decoding the chunks of a directory takes beside their bytes. */
export interface Coding {
  readonly predictor: number;
  readonly isReversed: boolean;
  /** Fields that the picture decoder needs. */
  readonly fields: readonly PlainField[];
  /** Checks JPEG data; null for other data. */
  readonly jpeg: ScanVerifier | null;
  readonly lercInflate: "Deflate" | "Zstandard" | null;
}

/** What the chunks of a directory are. */
export interface CodedChunks {
  readonly bytes: ByteSource;
  readonly layout: TiffLayout;
  readonly samples: TiffSamples;
  readonly isLittle: boolean;
  /** Written where LERC data of integers has none. */
  readonly fill: number;
  /** Called again and again; throws when decoding takes too long. */
  readonly checkTime: () => void;
}

/**
 * Reads how the data of a directory is coded.
 *
 * @throws {UnsupportedError} if it is coded in a way that is not read.
 */
export async function readCoding(directory: TiffDirectory, coded: CodedChunks): Promise<Coding> {
  const { bytes, layout, samples } = coded;
  const { compression } = layout;
  const predictor = PREDICTED.includes(compression)
    ? await directory.number(TAG.predictor, PREDICTOR.none)
    : PREDICTOR.none;
  assertPredictor(bytes.name, { predictor, bits: samples.bits });
  assertCoding(bytes.name, coded);
  const isJpeg = compression === TIFF_COMPRESSION.jpeg;
  const lerc = await directory.numbers(TAG.lerc, 2);
  return {
    predictor,
    isReversed: await directory.number(TAG.fillOrder, 1) === REVERSED_BITS,
    fields: await codingFields(directory, coded),
    jpeg: isJpeg ? await jpegVerifier(bytes, directory) : null,
    lercInflate: LERC_INFLATES[lerc[1] ?? 0] ?? null,
  };
}

/** Whether a compression is of bytes, whatever samples they are of, and the picture decoder has it. */
export function areBytes({ compression }: TiffLayout): boolean {
  return compression === TIFF_COMPRESSION.lzw || compression === TIFF_COMPRESSION.packBits;
}

function assertCoding(name: string, { layout, samples }: CodedChunks): void {
  const { compression } = layout;
  const isEightBits = samples.bits === 8 && samples.type === "unsigned";
  const isCcitt = CCITT_COMPRESSIONS.includes(compression);
  const wrong = isCcitt && (samples.bits !== 1 || layout.samples !== 1)
    ? "one band of one bit"
    : compression === TIFF_COMPRESSION.jpeg && (!isEightBits || layout.samples > 4)
    ? "uint8, in at most 4 bands"
    : compression === TIFF_COMPRESSION.webp && !(isEightBits && [3, 4].includes(layout.samples))
    ? "uint8, in 3 or 4 bands"
    : compression === TIFF_COMPRESSION.lerc && ![8, 16, 32, 64].includes(samples.bits)
    ? "of 8, 16, 32 or 64 bits"
    : null;
  if (wrong === null) return;
  const kind = isCcitt ? "CCITT" : ({ 7: "JPEG", 50001: "WebP", 34887: "LERC" } as const)[
    compression as 7 | 50001 | 34887
  ];
  throw unsupportedPicture(name, {
    feature: `${kind} data of ${layout.samples} samples of ${samples.bits} bits`,
    why:
      `its ${kind} data must be ${wrong}: it has ${layout.samples} samples of ${samples.bits} bits`,
  });
}

async function jpegVerifier(bytes: ByteSource, directory: TiffDirectory): Promise<ScanVerifier> {
  const verifier = new ScanVerifier();
  const range = jpegTablesRange(new HeaderReader(bytes, await bytes.size()), directory);
  if (range !== null) await verifier.readTables(sliceSource(bytes, range));
  return verifier;
}

/** Fields of a small file whose strips hold the data of a chunk. */
async function codingFields(
  directory: TiffDirectory,
  { layout }: CodedChunks,
): Promise<PlainField[]> {
  const { compression, samples } = layout;
  const fields: PlainField[] = [[259, [compression]]];
  if (CCITT_COMPRESSIONS.includes(compression)) {
    return [
      ...fields,
      [258, [1]],
      [262, [1]],
      [277, [1]],
      [TAG.fillOrder, [await directory.number(TAG.fillOrder, 1)]],
      [TAG.faxOptions, [await directory.number(TAG.faxOptions, 0)]],
      [TAG.faxOptions4, [await directory.number(TAG.faxOptions4, 0)]],
    ];
  }
  if (areBytes(layout)) return [...fields, [258, [8]], [262, [1]], [277, [1]]];
  const tables = await directory.bytes(TAG.jpegTables);
  const extra = samples === 4 || samples === 2 ? [2] : [];
  return [
    ...fields,
    [258, new Array(samples).fill(8)],
    // Samples as they are, whatever they mean.
    [262, [samples < 3 ? 1 : 2]],
    [277, [samples]],
    ...extra.length === 0 ? [] : [[338, extra] as const],
    ...tables === null || compression !== TIFF_COMPRESSION.jpeg
      ? []
      : [[TAG.jpegTables, tables] as const],
  ];
}
