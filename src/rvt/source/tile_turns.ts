/**
 * Tiles that are asked for, and whose turn it is to hold what they need.
 *
 * @module
 */

import type { SourceTexture } from "../../streaming/mod.ts";
import { fitNeeds, type Needs, needsOf } from "./needs.ts";
import type { OpenSources } from "./open_sources.ts";
import type { SampledObject, SampledRegion } from "./sampled_regions.ts";

/** A tile of another texture that is held. */
export interface Hold {
  readonly object: SampledObject;
  readonly source: SourceTexture;
  readonly tile: number;
}

/** A tile that is asked for. */
export interface OpenTile {
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

/** A tile that is asked for from a frame on, and was not looked at yet. */
export function newOpenTile(
  tile: number,
  { priority, isNeeded, frame }: {
    readonly priority: number;
    readonly isNeeded: boolean;
    readonly frame: number;
  },
): OpenTile {
  return {
    tile,
    priority,
    isNeeded,
    sinceFrame: frame,
    version: -1,
    objects: new Set(),
    regions: [],
    holds: null,
    coarser: 0,
    isForced: false,
    waitsFor: 0,
  };
}

/** Lets tiles hold what they need, the most wanted first, as far as there is room. */
export class TileTurns {
  readonly #sources: OpenSources;
  readonly #open = new Map<number, OpenTile>();

  /** @param sources The textures that tiles need; borrowed. */
  constructor(sources: OpenSources) {
    this.#sources = sources;
  }

  /** The tiles that are asked for. */
  get all(): Iterable<OpenTile> {
    return this.#open.values();
  }

  /** A tile that is asked for; undefined if it is not. */
  get(tile: number): OpenTile | undefined {
    return this.#open.get(tile);
  }

  /** Adds a tile. */
  add(open: OpenTile): void {
    this.#open.set(open.tile, open);
  }

  /** Takes a tile away, which goes on to hold what it does. */
  remove({ tile }: OpenTile): void {
    this.#open.delete(tile);
  }

  /** Makes a tile hold nothing. */
  release(open: OpenTile): void {
    for (const { source, tile } of open.holds ?? []) source.release(tile);
    open.holds = null;
    open.waitsFor = 0;
  }

  /** Holds what the most wanted tiles need, as far as there is room. */
  giveTurns(): void {
    const waiting = [...this.#open.values()].filter(({ holds }) => holds === null);
    waiting.sort((a, b) => Number(b.isNeeded) - Number(a.isNeeded) || b.priority - a.priority);
    for (const open of waiting) if (!this.#giveTurn(open)) break;
  }

  #giveTurn(open: OpenTile): boolean {
    for (let coarser = 0;; coarser++) {
      const needs = this.#needsOf(open.regions, coarser);
      const { isFitting, isAlone } = this.#fit(needs, open.isNeeded);
      if (!isFitting && !isAlone) return false;
      if (!isFitting && coarser <= MOST_COARSER) continue;
      open.coarser = coarser;
      open.holds = holdsOf(needs);
      for (const { source, tile } of open.holds) source.hold(tile);
      return true;
    }
  }

  #fit(needs: Needs, isNeeded: boolean): ReturnType<typeof fitNeeds> {
    const depthBelow = (pool: object) =>
      this.#sources.sources.reduce((most, source) => Math.max(most, source.depthIn(pool)), 0);
    return fitNeeds(needs, { isNeeded, depthBelow });
  }

  #needsOf(regions: readonly SampledRegion[], coarser: number): Needs {
    return needsOf(regions, { coarser, sourceOf: (object) => this.#sources.sourceOf(object) });
  }

  /** What a tile holds, or would if its turn came. */
  holdsOf({ holds, regions, coarser }: OpenTile): readonly Hold[] {
    return holds ?? holdsOf(this.#needsOf(regions, coarser));
  }

  /** Whether there is ever room for what regions need, some levels coarser. */
  wouldFit(regions: readonly SampledRegion[], coarser: number): boolean {
    const { isFitting, isAlone } = this.#fit(this.#needsOf(regions, coarser), false);
    return isFitting || !isAlone;
  }

  /** Holds nothing any more. */
  clear(): void {
    for (const open of this.#open.values()) this.release(open);
    this.#open.clear();
  }
}

/** No texture has more levels. */
const MOST_COARSER = 24;

function holdsOf(needs: Needs): Hold[] {
  return [...needs].flatMap(([object, { source, tiles }]) =>
    [...tiles].map((tile) => ({ object, source, tile }))
  );
}
