/**
 * The calls that say which content of the textures is wanted, and which is not any more.
 *
 * @module
 */

import { checkedBoolean, checkedInteger } from "../checks.ts";
import { UnsupportedError } from "../errors.ts";
import type { ForgeDevice } from "../gpu/mod.ts";
import type { TileAddress } from "../tiles/mod.ts";
import type { DrawLimits } from "./draw_limits.ts";
import { evictTextures } from "./frame/evict.ts";
import { queueRegion } from "./frame/prefetch.ts";
import type { Region } from "./frame/region.ts";
import {
  checkedInvalidate,
  invalidateContent,
  type InvalidateOptions,
  type TileTest,
} from "./invalidation.ts";
import type { PartsKeeper } from "./renewal/parts_keeper.ts";
import type { StreamedTexture } from "./streamed_texture.ts";
import { PRIORITY_RANGE } from "./supply/supply.ts";
import type { SystemParts } from "./system_parts.ts";

/** What these calls work with; all of it is borrowed. */
export interface ContentCallsParts {
  readonly device: ForgeDevice;
  readonly keeper: PartsKeeper;
  /** Throws if the system was closed, or is calling a function of others. */
  readonly assertOpen: () => void;
}

/** Asks for content ahead, evicts it and makes it stale. */
export class ContentCalls {
  readonly #parts: ContentCallsParts;

  constructor(parts: ContentCallsParts) {
    this.#parts = parts;
  }

  #open(): SystemParts {
    this.#parts.assertOpen();
    return this.#parts.keeper.parts;
  }

  /** See `VirtualTextureSystem.setDrawLimits`. */
  setDrawLimits(limits: DrawLimits): void {
    this.#open().drawBudget.setLimits(limits);
  }

  /** See `VirtualTextureSystem.setContinuousUpdate`. */
  setContinuousUpdate(texture: StreamedTexture, isContinuous: boolean): void {
    const { set, frames } = this.#open();
    const state = set.stateOf(texture);
    const failure = "Cannot set continuous update";
    checkedBoolean(isContinuous, { name: "isContinuous", failure });
    if (isContinuous && !state.isDrawn) {
      throw new UnsupportedError(
        "continuous update",
        `${failure} of ${texture.name} as its tiles must be drawn: they are uploaded`,
      );
    }
    state.residency.isContinuous = isContinuous;
    frames.invalidate();
  }

  /** See `VirtualTextureSystem.setPriority`. */
  setPriority(texture: StreamedTexture, priority: number): void {
    const { set, frames } = this.#open();
    const { residency } = set.stateOf(texture);
    const failure = "Cannot set priority";
    residency.priority = checkedInteger(priority, {
      name: "priority",
      failure,
      range: PRIORITY_RANGE,
    });
    frames.invalidate();
  }

  /** See `VirtualTextureSystem.prefetchRegion`. */
  prefetchRegion(texture: StreamedTexture, region: Region): boolean {
    const { set, frames } = this.#open();
    const all = queueRegion(set.stateOf(texture), region, set.kept);
    frames.invalidate();
    return all;
  }

  /** See `VirtualTextureSystem.evictTiles`. */
  evictTiles(texture: StreamedTexture | null): number {
    const parts = this.#open();
    const { set, guard } = parts;
    if (!this.#parts.keeper.isWaiting) this.#parts.device.assertAlive();
    const states = texture === null ? set.kept : [set.stateOf(texture)];
    return guard.run(() => evictTextures(parts, states));
  }

  /** See `VirtualTextureSystem.invalidate`. */
  invalidate(
    texture: StreamedTexture,
    part: TileAddress | Region | TileTest | null,
    options: InvalidateOptions,
  ): void {
    const { set, guard, frames } = this.#open();
    const { residency, description } = set.stateOf(texture);
    const { border: borderTexels, wrap = "clamp", appearance = {} } = description;
    const checked = checkedInvalidate(options);
    const how = { ...checked, borderTexels, wrap, appearance };
    guard.run(() => invalidateContent(residency, part, how));
    frames.invalidate();
  }
}
