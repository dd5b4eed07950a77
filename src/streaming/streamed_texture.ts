/**
 * A texture that is streamed, as its user sees it.
 *
 * @module
 */

import type { VirtualTextureBinding } from "../gpu/mod.ts";
import type { TileSource } from "../sources/mod.ts";
import type { ColorSpace, TexelFormat } from "../texels/mod.ts";
import type { Placement } from "../geometry/mod.ts";
import type { TileGrid } from "../tiles/mod.ts";

/** A texture of a `VirtualTextureSystem`, which makes it and owns what it stands for. */
export class StreamedTexture {
  /** Unique within its system and never used again. */
  readonly id: number;
  /** What it was loaded from, for people. */
  readonly name: string;
  /** Its tiles. */
  readonly grid: TileGrid;
  /** Format that its tiles have in the atlas. */
  readonly format: TexelFormat;
  /** How its stored values are to be read. */
  readonly colorSpace: ColorSpace;
  /** A line for people: container, scheme, which levels were baked and why. */
  readonly info: string;
  /** Where the texture lies in the world. */
  readonly placement: Placement;
  /** What a shader needs to sample it: layout, bind group with its generation, parameters. */
  readonly binding: VirtualTextureBinding;

  /** Systems make textures; use `VirtualTextureSystem.loadTexture`. */
  constructor(
    init: { id: number; source: TileSource; placement: Placement; binding: VirtualTextureBinding },
  ) {
    const { source } = init;
    this.id = init.id;
    this.name = source.name;
    this.grid = source.grid;
    this.format = source.format;
    this.colorSpace = source.colorSpace;
    this.info = source.info;
    this.placement = init.placement;
    this.binding = init.binding;
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
