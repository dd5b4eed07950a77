/**
 * Options of loading a texture, checked.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import type { ProgressReport } from "../../bake/mod.ts";
import type { EncodeQuality } from "../../gpu/mod.ts";
import type { ColorSpace } from "../../texels/mod.ts";
import type { PlacementOptions } from "../../geometry/mod.ts";

/** Options of {@linkcode VirtualTextureSystem.loadTexture}. */
export interface LoadTextureOptions extends PlacementOptions {
  /**
   * Format to have in the atlas: `"BC7"`, `"BC5"`, `"BC4"`, `"BC3"`, `"BC1"`, `"RGBA8"`, `"R8"`,
   * `"R16"`, in either case. Default: KTX2 files and tile stores as stored; colour pictures BC7 where
   * the device has it, else RGBA8; grey pictures R8 or R16. A compressed format that the device does
   * not have becomes an uncompressed one.
   */
  readonly preferredFormat?: string | null;
  /** How hard an encoder tries, where one is needed; default `"medium"`. */
  readonly quality?: EncodeQuality | null;
  /** How an 8-bit picture's values are to be read; default `"srgb"`. KTX2 files say it themselves. */
  readonly colorSpace?: ColorSpace | null;
  /** Told how far baking is, where it is needed. */
  readonly onProgress?: (progress: ProgressReport) => void;
  /** Gives up; nothing has changed then. */
  readonly signal?: AbortSignal;
}

/** Every option of loading a texture. */
export const LOAD_OPTION_NAMES: ReadonlySet<string> = new Set<keyof LoadTextureOptions>([
  "preferredFormat",
  "quality",
  "colorSpace",
  "placement",
  "origin",
  "extent",
  "axisU",
  "axisV",
  "onProgress",
  "signal",
]);

/** Choices of {@linkcode LoadTextureOptions.quality}. */
export const LOAD_QUALITIES: readonly string[] = ["low", "medium", "high"];

/**
 * Checks options; null counts as not given.
 *
 * @throws {InvalidArgumentError} for an unknown option or value.
 */
export function checkedLoadOptions(options: LoadTextureOptions): LoadTextureOptions {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!LOAD_OPTION_NAMES.has(name)) {
      throw new InvalidArgumentError(
        name,
        `Cannot load texture as there is no option ${name}: options are ${
          [...LOAD_OPTION_NAMES].join(", ")
        }`,
      );
    }
    if (value !== null && value !== undefined) given[name] = value;
  }
  const checked = given as LoadTextureOptions;
  if (checked.preferredFormat !== undefined && typeof checked.preferredFormat !== "string") {
    throw new InvalidArgumentError(
      "preferredFormat",
      `Cannot load texture as preferredFormat must be a string: current value is ` +
        `${String(checked.preferredFormat)}`,
    );
  }
  if (checked.quality !== undefined && !LOAD_QUALITIES.includes(String(checked.quality))) {
    throw new InvalidArgumentError(
      "quality",
      `Cannot load texture as quality must be one of ${
        LOAD_QUALITIES.join(", ")
      }: current value is ` +
        `${checked.quality}`,
    );
  }
  if (
    checked.colorSpace !== undefined && checked.colorSpace !== "srgb" &&
    checked.colorSpace !== "linear"
  ) {
    throw new InvalidArgumentError(
      "colorSpace",
      `Cannot load texture as colorSpace must be srgb or linear: current value is ` +
        `${checked.colorSpace}`,
    );
  }
  return checked;
}
