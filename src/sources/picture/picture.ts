/**
 * Reads pictures row by row, in bounded memory.
 *
 * A picture is copied, so that it cannot change while it is decoded, and decoded to a file from
 * which rows are read: in this process, or in one that decodes for it and may die of a picture.
 *
 * @module
 */

import type { ColorSpace } from "../../texels/mod.ts";
import type { RowSource } from "../row_source.ts";
import type { DecodeRequest } from "./decoder/decode_picture.ts";
import { checkDecoded, DecodedPicture } from "./decoder/decoded_picture.ts";
import { decodeHere } from "./decoder/decode_here.ts";
import { decoderSocket } from "./decoder/decoder_links.ts";
import { decodeRemotely } from "./decoder/remote_decoder.ts";
import { describePicture, openPictureBytes, type PictureInput } from "./picture_info.ts";
import { ChosenBands } from "./chosen_bands.ts";
import { checkedPictureChoice, type PictureChoiceOptions } from "./picture_choice.ts";
import { decodeSeconds, type PictureLimits, resolveLimits } from "./picture_limits.ts";

/** How to open a picture. */
export interface OpenPictureOptions extends PictureChoiceOptions {
  /**
   * How to interpret the stored values. Default: grey and colour of 8 bits "srgb", all else "linear". For
   * "linear", values are left as stored; otherwise an embedded colour profile is applied.
   */
  readonly colorSpace?: ColorSpace;
  /**
   * Folder for scratch files: a copy of the picture while it is decoded, and the decoded one.
   * Default: the system's for temporary files. A decoder in a process of its own has a folder of
   * its own.
   */
  readonly scratchFolder?: string;
  /** Limits of decoding; see {@linkcode PictureLimits} for what holds where. */
  readonly limits?: PictureLimits;
  /**
   * Cancels the wait. A decoder in this process cannot be stopped; its file is removed when it
   * ends. One in a process of its own is ended.
   */
  readonly signal?: AbortSignal;
  /** Called with the fraction of the picture that is decoded, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Decodes a PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture to a scratch file and opens it for
 * reading by rows. The orientation that the file asks for (EXIF) is applied. Grey pictures without
 * alpha keep 8 or 16 bits; all other pictures but TIFF become 8-bit red, green, blue, straight
 * alpha. Of a film (GIF, WebP) the first frame is read, which the notes of its description say.
 *
 * TIFF pictures keep their values: uint8 and uint16 are normalised integers of one, two or four
 * channels, everything else is 32-bit floats. Where one band of uint8, or any bands of other types,
 * may lack data (GDAL's value for it, an internal mask, NaN), rows are floats and NaN there; several
 * bands of uint8 are transparent there. Of several bands of integers a texel lacks data if all of
 * them have the value, of floats if one has. Strips and tiles that a file leaves out have that value,
 * or 0 if it names none, as GDAL reads them.
 *
 * Damage is refused where the format shows it: cut-off files, strips and tiles of every kind;
 * checksums of PNG, and of TIFF with Deflate; sizes of parts that do not match; codes that no
 * encoder writes; blocks of JPEG that are missing or too many; texels that name no colour of a
 * palette. Where a format has little redundancy (JPEG, LZW, CCITT, lossless WebP) many flipped bits
 * are other texels, and where it has none (uncompressed and PackBits TIFF, lossy WebP, BMP) all are.
 *
 * The scratch files are removed when the picture is closed and whenever opening fails; where the
 * system allows, the decoded picture has no name once it is open.
 *
 * @param input A path, or the bytes of a file.
 * @throws {FileError} if the file is missing or may not be read.
 * @throws {MalformedFileError} if it is not a picture, is cut off or damaged.
 * @throws {UnsupportedError} if it is another kind of picture, too large or beyond a limit.
 * @throws {SourceChangedError} if the file changes while it is copied.
 * @throws {BakeError} if a scratch file cannot be written.
 */
export async function openPicture(
  input: PictureInput,
  options: OpenPictureOptions = {},
): Promise<RowSource> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const limits = resolveLimits(options.limits);
  const choice = checkedPictureChoice(options, "Cannot open picture");
  const bytes = await openPictureBytes(input);
  try {
    const { info, header, decoded: format } = await describePicture(bytes, limits, {
      choice,
      ...(signal === undefined ? {} : { signal }),
    });
    const colorSpace = options.colorSpace ?? info.defaultColorSpace;
    const request: DecodeRequest = {
      name: info.name,
      colorSpace,
      // Only here the number of texels is known before the decoder starts.
      limits: {
        ...limits,
        maxDecodeSeconds: decodeSeconds(limits, {
          fileBytes: await bytes.size(),
          texels: info.width * info.height,
        }),
      },
      choice,
    };
    const reports = {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    };
    const socket = decoderSocket();
    const decoded = socket === null
      ? await decodeHere(bytes, request, {
        ...reports,
        folder: options.scratchFolder ?? await systemTemporaryFolder(),
      })
      : await decodeRemotely(bytes, request, { ...reports, socket });
    try {
      const whole = { ...info, format };
      await checkDecoded(whole, decoded.file);
      signal?.throwIfAborted();
      const picture = new DecodedPicture(whole, colorSpace, decoded);
      const { bands } = choice;
      if (bands === null || "raster" in header) return picture;
      return new ChosenBands(picture, { format: info.format, bands, hasAlpha: info.hasAlpha });
    } catch (error) {
      decoded.file.close();
      await decoded.removeFile();
      throw error;
    }
  } finally {
    bytes.close();
  }
}

async function systemTemporaryFolder(): Promise<string> {
  const { tmpdir } = await import("node:os");
  return tmpdir();
}
