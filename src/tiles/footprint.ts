/**
 * The tiles that a camera needs of a placed texture, worked out from the geometry alone.
 *
 * From the coarsest tile down, a tile whose outline is seen is looked into; it is wanted if some
 * point of it is sampled at its level. Trilinear filtering samples two levels at each point.
 *
 * @module
 */

import { ClipPolygon } from "./clip_polygon.ts";
import { levelOfSquaredTexels, type PlaneView, squaredTexelsAt } from "./plane_view.ts";
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
  /** Reason that is given to the tiles. */
  readonly reason: TileReasonValue;
}

/** What rounding in the shader's derivatives may move the level of detail by. */
const LEVEL_SLACK = 0.08;
/** How far the level of detail may dip between the points where a large tile is probed. */
const DESCENT_SLACK = 0.6;
/** Tiles that the descent may begin with. */
const MAX_FIRST_TILES = 16;
/** First tiles, and the most children that one tile can have on each level of the deepest pyramid,
 * times numbers per tile. */
const STACK_SIZE = (MAX_FIRST_TILES + 24 * 9) * 3;
/** Tiles that one texture's footprint may have: a guard against absurd cameras. */
const MAX_TILES = 1 << 16;

/** Finds footprints; keeps its working memory between calls. */
export class FootprintFinder {
  readonly #polygon = new ClipPolygon();
  readonly #stack = new Int32Array(STACK_SIZE);
  readonly #rect = { u0: 0, v0: 0, u1: 0, v1: 0 };
  readonly #points = new Float64Array(2 * 24);
  #lowest = 0;
  #highest = 0;
  #coverage = 0;

  /**
   * Appends the tiles that are needed to a list, coarse levels before fine ones along each branch.
   * Tiles of the pinned tail are not listed.
   */
  find(grid: TileGrid, view: PlaneView, list: TileList, options: FootprintOptions): void {
    const stack = this.#stack;
    const { levels, levelCount } = grid;
    const widen = 1 + options.margin;
    const end = list.count + MAX_TILES;
    let top = this.#pushFirst(grid, view, options);
    while (top > 0 && list.count < end) {
      const level = stack[--top]!;
      const y = stack[--top]!;
      const x = stack[--top]!;
      const here = levels[level]!;
      // Floored sizes do not nest exactly: look one texel further than the tile when descending.
      if (!this.#look(grid, view, options, level, x, y, 1, widen)) continue;
      const lowest = this.#lowest;
      const last = clampLevel(this.#highest + DESCENT_SLACK, levelCount) +
        options.levelsPerSample - 1;
      if (level < grid.tailLevel && level <= last) {
        const reason = this.#reason(grid, view, options, level, x, y);
        if (reason >= 0) {
          const first = clampLevel(this.#lowest - LEVEL_SLACK, levelCount);
          const last = clampLevel(this.#highest + LEVEL_SLACK, levelCount) +
            options.levelsPerSample - 1;
          if (first <= level && level <= last) {
            list.push(
              here.firstEntry + y * here.tilesX + x,
              this.#coverage,
              reason as TileReasonValue,
            );
          }
        }
      }
      if (level === 0 || clampLevel(lowest - DESCENT_SLACK, levelCount) >= level) continue;
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
    const { levels, levelCount, tailLevel, tileSize } = grid;
    if (view.kind === "surrounding") return this.#push(0, tailLevel, 0, 0);
    if (!this.#look(grid, view, options, tailLevel, 0, 0, 1, 1 + options.margin)) return 0;
    const highest = clampLevel(this.#highest + DESCENT_SLACK, levelCount);
    const { u0, v0, u1, v1 } = this.#polygonBounds();
    for (let level = highest + options.levelsPerSample; level < tailLevel; level++) {
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

  /** What the polygon that was looked at last spans in texture coordinates. */
  #polygonBounds(): { u0: number; v0: number; u1: number; v1: number } {
    const polygon = this.#polygon;
    const rect = this.#rect;
    rect.u0 = rect.v0 = Infinity;
    rect.u1 = rect.v1 = -Infinity;
    for (let i = 0; i < polygon.count; i++) {
      rect.u0 = Math.min(rect.u0, polygon.u(i));
      rect.v0 = Math.min(rect.v0, polygon.v(i));
      rect.u1 = Math.max(rect.u1, polygon.u(i));
      rect.v1 = Math.max(rect.v1, polygon.v(i));
    }
    return rect;
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
   * Plain arguments, so that a tile costs no allocation.
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
    rect.u0 = Math.max(0, (x * tileSize - grow) / width);
    rect.v0 = Math.max(0, (y * tileSize - grow) / height);
    rect.u1 = Math.min(1, ((x + 1) * tileSize + grow) / width);
    rect.v1 = Math.min(1, ((y + 1) * tileSize + grow) / height);
    const points = this.#points;
    let n = 0;
    if (view.kind === "projected") {
      const polygon = this.#polygon;
      if (!polygon.clip(view, rect, widen)) return false;
      this.#coverage = polygon.screenArea(view);
      let sumU = 0;
      let sumV = 0;
      for (let i = 0; i < polygon.count; i++) {
        const next = i + 1 === polygon.count ? 0 : i + 1;
        const u = polygon.u(i);
        const v = polygon.v(i);
        points[n++] = u;
        points[n++] = v;
        points[n++] = (u + polygon.u(next)) / 2;
        points[n++] = (v + polygon.v(next)) / 2;
        sumU += u;
        sumV += v;
      }
      points[n++] = sumU / polygon.count;
      points[n++] = sumV / polygon.count;
    } else {
      points[n++] = Math.min(rect.u1, Math.max(rect.u0, view.footU));
      points[n++] = Math.min(rect.v1, Math.max(rect.v0, view.footV));
      points[n++] = rect.u0;
      points[n++] = rect.v0;
      points[n++] = rect.u1;
      points[n++] = rect.v0;
      points[n++] = rect.u0;
      points[n++] = rect.v1;
      points[n++] = rect.u1;
      points[n++] = rect.v1;
    }
    let least = Infinity;
    let most = 0;
    for (let i = 0; i < n; i += 2) {
      const squared = squaredTexelsAt(view, points[i]!, points[i + 1]!, options.maxAnisotropy);
      if (squared < least) least = squared;
      if (squared > most) most = squared;
    }
    const lowest = levelOfSquaredTexels(least);
    const highest = levelOfSquaredTexels(most);
    if (view.kind === "surrounding") {
      // Pixels that a tile covers fall by a factor of four with each level it is away from.
      this.#coverage = tileSize * tileSize * 4 ** (level - Math.max(0, lowest));
    }
    this.#lowest = lowest + options.lodBias;
    this.#highest = highest + options.lodBias;
    return true;
  }
}

/** The finer of the two levels that are sampled at a level of detail. */
function clampLevel(lod: number, levelCount: number): number {
  return Math.max(0, Math.min(levelCount - 1, Math.floor(lod)));
}
