/**
 * Looks for damage of PNG, JPEG and GIF pictures that the decoder does not notice.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { verifyGif } from "../gif/verify_gif.ts";
import type { AnyHeader } from "../picture_info.ts";
import { verifyProgressive } from "../jpeg/verify_progressive.ts";
import { ScanVerifier } from "../jpeg/verify_scans.ts";
import { verifyPalette } from "../png/verify_palette.ts";

/** A picture that is to be decoded. */
interface Described {
  readonly header: AnyHeader;
  /** Called again and again; throws when that takes too long. */
  readonly checkTime: () => void;
}

/**
 * Looks through a picture's data for damage that the decoder does not notice.
 *
 * @throws {MalformedFileError} if it is damaged.
 */
export async function verifyInput(
  bytes: ByteSource,
  { header, checkTime }: Described,
): Promise<void> {
  switch (header.container) {
    case "jpeg":
      // In progressive JPEG the decoder reads all data itself.
      return header.heldWholeAs === null
        ? await new ScanVerifier().verify(bytes)
        : await verifyProgressive(bytes);
    case "gif":
      return "frame" in header ? await verifyGif(bytes, header.frame, checkTime) : undefined;
    case "png": {
      const palette = "palette" in header ? header.palette : null;
      if (palette === null) return;
      const { storedWidth, storedHeight } = header;
      return await verifyPalette(bytes, { palette, storedWidth, storedHeight }, checkTime);
    }
  }
}
