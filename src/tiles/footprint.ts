/**
 * The tiles that a camera needs of a placed texture, worked out from the geometry alone.
 *
 * From the coarsest tile down, every tile whose outline is seen is examined, and then its children;
 * it is wanted if some point of it is sampled at its level. Trilinear filtering samples two levels at each point.
 *
 * @module
 */

import { ClipPolygon, LevelProbe, type PlaneView } from "../geometry/mod.ts";
import type { TileGrid } from "./tile_grid.ts";
import type { TileList, TileReasonValue } from "./tile_list.ts";

/** How the texture will be sampled, and how much around the view is wanted. */
export interface FootprintOptions {
  /** Added to the level of detail: positive loads coarser tiles. */
  readonly lodBias: number;
  /** Levels sampled at each point. */
  readonly levelsPerSample: 1 | 2;
  /** Largest ratio of an anisotropic footprint, 1 for isotropic. */
  readonly maxAnisotropy: number;
  /**
   * 0 for the tiles that are seen; else the part of the viewport's half size by which the view is
   * widened, and only the tiles that the widening adds are listed.
   */
  readonly margin: number;
  /** Reason that the tiles are listed with. */
  readonly reason: TileReasonValue;
}

/** What rounding in the shader's derivatives may move the level of detail by. */
const LEVEL_SLACK = 0.08;
/** How far the level of detail may dip between the points where a large tile is probed. */
const DESCENT_SLACK = 0.6;
/** Tiles that the descent may begin with. */
const MAX_FIRST_TILES = 16;
const STACK_SIZE = stackSize(MAX_FIRST_TILES);

/**
 * First tiles, and the most children that one tile can have on each level of the deepest pyramid,
 * times numbers per tile.
 */
function stackSize(firstTiles: number): number {
  return (firstTiles + 24 * 9) * 3;
}
/** Tiles that one texture's footprint may have: a guard against absurd cameras. */
const MAX_TILES = 1 << 16;

/** What is added to the lowest (first two) and highest level of detail, by index in the result. */
const SLACKS = [-LEVEL_SLACK, -DESCENT_SLACK, LEVEL_SLACK, DESCENT_SLACK];
/** Finest level that is sampled. */
const FINEST = 0;
/** Finest level that may be sampled between the points that were probed. */
const FINEST_BETWEEN = 1;
/** Coarsest level that is sampled, before further levels per sample. */
const COARSEST = 2;
/** Coarsest level that may be sampled between the points. */
const COARSEST_BETWEEN = 3;

/** Finds footprints; keeps its working memory between calls. */
export class FootprintFinder {
  readonly #polygon = new ClipPolygon();
  #stack = new Int32Array(STACK_SIZE);
  readonly #probe = new LevelProbe();
  /** u0, v0, u1, v1. */
  readonly #rect = new Float64Array(4);
  /** Levels at which the tile examined last is sampled. */
  readonly #sampled = new Int32Array(SLACKS.length);
  /** Pixels that the tile examined last covers. */
  readonly #coverage = new Float64Array(1);

  /**
   * Appends the tiles that are needed to a list, coarse levels before fine ones along each branch.
   * Tiles of the pinned tail are not listed.
   */
  findTiles(grid: TileGrid, view: PlaneView, list: TileList, options: FootprintOptions): void {
    const sampled = this.#sampled;
    const { levels } = grid;
    const moreLevels = options.levelsPerSample - 1;
    const widen = 1 + options.margin;
    const end = list.count + MAX_TILES;
    let top = this.#pushFirst(grid, view, options);
    const stack = this.#stack;
    while (top > 0 && list.count < end) {
      const level = stack[--top]!;
      const y = stack[--top]!;
      const x = stack[--top]!;
      const here = levels[level]!;
      // Floored sizes do not nest exactly: look one texel further than the tile when descending.
      if (!this.#look(grid, view, options, level, x, y, 1, widen)) continue;
      const deepest = sampled[FINEST_BETWEEN]!;
      if (level < grid.tailLevel && level <= sampled[COARSEST_BETWEEN]! + moreLevels) {
        const reason = this.#reason(grid, view, options, level, x, y);
        if (
          reason >= 0 && sampled[FINEST]! <= level && level <= sampled[COARSEST]! + moreLevels
        ) {
          const tile = here.firstTile + y * here.tilesX + x;
          list.push(tile, this.#coverage[0]!, reason as TileReasonValue);
        }
      }
      if (level === 0 || deepest >= level) continue;
      const finer = levels[level - 1]!;
      const endX = x === here.tilesX - 1 ? finer.tilesX : Math.min(2 * x + 2, finer.tilesX);
      const endY = y === here.tilesY - 1 ? finer.tilesY : Math.min(2 * y + 2, finer.tilesY);
      for (let cy = 2 * y; cy < endY; cy++) {
        for (let cx = 2 * x; cx < endX; cx++) top = this.#push(top, level - 1, cx, cy);
      }
    }
  }

  /**
   * Pushes the tiles that the descent begins with: those around what is seen, of a level that is
   * coarse enough for every point. The cost then does not depend on the texture's size.
   */
  #pushFirst(grid: TileGrid, view: PlaneView, options: FootprintOptions): number {
    const { levels, tailLevel, tileSize } = grid;
    if (grid.tailTileCount > grid.levelCount - tailLevel) return this.#pushTail(grid);
    if (view.kind === "surrounding") return this.#push(0, tailLevel, 0, 0);
    if (!this.#look(grid, view, options, tailLevel, 0, 0, 1, 1 + options.margin)) return 0;
    const first = this.#sampled[COARSEST_BETWEEN]! + options.levelsPerSample;
    this.#polygon.copyBounds(this.#rect);
    const [u0, v0, u1, v1] = this.#rect as unknown as [number, number, number, number];
    for (let level = first; level < tailLevel; level++) {
      const { width, height, tilesX, tilesY } = levels[level]!;
      const x0 = Math.max(0, Math.floor((u0 * width - 1) / tileSize));
      const y0 = Math.max(0, Math.floor((v0 * height - 1) / tileSize));
      const x1 = Math.min(tilesX - 1, Math.floor((u1 * width + 1) / tileSize));
      const y1 = Math.min(tilesY - 1, Math.floor((v1 * height + 1) / tileSize));
      if ((x1 - x0 + 1) * (y1 - y0 + 1) > MAX_FIRST_TILES) continue;
      let top = 0;
      for (let y = y0; y <= y1; y++) {
        for (let x = x0; x <= x1; x++) top = this.#push(top, level, x, y);
      }
      return top;
    }
    return this.#push(0, tailLevel, 0, 0);
  }

  /** Pushes all tiles of a tail that is a level of several. */
  #pushTail({ levels, tailLevel }: TileGrid): number {
    const { tilesX, tilesY } = levels[tailLevel]!;
    const size = stackSize(tilesX * tilesY);
    if (this.#stack.length < size) this.#stack = new Int32Array(size);
    let top = 0;
    for (let y = 0; y < tilesY; y++) {
      for (let x = 0; x < tilesX; x++) top = this.#push(top, tailLevel, x, y);
    }
    return top;
  }

  #push(top: number, level: number, x: number, y: number): number {
    this.#stack[top] = x;
    this.#stack[top + 1] = y;
    this.#stack[top + 2] = level;
    return top + 3;
  }

  /** The reason a tile is wanted for, if its level is right; -1 if it is not seen. */
  #reason(
    grid: TileGrid,
    view: PlaneView,
    options: FootprintOptions,
    level: number,
    x: number,
    y: number,
  ): number {
    const { margin, reason } = options;
    if (this.#look(grid, view, options, level, x, y, 0, 1)) return margin > 0 ? -1 : reason;
    if (margin <= 0) return -1;
    return this.#look(grid, view, options, level, x, y, 0, 1 + margin) ? reason : -1;
  }

  /**
   * Measures the part of a tile, grown by some texels, that a widened view sees; false if none is.
   * Plain arguments and typed arrays, so that a tile costs no allocation.
   */
  #look(
    grid: TileGrid,
    view: PlaneView,
    options: FootprintOptions,
    level: number,
    x: number,
    y: number,
    grow: number,
    widen: number,
  ): boolean {
    const { width, height } = grid.levels[level]!;
    const { tileSize } = grid;
    const rect = this.#rect;
    const probe = this.#probe;
    rect[0] = Math.max(0, (x * tileSize - grow) / width);
    rect[1] = Math.max(0, (y * tileSize - grow) / height);
    rect[2] = Math.min(1, ((x + 1) * tileSize + grow) / width);
    rect[3] = Math.min(1, ((y + 1) * tileSize + grow) / height);
    if (view.kind === "projected") {
      const polygon = this.#polygon;
      if (!polygon.clip(view, rect, widen)) return false;
      polygon.measureArea(view, this.#coverage);
      probe.length = polygon.copyPoints(probe.points);
    } else {
      const { points } = probe;
      points[0] = Math.min(rect[2]!, Math.max(rect[0]!, view.footU));
      points[1] = Math.min(rect[3]!, Math.max(rect[1]!, view.footV));
      points[2] = points[6] = rect[0]!;
      points[3] = points[5] = rect[1]!;
      points[4] = points[8] = rect[2]!;
      points[7] = points[9] = rect[3]!;
      probe.length = 10;
    }
    probe.measure(view, options.maxAnisotropy);
    if (view.kind === "surrounding") {
      // Pixels that a tile covers fall by a factor of four with each level it is away from.
      this.#coverage[0] = tileSize * tileSize * 4 ** (level - Math.max(0, probe.range[0]!));
    }
    for (let i = 0; i < SLACKS.length; i++) {
      const lod = probe.range[i <= FINEST_BETWEEN ? 0 : 1]! + options.lodBias + SLACKS[i]!;
      this.#sampled[i] = Math.max(0, Math.min(grid.levelCount - 1, Math.floor(lod)));
    }
    return true;
  }
}
