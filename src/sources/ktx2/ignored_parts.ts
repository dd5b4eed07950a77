/**
 * What a KTX2 file says of its texels that the library does not act on.
 *
 * @module
 */

import type { Ktx2File } from "./ktx2_file.ts";
import {
  PRIMARIES_BT709,
  PRIMARIES_UNSPECIFIED,
  primariesName,
  TRANSFER_LINEAR,
  TRANSFER_SRGB,
  TRANSFER_UNSPECIFIED,
} from "./rules/color_model.ts";

/** The parts of a file's description that decide what is ignored. */
type Described = Pick<
  Ktx2File,
  | "transferName"
  | "descriptor"
  | "keyValues"
>;

/** Transfer functions that {@linkcode Ktx2File.colorSpace} tells apart. */
const KNOWN_TRANSFERS = [TRANSFER_UNSPECIFIED, TRANSFER_LINEAR, TRANSFER_SRGB];
const KNOWN_PRIMARIES = [PRIMARIES_UNSPECIFIED, PRIMARIES_BT709];

/** Names each part that is ignored, such as `colour primaries BT.2020`. */
export function ignoredParts(file: Described): readonly string[] {
  const { transfer, primaries } = file.descriptor;
  const parts = [
    KNOWN_TRANSFERS.includes(transfer) ? null : `transfer function ${file.transferName}`,
    KNOWN_PRIMARIES.includes(primaries) ? null : `colour primaries ${primariesName(primaries)}`,
    file.keyValues.has("KTXmapRange") ? "range of values (KTXmapRange)" : null,
  ];
  return Object.freeze(parts.filter((part) => part !== null));
}
