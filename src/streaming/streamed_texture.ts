/**
 * A texture that is streamed, as its user sees it.
 *
 * @module
 */

import type { Placement } from "../geometry/mod.ts";
import { defaultTap, type TexelTap, type VirtualTextureBinding } from "../gpu/mod.ts";
import type { ImageChoice, PictureChoiceOptions, ValueStatistics } from "../sources/mod.ts";
import type { ColorSpace, TexelFormat } from "../texels/mod.ts";
import { type TileGrid, type WrapModes, wrapModes } from "../tiles/mod.ts";
import type { TextureDescription } from "./supply/supply.ts";

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
    this.info = description.info;
    this.identity = description.identity ?? null;
    this.valueStatistics = description.valueStatistics ?? null;
    this.file = parts.file ?? null;
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
