/**
 * The tiles that a camera needs of a placed texture, worked out from the geometry alone.
 *
 * From the coarsest tile down, every tile whose outline is seen is examined, and then its children;
 * it is wanted if some point of it is sampled at its level or at a finer one. Trilinear filtering samples the
 * next coarser level, too, and what is coarser still stands in for tiles on their way. With all of these on
 * the list, a larger bias wants a part of what a smaller one does, for every camera: with the sampled levels
 * alone it may want more tiles, where one more level begins to be sampled.
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

type Span = [x0: number, y0: number, x1: number, y1: number];

/** Finds footprints; keeps its working memory between calls. */
export class FootprintFinder {
  readonly #polygon = new ClipPolygon();
  #stack = new Int32Array(STACK_SIZE);
  readonly #probe = new LevelProbe();
  /** u0, v0, u1, v1. */
  readonly #rect = new Float64Array(4);
  /** What is seen of the texture: u0, v0, u1, v1. */
  readonly #bounds = new Float64Array(4);
  /** Columns and rows of tiles that those touch: x0, y0, x1, y1. */
  readonly #span = new Int32Array(4);
  /** Finest level at which the tile examined last is sampled, at the points that were probed. */
  #finest = 0;
  /** Finest level at which it may be sampled between those points. */
  #finestBetween = 0;
  /** Coarsest level at which it is sampled at the points, before trilinear filtering. */
  #coarsest = 0;
  /** Coarsest level at which it may be sampled, before trilinear filtering. */
  #coarsestBetween = 0;
  /** Pixels that the tile examined last covers. */
  readonly #coverage = new Float64Array(1);

  /**
   * Appends the tiles that are needed to a list, coarse levels before fine ones along each branch.
   * Tiles of the pinned tail are not listed.
   */
  findTiles(grid: TileGrid, view: PlaneView, list: TileList, options: FootprintOptions): void {
    const { levels } = grid;
    const widen = 1 + options.margin;
    const end = list.count + MAX_TILES;
    let top = this.#pushFirst(grid, view, list, options);
    const stack = this.#stack;
    while (top > 0 && list.count < end) {
      const level = stack[--top]!;
      const y = stack[--top]!;
      const x = stack[--top]!;
      const here = levels[level]!;
      // Floored sizes do not nest exactly: look one texel further than the tile when descending.
      if (!this.#look(grid, view, options, level, x, y, 1, widen)) continue;
      const deepest = this.#finestBetween;
      if (level < grid.tailLevel) {
        const reason = this.#reason(grid, view, options, level, x, y);
        if (reason >= 0 && this.#finest <= level) {
          const tile = here.firstTile + y * here.tilesX + x;
          const isSampled = level <= this.#coarsest + 1;
          if (isSampled) list.push(tile, this.#coverage[0]!, reason as TileReasonValue);
          else list.pushStandIn(tile, this.#coverage[0]!, reason as TileReasonValue);
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
   * Pushes the tiles that the descent begins with, those around what is seen of a level that is coarse enough
   * for every point, and lists what is seen of coarser levels: a few tiles of each, which no level of detail
   * need be known for.
   */
  #pushFirst(grid: TileGrid, view: PlaneView, list: TileList, options: FootprintOptions): number {
    const { levelCount, tailLevel, tailTileCount } = grid;
    if (tailTileCount > levelCount - tailLevel) return this.#pushTail(grid);
    if (view.kind === "surrounding") return this.#push(0, tailLevel, 0, 0);
    if (!this.#look(grid, view, options, tailLevel, 0, 0, 1, 1 + options.margin)) return 0;
    const coarseEnough = Math.min(tailLevel, this.#coarsestBetween + 2);
    this.#polygon.copyBounds(this.#bounds);
    let first = tailLevel;
    while (first > coarseEnough && this.#spanOf(grid, first - 1) <= MAX_FIRST_TILES) first--;
    for (let level = tailLevel - 1; level > first; level--) {
      this.#spanOf(grid, level);
      const [x0, y0, x1, y1] = this.#span as unknown as Span;
      for (let y = y0; y <= y1; y++) {
        for (let x = x0; x <= x1; x++) this.#listSeen(grid, view, list, options, level, x, y);
      }
    }
    this.#spanOf(grid, first);
    const [x0, y0, x1, y1] = this.#span as unknown as Span;
    let top = 0;
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) top = this.#push(top, first, x, y);
    }
    return top;
  }

  /** Finds the columns and rows of a level's tiles that the bounds touch; returns how many tiles those are. */
  #spanOf({ levels, tileSize }: TileGrid, level: number): number {
    const { width, height, tilesX, tilesY } = levels[level]!;
    const [bounds, span] = [this.#bounds, this.#span];
    span[0] = Math.max(0, Math.floor((bounds[0]! * width - 1) / tileSize));
    span[1] = Math.max(0, Math.floor((bounds[1]! * height - 1) / tileSize));
    span[2] = Math.min(tilesX - 1, Math.floor((bounds[2]! * width + 1) / tileSize));
    span[3] = Math.min(tilesY - 1, Math.floor((bounds[3]! * height + 1) / tileSize));
    return (span[2]! - span[0]! + 1) * (span[3]! - span[1]! + 1);
  }

  /** Lists a tile if it is seen. */
  #listSeen(
    grid: TileGrid,
    view: PlaneView,
    list: TileList,
    options: FootprintOptions,
    level: number,
    x: number,
    y: number,
  ): void {
    const reason = this.#reason(grid, view, options, level, x, y);
    if (reason < 0) return;
    const { firstTile, tilesX } = grid.levels[level]!;
    list.pushStandIn(firstTile + y * tilesX + x, this.#coverage[0]!, reason as TileReasonValue);
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
    const lowest = probe.range[0]! + options.lodBias;
    const coarsest = grid.levelCount - 1;
    this.#finest = levelAt(lowest - LEVEL_SLACK, coarsest);
    this.#finestBetween = levelAt(lowest - DESCENT_SLACK, coarsest);
    this.#coarsest = levelAt(probe.range[1]! + options.lodBias + LEVEL_SLACK, coarsest);
    this.#coarsestBetween = levelAt(probe.range[1]! + options.lodBias + DESCENT_SLACK, coarsest);
    return true;
  }
}

function levelAt(levelOfDetail: number, coarsest: number): number {
  return Math.max(0, Math.min(coarsest, Math.floor(levelOfDetail)));
}
