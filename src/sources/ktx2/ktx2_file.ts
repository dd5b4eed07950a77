/**
 * The description of a KTX2 file.
 *
 * @module
 */

import type { ColorSpace, TexelFormat } from "../../texels/mod.ts";
import type { BasisTexels } from "./basis/basis_form.ts";
import type { DataFormatDescriptor } from "./data_format_descriptor.ts";
import type { Ktx2Header } from "./header.ts";
import type { Ktx2Level } from "./level_index.ts";
import type { TexelConversion } from "./rules/texel_storage.ts";

/** Everything that a KTX2 file declares, checked. */
export interface Ktx2File {
  /** The file, as its source calls it. */
  readonly name: string;
  /** Bytes of the file, padding after the data included. */
  readonly size: number;
  /** The header, with numbers as they stand in the file. */
  readonly header: Ktx2Header;
  /**
   * Name of the Vulkan format without `VK_FORMAT_`; `unknown (n)` for a number that is not known.
   */
  readonly vkFormatName: string;
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels, 1 for a one-dimensional texture. */
  readonly height: number;
  /** Levels in the file, finest first. */
  readonly levels: readonly Ktx2Level[];
  /** Whether the file asks its reader to make the levels after the first (a level count of 0). */
  readonly wantsMips: boolean;
  /** Supercompression scheme: its number, and its name. */
  readonly scheme: { readonly number: number; readonly name: string };
  /** Name of the colour model, such as `RGBSDA`, `BC7` or `UASTC`. */
  readonly modelName: string;
  /** Name of the transfer function, such as `linear` or `sRGB`. */
  readonly transferName: string;
  /** How to interpret stored values; transfer functions other than sRGB count as linear. */
  readonly colorSpace: ColorSpace;
  /** The texel format in which tiles are read, or null if there is none. */
  readonly texelFormat: TexelFormat | null;
  /** What the texels are if they have to be transcoded: a form of Basis Universal; else null. */
  readonly basis: BasisTexels | null;
  /**
   * How the texels of the levels (after supercompression) become those of `texelFormat`; null where
   * they are that already.
   */
  readonly conversion: TexelConversion | null;
  /** Whether colours are stored multiplied by alpha. */
  readonly premultiplied: boolean;
  /** Whether there is no alpha though the texel format has some: BC1 RGB, and Basis forms without. */
  readonly opaque: boolean;
  /**
   * Directions of columns and rows: `"rd"` is right and down, as in pictures, `"ru"` right and up.
   * Tiles and rows come as they are stored, and are turned when they are sampled.
   */
  readonly orientation: string;
  /**
   * Where a sampler takes red, green, blue and alpha from: `"rgba"` unless the file says otherwise.
   */
  readonly swizzle: string;
  /** Key/value data, values as bytes. */
  readonly keyValues: ReadonlyMap<string, Uint8Array>;
  /** The data format descriptor. */
  readonly descriptor: DataFormatDescriptor;
  /** Name of what the library does not support of this file, or null if it supports all of it. */
  readonly unsupported: string | null;
  /**
   * What the file says of its texels that tiles and rows do not follow, one name each, such as
   * `colour primaries BT.2020`; empty for most files.
   */
  readonly ignored: readonly string[];
  /** One-line description: kind, size, format, levels, scheme. */
  describe(): string;
}
