/**
 * Making a system's parts again, from what the CPU knows.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";
import type { QualitySettings, SystemSettings } from "../options.ts";
import { buildSystem, type SystemParts } from "../system_parts.ts";

/**
 * Makes a system's parts again, on another device or on one that has refused them. Pools are as large
 * as before, and under the same pressure; textures keep their handles, bindings and placements, and
 * want the tiles back that were resident. Page tables show nothing yet.
 *
 * @param before The parts that these take the place of; they are of no use afterwards, but to make
 * others if this fails.
 */
export function renewSystem(
  before: SystemParts,
  options: {
    readonly device: ForgeDevice;
    readonly settings: SystemSettings;
    readonly quality: Required<QualitySettings>;
  },
): SystemParts {
  const isUneven = before.changes.isBusy || before.pools.isUneven;
  // What was refused takes memory of the same device.
  before.abandon();
  const parts = buildSystem(options.device, options.settings, before);
  const { set, pools, frames } = parts;
  try {
    const isWhole = set.restoreTextures(before.set, parts);
    pools.finishRestoring(isUneven || !isWhole);
    frames.prepareDrawing(options.quality);
    return parts;
  } catch (error) {
    parts.abandon();
    before.ledger.takeOver(parts.ledger);
    throw error;
  }
}
