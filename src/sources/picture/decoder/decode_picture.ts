/**
 * Decodes a picture from one file to another, in this process.
 *
 * TIFF files are read by this library, which leaves to the decoder what has a codec of its own. Other
 * pictures are decoded as a whole: the decoder cannot return rows while it decodes, but it can write
 * libvips' own uncompressed format (a header of 64 bytes, then the rows) to a file, which is then read
 * by region. So a picture takes a file of its uncompressed size, and memory for a few rows. While it
 * decodes interlaced PNG, progressive JPEG or WebP, the decoder holds the whole picture in memory.
 *
 * @module
 */

import { isNotFound, requireDeno } from "../../../deno_runtime.ts";
import { MalformedFileError } from "../../../errors.ts";
import type { ColorSpace } from "../../../texels/mod.ts";
import type { ByteSource } from "../../bytes/byte_source.ts";
import { openFileSource } from "../../bytes/file_source.ts";
import { writeError } from "../../bytes/scratch_file.ts";
import { rowTexelBytes } from "../../row_source.ts";
import type { PictureChoice } from "../picture_choice.ts";
import { describePicture, type PictureInfo } from "../picture_info.ts";
import { decodeSeconds, type ResolvedLimits, timeLimitError } from "../picture_limits.ts";
import { decodeBmp } from "../bmp/decode_bmp.ts";
import { clearBesideFrame } from "../gif/clear_beside_frame.ts";
import { decodeRaster } from "../tiff/raster/decode_raster.ts";
import { DECODED_SPACES } from "./decoded_picture.ts";
import { loadSharp } from "./sharp_package.ts";
import { verifyInput } from "./verify_input.ts";

/** What to decode, and how. */
export interface DecodeRequest {
  /** Name of the picture in messages. */
  readonly name: string;
  /** How its values are read; null for the default. */
  readonly colorSpace: ColorSpace | null;
  /** Limits in force. */
  readonly limits: ResolvedLimits;
  /** What of the file is decoded. */
  readonly choice: PictureChoice;
}

/** Where to decode from and to. */
export interface DecodePaths {
  /** A file that nobody else writes to: the decoder maps it into memory. */
  readonly input: string;
  /** A file that does not exist yet; its name ends in `.v`. */
  readonly output: string;
}

const PROGRESS_INTERVAL_MS = 100;
/** The decoder takes no longer timeout. */
const MOST_TIMEOUT_SECONDS = 3600;

/**
 * Decodes a picture to a file in the form that `DecodedPicture` reads.
 *
 * @param onProgress Called with the fraction of the rows that are decoded.
 * @throws {MalformedFileError} if it is damaged.
 * @throws {UnsupportedError} if it is beyond a limit.
 * @throws {BakeError} if the output cannot be written.
 */
export async function decodePicture(
  paths: DecodePaths,
  request: DecodeRequest,
  onProgress?: (fraction: number) => void,
): Promise<void> {
  const { name, limits, choice } = request;
  const bytes = await openFileSource(paths.input);
  try {
    const source = renamed(bytes, name);
    const { info, header, decoded } = await describePicture(source, limits, { choice });
    const seconds = decodeSeconds(limits, { fileBytes: await bytes.size() });
    const endMs = performance.now() + 1000 * seconds;
    const checkTime = () => {
      if (performance.now() > endMs) throw timeLimitError(name, seconds);
    };
    const { output } = paths;
    if ("raster" in header) {
      await decodeRaster(source, {
        info,
        tiff: header,
        colorSpace: request.colorSpace ?? info.defaultColorSpace,
        output,
        checkTime,
        ...(onProgress === undefined ? {} : { onProgress }),
      });
    } else if ("layout" in header) {
      await decodeBmp(source, { info: { ...info, format: decoded }, header }, {
        output,
        checkTime,
        onProgress,
      });
    } else if ("frame" in header) {
      // A frame may be much smaller than the screen that is decoded with it.
      await verifyInput(source, { header, checkTime });
      await decodeRows(paths, request, { info: { ...info, format: decoded }, seconds, onProgress });
      await clearBesideFrame(output, header);
    } else {
      // The decoder works in threads of its own, and is not left behind.
      const work = [
        decodeRows(paths, request, { info: { ...info, format: decoded }, seconds, onProgress }),
        verifyInput(source, { header, checkTime }),
      ];
      await Promise.allSettled(work);
      await Promise.all(work);
    }
    onProgress?.(1);
  } finally {
    bytes.close();
  }
}

/** The same bytes under another name. */
function renamed(bytes: ByteSource, name: string): ByteSource {
  return {
    name,
    size: () => bytes.size(),
    read: (offset, length, options) => bytes.read(offset, length, options),
    close: () => bytes.close(),
  };
}

async function decodeRows(
  paths: DecodePaths,
  request: DecodeRequest,
  { info, seconds, onProgress }: {
    info: PictureInfo;
    seconds: number;
    onProgress: ((fraction: number) => void) | undefined;
  },
): Promise<void> {
  const sharp = await loadSharp();
  const space = DECODED_SPACES[info.format]!;
  const options = {
    limitInputPixels: request.limits.maxPixels,
    // The decoder only warns of most damage, and leaves black texels.
    failOn: "warning",
    sequentialRead: true,
    // Profiles describe colours; they must not change values that are not colours.
    ignoreIcc: (request.colorSpace ?? info.defaultColorSpace) === "linear",
  } as const;
  const wholeBytes = info.width * info.height * rowTexelBytes(info.format);
  const stopReporting = reportGrowth(paths.output, wholeBytes, onProgress);
  try {
    // The decoder finds out the kind for itself: a file may look like two.
    const { format } = await sharp(paths.input, options).metadata();
    const kind = format === "heif" ? "avif" : format;
    if (kind !== info.container) throw new Error(`it is ${info.container} and ${kind} at once`);
    const pipeline = sharp(paths.input, options)
      .timeout({ seconds: Math.min(Math.ceil(seconds), MOST_TIMEOUT_SECONDS) })
      .autoOrient()
      .toColourspace(space);
    if (info.format === "rgba8unorm") pipeline.ensureAlpha();
    await pipeline.toFile(paths.output);
  } catch (cause) {
    throw decodeError(info.name, { cause, seconds, paths });
  } finally {
    stopReporting();
  }
}

/** The decoder's errors have no types. A failed write does not mean a bad picture. */
function decodeError(
  name: string,
  { cause, seconds, paths }: { cause: unknown; seconds: number; paths: DecodePaths },
): Error {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/unable to write|write failed/.test(text)) return writeError(paths.output, cause);
  if (/^timeout: /m.test(text)) return timeLimitError(name, seconds);
  const lines = [...new Set(text.trim().split("\n"))].filter((line) => !NOISE.test(line))
    .slice(0, SHOWN_LINES).map((line) => line.replaceAll(`${paths.input}: `, ""));
  const why = lines.join("; ") || "its data is damaged";
  return new MalformedFileError(name, `Cannot decode picture ${name}: ${why}`, { cause });
}

/** What the decoder says of any damage, whatever it is. */
const NOISE = /: bad seek to \d+$/;
/** Lines of the decoder's message that are shown: it repeats itself. */
const SHOWN_LINES = 3;

/**
 * Reports how much of a file the decoder has written. Returns a function that stops the reports.
 */
function reportGrowth(
  path: string,
  wholeBytes: number,
  onProgress: ((fraction: number) => void) | undefined,
): () => void {
  if (onProgress === undefined) return () => {};
  const timer = setInterval(() => {
    try {
      onProgress(Math.min(1, requireDeno().statSync(path).size / wholeBytes));
    } catch (error) {
      // The decoder has not created the file yet.
      if (!isNotFound(error)) throw error;
    }
  }, PROGRESS_INTERVAL_MS);
  return () => clearInterval(timer);
}
