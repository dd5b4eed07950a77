/**
 * The warning that memory is short, once per episode and pool.
 *
 * @module
 */

import type { GpuPool } from "../memory/gpu_pool.ts";
import type { SystemSettings } from "../options.ts";

/** Warns of each pool in which an episode of pressure has begun since the last call. */
export function warnOfPressure(pools: Iterable<GpuPool>, settings: SystemSettings): void {
  for (const pool of pools) {
    if (!pool.notePressure()) continue;
    const { pressure, viewCapacity } = pool.residency;
    settings.logger.warn(
      `${settings.label}: memory pressure in the pool of ${pool.key}: what is seen needs ` +
        `${pressure.demand} tiles and ${viewCapacity} fit, so it is loaded ` +
        `${pressure.bias} levels coarser. Raise max_memory_mb, lower lod_scale, or use a ` +
        `compressed format`,
    );
  }
}
