/**
 * Where the data of a HEIF file's items lies (ISO/IEC 14496-12, section 8.11.3).
 *
 * @module
 */

import { malformedPicture, MOST_PARTS } from "../headers/picture_header.ts";
import { type Box, BoxReader } from "./boxes.ts";

/** How data is found: by its place in the file. Other ways are left to the decoder. */
const IN_FILE = 0;

/**
 * Checks that the data of all items lies in the file.
 *
 * @throws {MalformedFileError} if some lies behind its end, or there are too many parts.
 */
export function checkItemsInFile(name: string, { view }: Box, fileBytes: number): void {
  const reader = new BoxReader(name, view);
  const version = reader.version();
  const sizes = reader.number(1);
  const [offsetBytes, lengthBytes] = [sizes >> 4, sizes & 15];
  const more = reader.number(1);
  const [baseBytes, indexBytes] = [more >> 4, version === 0 ? 0 : more & 15];
  const items = reader.number(version < 2 ? 2 : 4);
  let parts = 0;
  for (let i = 0; i < items; i++) {
    const id = reader.number(version < 2 ? 2 : 4);
    const method = version === 0 ? IN_FILE : reader.number(2) & 15;
    reader.number(2);
    const base = reader.number(baseBytes);
    for (let left = reader.number(2); left > 0; left--) {
      reader.number(indexBytes);
      const offset = base + reader.number(offsetBytes);
      const length = reader.number(lengthBytes);
      if (++parts > MOST_PARTS) throw malformedPicture(name, "its items must have less parts");
      if (method !== IN_FILE || offset + length <= fileBytes) continue;
      throw malformedPicture(
        name,
        `it is cut off: item ${id} takes ${length} bytes from byte ${offset} on, and the file has ` +
          `${fileBytes}`,
      );
    }
  }
}
