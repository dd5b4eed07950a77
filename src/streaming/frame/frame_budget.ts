/**
 * What one update, or one submit of an update that waits, may ask for and land.
 *
 * @module
 */

import type { AdmissionBudget } from "../../residency/mod.ts";
import type { DrawBudget } from "../draw_limits.ts";
import type { SystemSettings } from "../options.ts";
import type { LandingBudget } from "./landing.ts";

/** Part of an update's tiles that may be loaded ahead while something seen is missing. */
const AHEAD_PART = 1 / 4;
/** Part of an update's tiles that is kept for stale ones while something is missing. */
const STALE_PART = 1 / 4;

/** What may be asked for. */
export function admissionBudget(settings: SystemSettings, limits: DrawBudget): AdmissionBudget {
  const { bytesPerUpdate: bytes, gpuMsPerUpdate: gpuMs } = settings;
  const tiles = Math.min(settings.tilesPerUpdate, limits.allTilesPerUpdate);
  return {
    tiles,
    aheadTiles: Math.max(1, Math.floor(tiles * AHEAD_PART)),
    staleTiles: Math.max(1, Math.floor(tiles * STALE_PART)),
    bytes,
    gpuMs,
    drawnTiles: limits.tilesPerUpdate,
    staleDrawnTiles: Math.max(1, Math.floor(limits.tilesPerUpdate * STALE_PART)),
    isUploading: false,
    isDrawing: false,
  };
}

/** What may land. */
export function landingBudget(settings: SystemSettings, limits: DrawBudget): LandingBudget {
  const { tilesPerUpdate, bytesPerUpdate, gpuMsPerUpdate, msPerUpdate } = settings;
  return {
    tiles: Math.min(tilesPerUpdate, limits.allTilesPerUpdate),
    bytes: bytesPerUpdate,
    gpuMs: gpuMsPerUpdate,
    ms: msPerUpdate,
    drawnTiles: limits.tilesPerUpdate,
    taken: 0,
  };
}
