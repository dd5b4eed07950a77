/**
 * What is drawn into the tiles of a volume, and in which order. Pure.
 *
 * @module
 */

import type { OrientedBox } from "../../geometry/mod.ts";
import type { ComponentDraw, LandscapeDraw, PrimitiveComponent } from "../component/mod.ts";
import {
  BoxOutlines,
  coversTile,
  inSortOrder,
  isCulled,
  isInDepth,
  type KnownOutlines,
  LandscapeComponent,
  OutlineCells,
  selectLod,
  tileReachRect,
  tiltTexels,
} from "../component/mod.ts";
import type { ComponentDraws } from "../low_mips/mod.ts";
import { heightLevel } from "../tile/height_level.ts";
import type { VolumeView } from "../tile/tile_view.ts";

/** Tiles whose draws are kept: some updates' worth. */
const MOST_KEPT = 64;

/** What is drawn into a tile. */
interface TileDraws {
  readonly byComponent: readonly ComponentDraws[];
  readonly all: readonly ComponentDraw[];
}

/** The components that are rendered to one texture. */
export class TileContents {
  readonly #view: VolumeView;
  readonly #components = new Set<PrimitiveComponent>();
  readonly #outlines = new Map<PrimitiveComponent, BoxOutlines>();
  readonly #known: KnownOutlines = new WeakMap();
  #sorted: readonly PrimitiveComponent[] | null = null;
  #cells: OutlineCells | null = null;
  #boxCount: number | null = null;
  #landscapes: readonly LandscapeComponent[] | null = null;
  #version = 0;
  /** What is drawn into the tiles that were asked for last, as of a version. */
  readonly #draws = new Map<number, TileDraws>();
  #drawsVersion = 0;

  /** @param view What the tiles have in common. */
  constructor(view: VolumeView) {
    this.#view = view;
  }

  /** Adds a component. */
  add(component: PrimitiveComponent): void {
    this.#components.add(component);
    this.noteChange(component);
  }

  /** Takes a component away. */
  remove(component: PrimitiveComponent): void {
    this.#components.delete(component);
    this.noteChange(component);
  }

  /** Takes all components away. */
  clear(): void {
    for (const component of [...this.#components]) this.remove(component);
  }

  /** Whether a component is rendered to the texture. */
  has(component: PrimitiveComponent): boolean {
    return this.#components.has(component);
  }

  /** Notes that a component has changed: its place, or its place in the order. */
  noteChange(component: PrimitiveComponent): void {
    this.#version++;
    this.#landscapes = null;
    this.#outlines.delete(component);
    this.#sorted = null;
    this.#cells = null;
    this.#boxCount = null;
  }

  /** Notes that other virtual textures can be sampled than before. */
  noteOtherTextures(): void {
    this.#version++;
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** Components in the order in which they are drawn. */
  get sorted(): readonly PrimitiveComponent[] {
    return this.#sorted ??= inSortOrder(this.#components);
  }

  /** The landscapes among the components. */
  get landscapes(): readonly LandscapeComponent[] {
    return this.#landscapes ??= this.sorted.filter((one) => one instanceof LandscapeComponent);
  }

  /** Most things that can be drawn into one tile. */
  get boxCount(): number {
    return this.#boxCount ??= [...this.#components].reduce(
      (sum, component) => sum + component.boxes().length,
      0,
    );
  }

  /** What is drawn into a tile, in this order. */
  drawsIn(tile: number): readonly ComponentDraw[] {
    return this.#tileDraws(tile).all;
  }

  /** The same, by the components that draw it. */
  componentDrawsIn(tile: number): readonly ComponentDraws[] {
    return this.#tileDraws(tile).byComponent;
  }

  /** Looked up several times on the way of a tile. */
  #tileDraws(tile: number): TileDraws {
    if (this.#drawsVersion !== this.#version) {
      this.#drawsVersion = this.#version;
      this.#draws.clear();
    }
    let draws = this.#draws.get(tile);
    if (draws === undefined) {
      draws = this.#findDraws(tile);
      if (this.#draws.size >= MOST_KEPT) this.#draws.clear();
      this.#draws.set(tile, draws);
    }
    return draws;
  }

  #findDraws(tile: number): TileDraws {
    const byComponent = this.#componentsNear(tile)
      .map((component) => ({ component, draws: this.#drawsOf(component, tile) }))
      .filter(({ draws }) => draws.length > 0);
    return { byComponent, all: byComponent.flatMap(({ draws }) => draws) };
  }

  #componentsNear(tile: number): PrimitiveComponent[] {
    const { grid, border } = this.#view;
    return this.#cellsOfSorted
      .candidates(tileReachRect(grid, tile, { borderTexels: border }))
      .map((index) => this.sorted[index]!);
  }

  /** Finds the sorted components near a tile. */
  get #cellsOfSorted(): OutlineCells {
    return this.#cells ??= new OutlineCells(
      this.sorted.map((component) => this.#outlinesOf(component).bounds),
    );
  }

  /** All that the finest level shows, in its finest level of detail, in this order. */
  finestDraws(): ComponentDraw[] {
    return this.sorted
      .filter((component) => {
        const all = component.boxes().map((_, i) => i);
        const size = this.#outlinesOf(component).largestSizeTexels(all, this.#view.grid.level(0));
        return !this.#isLeftOut(component, 0, size);
      })
      .flatMap((component) => component.draws(0))
      .map((draw) => draw.kind === "landscape" ? this.#landscapeDraw(draw, 0) : draw);
  }

  /** Whether what a component draws into a tile is certain to cover it; see {@linkcode coversTile}. */
  isCoveredBy(component: PrimitiveComponent, tile: number): boolean {
    const { grid, border: borderTexels, toVolume } = this.#view;
    const boxes = this.#boxesIn(component, tile);
    return coversTile(component, tile, { boxes, view: { grid, borderTexels, toVolume } });
  }

  /** Whether some of what a component draws into a tile may lie above the volume or below it. */
  isCutByDepth(component: PrimitiveComponent, tile: number): boolean {
    return !isInDepth(this.#boxesIn(component, tile), this.#view.toVolume);
  }

  #boxesIn(component: PrimitiveComponent, tile: number): OrientedBox[] {
    const all = component.boxes();
    return this.#touchedBoxes(component, tile).map((box) => all[box]!);
  }

  /**
   * All that tiles may show of what one of them covers, whatever their levels: every component there, in each
   * level of detail, also where the tile itself leaves it out.
   */
  allDrawsIn(tile: number): ComponentDraws[] {
    const { grid } = this.#view;
    return this.#componentsNear(tile).flatMap((component) => {
      const touched = this.#touchedBoxes(component, tile);
      if (touched.length === 0) return [];
      const part = { touched, level: grid.levelOf(tile) };
      const lods = Array.from({ length: component.lodCount }, (_, lod) => component.draws(lod));
      return [{ component, draws: lods.flatMap((draws) => this.#touchedDraws(draws, part)) }];
    });
  }

  #touchedBoxes(component: PrimitiveComponent, tile: number): number[] {
    const { grid, border } = this.#view;
    return this.#outlinesOf(component).touchedBy(tile, { grid, borderTexels: border });
  }

  #drawsOf(component: PrimitiveComponent, tile: number): ComponentDraw[] {
    const { grid } = this.#view;
    const outlines = this.#outlinesOf(component);
    const touched = this.#touchedBoxes(component, tile);
    if (touched.length === 0) return [];
    const level = grid.levelOf(tile);
    const coverageTexels = outlines.largestSizeTexels(touched, grid.level(level));
    if (this.#isLeftOut(component, level, coverageTexels)) return [];
    const lod = selectLod({
      coverageTexels,
      tileSize: grid.tileSize,
      lodCount: component.lodCount,
      bias: component.virtualTextureLodBias,
    });
    return this.#touchedDraws(component.draws(lod), { touched, level });
  }

  #isLeftOut(component: PrimitiveComponent, level: number, coveragePixels: number): boolean {
    return isCulled({
      skipMips: component.virtualTextureSkipMips,
      minCoverage: component.virtualTextureMinCoverage,
      level,
      maxLevel: this.#view.grid.levelCount - 1,
      coveragePixels,
    });
  }

  /**
   * Draws without what lies outside of the tile: boxes stand in the order of draws and instances.
   *
   * @param tile Indices of the boxes inside, the smallest first, and its level.
   */
  #touchedDraws(
    draws: readonly ComponentDraw[],
    { touched, level }: { readonly touched: readonly number[]; readonly level: number },
  ): ComponentDraw[] {
    let [first, next] = [0, 0];
    return draws.flatMap((draw): ComponentDraw[] => {
      const start = first;
      const from = next;
      first += draw.kind === "landscape" ? 1 : draw.instances.length;
      while (next < touched.length && touched[next]! < first) next++;
      if (next === from) return [];
      if (draw.kind === "landscape") return [this.#landscapeDraw(draw, level)];
      const instances = touched.slice(from, next).map((box) => draw.instances[box - start]!);
      return [{ ...draw, instances }];
    });
  }

  /**
   * A landscape that is seen along its own z can be drawn with few quads, as each pixel finds its
   * height. Seen at an angle, its heights move it sideways: then there is a quad for each sample.
   */
  #landscapeDraw(draw: LandscapeDraw, level: number): LandscapeDraw {
    const isStraight = tiltTexels(draw.toWorld, this.#view) === 0;
    const detailed = draw.surface.streamedHeights === undefined ? draw : {
      ...draw,
      heightDetail: {
        samplesPerPixel: 2 ** heightLevel(draw, { ...this.#view, level }),
        shapesQuads: !isStraight,
      },
    };
    if (isStraight) return detailed;
    const { x0, y0, x1, y1 } = draw.section;
    return { ...detailed, quads: Math.max(draw.quads, x1 - x0, y1 - y0) };
  }

  #outlinesOf(component: PrimitiveComponent): BoxOutlines {
    let outlines = this.#outlines.get(component);
    if (outlines === undefined) {
      outlines = new BoxOutlines(component.boxes(), this.#view.toVolume, this.#known);
      this.#outlines.set(component, outlines);
    }
    return outlines;
  }
}
