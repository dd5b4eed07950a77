/**
 * The tiles of a texture that are read from a bake.
 *
 * @module
 */

import { MalformedFileError } from "../../errors.ts";
import type { ReadOptions, TileStore } from "../../sources/mod.ts";
import type { PlaneReader, TilePayload } from "../../streaming/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import type { TileAddress, TileGrid } from "../../tiles/mod.ts";
import { fileFormat } from "./bake_settings.ts";
import { levelOffset, lowMipLevels } from "./low_mip_levels.ts";

/** The texture whose tiles are read. */
export interface BakedTexture {
  readonly name: string;
  readonly grid: TileGrid;
  readonly border: number;
  /** Formats of its planes in the atlas. */
  readonly formats: readonly TexelFormat[];
  /** How many of its coarsest levels are to be read at most. */
  readonly count: number;
}

/** Reads the coarsest tiles of a texture from a store; tiles that cannot be read are not there any more. */
export class BakedTiles implements PlaneReader {
  readonly name: string;
  readonly grid: TileGrid;
  /** The finest level that is read; the number of levels if none is. */
  readonly firstLevel: number;
  /** Why a tile could not be read the first time; null if all could. */
  failure: Error | null = null;
  readonly #store: TileStore;
  readonly #offset: number;
  readonly #firstTile: number;
  readonly #failed = new Set<number>();

  /**
   * Takes the store of a bake.
   *
   * @param store Borrowed.
   * @throws {MalformedFileError} if its tiles have another form than the texture's.
   */
  constructor(store: TileStore, texture: BakedTexture) {
    const { grid, border, formats, count, name } = texture;
    const planes = store.planes.map(({ format }) => format).join();
    const wanted = formats.map(fileFormat).join();
    const offset = levelOffset(grid, store.grid);
    if (planes !== wanted || store.border !== border || offset === null) {
      const { width, height } = store.grid.level(store.grid.levelCount - 1);
      throw new MalformedFileError(
        store.name,
        `Cannot read tiles of "${name}" from ${store.name} as they must be of ${wanted} with a border ` +
          `of ${border} texels, and of the texture's shape: current values are ${planes}, ` +
          `${store.border} and a coarsest level of ${width} × ${height} texels`,
      );
    }
    this.name = store.name;
    this.grid = grid;
    this.#store = store;
    this.#offset = offset;
    const first = Math.max(0, offset, lowMipLevels(grid, count).firstLevel);
    this.firstLevel = Math.min(first, grid.levelCount);
    this.#firstTile = grid.levels[this.firstLevel]?.firstTile ?? grid.tileCount;
  }

  /** Levels that are read. */
  get levelCount(): number {
    return this.grid.levelCount - this.firstLevel;
  }

  /** Tiles that could not be read. */
  get failedCount(): number {
    return this.#failed.size;
  }

  /** The texture's tiles that are of a level that is read. */
  get tiles(): number[] {
    const count = this.grid.tileCount - this.#firstTile;
    return Array.from({ length: count }, (_, i) => this.#firstTile + i);
  }

  /** Whether a tile can be read, as far as is known. */
  has(tile: number): boolean {
    return tile >= this.#firstTile && !this.#failed.has(tile);
  }

  /** Notes that a tile could not be read. */
  noteFailed(tile: number, error: Error): void {
    this.failure ??= error;
    this.#failed.add(tile);
  }

  /** Index in the store of a tile that is read. */
  bakedTileOf(tile: number): number {
    const { level, x, y } = this.grid.addressOf(tile);
    return this.#store.grid.tileIndexOf(level - this.#offset, x, y);
  }

  /** The reverse: index in the texture of a tile of the store; null if the texture lacks it. */
  tileOf(bakedTile: number): number | null {
    const { level, x, y } = this.#store.grid.addressOf(bakedTile);
    const own = level + this.#offset;
    return this.grid.has(own, x, y) ? this.grid.tileIndexOf(own, x, y) : null;
  }

  /** See {@linkcode PlaneReader}. */
  async readPlanes({ level, x, y }: TileAddress, options: ReadOptions): Promise<TilePayload> {
    return await this.#store.readTilePlanes(level - this.#offset, x, y, options);
  }
}
