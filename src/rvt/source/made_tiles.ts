/**
 * What tiles were made from, so that they are made anew when it changes or better can be made.
 *
 * @module
 */

import type { SampledObject } from "./sampled_regions.ts";

/** What a tile was made from. */
export interface MadeTile {
  /** Everything that its materials sample, whether it could be sampled or not. */
  readonly objects: ReadonlySet<SampledObject>;
  /** Tiles that it was made from, by what they belong to. */
  readonly used: ReadonlyMap<SampledObject, readonly number[]>;
  /** Those of them that were not there, or stale, so that coarser or older ones took their place. */
  readonly lacking: ReadonlyMap<SampledObject, readonly number[]>;
  /** Levels by which less was asked for than it samples, as that does not fit. */
  readonly coarser: number;
  /** Whether nothing was kept for it, as its turn had not come. */
  readonly isUnheld: boolean;
}

/** Remembers what each tile was made from, and finds those that something was made of. */
export class MadeTiles {
  readonly #made = new Map<number, MadeTile>();
  readonly #usersOf = new Map<SampledObject, Map<number, Set<number>>>();
  readonly #lackersOf = new Map<SampledObject, Map<number, Set<number>>>();
  /** Number of tiles that were made from each object. */
  readonly #counts = new Map<SampledObject, number>();
  readonly #stale = new Set<number>();
  readonly #improvable = new Set<number>();

  /** What a tile was made from; undefined for nothing. */
  get(tile: number): MadeTile | undefined {
    return this.#made.get(tile);
  }

  /** Whether a tile's materials sample an object. */
  isMadeFrom(object: SampledObject): boolean {
    return this.#counts.has(object);
  }

  #count(objects: Iterable<SampledObject>, change: 1 | -1): void {
    for (const object of objects) {
      const count = (this.#counts.get(object) ?? 0) + change;
      if (count > 0) this.#counts.set(object, count);
      else this.#counts.delete(object);
    }
  }

  /** Tiles for which a better one may come. */
  get improvable(): ReadonlySet<number> {
    return this.#improvable;
  }

  /**
   * Remembers a tile that is made. One that was stale stays so until it was handed out: it may be made
   * anew for another reason, with other content than before, and what was made from it has to hear of that.
   *
   * @returns Whether it is better than what is remembered of the tile.
   */
  set(tile: number, made: MadeTile): boolean {
    const before = this.#made.get(tile);
    const isStale = this.#stale.has(tile);
    this.delete(tile);
    if (made.objects.size === 0) return before !== undefined && isImprovable(before);
    this.#made.set(tile, made);
    this.#count(made.objects, 1);
    if (isStale) this.#stale.add(tile);
    for (const [object, tiles] of made.used) {
      for (const used of tiles) addTo(this.#usersOf, { object, used, tile });
    }
    for (const [object, tiles] of made.lacking) {
      for (const used of tiles) addTo(this.#lackersOf, { object, used, tile });
    }
    if (isImprovable(made)) this.#improvable.add(tile);
    return before !== undefined && isBetter(made, before);
  }

  /** Tiles that were made with a tile of an object, but for those that lacked it. */
  madeWith(object: SampledObject, used: number): number[] {
    const lackers = this.#lackersOf.get(object)?.get(used);
    const users = this.#usersOf.get(object)?.get(used) ?? [];
    return [...users].filter((tile) => !lackers?.has(tile));
  }

  /** Notes that a tile could be made better by now, from what it was made from. */
  noteImprovable(tile: number): void {
    if (this.#made.has(tile)) this.#improvable.add(tile);
  }

  /** Forgets a tile. */
  delete(tile: number): void {
    this.#stale.delete(tile);
    this.#improvable.delete(tile);
    const made = this.#made.get(tile);
    if (made === undefined) return;
    this.#made.delete(tile);
    this.#count(made.objects, -1);
    for (const [object, tiles] of made.used) {
      for (const used of tiles) removeFrom(this.#usersOf, { object, used, tile });
    }
    for (const [object, tiles] of made.lacking) {
      for (const used of tiles) removeFrom(this.#lackersOf, { object, used, tile });
    }
  }

  /** Makes a tile stale. */
  makeStale(tile: number): void {
    if (this.#made.has(tile)) this.#stale.add(tile);
  }

  /** Makes stale what was made from the tiles of an object for which a test holds. */
  noteInvalidated(object: SampledObject, isTouched: (tile: number) => boolean): void {
    for (const [used, tiles] of this.#usersOf.get(object) ?? []) {
      if (isTouched(used)) { for (const tile of tiles) this.#stale.add(tile); }
    }
  }

  /** Makes stale what lacks a tile that has come, but for tiles that must wait. */
  noteLanded(
    object: SampledObject,
    landed: number,
    mustWait: (tile: number) => boolean,
  ): void {
    for (const tile of this.#lackersOf.get(object)?.get(landed) ?? []) {
      if (!mustWait(tile)) this.#stale.add(tile);
    }
  }

  /** Makes stale all whose materials sample an object. */
  noteReplaced(object: SampledObject): void {
    for (const [tile, { objects }] of this.#made) if (objects.has(object)) this.#stale.add(tile);
  }

  /**
   * Hands out what is stale, in the order of the tiles' numbers, and forgets it: content that is on its way
   * is made from what there is then.
   */
  takeStale(): number[] {
    if (this.#stale.size === 0) return [];
    const stale = [...this.#stale].sort((a, b) => a - b);
    for (const tile of stale) this.delete(tile);
    return stale;
  }
}

function isImprovable({ lacking, coarser, isUnheld }: MadeTile): boolean {
  return lacking.size > 0 || coarser > 0 || isUnheld;
}

/** Whether a tile is better than it was made before. */
function isBetter(made: MadeTile, before: MadeTile): boolean {
  return (before.isUnheld && !made.isUnheld) || made.coarser < before.coarser ||
    lackingCount(made) < lackingCount(before);
}

function lackingCount({ lacking }: MadeTile): number {
  let count = 0;
  for (const tiles of lacking.values()) count += tiles.length;
  return count;
}

/** A tile of an object, and one that was made from it. */
interface Use {
  readonly object: SampledObject;
  readonly used: number;
  readonly tile: number;
}

type UsersOf = Map<SampledObject, Map<number, Set<number>>>;

function addTo(usersOf: UsersOf, { object, used, tile }: Use): void {
  let users = usersOf.get(object);
  if (users === undefined) usersOf.set(object, users = new Map());
  const tiles = users.get(used);
  if (tiles === undefined) users.set(used, new Set([tile]));
  else tiles.add(tile);
}

function removeFrom(usersOf: UsersOf, { object, used, tile }: Use): void {
  const users = usersOf.get(object)!;
  const tiles = users.get(used)!;
  tiles.delete(tile);
  if (tiles.size === 0) users.delete(used);
  if (users.size === 0) usersOf.delete(object);
}
