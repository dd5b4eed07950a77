/**
 * A texture that is streamed, as its user sees it.
 *
 * @module
 */

import { checkedSignalOption } from "../checks.ts";
import type { Placement } from "../geometry/mod.ts";
import { defaultTap, type TexelTap, type VirtualTextureBinding } from "../gpu/mod.ts";
import type {
  ImageChoice,
  PictureChoiceOptions,
  ReadRegionOptions,
  TexelRect,
  TileSource,
  ValueRegion,
  ValueStatistics,
} from "../sources/mod.ts";
import {
  type ColorSpace,
  type Orientation,
  type TexelFormat,
  USUAL_SWIZZLE,
  type ValuePair,
  type ValueRange,
} from "../texels/mod.ts";
import { type TileGrid, type WrapModes, wrapModes } from "../tiles/mod.ts";
import type { TextureDescription } from "./supply/supply.ts";
import { TextureValues } from "./values/texture_values.ts";

/** The file that a texture was loaded from, and how it was to be read. */
export interface LoadedFile extends ImageChoice, PictureChoiceOptions {
  /** Where it really lies, as far as that could be found. */
  readonly path: string;
  /** How values of a picture are read; absent if that was left open. */
  readonly colorSpace?: ColorSpace;
  /** Format to have in the atlas; absent if that was left open. */
  readonly preferredFormat?: string;
  /** How it goes on beyond its edges; absent if that was left open. */
  readonly wrap?: WrapModes;
}

/** What a {@linkcode StreamedTexture} is made of. */
export interface StreamedTextureParts {
  readonly id: number;
  readonly description: TextureDescription;
  readonly place: { readonly current: Placement };
  readonly binding: VirtualTextureBinding;
  /** Default none. */
  readonly file?: LoadedFile | null;
  /** Where its tiles come from, which it borrows; default unknown, so that no values can be read. */
  readonly source?: TileSource | null;
}

/** A handle of a texture in a `VirtualTextureSystem`, which makes it and owns the texture. */
export class StreamedTexture {
  /** Unique within its system and never used again. */
  readonly id: number;
  /** Display name of the source. */
  readonly name: string;
  /** Its tiles. */
  readonly grid: TileGrid;
  /** Texels around a tile's payload that belong to its neighbours. */
  readonly border: number;
  /** Format that the first plane of its tiles has in the atlas. */
  readonly format: TexelFormat;
  /** Formats of all planes: one to three. */
  readonly formats: readonly TexelFormat[];
  /** Whether the fourth channel of planes holds data and no alpha. */
  readonly alphaIsData: boolean;
  /** How its stored values are to be read. */
  readonly colorSpace: ColorSpace;
  /** How it goes on beyond its edges, along u and v. */
  readonly wrap: WrapModes;
  /**
   * How the columns and rows of its tiles run over the picture. Coordinates, placements and regions are those
   * of the picture whatever it is; tile indices are of what is stored.
   */
  readonly orientation: Orientation;
  /** Where red, green, blue and alpha come from: four of `r`, `g`, `b`, `a`, `0` and `1`. */
  readonly swizzle: string;
  /** Whether its colours are multiplied by alpha, in tiles and as they are sampled. */
  readonly premultiplied: boolean;
  /**
   * Name of the transfer function of its stored values: `"sRGB"`, `"linear"`, or another one of the Khronos
   * Data Format Specification, whose values are sampled as they are stored.
   */
  readonly transfer: string;
  /** Name of its colour primaries, `"BT.709"` unless it says otherwise; colours are of them as they are sampled. */
  readonly primaries: string;
  /** One line about it: container, scheme, which levels were baked and why. */
  readonly info: string;
  /**
   * A text that is another one whenever the content is, and the same for a file that was copied or touched;
   * null if nothing is known, as of tile sources without the option `identity`.
   */
  readonly identity: string | null;
  /**
   * Statistics of the values of a picture that it was baked from: for each band its least and largest
   * value, percentiles, and holes; null if none are known, as of KTX2 files and tile sources.
   */
  readonly valueStatistics: ValueStatistics | null;
  /** The file that it was loaded from; null if it was loaded from bytes or tiles, or added. */
  readonly file: LoadedFile | null;
  /** What a shader needs to sample it: layout, bind group with its generation, parameters. */
  readonly binding: VirtualTextureBinding;
  readonly #taps: readonly TexelTap[] | undefined;
  readonly #values: TextureValues;
  readonly #place: { readonly current: Placement };

  /** Systems make textures; use `VirtualTextureSystem.loadTexture` or `addTexture`. */
  constructor(parts: StreamedTextureParts) {
    const { description } = parts;
    this.id = parts.id;
    this.name = description.name;
    this.grid = description.grid;
    this.border = description.border;
    this.format = description.formats[0]!;
    this.formats = description.formats;
    this.#taps = description.taps;
    this.alphaIsData = description.alphaIsData ?? false;
    this.colorSpace = description.colorSpace;
    this.wrap = wrapModes(description.wrap);
    const { orientation, swizzle, premultiplied, transfer, primaries } = description.appearance ??
      {};
    this.orientation = orientation ?? "rd";
    this.swizzle = swizzle ?? USUAL_SWIZZLE;
    this.premultiplied = premultiplied ?? false;
    this.transfer = transfer ?? (this.colorSpace === "srgb" ? "sRGB" : "linear");
    this.primaries = primaries ?? "BT.709";
    this.info = description.info;
    this.identity = description.identity ?? null;
    this.valueStatistics = description.valueStatistics ?? null;
    this.file = parts.file ?? null;
    this.#values = new TextureValues(description, parts.source ?? null);
    this.#place = parts.place;
    this.binding = parts.binding;
  }

  /**
   * How `render` taps each plane, and shaders of your own have to: `"filtered"` unless the texture
   * was added with other ones, or the device's samplers do not filter its format.
   */
  get taps(): readonly TexelTap[] {
    return this.#taps ?? this.formats.map(() => defaultTap(this.binding.atlasType));
  }

  /**
   * What a sampled value of 1 stands for in units of the file: 255 for uint8, 65535 for uint16, 1 for floats
   * that are kept as they are.
   */
  get valueScale(): number {
    return this.#values.scale;
  }

  /**
   * Reads the values of a texel of level 0 as the file has them, from the source and not from the GPU: one for
   * each channel of the texture (1, 2 or 4; three bands have a fourth value, alpha). See
   * {@linkcode readRegion} for their units; NaN is no value.
   *
   * @param x Column, from 0 to the width less 1.
   * @param y Row, from 0 to the height less 1; 0 is the upper one.
   * @throws {InvalidArgumentError} if a number is none, or an option does not exist.
   * @throws {OutOfRangeError} if there is no such texel.
   * @throws {UnsupportedError} if its tiles come from no source, as those that are drawn.
   * @throws {DisposedError} if the texture was unloaded.
   * @throws {SourceReadError} if bytes cannot be read now.
   * @throws The signal's reason.
   */
  async valueAt(
    x: number,
    y: number,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<number[]> {
    checkedSignalOption(options, `Cannot read values of ${this.name}`);
    return [...(await this.#values.readRegion([x, y, 1, 1], options)).data];
  }

  /**
   * Reads the values of a part of a level as the file has them: integers of 8 or 16 bits (sRGB-encoded where the
   * texture is), also where the device keeps them as floats; floats; decoded texels of compressed formats.
   * Coarser levels have what was filtered. Read from the source, a few tiles at a time, and not from the GPU.
   *
   * @param rect x, y, width and height in texels of the level; (0, 0) is the upper left one.
   * @throws {InvalidArgumentError} if a number is none, or an option does not exist.
   * @throws {OutOfRangeError} if there is no such level, or the region is empty, leaves it or has more than
   * 1 GiB of values.
   * @throws {UnsupportedError} if its tiles come from no source, as those that are drawn.
   * @throws {DisposedError} if the texture was unloaded.
   * @throws {SourceReadError} if bytes cannot be read now.
   * @throws The signal's reason.
   */
  readRegion(rect: TexelRect, options: ReadRegionOptions = {}): Promise<ValueRegion> {
    return this.#values.readRegion(rect, options);
  }

  /**
   * Finds the range of values that `render` shows by an option `valueRange`, for shaders of your own: a pair for
   * each band, in units of what is sampled (of sRGB formats, before they are decoded). `"minmax"` and
   * `"percentiles"` are exact where {@linkcode valueStatistics} are known, and else measured at the first call,
   * on the finest level with at most 2^20 texels; other percentiles always are.
   *
   * @throws {InvalidArgumentError} if the range has the wrong type.
   * @throws {OutOfRangeError} if a number is not allowed, or pairs are not one for each band.
   * @throws {UnsupportedError} if values have to be read, and its tiles come from no source.
   * @throws The signal's reason.
   */
  async valueRange(
    range: ValueRange,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly ValuePair[]> {
    checkedSignalOption(options, `Cannot find range of values of ${this.name}`);
    return await this.#values.range(range, options);
  }

  /** Where the texture lies in the world; if it follows the camera, for the camera of the last update. */
  get placement(): Placement {
    return this.#place.current;
  }

  /** Width of level 0 in texels. */
  get width(): number {
    return this.grid.width;
  }

  /** Height of level 0 in texels. */
  get height(): number {
    return this.grid.height;
  }

  /** Edge of a tile's payload in texels. */
  get tileSize(): number {
    return this.grid.tileSize;
  }
}
