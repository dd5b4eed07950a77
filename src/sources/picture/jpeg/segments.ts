/**
 * Goes through JPEG data segment by segment (ITU-T T.81, annex B).
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { HeaderReader } from "../headers/header_reader.ts";
import { MOST_PARTS } from "../headers/picture_header.ts";
import { hasNoLength, nextMarker } from "./jpeg_header.ts";

const END_OF_IMAGE = 0xd9;

/**
 * The segments up to the end of the image, each without its length.
 *
 * @param position Where the next one is looked for; who takes a scan moves it behind its data.
 * @throws {MalformedFileError} if the data is cut off, or other bytes lie between two segments.
 */
export async function* segments(
  bytes: ByteSource,
  position: { at: number },
): AsyncGenerator<{ marker: number; segment: Uint8Array }> {
  const file = new HeaderReader(bytes, await bytes.size());
  for (let count = 0; count < MOST_PARTS; count++) {
    const { marker, end } = await nextMarker(file, position.at);
    position.at = end;
    if (hasNoLength(marker)) continue;
    if (marker === END_OF_IMAGE) {
      yield { marker, segment: new Uint8Array(0) };
      return;
    }
    const length = Math.max(2, (await file.view(end, 2, "a segment")).getUint16(0));
    const segment = (await file.read(end, length, "a segment")).slice(2);
    position.at += length;
    yield { marker, segment };
  }
}
