/**
 * What the fuzzers of all kinds of pictures share: the judge.
 *
 * @module
 */

import sharp from "sharp";
import { Finding, type Fuzzer } from "../../../src/cli/fuzz/fuzzer.ts";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { openPicture, type RowFormat, rowTexelBytes } from "../../../src/sources/mod.ts";
import type { Sample } from "../inputs/fields.ts";
import { Choices, mutate } from "../inputs/mutate.ts";
import { sameBytes } from "../ktx2/expected_tile.ts";

/** A valid picture with its decoded rows. */
export interface PictureSample extends Sample {
  /** Rows as the library gives them. */
  readonly rows: Uint8Array;
}

/** A kind of picture. */
export interface PictureKind {
  readonly name: string;
  readonly samples: readonly PictureSample[];
  /** Makes another valid or damaged picture of a sample, inside what is compressed. */
  readonly changeInside?: (choices: Choices, sample: Sample) => Sample;
  /**
   * Whether damaged data cannot become black and still be valid, as it can where texels are sums of
   * differences; default true.
   */
  readonly isExact?: (bytes: Uint8Array) => boolean;
  /** Whether another decoder reads the same kind of texels; default true. */
  readonly isComparable?: (bytes: Uint8Array, format: RowFormat) => boolean;
  /** What an independent look at the compressed data finds wrong; null if nothing. */
  readonly dataFault?: (bytes: Uint8Array) => Promise<string | null>;
  /** Size in the header by a parser of its own; null if it finds none. */
  readonly headerSize: (bytes: Uint8Array) => readonly [width: number, height: number] | null;
}

/** Texels beyond which rows are not read whole. */
const MOST_TEXELS = 2 ** 22;
/** Edge of a square that is black in no sample. */
const BLACK_EDGE = 8;

/** A fuzzer of a function that opens pictures. */
export function pictureFuzzer(kind: PictureKind, open: typeof openPicture): Fuzzer {
  return {
    name: kind.name,
    description: `${kind.name.toUpperCase()} pictures: header, structure and texels`,
    makeInput(seed, index) {
      const choices = new Choices(seed, index);
      let sample: Sample = choices.one(kind.samples);
      if (kind.changeInside !== undefined && choices.chance(0.25)) {
        sample = kind.changeInside(choices, sample);
        if (choices.chance(0.5)) return { sample: sample.name, bytes: sample.bytes, edits: [] };
      }
      return mutate(choices, sample, choices.one(kind.samples));
    },
    async tryBytes(bytes) {
      let picture: Awaited<ReturnType<typeof openPicture>>;
      try {
        picture = await open(bytes);
      } catch (error) {
        if (error instanceof MalformedFileError || error instanceof UnsupportedError) {
          return "refused";
        }
        throw error;
      }
      try {
        const { width, height, format } = picture;
        const size = kind.headerSize(bytes);
        if (size !== null && (size[0] !== width || size[1] !== height)) {
          throw new Finding("wrong accept", `${width} × ${height} and its header says ${size}`);
        }
        const fault = await kind.dataFault?.(bytes) ?? null;
        if (fault !== null) throw new Finding("wrong accept", fault);
        if (width * height > MOST_TEXELS) return "accepted";
        const rows = await picture.readRows(0, height);
        if (rows.length !== width * height * rowTexelBytes(format)) {
          throw new Finding("wrong texels", `${rows.length} bytes of ${width} × ${height} texels`);
        }
        if (kind.samples.some((sample) => sameBytes(sample.rows, rows))) return "accepted";
        if (kind.isComparable?.(bytes, format) ?? true) await checkStrictly(bytes, rows, format);
        if (kind.isExact?.(bytes) ?? true) checkBlack(rows, width, rowTexelBytes(format));
      } finally {
        await picture.close();
      }
      return "accepted";
    },
    allowedBytes(bytes) {
      const [width, height] = kind.headerSize(bytes) ?? [0, 0];
      return 16 * bytes.length + 32 * Math.min(width * height, 2 ** 28);
    },
  };
}

/** Finds a square that is all zero, which damaged parts of pictures become silently. */
function checkBlack(rows: Uint8Array, width: number, texelBytes: number): void {
  const height = rows.length / width / texelBytes;
  const colors = Math.min(3, texelBytes);
  for (let top = 0; top + BLACK_EDGE <= height; top += BLACK_EDGE) {
    for (let left = 0; left + BLACK_EDGE <= width; left += BLACK_EDGE) {
      let isBlack = true;
      for (let i = 0; i < BLACK_EDGE * BLACK_EDGE && isBlack; i++) {
        const texel = (top + (i >> 3)) * width + left + (i & 7);
        for (let c = 0; c < colors; c++) isBlack &&= rows[texel * texelBytes + c] === 0;
      }
      if (isBlack) throw new Finding("wrong accept", `black from (${left}, ${top}) on`);
    }
  }
}

/** Doubts about a file's directory that say nothing of its texels. */
const HARMLESS = new RegExp(
  "not sorted in ascending order|custom tag|Unknown field|ignored|failOn setting|ResolutionUnit|" +
    "StripByteCounts|whereas it should be|Improper JPEG strip|as error due to failOn|" +
    'SETGET_UNDEFINED|ncorrect count for|Bad value [-.\\d]+ for "|bad seek to|' +
    // What follows any doubt of the directory.
    "error in tile \\d+ x \\d+",
);

/** Decodes once more, so that any doubt of the texels is an error, and compares. */
async function checkStrictly(
  bytes: Uint8Array,
  rows: Uint8Array,
  format: RowFormat,
): Promise<void> {
  let strict: Uint8Array;
  try {
    strict = await decoded(bytes, format, "warning");
  } catch (error) {
    const doubts = (error as Error).message.trim().split("\n").filter((line) =>
      !HARMLESS.test(line)
    );
    if (doubts.length > 0) {
      throw new Finding("wrong accept", `a strict decoder says: ${doubts[0]}`);
    }
    try {
      strict = await decoded(bytes, format, "error");
    } catch {
      // A doubt that ends this decoder in any case.
      return;
    }
  }
  if (!sameTexels(strict, rows, format)) {
    throw new Finding("wrong texels", "another way to decode gives others");
  }
}

/** Whether texels are the same; all floats that are no numbers are. */
function sameTexels(a: Uint8Array, b: Uint8Array, format: RowFormat): boolean {
  if (format !== "r32float" || a.length !== b.length) return sameBytes(a, b);
  const floats = new Float32Array(a.slice().buffer);
  return new Float32Array(b.slice().buffer).every((value, i) => Object.is(value, floats[i]));
}

/** The rows, decoded in memory and out of order. */
async function decoded(
  bytes: Uint8Array,
  format: RowFormat,
  failOn: "warning" | "error",
): Promise<Uint8Array> {
  const pipeline = sharp(bytes, { failOn, limitInputPixels: MOST_TEXELS }).autoOrient();
  const { data } =
    await (format === "rgba8unorm"
      ? pipeline.toColourspace("srgb").ensureAlpha().raw()
      : format === "r32float"
      ? pipeline.toColourspace("b-w").raw({ depth: "float" })
      : format === "r16unorm"
      ? pipeline.toColourspace("grey16").raw({ depth: "ushort" })
      : pipeline.toColourspace("b-w").raw())
      .toBuffer({ resolveWithObject: true });
  return new Uint8Array(data);
}

/** A smooth picture without black or white. */
export function smoothTexels(width: number, height: number, channels: number): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const texel = Math.floor(i / channels);
    const [x, y, c] = [texel % width, Math.floor(texel / width), i % channels];
    return 60 + ((x * 3 + y * 2 + c * 25) % 130);
  });
}

/** Makes a sample of the bytes of a file. */
export async function pictureSample(
  name: string,
  bytes: Uint8Array,
  parts: Pick<Sample, "fields" | "headerBytes" | "seal">,
): Promise<PictureSample> {
  const picture = await openPicture(bytes);
  const rows = await picture.readRows(0, picture.height);
  await picture.close();
  return { name, bytes, rows, ...parts };
}
