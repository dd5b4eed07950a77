import { checkedChoice, checkedInteger, checkOptionNames } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";

/** One level of a {@linkcode TileGrid}. */
export interface LevelGrid {
  /** 0 is the finest level. */
  readonly level: number;
  /** Width of the level in texels. */
  readonly width: number;
  /** Height of the level in texels. */
  readonly height: number;
  /** Columns of tiles. */
  readonly tilesX: number;
  /** Rows of tiles. */
  readonly tilesY: number;
  /** Tile index of this level's first tile; tiles follow row by row. */
  readonly firstTile: number;
}

/** Where a tile lies in its grid. */
export interface TileAddress {
  /** 0 is the finest level. */
  readonly level: number;
  /** Column of tiles, from the left. */
  readonly x: number;
  /** Row of tiles, from the top. */
  readonly y: number;
}

/** Number of levels of a full mip chain, down to 1×1: ⌊log2(max(width, height))⌋ + 1. */
export function fullLevelCount(width: number, height: number): number {
  return 32 - Math.clz32(Math.max(width, height));
}

/** Size of one axis at a level: ⌊size / 2^level⌋, at least 1. */
export function levelSize(size: number, level: number): number {
  return Math.max(1, Math.floor(size / 2 ** level));
}

/** Largest width or height of a virtual texture, in texels. */
export const MAX_VIRTUAL_SIZE = 2 ** 20;

/** Where the levels of a {@linkcode TileGrid} end. */
export interface TileGridOptions {
  /**
   * `"texel"` (default): at 1×1 texel, a full mip chain. `"tile"`: at the first level that is a
   * single tile, for textures whose coarser levels would cost a slot each and show nothing more.
   */
  readonly lastLevel?: "texel" | "tile";
  /**
   * How many of the coarsest levels there would be are left out; default 0, and at most all but one.
   * The coarsest that remains is then the tail, however many tiles it has.
   */
  readonly removedLevels?: number;
}

/**
 * The grid of tiles of a virtual texture: every level of its mip chain cut into square tiles, and
 * all tiles of all levels numbered without gaps.
 *
 * A level's size is ⌊size / 2⌋ of the level before it, at least 1; its grid is the exact ceiling of
 * that size over the tile size. The parent of tile (x, y) is (⌊x / 2⌋, ⌊y / 2⌋), clamped to the
 * parent level's grid, since floored sizes can lose the last column or row.
 *
 * @example Number the tiles of a texture
 * ```ts
 * import { TileGrid } from "@forge3d/forge3d";
 *
 * const grid = new TileGrid(8192, 4096, 256);
 * grid.levels[0]; // { level: 0, width: 8192, height: 4096, tilesX: 32, tilesY: 16, firstTile: 0 }
 * grid.tileIndexOf(1, 3, 2); // 32 * 16 + 2 * 16 + 3
 * ```
 */
export class TileGrid {
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Every level, finest first, down to 1×1 texel, or to where the options end them. */
  readonly levels: readonly LevelGrid[];
  /** Tiles of all levels together. */
  readonly tileCount: number;
  /**
   * Finest level whose grid is a single tile, or the last level if none is; that one and all coarser
   * are the pinned tail.
   */
  readonly tailLevel: number;

  /**
   * Cuts a texture into tiles.
   *
   * @param width Width of level 0 in texels, 1 to {@linkcode MAX_VIRTUAL_SIZE}.
   * @param height Height of level 0 in texels, in the same range.
   * @param tileSize Edge of a tile's payload in texels, at least 1.
   * @param options Where the levels end.
   * @throws {InvalidArgumentError} if a value has the wrong type.
   * @throws {OutOfRangeError} if a value is out of its range.
   */
  constructor(width: number, height: number, tileSize: number, options: TileGridOptions = {}) {
    const failure = "Cannot make tile grid";
    const range = [1, MAX_VIRTUAL_SIZE] as const;
    checkedInteger(width, { name: "width", failure, range });
    checkedInteger(height, { name: "height", failure, range });
    checkedInteger(tileSize, { name: "tileSize", failure, range: [1, Infinity] });
    checkOptionNames(options, { failure, names: ["lastLevel", "removedLevels"] });
    const { lastLevel = "texel", removedLevels = 0 } = options;
    checkedChoice(lastLevel, { name: "lastLevel", failure, choices: ["texel", "tile"] });
    this.width = width;
    this.height = height;
    this.tileSize = tileSize;
    checkedInteger(removedLevels, { name: "removedLevels", failure, range: [0, Infinity] });
    const levels: LevelGrid[] = [];
    let firstTile = 0;
    for (let level = 0; level < fullLevelCount(width, height); level++) {
      const w = levelSize(width, level);
      const h = levelSize(height, level);
      const tilesX = Math.ceil(w / tileSize);
      const tilesY = Math.ceil(h / tileSize);
      levels.push(Object.freeze({ level, width: w, height: h, tilesX, tilesY, firstTile }));
      firstTile += tilesX * tilesY;
      if (lastLevel === "tile" && tilesX * tilesY === 1) break;
    }
    if (removedLevels > 0) {
      const most = levels.length - 1;
      checkedInteger(removedLevels, { name: "removedLevels", failure, range: [0, most] });
      firstTile = levels[levels.length - removedLevels]!.firstTile;
      levels.splice(levels.length - removedLevels);
    }
    this.levels = Object.freeze(levels);
    this.tileCount = firstTile;
    const single = levels.findIndex((l) => l.tilesX === 1 && l.tilesY === 1);
    this.tailLevel = single === -1 ? levels.length - 1 : single;
  }

  /** Tile index of the tail's first tile: that one and all after it are pinned. */
  get tailFirstTile(): number {
    return this.levels[this.tailLevel]!.firstTile;
  }

  /** Number of pinned tiles. */
  get tailTileCount(): number {
    return this.tileCount - this.tailFirstTile;
  }

  /** Number of levels. */
  get levelCount(): number {
    return this.levels.length;
  }

  /**
   * Grid of one level.
   *
   * @throws {InvalidArgumentError} if it is not a number.
   * @throws {OutOfRangeError} if there is no such level.
   */
  level(level: number): LevelGrid {
    const found = typeof level === "number" ? this.levels[level] : undefined;
    if (found !== undefined) return found;
    const range = [0, this.levels.length - 1] as const;
    checkedInteger(level, { name: "level", failure: "Cannot find level", range });
    throw new OutOfRangeError("level", `Cannot find level ${level}`);
  }

  /** Whether a tile exists. */
  has(level: number, x: number, y: number): boolean {
    const grid = typeof level === "number" ? this.levels[level] : undefined;
    return grid !== undefined && Number.isInteger(x) && Number.isInteger(y) &&
      x >= 0 && y >= 0 && x < grid.tilesX && y < grid.tilesY;
  }

  /**
   * Tile index of a tile.
   *
   * @throws {InvalidArgumentError} if a value is not a number.
   * @throws {OutOfRangeError} if there is no such tile.
   */
  tileIndexOf(level: number, x: number, y: number): number {
    const grid = this.level(level);
    if (!this.has(level, x, y)) {
      const failure = `Cannot number tile of level ${level}`;
      checkedInteger(x, { name: "x", failure, range: [0, grid.tilesX - 1] });
      checkedInteger(y, { name: "y", failure, range: [0, grid.tilesY - 1] });
    }
    return grid.firstTile + y * grid.tilesX + x;
  }

  /**
   * Level of a tile.
   *
   * @throws {InvalidArgumentError} if it is not a number.
   * @throws {OutOfRangeError} if there is no tile of this index.
   */
  levelOf(tile: number): number {
    // Not by the check itself: this is asked of many tiles in every frame.
    if (typeof tile !== "number" || !(tile >= 0 && tile < this.tileCount) || tile % 1 !== 0) {
      const range = [0, this.tileCount - 1] as const;
      checkedInteger(tile, { name: "tile", failure: "Cannot find tile", range });
    }
    let level = this.levels.length - 1;
    while (level > 0 && this.levels[level]!.firstTile > tile) level--;
    return level;
  }

  /**
   * Address of a tile.
   *
   * @throws {InvalidArgumentError} if it is not a number.
   * @throws {OutOfRangeError} if there is no tile of this index.
   */
  addressOf(tile: number): TileAddress {
    const grid = this.levels[this.levelOf(tile)]!;
    const index = tile - grid.firstTile;
    const y = Math.floor(index / grid.tilesX);
    return { level: grid.level, x: index - y * grid.tilesX, y };
  }

  /**
   * Tile index of the parent of a tile, or -1 for the coarsest tile.
   *
   * @throws {InvalidArgumentError} if it is not a number.
   * @throws {OutOfRangeError} if there is no tile of this index.
   */
  parentOf(tile: number): number {
    const level = this.levelOf(tile);
    const parent = this.levels[level + 1];
    if (parent === undefined) return -1;
    const grid = this.levels[level]!;
    const index = tile - grid.firstTile;
    const y = Math.floor(index / grid.tilesX);
    const x = index - y * grid.tilesX;
    const px = Math.min(x >> 1, parent.tilesX - 1);
    const py = Math.min(y >> 1, parent.tilesY - 1);
    return parent.firstTile + py * parent.tilesX + px;
  }
}
