/**
 * The encoder for a format: plain for uncompressed formats, on the device for BC formats.
 *
 * @module
 */

import { InvalidArgumentError, UnsupportedError } from "../errors.ts";
import type { ForgeDevice } from "../gpu/mod.ts";
import { type ColorSpace, isBlockCompressed } from "../texels/mod.ts";
import type { ResolvedFormat } from "./bake_format.ts";
import { type PieceEncoder, PlainEncoder } from "./piece_encoder.ts";

/** How hard an encoder tries. */
export type Quality = "low" | "medium" | "high";

const QUALITIES: readonly Quality[] = ["low", "medium", "high"];

/**
 * Checks the name of a quality; nothing means "medium".
 *
 * @throws {InvalidArgumentError} if the name is not known.
 */
export function checkQuality(quality: string | undefined): Quality {
  const found = QUALITIES.find((known) => known === (quality ?? "medium"));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    "quality",
    `Cannot bake as quality must be one of ${QUALITIES.join(", ")}: current value is ${quality}`,
  );
}

/** Makes the encoder for a format. */
export function makeEncoder(
  _device: ForgeDevice | null,
  { format, pixels }: ResolvedFormat,
  _options: { readonly colorSpace: ColorSpace; readonly quality: Quality },
): PieceEncoder {
  if (!isBlockCompressed(format)) return new PlainEncoder(pixels);
  throw new UnsupportedError(format, `Cannot encode ${format}`);
}
