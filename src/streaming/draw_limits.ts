/**
 * How many tiles are drawn in an update, and how many of them only to be refreshed.
 *
 * @module
 */

import { checkedBoolean, checkedInteger, checkOptionNames } from "../checks.ts";

/** Limits of the tiles that are drawn; see `VirtualTextureSystem.setDrawLimits`. */
export interface DrawLimits {
  /**
   * Tiles that one update may draw, over all textures that are drawn, within the system's
   * `tilesPerUpdate`: an integer from 1 to 10^9; null (default) for no limit of their own.
   */
  readonly tilesPerUpdate?: number | null;
  /**
   * Whether `tilesPerUpdate` limits tiles of all textures together, those that are uploaded included; default
   * false.
   */
  readonly includesUploads?: boolean;
  /**
   * Tiles that one update may draw again of textures under continuous update: 0 to 10^9; default 1. Drawn
   * tiles that are in flight for other reasons count against the limit of the update before these.
   */
  readonly continuousTilesPerUpdate?: number;
  /**
   * Begins a new series of the tiles that are drawn again: an integer from 0 to 2^32 - 1. Left out, the
   * series goes on; it begins with 0.
   */
  readonly seed?: number;
}

const NAMES: readonly (keyof DrawLimits)[] = [
  "tilesPerUpdate",
  "includesUploads",
  "continuousTilesPerUpdate",
  "seed",
];

/** The most tiles that a limit may allow. */
export const MOST_DRAWN_TILES = 1e9;

/** The limits of a system as they are now; they outlive its device. */
export class DrawBudget {
  #tilesPerUpdate = Infinity;
  #includesUploads = false;
  #continuousTilesPerUpdate = 1;
  #state = 0;

  /** Tiles that may be drawn in an update; Infinity for no limit of their own. */
  get tilesPerUpdate(): number {
    return this.#tilesPerUpdate;
  }

  /** Tiles that may be drawn and uploaded together in an update; Infinity for no limit of their own. */
  get allTilesPerUpdate(): number {
    return this.#includesUploads ? this.#tilesPerUpdate : Infinity;
  }

  /** Tiles that may be drawn again in an update. */
  get continuousTilesPerUpdate(): number {
    return this.#continuousTilesPerUpdate;
  }

  /**
   * Sets the limits; what is left out becomes its default again, but for the series.
   *
   * @throws {InvalidArgumentError} for a limit that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value out of its range; nothing changes then.
   */
  setLimits(limits: DrawLimits): void {
    const failure = "Cannot set draw limits";
    checkOptionNames(limits, { failure, names: NAMES });
    const { tilesPerUpdate = null, continuousTilesPerUpdate = 1, seed } = limits;
    const { includesUploads = false } = limits;
    const integer = (value: number, name: keyof DrawLimits, range: readonly [number, number]) =>
      checkedInteger(value, { name, failure, range });
    const tiles = tilesPerUpdate === null
      ? Infinity
      : integer(tilesPerUpdate, "tilesPerUpdate", [1, MOST_DRAWN_TILES]);
    const again = integer(continuousTilesPerUpdate, "continuousTilesPerUpdate", [
      0,
      MOST_DRAWN_TILES,
    ]);
    const state = seed === undefined ? this.#state : integer(seed, "seed", [0, 2 ** 32 - 1]);
    checkedBoolean(includesUploads, { name: "includesUploads", failure });
    this.#tilesPerUpdate = tiles;
    this.#includesUploads = includesUploads;
    this.#continuousTilesPerUpdate = again;
    this.#state = state;
  }

  /** The next number of the series, from 0 to below 1 (mulberry32, by Tommy Ettinger). */
  readonly random = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
