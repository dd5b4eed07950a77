/**
 * What is known of a tile of a texture.
 *
 * @module
 */

import { pageEntryLevel, type TextureResidency } from "../residency/mod.ts";
import type { TileAddress } from "../tiles/mod.ts";
import type { StreamedTexture } from "./streamed_texture.ts";

/** What is known of a tile. */
export interface TileState {
  /** Whether its content is resident, resident and stale, or neither. */
  readonly state: "resident" | "stale" | "missing";
  /** Whether newer content is in flight. */
  readonly isInFlight: boolean;
  /** Whether it is never evicted. */
  readonly isPinned: boolean;
  /** Level whose content is shown in its place: its own if it is resident; null before any is. */
  readonly shownLevel: number | null;
  /** Version of its content; null if it is missing. */
  readonly version: number | null;
  /** Version below which content is stale. */
  readonly wantedVersion: number;
  /** Frames since its content came; null if it is missing. */
  readonly ageFrames: number | null;
  /** Frames since it was wanted; null if it is missing. */
  readonly unwantedFrames: number | null;
}

/** A new one comes in the place of the old when a device was lost. */
const residencies = new WeakMap<StreamedTexture, TextureResidency>();

/** Notes where what is known of a texture lies. */
export function noteResidency(texture: StreamedTexture, residency: TextureResidency): void {
  residencies.set(texture, residency);
}

/**
 * What is known of a tile now.
 *
 * @param texture Of a system.
 * @param address A tile that its grid has.
 */
export function tileState(texture: StreamedTexture, { level, x, y }: TileAddress): TileState {
  const residency = residencies.get(texture)!;
  const { slots } = residency.pool;
  const tile = residency.grid.tileIndexOf(level, x, y);
  const slot = residency.slotOf.get(tile, -1);
  const shown = pageEntryLevel(residency.mappings.resolve(tile));
  const isInFlight = residency.isPending(tile);
  const shownLevel = shown < residency.grid.levelCount ? shown : null;
  const wantedVersion = residency.versions.wantedVersion(tile);
  const common = { isInFlight, shownLevel, wantedVersion };
  if (slot < 0) {
    const none = { version: null, ageFrames: null, unwantedFrames: null };
    return { state: "missing", isPinned: false, ...common, ...none };
  }
  return {
    state: residency.isStale(tile, slot) ? "stale" : "resident",
    isPinned: slots.isPinned(slot),
    ...common,
    version: slots.versionOf(slot),
    ageFrames: slots.ageOf(slot),
    unwantedFrames: slots.unwantedFramesOf(slot),
  };
}
