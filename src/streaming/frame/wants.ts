/**
 * What each texture needs in an update: the camera's footprint at the pool's bias, what feedback
 * adds, a margin, and what the camera's motion will need soon.
 *
 * @module
 */

import { type Camera, planeView } from "../../geometry/mod.ts";
import { IntMap, type Residency, type TextureResidency } from "../../residency/mod.ts";
import {
  FootprintFinder,
  type FootprintOptions,
  type TileGrid,
  type TileList,
  TileReason,
} from "../../tiles/mod.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import type { QualitySettings, SystemSettings } from "../options.ts";
import type { SamplingLimits } from "../sampling_limits.ts";
import { storedPlacement } from "../stored_parts.ts";
import type { TextureState } from "../texture_state.ts";
import { descendantCount } from "./feedback_wants.ts";

/** Part of the viewport's half size that each unit of `cachePriorityBoost` above 1 adds. */
const MARGIN_PER_BOOST = 0.5;

/**
 * Part of a pool up to which tiles are wanted that only stand in for finer ones: where there is less room, it is
 * better used for tiles that were seen.
 */
const STAND_IN_PART = 1 / 2;

/** Where the camera is, and where it will be soon (null while it stands still). */
export interface CameraPair {
  readonly now: Camera;
  readonly soon: Camera | null;
}

/** Finds what is wanted; keeps its working memory between updates. */
export class WantFinder {
  readonly #finder = new FootprintFinder();
  readonly #settings: SystemSettings;
  readonly #limits: SamplingLimits;
  readonly #covered = new IntMap(64);

  constructor(settings: SystemSettings, limits: SamplingLimits) {
    this.#settings = settings;
    this.#limits = limits;
  }

  /**
   * Fills `wants` of every texture of a pool and lets the pool's pressure find the bias.
   *
   * @returns Number of tiles that are seen, over all textures, each once for each source.
   */
  findWants(
    pool: GpuPool,
    textures: readonly TextureState[],
    options: { cameras: CameraPair; quality: Required<QualitySettings>; isSettled: boolean },
  ): number {
    const { cameras, quality, isSettled } = options;
    const { residency } = pool;
    let seen = 0;
    // What is kept of other textures of the pool takes its room.
    let room = residency.viewCapacity - residency.preloadCount;
    for (const texture of textures) room += texture.residency.preloads.size;
    const capacity = residency.holdsEverything ? Infinity : room;
    const view = { capacity, maxMipBias: quality.maxMipBias, isSettled };
    const footprints: number[] = [];
    residency.pressure.update(view, (bias) => {
      seen = 0;
      footprints.length = 0;
      for (const texture of textures) {
        texture.wants.clear();
        this.#append(texture, cameras.now, {
          lodBias: bias - Math.log2(quality.lodScale),
          margin: 0,
          reason: TileReason.visible,
        });
        footprints.push(texture.wants.count);
        seen += this.#addFeedback(texture, bias - Math.log2(quality.lodScale));
        // What only stands in makes nothing coarser.
        seen -= texture.wants.standInCount;
        seen += appendPreloads(texture);
      }
      return seen;
    });
    pool.demandCount = seen;
    for (const [i, { footprints: drawn, wants }] of textures.entries()) {
      if (this.#settings.feedbackInterval > 0) drawn.noteFootprint(wants, footprints[i]!);
      const kept = Math.min(
        wants.standInCount,
        Math.max(0, Math.floor(STAND_IN_PART * capacity) - seen),
      );
      // After a jump, say, what is sampled comes first.
      wants.putStandInsLast(kept);
      seen += kept;
    }
    pool.seenCount = seen;
    this.#addAhead(pool, textures, { ...options, seen });
    return seen;
  }

  /** Fills `wants` of textures with nothing but what was asked for ahead. */
  findPrefetches(textures: readonly TextureState[]): void {
    for (const { wants, residency } of textures) {
      wants.clear();
      appendAskedFor(residency, wants);
    }
    for (const texture of textures) appendPreloads(texture);
  }

  #append(
    texture: TextureState,
    camera: Camera,
    options: Pick<FootprintOptions, "lodBias" | "margin" | "reason">,
  ): void {
    const { grid } = texture;
    const placement = storedPlacement(texture.placement, texture);
    this.#finder.findTiles(
      grid,
      planeView(camera, placement, [grid.width, grid.height]),
      texture.wants,
      { ...options, maxAnisotropy: this.#limits.maxAnisotropy },
    );
  }

  /**
   * Adds what feedback names beyond the footprint; returns the number of tiles seen in all. Feedback
   * that was drawn coarser than is asked for now says nothing new of what the footprint covers, and
   * beyond that each tile stands for its descendants.
   */
  #addFeedback(texture: TextureState, lodBias: number): number {
    const { wants, feedback, grid } = texture;
    const footprint = wants.count;
    if (feedback.size === 0) return footprint;
    const levelsFiner = Math.ceil(feedback.lodBias - lodBias);
    if (levelsFiner > 0) this.#coverAncestors(grid, wants);
    feedback.list(grid, wants, {
      lodBias,
      isCovered: (tile) => levelsFiner > 0 && this.#covered.has(tile),
    });
    const named = texture.dropRepeatedWants(footprint);
    if (levelsFiner <= 0) return footprint + named;
    let seen = footprint;
    for (let i = footprint; i < wants.count; i++) {
      seen += wants.standIns[i] === 1 ? 1 : descendantCount(grid, wants.tiles[i]!, levelsFiner);
    }
    return seen;
  }

  /** Marks the tiles on a list and all above them. */
  #coverAncestors(grid: TileGrid, list: TileList): void {
    const covered = this.#covered;
    covered.clear();
    for (let i = 0; i < list.count; i++) {
      for (let at = list.tiles[i]!; at !== -1 && !covered.has(at); at = grid.parentOf(at)) {
        covered.set(at, 1);
      }
    }
  }

  /** Adds the margin and the tiles along the camera's motion, as far as the pool has room. */
  #addAhead(
    pool: GpuPool,
    textures: readonly TextureState[],
    options: { cameras: CameraPair; quality: Required<QualitySettings>; seen: number },
  ): void {
    const { cameras, quality } = options;
    const lodBias = pool.residency.pressure.bias - Math.log2(quality.lodScale);
    const margin = Math.max(0, quality.cachePriorityBoost - 1) * MARGIN_PER_BOOST;
    let room = pool.residency.viewCapacity - options.seen;
    pool.marginCount = 0;
    for (const texture of textures) {
      const { wants } = texture;
      const start = wants.count;
      if (margin > 0) {
        this.#append(texture, cameras.now, { lodBias, margin, reason: TileReason.margin });
      }
      if (cameras.soon !== null) {
        this.#append(texture, cameras.soon, { lodBias, margin: 0, reason: TileReason.prefetch });
      }
      appendAskedFor(texture.residency, wants);
      if (wants.count > start) texture.dropRepeatedWants(start, { promotes: false });
      // What is wanted ahead must never push out what is seen.
      wants.count = Math.max(start, Math.min(wants.count, start + Math.max(0, room)));
      room -= wants.count - start;
      if (margin > 0) pool.marginCount += countOf(wants, start, TileReason.margin);
    }
    pool.wantedCount = pool.residency.viewCapacity - room;
  }
}

/** Number of tiles on a list, from a place on, that are wanted for a reason. */
function countOf({ reasons, count }: TileList, start: number, reason: number): number {
  let found = 0;
  for (let i = start; i < count; i++) if (reasons[i] === reason) found++;
  return found;
}

/** Appends the tiles that were asked for ahead, and those that a lost device has taken away. */
function appendAskedFor({ prefetches, returning }: TextureResidency, wants: TileList): void {
  const append = (tile: number) => wants.push(tile, 1, TileReason.prefetch);
  prefetches.forEach(append);
  returning.forEach(append);
}

/**
 * Appends the tiles that preloads wait for and keep, but those that stand on the list already.
 *
 * @returns Number of tiles that were appended.
 */
export function appendPreloads(texture: TextureState): number {
  const { wants, residency: { preloads } } = texture;
  if (preloads.size === 0) return 0;
  const start = wants.count;
  preloads.forEach((tile) => wants.push(tile, 1, TileReason.prefetch));
  return texture.dropRepeatedWants(start);
}

/** Hands what the textures want to the residency core. */
export function submitWants(residency: Residency, textures: Iterable<TextureState>): void {
  for (const texture of textures) residency.want(texture.residency, texture.wants);
}
