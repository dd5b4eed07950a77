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
import type { SourceTexture, StreamedTexture } from "../../streaming/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
import type { MaterialInterface } from "../material/mod.ts";
import type { TileView } from "../tile/tile_view.ts";
import type { TileProperties } from "./evaluate_graph.ts";
import { heightRegions, heightTextureOf } from "./height_regions.ts";
import { ImprovingTiles } from "./improving_tiles.ts";
import { MadeTiles } from "./made_tiles.ts";
import { fitNeeds, type Needs, needsOf } from "./needs.ts";
import type { OpenSources } from "./open_sources.ts";
import { type SampledObject, type SampledRegion, sampledRegions } from "./sampled_regions.ts";
import type { SamplingGraphs } from "./sampling_graphs.ts";
import { StalledTiles } from "./stalled_tiles.ts";

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

/** A tile of another texture that is held. */
interface Hold {
  readonly object: SampledObject;
  readonly source: SourceTexture;
  readonly tile: number;
}

/** A tile that is asked for. */
interface OpenTile {
  readonly tile: number;
  priority: number;
  /** Whether tiles of other textures wait for it. */
  isNeeded: boolean;
  readonly sinceFrame: number;
  /** Version of the content that it was looked at with. */
  version: number;
  objects: ReadonlySet<SampledObject>;
  regions: readonly SampledRegion[];
  /** What is held; null before its turn. */
  holds: readonly Hold[] | null;
  coarser: number;
  /** Whether it waits no more. */
  isForced: boolean;
  /** Index of the hold that was waited for when it was last looked at. */
  waitsFor: number;
}

/** Frames after which a tile goes on with what there is, whatever it waits for. */
const MOST_WAIT_FRAMES = 600;

/** Holds what tiles of a volume sample until they were rendered. */
export class FillSources {
  readonly #content: FilledContent;
  readonly #graphs: SamplingGraphs;
  readonly #sources: OpenSources;
  readonly #made = new MadeTiles();
  readonly #open = new Map<number, OpenTile>();
  /** Tiles that are held, each as often as it is. */
  #heldCount = 0;
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
      invalidated: (object, isTouched) => this.#made.noteInvalidated(object, isTouched),
      replaced: (object) => this.#noteReplaced(object),
    });
    const [made, stalls, sources] = [this.#made, this.#stalls, this.#sources];
    this.#improving = new ImprovingTiles({ made, stalls, sources });
  }

  #noteReplaced(object: SampledObject): void {
    this.#made.noteReplaced(object);
    for (const open of this.#open.values()) if (open.objects.has(object)) open.version = -1;
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
    for (const { objects } of this.#open.values()) if (objects.has(object)) return true;
    return false;
  }

  /** Tiles that are resident, and for which a better one may come. */
  get improvableCount(): number {
    return this.#made.improvable.size;
  }

  /** Tiles that are asked for and wait for others. */
  get waitingCount(): number {
    let count = 0;
    for (const { tile } of this.#open.values()) if (!this.isReady(tile)) count++;
    return count;
  }

  /** Notes that a tile is asked for, or asked for again. */
  noteRequest(tile: number, priority: number): void {
    const known = this.#open.get(tile);
    if (known !== undefined) {
      known.priority = priority;
      if (priority < NEED_PRIORITY || known.isNeeded) return;
      known.isNeeded = true;
      return this.#giveTurns();
    }
    if (!this.#samples) return;
    const open: OpenTile = {
      tile,
      priority,
      isNeeded: priority >= NEED_PRIORITY,
      sinceFrame: this.#sources.frame,
      version: -1,
      objects: new Set(),
      regions: [],
      holds: null,
      coarser: 0,
      isForced: false,
      waitsFor: 0,
    };
    this.#look(open);
    this.#open.set(tile, open);
    this.#giveTurns();
  }

  /** Finds what a tile samples now. */
  #look(open: OpenTile): void {
    const content = this.#content;
    this.#release(open);
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
    const open = this.#open.get(tile);
    if (open === undefined) return;
    this.#open.delete(tile);
    this.#release(open);
    this.#giveTurns();
  }

  #release(open: OpenTile): void {
    for (const { source, tile } of open.holds ?? []) source.release(tile);
    this.#heldCount -= open.holds?.length ?? 0;
    open.holds = null;
    open.waitsFor = 0;
  }

  /** Holds what the most wanted tiles need, as far as there is room. */
  #giveTurns(): void {
    const waiting = [...this.#open.values()].filter(({ holds }) => holds === null);
    waiting.sort((a, b) => Number(b.isNeeded) - Number(a.isNeeded) || b.priority - a.priority);
    for (const open of waiting) if (!this.#giveTurn(open)) break;
  }

  #giveTurn(open: OpenTile): boolean {
    for (let coarser = 0;; coarser++) {
      const needs = this.#needsOf(open.regions, coarser);
      const { isFitting, isAlone } = fitNeeds(needs, {
        isNeeded: open.isNeeded,
        isIdle: this.#heldCount === 0,
      });
      if (!isFitting && !isAlone) return false;
      if (!isFitting && coarser <= MOST_COARSER) continue;
      open.coarser = coarser;
      open.holds = [...needs].flatMap(([object, { source, tiles }]) =>
        [...tiles].map((tile) => ({ object, source, tile }))
      );
      for (const { source, tile } of open.holds) source.hold(tile);
      this.#heldCount += open.holds.length;
      return true;
    }
  }

  #needsOf(regions: readonly SampledRegion[], coarser: number): Needs {
    return needsOf(regions, { coarser, sourceOf: (object) => this.#sources.sourceOf(object) });
  }

  /** Whether a tile waits for nothing. */
  isReady(tile: number): boolean {
    const open = this.#open.get(tile);
    if (open === undefined || open.isForced) return true;
    if (open.version !== this.#content.version) {
      this.#look(open);
      this.#giveTurns();
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
    for (const open of this.#open.values()) if (!this.isReady(open.tile)) open.isForced = true;
  }

  /**
   * Notes that a tile is rendered with the next submit.
   *
   * @returns A function to be called once that submit is over.
   */
  noteTaken(tile: number): () => void {
    const open = this.#open.get(tile);
    if (open === undefined) {
      this.#made.delete(tile);
      return () => {};
    }
    this.#open.delete(tile);
    this.#remember(open);
    return () => {
      this.#release(open);
      this.#giveTurns();
    };
  }

  #remember(open: OpenTile): void {
    const { tile, objects, coarser } = open;
    const used = new Map<SampledObject, number[]>();
    const lacking = new Map<SampledObject, number[]>();
    let isStalled = open.holds === null && open.regions.length > 0;
    const holds = open.holds ?? [];
    for (const { object, source, tile: needed } of holds) {
      push(used, object, needed);
      if (source.stateOf(needed) === "current") continue;
      push(lacking, object, needed);
      // What stands in for it is used as well.
      const { grid } = source;
      for (let at = grid.parentOf(needed); at !== -1; at = grid.parentOf(at)) {
        push(used, object, at);
      }
      if (source.hasFailed(needed)) source.askAhead(needed);
      else isStalled = true;
    }
    if (objects.size === 0) this.#made.delete(tile);
    else this.#made.set(tile, { objects, used, lacking, coarser });
    if (coarser > 0) {
      for (const { pool, room } of this.#sources.sources) {
        this.#rooms.set(pool, Math.min(room, this.#rooms.get(pool) ?? room));
      }
    }
    if (isStalled) this.#stalls.note(tile);
    else this.#stalls.noteWhole(tile);
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
    this.#sources.refresh();
    for (const tile of this.#stalls.lookForDue()) this.#made.makeStale(tile);
    this.#improve();
    return this.#made.takeStale();
  }

  /** See `TileProducer.isImproving`. */
  isImproving(tile: number, visits: TileVisits): boolean {
    return this.#improving.isImproving(tile, visits);
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
    const regions = this.#regionsOf(tile, this.#content.drawsIn(tile));
    const needs = this.#needsOf(regions, coarser);
    const { isFitting, isAlone } = fitNeeds(needs, { isNeeded: false, isIdle: false });
    return isFitting || !isAlone;
  }

  /** Holds nothing any more. */
  close(): void {
    for (const open of this.#open.values()) this.#release(open);
    this.#open.clear();
    this.#sources.close();
  }
}

/** No texture has more levels. */
const MOST_COARSER = 24;

function push(lists: Map<SampledObject, number[]>, object: SampledObject, value: number): void {
  const list = lists.get(object);
  if (list === undefined) lists.set(object, [value]);
  else if (!list.includes(value)) list.push(value);
}
