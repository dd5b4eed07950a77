/**
 * Decodes strips by the picture decoder, as those of a small file.
 *
 * The decoder's own reader of TIFF files gives black for much that it cannot decode. Of strips, which
 * all end where a row of the picture does, it notices damage, and it is told to fail on warnings.
 *
 * @module
 */

import { loadSharp } from "../../decoder/sharp_package.ts";
import { malformedPicture } from "../../headers/picture_header.ts";
import { type PlainField, plainTiff } from "./plain_tiff.ts";

/** Strips of one size. */
export interface Strips {
  /** Data of each. */
  readonly data: readonly Uint8Array[];
  /** Width in texels. */
  readonly width: number;
  /** Rows of each. */
  readonly rows: number;
  /** Fields that say how the data is to be read. */
  readonly fields: readonly PlainField[];
}

/** How the decoder begins its messages, which are about a file that the user does not know. */
const DECODER_NAME =
  /^(?:Input (?:buffer|file) has corrupt header: )?(?:tiff2vips|VipsJpeg|image): /;
/** What it says of any damage. */
const NOISE =
  /^(?:read error|Warning treated as error due to failOn setting|error in tile \d+ x \d+|\w+ error: code \d+)$/i;
/** Lines of the decoder's message that are shown: it repeats itself. */
const SHOWN_LINES = 2;
/** Small files that are decoded at the same time. */
const AT_ONCE = 2;
/** Strips that are decoded as one file have at most so many bytes of texels, unless there is one. */
const MOST_BYTES = 2 ** 25;

/**
 * Decodes strips to texels of 8 bits.
 *
 * @param options `space` is what the texels become, `channels` how many samples they have then;
 * `what` names the strips in messages.
 * @returns The texels of all strips, one after the other.
 * @throws {MalformedFileError} if one is damaged.
 */
export async function decodeStrips(
  name: string,
  strips: Strips,
  options: { readonly space: "srgb" | "b-w"; readonly channels: number; readonly what: string },
): Promise<Uint8Array> {
  const { data, width, rows } = strips;
  const stripBytes = width * rows * options.channels;
  const texels = new Uint8Array(stripBytes * data.length);
  const most = Math.max(1, Math.floor(MOST_BYTES / stripBytes));
  const atOnce = Math.min(most, Math.ceil(data.length / AT_ONCE));
  for (let first = 0; first < data.length; first += AT_ONCE * atOnce) {
    const starts = Array.from({ length: AT_ONCE }, (_, i) => first + i * atOnce)
      .filter((start) => start < data.length);
    const parts = starts.map(async (start) => {
      const part = { ...strips, data: data.slice(start, start + atOnce) };
      texels.set(await decodeAtOnce(name, part, options), start * stripBytes);
    });
    // The decoder works in threads of its own, and is not left behind.
    await Promise.allSettled(parts);
    await Promise.all(parts);
  }
  return texels;
}

async function decodeAtOnce(
  name: string,
  { data, width, rows, fields }: Strips,
  { space, channels, what }: { space: "srgb" | "b-w"; channels: number; what: string },
): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const height = rows * data.length;
  const isGreyAlpha = channels === 2;
  const file = plainTiff(data, {
    rowsPerStrip: rows,
    fields: [[256, [width]], [257, [height]], ...fields],
  });
  let decoded: Uint8Array;
  try {
    // What is grey keeps no second sample.
    const pipeline = sharp(file, { failOn: "warning", limitInputPixels: false })
      .toColourspace(isGreyAlpha ? "srgb" : space);
    if (channels === 4) pipeline.ensureAlpha();
    decoded = await pipeline.raw().toBuffer();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const lines = [
      ...new Set(text.trim().split("\n").map((line) => line.replace(DECODER_NAME, ""))),
    ]
      .filter((line) => line !== "" && !NOISE.test(line)).slice(0, SHOWN_LINES);
    const why = lines.join("; ") || "data is missing or damaged";
    throw malformedPicture(name, `${what} must be whole: ${why}`);
  }
  if (isGreyAlpha) decoded = greyAlphaOf(decoded);
  if (decoded.byteLength === width * height * channels) return decoded;
  throw malformedPicture(
    name,
    `${what} must give ${width}×${height} texels of ${channels} samples: they give ` +
      `${decoded.byteLength} bytes`,
  );
}

/** The first and the last of four samples, of which the first three are the same. */
function greyAlphaOf(texels: Uint8Array): Uint8Array {
  const pairs = new Uint8Array(texels.length / 2);
  for (let from = 0, to = 0; to < pairs.length; from += 4, to += 2) {
    pairs[to] = texels[from]!;
    pairs[to + 1] = texels[from + 3]!;
  }
  return pairs;
}
