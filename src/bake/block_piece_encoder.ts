/**
 * The encoder for a format: plain for uncompressed formats, on the device for BC formats.
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import type { ForgeDevice } from "../gpu/mod.ts";
import { type ColorSpace, isBlockCompressed } from "../texels/mod.ts";
import type { ResolvedFormat } from "./bake_format.ts";
import { type PieceEncoder, PlainEncoder } from "./piece_encoder.ts";

/** How hard an encoder tries. */
export type Quality = "low" | "medium" | "high";

/** Makes the encoder for a format. */
export function makeEncoder(
  _device: ForgeDevice | null,
  { format, pixels }: ResolvedFormat,
  _options: { readonly colorSpace: ColorSpace; readonly quality: Quality | undefined },
): PieceEncoder {
  if (!isBlockCompressed(format)) return new PlainEncoder(pixels);
  throw new UnsupportedError(format, `Cannot encode ${format}`);
}
