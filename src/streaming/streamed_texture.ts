/**
 * A texture that is streamed.
 *
 * @module
 */

import type { PageTable, VirtualTextureBinding } from "../gpu/mod.ts";
import { EntryMap, type TextureResidency } from "../residency/mod.ts";
import type { TileSource } from "../sources/mod.ts";
import type { ColorSpace, TexelFormat } from "../texels/mod.ts";
import { type Placement, type TileGrid, TileList } from "../tiles/mod.ts";
import { FeedbackWants } from "./feedback_wants.ts";
import type { GpuPool } from "./gpu_pool.ts";

/** Everything that a streamed texture is made of. */
export interface StreamedTextureParts {
  readonly source: TileSource;
  readonly placement: Placement;
  readonly pool: GpuPool;
  readonly table: PageTable;
  readonly binding: VirtualTextureBinding;
  readonly residency: TextureResidency;
}

/** A texture of a {@linkcode VirtualTextureSystem}. */
export class StreamedTexture {
  /** Unique within its system and never used again. */
  readonly id: number;
  /** Where the texture lies in the world. */
  readonly placement: Placement;
  /** What a shader needs to sample it: layout, bind group with its generation, parameters. */
  readonly binding: VirtualTextureBinding;
  /** Tiles that the camera needs in this update. */
  readonly wants: TileList = new TileList();
  /** Tiles that the GPU says it sampled. */
  readonly feedback: FeedbackWants = new FeedbackWants();
  /** Who of it is in memory. */
  readonly residency: TextureResidency;
  /** The pool that its tiles lie in. */
  readonly pool: GpuPool;
  /** Its page table. */
  readonly table: PageTable;
  /** Where its tiles come from. */
  readonly source: TileSource;
  readonly #counted = new EntryMap(256);
  #loaded = true;

  constructor(id: number, parts: StreamedTextureParts) {
    this.id = id;
    this.placement = parts.placement;
    this.binding = parts.binding;
    this.residency = parts.residency;
    this.pool = parts.pool;
    this.table = parts.table;
    this.source = parts.source;
  }

  /** Its tiles. */
  get grid(): TileGrid {
    return this.source.grid;
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

  /** Format that its tiles have in the atlas. */
  get format(): TexelFormat {
    return this.source.format;
  }

  /** How its stored values are to be read. */
  get colorSpace(): ColorSpace {
    return this.source.colorSpace;
  }

  /** What it was loaded from, for people. */
  get name(): string {
    return this.source.name;
  }

  /** A line for people: container, scheme, which levels were baked and why. */
  get info(): string {
    return this.source.info;
  }

  /**
   * Takes tiles off the list of wants, from index `start` on, that stand on it before.
   *
   * @returns Number of tiles from `start` on that are left.
   */
  dropRepeatedWants(start: number): number {
    const { wants } = this;
    const { entries, coverage, reasons } = wants;
    const counted = this.#counted;
    counted.clear();
    for (let i = 0; i < start; i++) counted.set(entries[i]!, 1);
    let to = start;
    for (let i = start; i < wants.count; i++) {
      const entry = entries[i]!;
      if (counted.has(entry)) continue;
      counted.set(entry, 1);
      entries[to] = entry;
      coverage[to] = coverage[i]!;
      reasons[to++] = reasons[i]!;
    }
    wants.count = to;
    return to - start;
  }

  /** Whether it is still part of its system. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Frees what it owns; its system calls this. */
  destroy(): void {
    this.#loaded = false;
    this.binding.destroy();
    this.table.destroy();
    this.source.close();
  }
}
