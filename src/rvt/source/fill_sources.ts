/**
 * Tiles whose materials sample virtual textures wait for what they sample.
 *
 * Each tile that is asked for needs some tiles of other textures. As many as find room are held at a time:
 * asked for, and kept until the tile was rendered. What does not fit is asked for coarser; what cannot
 * come is left out. Such tiles are improvable: they are rendered again when better can be made.
 *
 * @module
 */

import { NEED_PRIORITY, type TileVisits } from "../../residency/mod.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
import type { MaterialInterface } from "../material/mod.ts";
import type { TileView } from "../tile/tile_view.ts";
import type { TileProperties } from "./evaluate_graph.ts";
import { heightRegions, heightTextureOf } from "./height_regions.ts";
import { ImprovingTiles } from "./improving_tiles.ts";
import { MadeTiles } from "./made_tiles.ts";
import type { OpenSources } from "./open_sources.ts";
import {
  isInRegion,
  type SampledObject,
  type SampledRegion,
  sampledRegions,
} from "./sampled_regions.ts";
import type { SamplingGraphs } from "./sampling_graphs.ts";
import { StalledTiles } from "./stalled_tiles.ts";
import { type Hold, newOpenTile, type OpenTile, TileTurns } from "./tile_turns.ts";

/** What tiles are made of. */
export interface FilledContent {
  /** Rises with every change of what is drawn. */
  readonly version: number;
  /** The materials of all that is drawn. */
  materials(): Iterable<MaterialInterface>;
  /** The textures that heights of landscapes are streamed of. */
  heightTextures(): Iterable<StreamedTexture>;
  /** What is drawn into a tile. */
  drawsIn(tile: number): readonly ComponentDraw[];
  viewOf(tile: number): TileView;
  propertiesOf(tile: number): TileProperties;
}

/** What {@linkcode FillSources} works with. */
export interface FillSourcesParts {
  readonly content: FilledContent;
  readonly graphs: SamplingGraphs;
  /** Makes what follows the textures. */
  readonly openSources: (
    events: ConstructorParameters<typeof OpenSources>[1]["events"],
  ) => OpenSources;
}

/** Frames after which a tile goes on with what there is, whatever it waits for. */
const MOST_WAIT_FRAMES = 600;

/** Holds what tiles of a volume sample until they were rendered. */
export class FillSources {
  readonly #content: FilledContent;
  readonly #graphs: SamplingGraphs;
  readonly #sources: OpenSources;
  readonly #made = new MadeTiles();
  readonly #turns: TileTurns;
  /** What is to be remembered of tiles that were taken, once they land. */
  readonly #taken = new Map<number, () => boolean>();
  readonly #stalls = new StalledTiles();
  readonly #improving: ImprovingTiles;
  /** Room of each pool when improvable tiles were last looked at. */
  #rooms: Map<object, number> = new Map();
  #samplingVersion = -1;
  #isSampling = false;
  /** What materials sample. */
  readonly #sampled = new Set<SampledObject>();

  constructor(parts: FillSourcesParts) {
    this.#content = parts.content;
    this.#graphs = parts.graphs;
    this.#sources = parts.openSources({
      landed: (object, tile) =>
        this.#made.noteLanded(object, tile, (lacker) => this.#stalls.mustWait(lacker)),
      improved: (object, tile) => this.#noteImproved(object, tile),
      invalidated: (object, isTouched) => this.#made.noteInvalidated(object, isTouched),
      replaced: (object) => this.#noteReplaced(object),
    });
    this.#turns = new TileTurns(this.#sources);
    const [made, stalls, sources] = [this.#made, this.#stalls, this.#sources];
    this.#improving = new ImprovingTiles({ made, stalls, sources });
  }

  /**
   * What a tile was made from has been made anew by itself, and better. Where there is no room for all,
   * that may go on without end, so it counts like a stall.
   */
  #noteImproved(object: SampledObject, improved: number): void {
    for (const tile of this.#made.madeWith(object, improved)) {
      // Of all that it was made from, the first that is better counts.
      if (this.#stalls.isScheduled(tile)) continue;
      this.#stalls.note(tile);
      if (this.#stalls.mustWait(tile)) this.#made.noteImprovable(tile);
      else this.#made.makeStale(tile);
    }
  }

  #noteReplaced(object: SampledObject): void {
    this.#made.noteReplaced(object);
    for (const open of this.#turns.all) if (open.objects.has(object)) open.version = -1;
  }

  /** Whether a material or a landscape reads a virtual texture at all. */
  get #samples(): boolean {
    this.#lookAtMaterials();
    return this.#isSampling;
  }

  /** Finds what materials sample now, and what heights are streamed of. */
  #lookAtMaterials(): void {
    const { version } = this.#content;
    if (this.#samplingVersion === version) return;
    this.#samplingVersion = version;
    this.#sampled.clear();
    for (const texture of this.#content.heightTextures()) this.#sampled.add(texture);
    for (const material of this.#content.materials()) {
      for (const object of this.#graphs.of(material).objects) this.#sampled.add(object);
    }
    this.#isSampling = this.#sampled.size > 0;
  }

  /** Whether a material samples an object, or a tile was made from it or will be. */
  #isInUse(object: SampledObject): boolean {
    if (this.#sampled.has(object) || this.#made.isMadeFrom(object)) return true;
    for (const { objects } of this.#turns.all) if (objects.has(object)) return true;
    return false;
  }

  /** Tiles that are resident, and for which a better one may come. */
  get improvableTiles(): ReadonlySet<number> {
    return this.#made.improvable;
  }

  /** Tiles that are asked for and wait for others. */
  get waitingCount(): number {
    let count = 0;
    for (const { tile } of this.#turns.all) if (!this.isReady(tile)) count++;
    return count;
  }

  /** See `TileProducer.depthIn`. */
  depthIn(pool: object | null): number {
    return this.#sources.depthIn(pool);
  }

  /** Notes that a tile is asked for, or asked for again. */
  noteRequest(tile: number, priority: number): void {
    const known = this.#turns.get(tile);
    if (known !== undefined) {
      known.priority = priority;
      if (priority < NEED_PRIORITY || known.isNeeded) return;
      known.isNeeded = true;
      return this.#turns.giveTurns();
    }
    if (!this.#samples) return;
    const isNeeded = priority >= NEED_PRIORITY;
    const open = newOpenTile(tile, { priority, isNeeded, frame: this.#sources.frame });
    this.#look(open);
    this.#turns.add(open);
    this.#turns.giveTurns();
  }

  /** Finds what a tile samples now. */
  #look(open: OpenTile): void {
    const content = this.#content;
    this.#turns.release(open);
    const objects = new Set<SampledObject>();
    const draws = content.drawsIn(open.tile);
    for (const draw of draws) {
      const heights = heightTextureOf(draw);
      if (heights !== null) objects.add(heights);
      for (const object of this.#graphs.of(draw.material).objects) objects.add(object);
    }
    for (const object of objects) this.#sources.sourceOf(object);
    open.version = content.version;
    open.objects = objects;
    open.regions = objects.size === 0 ? [] : this.#regionsOf(open.tile, draws);
  }

  /** What a tile reads of other textures. */
  #regionsOf(tile: number, draws: readonly ComponentDraw[]): SampledRegion[] {
    const view = this.#content.viewOf(tile);
    const sampled = sampledRegions({
      view,
      properties: this.#content.propertiesOf(tile),
      draws: draws.map((draw) => ({ draw, graph: this.#graphs.of(draw.material).graph })),
      placeOf: (object) => this.#sources.placeOf(object),
    });
    const gridOf = (texture: SampledObject) => this.#sources.sourceOf(texture)?.grid ?? null;
    return [...sampled, ...heightRegions(draws, { view, gridOf })];
  }

  /** Withdraws a tile. */
  noteCancel(tile: number): void {
    const open = this.#turns.get(tile);
    if (open === undefined) return;
    this.#turns.remove(open);
    this.#turns.release(open);
    this.#turns.giveTurns();
  }

  /** Whether a tile waits for nothing. */
  isReady(tile: number): boolean {
    const open = this.#turns.get(tile);
    if (open === undefined || open.isForced) return true;
    if (open.version !== this.#content.version) {
      this.#look(open);
      this.#turns.giveTurns();
    }
    if (this.#sources.frame - open.sinceFrame > MOST_WAIT_FRAMES) open.isForced = true;
    if (open.isForced) return true;
    const { holds } = open;
    if (holds === null) return false;
    for (let i = 0; i < holds.length; i++) {
      const index = (open.waitsFor + i) % holds.length;
      const { source, tile: needed } = holds[index]!;
      if (source.stateOf(needed) !== "coming") continue;
      open.waitsFor = index;
      return false;
    }
    return true;
  }

  /** Makes every tile that waits go on with what there is. */
  stopWaiting(): void {
    for (const open of this.#turns.all) if (!this.isReady(open.tile)) open.isForced = true;
  }

  /**
   * Notes that a tile is rendered with the next submit.
   *
   * @returns A function to be called once that submit is over.
   */
  noteTaken(tile: number): () => void {
    const open = this.#turns.get(tile);
    if (open !== undefined) this.#turns.remove(open);
    const remember = open === undefined ? () => this.#forget(tile) : this.#rememberer(open);
    this.#taken.set(tile, remember);
    return () => {
      // It is still there if the tile was dropped instead.
      if (this.#taken.get(tile) === remember) this.#taken.delete(tile);
      if (open === undefined) return;
      this.#turns.release(open);
      this.#turns.giveTurns();
    };
  }

  #forget(tile: number): boolean {
    this.#made.delete(tile);
    return false;
  }

  /**
   * Notes that content of a tile that was taken has got its slot. Until then the record stays that of the
   * content before, which may be evicted for another tile that was taken with this one.
   *
   * @returns Whether it is better than what was remembered of the tile.
   */
  noteLanded(tile: number): boolean {
    const isBetter = this.#taken.get(tile)?.() ?? false;
    this.#taken.delete(tile);
    return isBetter;
  }

  /** What is remembered of a tile once it has landed, as it is rendered now. */
  #rememberer(open: OpenTile): () => boolean {
    const { tile, objects, coarser } = open;
    const used = new Map<SampledObject, number[]>();
    const lacking = new Map<SampledObject, number[]>();
    const isUnheld = open.holds === null && open.regions.length > 0;
    let isStalled = isUnheld;
    for (const { object, source, tile: needed } of this.#turns.holdsOf(open)) {
      push(used, object, needed);
      // What is not held may be evicted until the tile is rendered, whatever it is now.
      if (!isUnheld && source.stateOf(needed) === "current") continue;
      // What stands in for it is used as well.
      const { grid } = source;
      for (let at = grid.parentOf(needed); at !== -1; at = grid.parentOf(at)) {
        push(used, object, at);
      }
      if (isUnheld) continue;
      push(lacking, object, needed);
      if (source.hasFailed(needed)) source.askAhead(needed);
      else isStalled = true;
    }
    if (isUnheld || coarser > 0) {
      this.#forEachByChance(open, ({ object, source, tile: finer }, isStale) => {
        push(used, object, finer);
        if (!isStale) return;
        push(lacking, object, finer);
        source.askAhead(finer);
      });
    }
    return () => {
      const isBetter = this.#made.set(tile, { objects, used, lacking, coarser, isUnheld });
      if (coarser > 0) this.#noteRooms();
      if (isStalled) this.#stalls.note(tile);
      else if (lacking.size > 0) this.#stalls.noteUnread(tile);
      else this.#stalls.noteWhole(tile);
      return isBetter;
    };
  }

  /** Finds what a tile samples beside what it holds, as it happens to be resident: finer tiles. */
  #forEachByChance(
    { regions, coarser }: OpenTile,
    visit: (hold: Hold, isStale: boolean) => void,
  ): void {
    for (const region of regions) {
      const source = this.#sources.sourceOf(region.object);
      if (source === null || source.grid !== region.grid) continue;
      source.forEachResident((tile, isStale) => {
        if (!isInRegion(region, tile, { coarser })) return;
        visit({ object: region.object, source, tile }, isStale);
      });
    }
  }

  /** Notes how much room there is, as a tile was made coarser than it samples. */
  #noteRooms(): void {
    for (const { pool, room } of this.#sources.sources) {
      this.#rooms.set(pool, Math.min(room, this.#rooms.get(pool) ?? room));
    }
  }

  /** Notes that a tile is not resident any more. */
  noteEvicted(tile: number): void {
    this.#made.delete(tile);
    this.#stalls.noteWhole(tile);
  }

  /** Hands out tiles that are to be made anew. */
  takeStaleTiles(): readonly number[] {
    this.#lookAtMaterials();
    this.#sources.keepOnly((object) => this.#isInUse(object));
    // Known before the first tile is asked for, so that those above leave room for it.
    for (const object of this.#sampled) this.#sources.sourceOf(object);
    this.#sources.refresh();
    for (const tile of this.#stalls.lookForDue()) this.#made.makeStale(tile);
    this.#improve();
    return this.#made.takeStale();
  }

  /** See `TileProducer.isImproving`. */
  isImproving(tile: number, visits: TileVisits): boolean {
    return this.#improving.isImproving(tile, visits);
  }

  /** See `TileProducer.isImprovable`. */
  isImprovable(tile: number, visits: TileVisits): boolean {
    return this.#improving.isImprovable(tile, visits);
  }

  /** See `TileProducer.improveTile`. */
  improveTile(tile: number, visits: TileVisits): void {
    this.#improving.improve(tile, visits, (tile, coarser) => this.#wouldFit(tile, coarser));
  }

  /** Makes stale what was made coarser, if finer fits by now. */
  #improve(): void {
    if (this.#made.improvable.size === 0) return;
    const rooms = new Map(this.#sources.sources.map(({ pool, room }) => [pool, room]));
    const isGrown = [...rooms].some(([pool, room]) => room > (this.#rooms.get(pool) ?? 0));
    this.#rooms = rooms;
    if (!isGrown) return;
    for (const tile of this.#made.improvable) {
      const { coarser } = this.#made.get(tile)!;
      if (coarser > 0 && this.#wouldFit(tile, coarser - 1)) this.#made.makeStale(tile);
    }
  }

  #wouldFit(tile: number, coarser: number): boolean {
    return this.#turns.wouldFit(this.#regionsOf(tile, this.#content.drawsIn(tile)), coarser);
  }

  /** Holds nothing any more. */
  close(): void {
    this.#turns.clear();
    this.#sources.close();
  }
}

function push(lists: Map<SampledObject, number[]>, object: SampledObject, value: number): void {
  const list = lists.get(object);
  if (list === undefined) lists.set(object, [value]);
  else if (!list.includes(value)) list.push(value);
}
